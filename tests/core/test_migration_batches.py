"""Operations of one family are migrated together: the models are rendered when their fields change, and only then."""

from typing import Any

from django.db import models
from django.db.migrations import operations as kinds
from django.db.migrations.state import ModelState, ProjectState

from core.migration_batches import Together, together


class Editor:
    """Takes down which constraints a model names when a field of it is altered."""

    def __init__(self) -> None:
        self.named: list[list[str]] = []

    connection = type("Connection", (), {"alias": "default"})()

    def add_constraint(self, model: Any, constraint: Any) -> None:
        del model, constraint

    def alter_field(self, model: Any, old: Any, new: Any) -> None:
        del old, new
        self.named.append([each.name for each in model._meta.constraints])


def state() -> ProjectState:
    made = ProjectState()
    fields = [("id", models.AutoField(primary_key=True)), ("year", models.IntegerField(unique=True))]
    made.add_model(ModelState("programs", "Thing", fields))
    assert made.apps  # rendered
    return made


def migrated(operation: Together, before: ProjectState, editor: Any) -> ProjectState:
    after = before.clone()
    operation.state_forwards("programs", after)
    operation.database_forwards("programs", editor, before, after)
    return after


CONSTRAINT = kinds.AddConstraint("thing", models.CheckConstraint(condition=models.Q(year__gt=2000), name="recent"))
ALTERED = kinds.AlterField("thing", "year", models.IntegerField())


def test_a_constraint_costs_no_rendering_and_is_known_when_a_field_is_altered_after_it() -> None:
    first, second = together([CONSTRAINT, ALTERED])
    editor = Editor()
    begun = state()
    constrained = migrated(first, begun, editor)  # type: ignore[arg-type]  # each run of a family is one Together
    assert constrained.apps.get_model("programs", "thing") is begun.apps.get_model("programs", "thing")
    altered = migrated(second, constrained, editor)  # type: ignore[arg-type]  # the same
    assert editor.named == [["recent"]]
    assert not altered.apps.get_model("programs", "thing")._meta.get_field("year").unique
