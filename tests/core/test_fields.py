"""Every field reads what it shows: `clean(display(x)) == x`, for the fields of every form and model of the portal."""

import datetime as dt
import importlib
import pkgutil
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from core.fields import FigureField, NumberFormField, PeriodFormField, RupiahField, WholeNumberFormField
from core.numbers import LARGEST_FIGURE, Limits, format_for_input, parse_number
from core.periods import Period, PeriodKind
from programs.models.limits import MONEY_LIMITS, PEOPLE_LIMITS
from tests.architecture.sources import APPS

D = Decimal
YEARS = st.integers(2000, 2100)
DAYS = st.dates(dt.date(1945, 1, 1), dt.date(2200, 12, 31))
PERIODS = st.one_of(
    st.builds(Period, YEARS),
    st.builds(Period, YEARS, st.just(PeriodKind.QUARTER), st.integers(1, 4)),
    st.builds(Period, YEARS, st.just(PeriodKind.MONTH), st.integers(1, 12)),
)


def _subclasses(kind: type) -> Iterator[type]:
    for found in kind.__subclasses__():
        yield found
        yield from _subclasses(found)


def _our_forms() -> list[type[forms.BaseForm]]:
    for app in APPS:
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if module.name.rpartition(".")[2] in {"forms", "filters", "views"}:
                importlib.import_module(module.name)
    return [form for form in _subclasses(forms.BaseForm) if form.__module__.split(".")[0] in APPS]


def _fields() -> Iterator[forms.Field]:
    for form in _our_forms():
        yield from getattr(form, "base_fields", {}).values()
    for model in apps.get_models():
        if model.__module__.split(".")[0] in APPS:
            yield from filter(None, (_form_field(column) for column in model._meta.get_fields()))


def _form_field(column: Any) -> forms.Field | None:
    """None for relations, and for addresses (their scheme is a matter of each form)."""
    if not isinstance(column, models.Field) or column.is_relation or isinstance(column, models.URLField):
        return None
    return column.formfield()


def _decimals(field: forms.DecimalField) -> st.SearchStrategy[Decimal]:
    places = field.decimal_places or 0
    most = D(10) ** ((field.max_digits or 15) - places) - 1
    low = D(-most if field.min_value is None else field.min_value)
    high = D(most if field.max_value is None else min(field.max_value, most))
    return st.decimals(low, high, places=places)


def _figures(limits: Limits) -> st.SearchStrategy[Decimal]:
    places = 6 if limits.decimals is None else limits.decimals
    anywhere = st.decimals(limits.lowest, limits.highest, places=places)
    near = st.decimals(max(limits.lowest, D(-10_000)), min(limits.highest, D(2_000_000)), places=min(places, 3))
    whole = st.integers(int(max(limits.lowest, D(-999_999))), int(min(limits.highest, D(999_999)))).map(D)
    return st.one_of(anywhere, near, whole)


def _integers(field: forms.IntegerField) -> st.SearchStrategy[int]:
    return st.integers(
        -(2**31) if field.min_value is None else int(field.min_value),
        2**31 - 1 if field.max_value is None else int(field.max_value),
    )


VALUES: dict[type[forms.Field], Any] = {
    NumberFormField: lambda field: _figures(field.limits),
    WholeNumberFormField: lambda field: _figures(field.limits).map(int),
    PeriodFormField: lambda _field: PERIODS,
    forms.DecimalField: _decimals,
    forms.IntegerField: _integers,
    forms.FloatField: lambda _field: st.floats(-1e9, 1e9),
    forms.DateField: lambda _field: DAYS,
    forms.TimeField: lambda _field: st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    forms.DurationField: lambda _field: st.timedeltas(dt.timedelta(0), dt.timedelta(days=999)),
}
# What is shown is the text itself, one of a list, a file or a mark: there is nothing to read back.
AS_TYPED = (
    forms.BooleanField,
    forms.CharField,
    forms.ChoiceField,
    forms.FileField,
    forms.JSONField,
    forms.ModelChoiceField,
    forms.NullBooleanField,
    forms.UUIDField,
    forms.DateTimeField,
)


