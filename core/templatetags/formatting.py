"""What `core.formats` writes, as filters of templates; and icons."""

from functools import cache

from django import template
from django.forms import BaseForm, BaseFormSet
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import formats
from core.text import shortened
from core.typed_words import typed_words
from core.versioning import SEEN, seen_of

register = template.Library()
FORGOTTEN = {"password", "file"}
for each in (
    formats.acting,
    formats.rupiah,
    formats.rupiah_short,
    formats.billions,
    formats.number,
    formats.percent,
    formats.points,
    formats.share_of,
    formats.day,
    formats.moment,
    formats.period,
    formats.figure,
    formats.plain_number,
    formats.period_short,
    formats.heat_step,
    formats.spm_step,
    formats.masked,
    formats.plain,
    formats.shown,
):
    register.filter(each.__name__, each)


register.filter("shortened", shortened)
register.filter("typed_words", typed_words)


@register.filter
def set_filters(form: BaseForm) -> int:
    """How many filters of a list are set; the field for words stands outside the fold and doesn't count."""
    return sum(bool(each.value()) for each in form.visible_fields() if each.name != "q")


@register.filter
def keeps_typed(form: BaseForm) -> bool:
    """Whether a page that comes back shows what was typed: browsers and Django forget passwords and files."""
    return any(getattr(each.field.widget, "input_type", "") not in FORGOTTEN for each in form.visible_fields())


@register.filter
def seen(form: BaseForm | BaseFormSet) -> str:
    """What a form shows of its record, to come back with it (`core.versioning`)."""
    if form.is_bound:
        return str(form.data.get(SEEN, ""))
    return seen_of(*form) if isinstance(form, BaseFormSet) else seen_of(form)


@cache
def _sprite() -> str:
    return static("vendor/tabler-icons/sprite.svg")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the vendored sprite; silent for screen readers unless it carries a label."""
    url = f"{_sprite()}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, url)
    css = "icon icon-end" if name == "arrow-right" else "icon"  # an arrow on stands behind its word
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, url)
