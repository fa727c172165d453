"""Two tabs on one source, series, schedule or rule: the second save is a page with both versions, nothing is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import PeriodicTask

from accounts.models import User
from core.choices import Role
from datasources.models import Series, Source
from programs.models import ValidationRule
from tests import factories

pytestmark = pytest.mark.django_db


def served(page: str) -> dict[str, Any]:
    """The form as a browser would send it back."""
    form = BeautifulSoup(page, "html.parser").select_one("form[data-guard]")
    assert form is not None
    data: dict[str, Any] = {}
    for each in form.select("input[name], select[name], textarea[name]"):
        if each.get("type") in {"checkbox", "radio"} and not each.has_attr("checked"):
            continue
        if each.name == "select":
            chosen = each.select_one("option[selected]")
            data[str(each["name"])] = chosen["value"] if chosen else ""
        else:
            data[str(each["name"])] = each.get("value", "on" if each.get("type") == "checkbox" else "")
    return data | {"form_key": ""}


def _rule() -> tuple[str, str, str, Callable[[], str]]:
    rule = ValidationRule.objects.filter(indicator=None, unit=None, agency=None).first()
    assert rule is not None
    return (
        reverse("programs:edit-rule", args=[rule.pk]),
        "basis",
        "Pergub",
        lambda: ValidationRule.objects.get(pk=rule.pk).basis,
    )


def _source() -> tuple[str, str, str, Callable[[], str]]:
    source = factories.SeriesFactory().source
    return (
        reverse("datasources:edit-source", args=[source.pk]),
        "name",
        "BPS",
        lambda: Source.objects.get(pk=source.pk).name,
    )


def _series() -> tuple[str, str, str, Callable[[], str]]:
    series = factories.SeriesFactory()
    return (
        reverse("datasources:edit-series", args=[series.pk]),
        "name",
        "Seri",
        lambda: Series.objects.get(pk=series.pk).name,
    )


def _schedule() -> tuple[str, str, str, Callable[[], str]]:
    task = PeriodicTask.objects.filter(interval__isnull=False).first()
    assert task is not None
    return (
        reverse("datasources:edit-schedule", args=[task.pk]),
        "minutes",
        "1",
        lambda: str(PeriodicTask.objects.get(pk=task.pk).interval.every // 60),
    )


@pytest.mark.parametrize("record", [_rule, _source, _series, _schedule])
def test_the_second_tab_sees_both(record: Callable[..., Any], client_of: Callable[[User], Client]) -> None:
    address, name, text, saved = record()
    client = client_of(factories.member(Role.DATA_STEWARD))
    first, second = (served(client.get(address).content.decode()) for _tab in range(2))
    extra = {"reason": "Diperbarui sesuai surat", "minutes": "7"} if name == "minutes" else {"reason": "Diperbarui"}
    one, two = ("17", "18") if name == "minutes" else (f"{text} satu", f"{text} dua")
    answer = client.post(address, first | extra | {name: one})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert saved() == one
    answer = client.post(address, second | extra | {name: two})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert one in page
    assert two in page
    assert saved() == one, "the first one's is not overwritten"
    again = served(page)
    assert again[name] == two, "what was typed stays"
    answer = client.post(address, again | {"reason": "Diperbarui"})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert saved() == two
