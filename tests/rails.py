"""What makes tests fail that would otherwise pass by luck: order that nobody asked for, variables that nobody gave,
headings that only machines read."""

import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.conf import settings
from django.db.models.expressions import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler
from django.template import engines
from django.template.base import Variable, VariableDoesNotExist

from core.exports.workbooks import NewWorkbook
from core.templatetags.form_keys import FormKeyNode

OUR_TEMPLATES = str(settings.BASE_DIR / "templates")
BY_CHANCE = OrderBy(Random())


class UndefinedVariable(str):
    """Stands in for a variable that a template names and the view does not give: an error in ours, nothing in
    others'."""

    __slots__ = ()

    def __contains__(self, part: str) -> bool:
        return part == "%s"  # Django asks whether to put the variable's name in

    def __mod__(self, variable: Any) -> str:
        context = sys._getframe(1).f_locals.get("context")
        template = getattr(getattr(context, "render_context", None), "template", None)
        origin = getattr(getattr(template, "origin", None), "name", "")
        if origin.startswith(OUR_TEMPLATES):
            raise AssertionError(f"{origin} shows “{variable}”, which it is not given")
        return ""


def fail_on_undefined_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", UndefinedVariable("undefined"))
    resolve = Variable.resolve

    def found(self: Variable, context: Any) -> Any:
        """A related row that isn't there is “undefined” to Django too, and false in an `if`."""
        value = resolve(self, context)
        if isinstance(value, UndefinedVariable):
            raise VariableDoesNotExist("%s is not there", (self.var,))
        return value

    monkeypatch.setattr(Variable, "resolve", found)


def shuffle_what_has_no_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A query without ORDER BY gives its rows in any order; here it really does, each time another one."""
    asked = SQLCompiler._order_by_pairs

    def with_chance(self: SQLCompiler) -> Iterator[tuple[OrderBy, bool]]:
        named = list(asked(self))
        yield from named
        query = self.query
        cannot = query.distinct or query.group_by or query.combinator or query.subquery or query.is_sliced
        if not named and not cannot and type(self) is SQLCompiler:
            yield BY_CHANCE, False

    monkeypatch.setattr(SQLCompiler, "_order_by_pairs", with_chance)


def refuse_headings_of_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every workbook that a test has written is read by people: `nama_sub_giat` is no heading for them."""
    asked = NewWorkbook.page

    def page(self: NewWorkbook, title: str, headings: Sequence[tuple[str, int]] = (), **options: Any) -> Any:
        machine_names = [heading for heading, _width in headings if re.search(r"[a-z]_[a-z0-9]", heading)]
        assert not machine_names, f"sheet {title}: headings {machine_names} are no words for people"
        return asked(self, title, headings, **options)

    monkeypatch.setattr(NewWorkbook, "page", page)


def refuse_forms_without_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that is included `only` with what it is given is not given the page's token; its form can't be sent."""
    asked = FormKeyNode.render

    def render(self: FormKeyNode, context: Any) -> Any:
        assert "csrf_token" in context, "a form without its token"
        return asked(self, context)

    monkeypatch.setattr(FormKeyNode, "render", render)
