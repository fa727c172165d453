"""Every state machine has one shape: choices, a table of transitions that knows each state, a CHECK, a diagram."""

import inspect
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils.module_loading import import_module

from kaltim_portal.management.commands import diagrams

# A step of a history keeps what the row was before, an override the gate that it let pass, a word on a directive the
# state it left it in: copies of a state. What became of an offer is a finding of the procurement, typed as it is.
NO_MACHINES = {"ReportStep", "PackageStep", "GateOverride", "FollowUp", "Offer"}

Machine = tuple[type[models.Model], str, type[models.TextChoices]]


def _state_classes() -> Iterator[type[models.TextChoices]]:
    for app in apps.get_app_configs():
        if find_spec(f"{app.name}.choices"):
            for name, each in vars(import_module(f"{app.name}.choices")).items():
                if name.endswith("State") and inspect.isclass(each) and issubclass(each, models.TextChoices):
                    yield each


def _machines() -> list[Machine]:
    """Fields of the portal's own rows whose choices are a class that is called a state."""
    by_choices = {tuple(each.values): each for each in _state_classes()}
    found: list[Machine] = []
    for model in apps.get_models():
        if "pgh_id" in {field.name for field in model._meta.fields}:
            continue
        for field in model._meta.fields:
            values: Any = tuple(value for value, _label in field.flatchoices)
            if values in by_choices and model.__name__ not in NO_MACHINES:
                found.append((model, field.name, by_choices[values]))
    return found


def _tables() -> list[dict[str, frozenset[str]]]:
    """The transition tables that docs/states.md is drawn from."""
    return [table for name, table in vars(diagrams).items() if name.endswith("_TRANSITIONS")]


def test_every_state_has_its_table_of_transitions() -> None:
    machines = _machines()
    assert len(machines) >= 11
    tables = [set(table) for table in _tables()]
    assert {
        f"{model.__name__}.{name}" for model, name, choices in machines if set(choices.values) not in tables
    } == set()


def test_transitions_lead_to_states_that_are_there() -> None:
    for table in _tables():
        assert frozenset().union(*table.values()) <= set(table)


@pytest.mark.django_db
def test_the_database_knows_no_other_state() -> None:
    """A value that is none of the states is refused by PostgreSQL too, whoever writes."""
    with connection.cursor() as cursor:
        for model, name, choices in _machines():
            cursor.execute(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass",
                [model._meta.db_table],
            )
            checks = [text for (text,) in cursor.fetchall() if f"({name})" in text]
            assert any(all(f"'{value}'" in text for value in choices.values) for text in checks), (model, name)
