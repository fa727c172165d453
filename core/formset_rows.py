"""Rows of a form with rows: one more, one fewer. The page comes back with everything typed, and nothing is judged yet.

The buttons say `add`, or `add-people` where a page has several kinds of rows, and `remove-people-2`.
"""

import re
from typing import Any

from django.forms.utils import ErrorDict
from django.http import QueryDict

from core.request_values import whole_number

MOST_ROWS = 99
ACT = "act"


def with_rows_changed(data: QueryDict, prefix: str) -> QueryDict | None:
    """What was typed with a row more or fewer, or None where that is not what was asked for."""
    act, count = data.get(ACT, ""), whole_number(data.get(f"{prefix}-TOTAL_FORMS"), digits=2) or 0
    if act in {"add", f"add-{prefix}"}:
        more = data.copy()
        more[f"{prefix}-TOTAL_FORMS"] = str(min(count + 1, MOST_ROWS))
        return more
    removed = re.fullmatch(rf"remove-{re.escape(prefix)}-(\d{{1,2}})", act)
    if removed is None:
        return None
    place = int(removed[1])
    is_saved = bool(data.get(f"{prefix}-{place}-id"))  # saved rows go by their own box, with a reason and a history
    return data.copy() if is_saved or place >= count else _without(data, prefix, place, count)


def _without(data: QueryDict, prefix: str, place: int, count: int) -> QueryDict:
    """The rows behind the one that goes move up."""
    fewer, row = data.copy(), re.compile(rf"{re.escape(prefix)}-(\d+)-(.+)")
    for name in list(data):
        if (found := row.fullmatch(name)) and int(found[1]) >= place:
            del fewer[name]
            if int(found[1]) > place:
                fewer.setlist(f"{prefix}-{int(found[1]) - 1}-{found[2]}", data.getlist(name))
    fewer[f"{prefix}-TOTAL_FORMS"] = str(count - 1)
    initial = whole_number(data.get(f"{prefix}-INITIAL_FORMS"), digits=2) or 0
    fewer[f"{prefix}-INITIAL_FORMS"] = str(min(initial, count - 1) if place >= initial else initial - 1)
    return fewer


def show_unjudged(formset: Any, *, act: str) -> None:
    """Without a word of what is still missing; a row that was just added starts as an empty one does."""
    if act in {"add", f"add-{formset.prefix}"} and formset.forms:
        place = len(formset.forms) - 1
        fresh = formset.form(
            auto_id=formset.auto_id,
            prefix=formset.add_prefix(place),
            empty_permitted=True,
            use_required_attribute=False,
            **formset.get_form_kwargs(place),
        )
        formset.add_fields(fresh, place)
        formset.forms[place] = fresh
    for form in formset.forms:
        leave_unjudged(form)
    formset._errors = [{} for _form in formset.forms]  # noqa: SLF001 (the same)
    formset._non_form_errors = formset.error_class()  # noqa: SLF001 (the same)


def leave_unjudged(form: Any) -> None:
    form._errors = ErrorDict()  # noqa: SLF001 (where Django keeps what it has found; nothing is looked for)
