"""Model and form fields for the portal's value types."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import StartsWith
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from psycopg2.extras import DateRange

from core import encryption
from core.numbers import (
    LARGEST_FIGURE,
    LimitProblem,
    Limits,
    NumberFormatError,
    NumberProblem,
    format_for_input,
    format_number,
    parse_number,
)
from core.periods import Period

MONEY_DIGITS = 20


class PeriodField(DateRangeField):
    """A `core.periods.Period`, stored as the date range that it covers: comparable and indexable in SQL."""

    description = _("fiscal period")

    def from_db_value(self, value: Any, _expression: Any, _connection: BaseDatabaseWrapper) -> Period | None:
        return None if value is None else Period.from_bounds(value.lower, value.upper)

    def to_python(self, value: Any) -> Period | None:
        if value is None or isinstance(value, Period):
            return value
        try:
            return Period.parse(str(value))
        except ValueError as error:
            raise ValidationError(
                _("“%(value)s” is not a period. Write 2025, 2025-Q1 or 2025-03."), params={"value": value}
            ) from error

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str):
            value = Period.parse(value)
        if isinstance(value, Period):
            return DateRange(value.first_day, value.end, "[)")
        return super().get_prep_value(value)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, form_class=PeriodFormField, **kwargs)


class PeriodFormField(forms.CharField):
    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return Period.parse(text)
        except ValueError as error:
            raise ValidationError(
                _("“%(value)s” is not a period. Write 2025, 2025-Q1 or 2025-03."), params={"value": text}
            ) from error


class NumberFormField(forms.Field):
    """Reads figures in both notations; refuses the ambiguous with both readings and what to type instead.

    Shows a figure so that it reads the same figure back. Without bounds of its own it takes what the columns hold.
    """

    def __init__(
        self,
        *,
        decimals: int | None = None,
        min_value: Decimal | int | None = None,
        max_value: Decimal | int | None = None,
        is_amount: bool | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "form-control text-end"}),
        )
        super().__init__(**kwargs)
        self.limits = Limits(
            decimals,
            -LARGEST_FIGURE if min_value is None else Decimal(min_value),
            LARGEST_FIGURE if max_value is None else Decimal(max_value),
            # Whatever has a bound other than a hundred counts people, days, years.
            max_value not in {None, 100} if is_amount is None else is_amount,
        )

    @classmethod
    def within(cls, limits: Limits, **kwargs: Any) -> "NumberFormField":
        return cls(
            decimals=limits.decimals,
            min_value=limits.lowest,
            max_value=limits.highest,
            is_amount=limits.is_amount,
            **kwargs,
        )

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        return read_figure(str(value), self.limits)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None:
            require_within(value, self.limits)

    def prepare_value(self, value: Any) -> Any:
        return format_for_input(value, self.limits.decimals) if isinstance(value, Decimal | int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class WholeNumberFormField(NumberFormField):
    """A count, a year or minutes: read as any figure is, without decimals, and given as an int."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(decimals=0, **kwargs)

    def clean(self, value: Any) -> int | None:
        figure = super().clean(value)
        return None if figure is None else int(figure)


def has_happened(value: dt.date) -> None:
    """A day on which something was done, given or issued is not after today, in WITA. Raises ValidationError."""
    if value > timezone.localdate():
        raise ValidationError(_("This day is still to come: enter what has happened by today."))


def read_figure(text: str, limits: Limits) -> Decimal:
    """The figure that a text is, read as a field of these limits reads it. Raises ValidationError; see also
    `require_within`."""
    try:
        return parse_number(text, decimals=limits.decimals, is_amount=limits.is_amount)
    except NumberFormatError as error:
        raise ValidationError(_number_message(error, limits)) from error


def require_within(value: Decimal, limits: Limits) -> None:
    """Raises ValidationError with what to write instead."""
    match limits.problem(value):
        case LimitProblem.DECIMALS if limits.decimals == 0:
            raise ValidationError(_("Write a whole number, without decimals."))
        case LimitProblem.DECIMALS:
            raise ValidationError(_("Use at most %(decimals)s decimals."), params={"decimals": limits.decimals})
        case LimitProblem.BELOW:
            raise ValidationError(_("Write %(limit)s or more."), params={"limit": format_number(limits.lowest)})
        case LimitProblem.ABOVE:
            raise ValidationError(_("Write %(limit)s or less."), params={"limit": format_number(limits.highest)})


def number_message(error: NumberFormatError, limits: Limits | None = None) -> str:
    """What to write instead; of two readings only those that the limits allow."""
    if error.problem is NumberProblem.AMBIGUOUS:
        thousand, decimal = error.readings
        if limits is not None and limits.problem(decimal) is LimitProblem.DECIMALS:
            return _("“%(text)s” can be read as a figure with decimals. If you mean %(thousand)s, write %(plain)s.") % {
                "text": error.text,
                "thousand": format_number(thousand),
                "plain": str(thousand),
            }
        return _("“%(text)s” can be read as %(thousand)s or as %(decimal)s. Write %(plain)s or %(comma)s.") % {
            "text": error.text,
            "thousand": format_number(thousand),
            "decimal": format_number(decimal, 3),
            "plain": str(thousand),
            "comma": format_for_input(decimal),
        }
    if error.problem is NumberProblem.PERCENT:
        return _("“%(text)s” is a percentage; an amount belongs here, without the sign %%.") % {"text": error.text}
    if error.problem is NumberProblem.TOO_LONG:
        return str(_("That figure has too many digits. Check it, please."))
    return _("“%(text)s” is not a figure. Write for example 1.234.567,89.") % {"text": error.text}


_number_message = lazy(number_message, str)  # put into words when it is shown, in the reader's language


class RupiahField(models.DecimalField):
    """Rupiah as numeric(20,2). The column's name ends in `_rupiah`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", MONEY_DIGITS)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(
            self,
            form_class=NumberFormField,
            decimals=2,
            min_value=0,
            is_amount=True,
            **kwargs,
        )


class FigureField(models.DecimalField):
    """A measured or reported figure: numeric(24,6), any unit; the unit stands in a column beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 24)
        kwargs.setdefault("decimal_places", 6)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, form_class=NumberFormField, decimals=self.decimal_places, **kwargs)


def without_zeros(text: str) -> str:
    """`061000001` is 61000001: whoever numbers things has no zeros in front, a spreadsheet's texts may."""
    plain = text.strip()
    return (plain.lstrip("0") or plain) if plain.isdecimal() else plain


class SerialField(models.CharField):
    """A number by which others know a thing, kept as text in one form, and asked for in the same."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return without_zeros(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": SerialFormField} | kwargs)


class SerialFormField(forms.CharField):
    def to_python(self, value: Any) -> Any:
        return without_zeros(super().to_python(value) or "")


@SerialField.register_lookup
class SerialStartsWith(StartsWith):
    """`06100` finds what `6100` finds."""

    prepare_rhs = True


class EncryptedTextField(models.TextField):
    """Text that PostgreSQL never sees in the clear. Not searchable: keep a `core.encryption.keyed_hash` beside it."""

    def from_db_value(self, value: str | None, _expression: Any, _connection: BaseDatabaseWrapper) -> str | None:
        return None if value is None else encryption.decrypt(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encryption.encrypt(value) if value else value
