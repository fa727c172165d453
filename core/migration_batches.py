"""Quicker migrations: runs of like operations, for which Django renders the models once instead of once each.

Every model here refers to the user, and so Django renders all of them again after each single operation: of 660
operations a new portal spent a minute on that alone. Used as `operations = together([...])` in migrations of many
operations.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

WORTH_IT = 4  # fewer render less by themselves than all models once


class Together(Operation):
    """Operations of one kind, none of which needs to see the models between two of them."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # rendered anew, once, by whoever asks for it next
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return type(self).__name__, [], {"operations": self.operations}


def together(operations: Iterable[Operation]) -> list[Operation]:
    """The same operations in the same order; runs of one kind as one."""
    found: list[Operation] = []
    for _kind, run in groupby(operations, key=type):
        alike = list(run)
        found += [Together(alike)] if len(alike) >= WORTH_IT else alike
    return found
