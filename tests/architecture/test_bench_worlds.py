"""The worlds of the bench are written past the models: each statement names every column that has to have a value."""

import re

import pytest
from django.apps import apps
from django.db.models.fields import NOT_PROVIDED

from kaltim_portal.embedded import ROOT

INSERT = re.compile(r"INSERT INTO (\w+)\s*\(([^)]*)\)")
STATEMENTS = [
    (path.name, table, columns)
    for path in sorted((ROOT / "bench").glob("*.py"))
    for table, columns in INSERT.findall(path.read_text(encoding="utf-8"))
]


def needed(table: str) -> set[str]:
    return {
        field.column
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table == table
        for field in model._meta.local_concrete_fields
        if not (field.null or field.primary_key or field.generated) and field.db_default is NOT_PROVIDED
    }


@pytest.mark.parametrize(("file", "table", "columns"), STATEMENTS)
def test_every_column_that_has_to_have_a_value_is_named(file: str, table: str, columns: str) -> None:
    assert not needed(table) - {name.strip() for name in columns.split(",")}, file


def test_the_statements_are_found() -> None:
    assert len(STATEMENTS) > 20
