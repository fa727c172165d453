"""Django's `translate`, looked up once a process and language: a list of fifty rows has five hundred fixed strings."""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language

register = template.Library()
MOST_KEPT = 5_000


class KeptTranslation(TranslateNode):
    """Of a fixed string; the languages that it has been asked in are kept."""

    def __init__(self, node: TranslateNode) -> None:
        super().__init__(node.filter_expression, node.noop)
        self.kept: dict[str | None, str] = {}

    def render(self, context: template.Context) -> str:
        language = get_language()
        if language not in self.kept:
            self.kept[language] = super().render(context)
        return self.kept[language]


@register.tag("translate")
def translate(parser: Parser, token: Token) -> Any:
    """`{% translate "…" %}` as ever; what is no fixed string, or goes into a variable, is Django's own."""
    node = do_translate(parser, token)
    if not isinstance(node, TranslateNode) or node.asvar or node.message_context or node.noop:
        return node
    expression = node.filter_expression
    fixed = expression.var.literal is not None and not expression.filters
    return KeptTranslation(node) if fixed else node
