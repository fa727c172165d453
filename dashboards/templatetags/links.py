"""`{% rows 'programs:reports' state='delivered' %}`: the list behind a figure, filtered as the page is."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def rows(context: template.Context, name: str, **more: Any) -> str:
    """The address of the list `name` with the filter of the page; `more` adds to it."""
    address: str = context["filters"].link(name, **more)
    return address


@register.filter
def frozen_picture(svg: str) -> SafeString:
    """A picture out of a frozen briefing: made by `core.charts.print_svg` when it was issued, never by a person."""
    return mark_safe(svg) if svg.startswith("<svg ") else SafeString("")  # noqa: S308 (see above)
