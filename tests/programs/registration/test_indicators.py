"""The screen of the indicators: what it serves, it accepts."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.test import Client

from accounts.models import User
from programs.models import Unit
from tests import factories

ClientOf = Callable[[User], Client]


def _as_served(formset: forms.BaseFormSet) -> dict[str, Any]:
    """What a browser sends of an untouched form."""
    sent = {}
    for form in [formset.management_form, *formset.forms]:
        for bound in form:
            value = bound.value()
            if isinstance(bound.field.widget, forms.CheckboxInput):
                sent |= {bound.html_name: "on"} if value else {}
            elif isinstance(bound.field.widget, forms.Select):
                sent[bound.html_name] = "" if value is None else value
            else:
                sent[bound.html_name] = bound.field.widget.format_value(value) or ""
    return sent


@pytest.mark.parametrize("target", ["1000", "11200", "999999", "11.234", "0.125", "1234567.5"])
def test_the_page_accepts_what_it_serves(target: str, operator: User, client_of: ClientOf) -> None:
    unit = Unit.objects.create(name="Ton per hektare", decimals=3)
    program = factories.IndicatorFactory(unit=unit, target=Decimal(target), baseline=Decimal("-1.5")).program
    client = client_of(operator)
    address = f"/program/{program.pk}/indikator/"
    served = _as_served(client.get(address).context["formset"])
    answer = client.post(address, served | {"version": program.version, "reason": "Tidak ada yang berubah"})
    assert answer.status_code == 302, answer.context["formset"].errors
    assert program.indicators.get().target == Decimal(target)
