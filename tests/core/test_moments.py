"""Rows that are only added to say when by the database's clock, whoever writes them."""

import datetime as dt

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from core.models import AuditEvent

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
TRIGGERS = {
    model: getattr(model._meta, "triggers", [])
    for model in apps.get_models()
    if not model._meta.app_label.startswith("pg")
}
DATED_BY_ITSELF = [
    (model, field)
    for model, triggers in TRIGGERS.items()
    if any(isinstance(each, pgtrigger.Protect) and each.name == "append_only" for each in triggers)
    and not hasattr(model, "pgh_tracked_model")  # a history is compared with its row
    for field in model._meta.concrete_fields
    if isinstance(field, models.DateTimeField) and field.auto_now_add
]


@pytest.mark.django_db
def test_nobody_dates_a_row_of_the_trail_back() -> None:
    """As the portal's own role, past the portal."""
    begun = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_auditevent (at, action, target_type, target_id, target_name, actor_name, reason, details)"
            " VALUES (%s, 'report.approved', '', '', '', '', '', '{}') RETURNING at",
            [LONG_AGO],
        )
        (at,) = cursor.fetchone()
    assert begun < at <= timezone.now()
    assert AuditEvent.objects.latest("pk").at == at


def test_whatever_is_only_added_to_is_dated_by_the_database() -> None:
    assert DATED_BY_ITSELF
    undated = [
        f"{model._meta.label}.{field.name}"
        for model, field in DATED_BY_ITSELF
        if not any(each.name == "dated" and f"NEW.{field.column} :=" in each.func for each in TRIGGERS[model])
    ]
    assert not undated
