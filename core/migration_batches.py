"""Quicker migrations: runs of like operations, for which Django renders the models once instead of once each.

Every model here refers to the user, and so Django renders all of them again after each single operation: of 660
operations a new portal spent a minute on that alone. `migrate` groups the operations of every migration; in migrations
of many operations `operations = together([...])` says so itself.
"""

import functools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import operations as kinds
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from pgtrigger import migrations as triggers

# Kinds of which none needs to see the models between two of them: what goes is looked up as it was before, what comes
# as it is afterwards.
TRIGGERS = (triggers.AddTrigger, triggers.RemoveTrigger)
RULES = (kinds.AddConstraint, kinds.RemoveConstraint, kinds.AddIndex, kinds.RemoveIndex)
FAMILIES: tuple[tuple[type[Operation], ...], ...] = (
    TRIGGERS,
    (kinds.AddField, kinds.AlterField),
    RULES,
    (kinds.CreateModel,),
)


class Together(Operation):
    """Operations of one family."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        rendered = state.__dict__.pop("apps", None)  # rendered anew, once, by whoever asks for it next
        for operation in self.operations:
            operation.state_forwards(app_label, state)
        if rendered is not None and all(isinstance(operation, TRIGGERS + RULES) for operation in self.operations):
            state.__dict__["apps"] = rendered  # neither a trigger nor a constraint changes the fields of a model

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if self._alters_a_field_of_what_is_behind(app_label, from_state):
            from_state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def _alters_a_field_of_what_is_behind(self, app_label: str, state: ProjectState) -> bool:
        """Django leaves out the constraints that a model names when it takes away those of a field: they must be the
        newest."""
        for operation in self.operations:
            if not isinstance(operation, kinds.AlterField):
                continue
            seen = ModelState.from_model(state.apps.get_model(app_label, operation.model_name)).options
            newest = state.models[app_label, operation.model_name_lower].options
            for kind in ("constraints", "indexes"):
                if {each.name for each in seen.get(kind, [])} != {each.name for each in newest.get(kind, [])}:
                    return True
        return False

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return type(self).__name__, [], {"operations": self.operations}


class GroupingExecutor(MigrationExecutor):
    """Django's own, over migrations whose operations are grouped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for migration in self.loader.disk_migrations.values():
            migration.operations = together(migration.operations)  # type: ignore[misc]  # each instance has its own

    def migrate(self, *args: Any, **kwargs: Any) -> ProjectState:
        with _swappable_names_kept():
            return super().migrate(*args, **kwargs)


@contextmanager
def _swappable_names_kept() -> Iterator[None]:
    """Which settings name a model that others may stand in for, asked once of each model.

    Django keeps the answers too, but forgets them whenever it renders a model: a sixth of the time went into that.
    """
    kept = functools.cache(apps.get_swappable_settings_name)
    apps.get_swappable_settings_name = kept  # type: ignore[method-assign]  # for this one registry, and for a while
    try:
        yield
    finally:
        del apps.get_swappable_settings_name


def together(operations: Iterable[Operation]) -> list[Operation]:
    """The same operations in the same order; runs of one family as one."""
    found: list[Operation] = []
    for family, run in groupby(_flat(operations), key=_family):
        alike = list(run)
        if family is None:
            found += alike
        else:
            found += [Together(each) for each in _once_each(alike)]
    return found


def _flat(operations: Iterable[Operation]) -> Iterable[Operation]:
    for operation in operations:
        yield from operation.operations if isinstance(operation, Together) else [operation]


def _family(operation: Operation) -> int | None:
    return next((number for number, family in enumerate(FAMILIES) if type(operation) in family), None)


def _once_each(run: Iterable[Operation]) -> list[list[Operation]]:
    """Cut where a field is changed a second time: between the two its model has to be seen."""
    parts: list[list[Operation]] = [[]]
    seen: set[tuple[str, str]] = set()
    for operation in run:
        if isinstance(operation, kinds.AddField | kinds.AlterField):
            field = (operation.model_name_lower, operation.name_lower)
            if field in seen:
                parts.append([])
                seen.clear()
            seen.add(field)
        parts[-1].append(operation)
    return parts
