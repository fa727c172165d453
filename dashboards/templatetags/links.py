"""`{% rows 'programs:reports' state='delivered' %}`: the list behind a figure, narrowed as the page is."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def rows(context: template.Context, name: str, **more: Any) -> str:
    """The address of the list `name` with the narrowing of the page; `more` adds to it."""
    address: str = context["narrow"].link(name, **more)
    return address
