"""A legal basis as rules write it, each citation with a link to its row of the register."""

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.regulations.register import citations, row_of
from accounts.regulations.services import compared

register = template.Library()


@register.filter
def cited(text: str | None) -> str | SafeString:
    """Where a citation's row has not been compared with the regulation's text, it is said behind the whole."""
    text = str(text or "")
    found = [(each, row) for each in citations(text) if (row := row_of(each)) is not None]
    parts: list[SafeString | str] = []
    end = 0
    for citation, row in found:
        if citation.start >= end:  # what changes a regulation is named at the same place
            words = text[citation.start : citation.end]
            address = reverse("accounts:regulation", args=[row.key])
            parts += [text[end : citation.start], format_html('<a href="{}">{}</a>', address, words)]
            end = citation.end
    if not parts:
        return text
    said = format_html_join("", "{}", [(part,) for part in [*parts, text[end:]]])
    if {row.key for _citation, row in found} <= compared():
        return said
    mark = _("not compared with the text yet")
    return format_html('{} <span class="state state-quiet">{}</span>', said, mark)
