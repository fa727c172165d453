"""Django's `csrf_token`, with the form's own key beside it: every form that writes has the one, so it has the other.

The administration's forms come from Django's templates; they get their key here too.
"""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.form_keys import FIELD, new_key

register = template.Library()


class FormKeyNode(CsrfTokenNode):
    def render(self, context: template.Context) -> SafeString:
        token = super().render(context)
        if not token:
            return SafeString()
        return format_html('{}<input type="hidden" name="{}" value="{}">', token, FIELD, _key_of(context))


def _key_of(context: template.Context) -> str:
    """One for all forms of a page: address and fields tell them apart, and a table of a hundred forms stays light."""
    request = context.get("request")
    if request is None:
        return new_key()
    if not hasattr(request, "form_key"):
        request.form_key = new_key(getattr(request, "user", None))
    key: str = request.form_key
    return key


@register.tag("csrf_token")
def csrf_token(_parser: Parser, _token: Token) -> Any:
    """`{% csrf_token %}` as ever, and the key by which a form that is sent twice is known."""
    return FormKeyNode()