def _what_it_reads(field: forms.Field) -> tuple[Any, ...]:
    """What tells two fields of a kind apart: the first of each is tested."""
    limits = field.limits if isinstance(field, NumberFormField) else None
    bounds = [getattr(field, name, None) for name in ("min_value", "max_value", "decimal_places", "max_digits")]
    return (type(field), limits, *bounds, getattr(field.widget, "format", None))


FIELDS = list({_what_it_reads(field): field for field in _fields() if type(field) in VALUES}.values())


def test_every_kind_of_field_is_known() -> None:
    """A new kind of field says here which values it takes."""
    unknown = {
        type(field).__name__ for field in _fields() if type(field) not in VALUES and not isinstance(field, AS_TYPED)
    }
    assert unknown <= {"SimpleArrayField"}


@pytest.mark.parametrize("text", ["5%", "Rp 5 %", "-5%"])
@pytest.mark.parametrize(
    "field", [f for f in FIELDS if isinstance(f, NumberFormField)], ids=lambda field: str(field.limits)
)
def test_a_percent_sign_is_read_only_where_shares_stand(field: NumberFormField, text: str) -> None:
    """Whatever counts rupiah, people or days refuses it by name; 5% of a budget is not five rupiah."""
    counts = field.limits.highest != 100 and (field.limits.decimals == 0 or isinstance(field, WholeNumberFormField))
    if field.limits.is_amount or counts:
        with pytest.raises(ValidationError, match=re.escape(text)):
            field.to_python(text)
    else:
        assert abs(field.to_python(text) or 0) == 5


def test_a_count_that_can_be_read_twice_is_asked_for_whole() -> None:
    """Only what the field takes is proposed."""
    with pytest.raises(ValidationError, match=r"tulis 11234\.") as caught:
        WholeNumberFormField().clean("11,234")
    assert "11,2340" not in str(caught.value)


def test_money_and_people_are_amounts() -> None:
    limits = [RupiahField().formfield().limits, *MONEY_LIMITS.values(), *PEOPLE_LIMITS.values()]
    assert all(limit.is_amount for limit in limits)


def test_the_walk_finds_the_portals_figures() -> None:
    assert sum(isinstance(field, NumberFormField) for field in FIELDS) >= 8


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: "-".join(map(str, _what_it_reads(field)[:4])))
@given(data=st.data())
def test_a_field_reads_what_it_shows(field: forms.Field, data: st.DataObject) -> None:
    value = data.draw(VALUES[type(field)](field))
    shown = field.widget.format_value(field.prepare_value(value))
    assert field.clean(shown) == value
    assert not field.has_changed(value, shown)


@given(_figures(Limits(6)), st.sampled_from([None, 0, 1, 2, 3, 6]))
def test_a_figure_is_shown_so_that_it_can_be_read(value: Decimal, decimals: int | None) -> None:
    if decimals is not None:
        value = round(value, decimals)
    assert parse_number(format_for_input(value, decimals), decimals=decimals) == value


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (D("1000"), 6, "1.000,0"),
        (D("11200"), None, "11.200,0"),
        (D("11200"), 2, "11.200"),
        (D("11.234"), 3, "11,2340"),
        (D("0.125"), 3, "0,125"),
        (D("-999999"), 6, "\N{MINUS SIGN}999.999,0"),
        (D("1234567"), 6, "1.234.567"),
    ],
)
def test_only_what_could_be_taken_for_another_figure_gets_a_further_zero(
    value: Decimal, decimals: int | None, text: str
) -> None:
    assert format_for_input(value, decimals) == text


@pytest.mark.parametrize("field", [NumberFormField(), RupiahField().formfield(), FigureField().formfield()])
def test_no_figure_is_larger_than_the_columns_take(field: NumberFormField) -> None:
    assert field.clean(str(LARGEST_FIGURE)) == LARGEST_FIGURE
    with pytest.raises(ValidationError):
        field.clean("9" * 19)
