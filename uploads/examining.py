"""What taking a list over would do: read, checked against the portal, told row by row. Writes only the stage.

The browser's preview and the commands `preview_list` and `apply_list` ask here.
"""

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.importing import staging
from core.importing.datasets import MAX_PROBLEMS, Dataset, ImportScope, ListedRow, Problem, Review, registry
from core.importing.entries import SAID_AGAIN_BESIDE
from core.importing.messages import message
from core.importing.staging import Staged, StagedSheet
from core.importing.trial import REFUSALS
from uploads import belonging, headings, permissions, titles

NAMES_SHOWN = 5


@dataclass
class ExaminedList:
    """`reviews` by the name of the kind, in the order in which they are taken over; `problem` refuses the whole."""

    staged: Staged
    notes: list[dict[str, str]] = field(default_factory=list)
    reviews: dict[str, Review] = field(default_factory=dict)
    problem: str = ""

    def sheets_of(self, name: str) -> list[StagedSheet]:
        return [sheet for sheet in self.staged.sheets if sheet.shape.name == name]


def read(
    *,
    pk: int,
    path: Path,
    name: str,
    scope: ImportScope,
    mapping: Mapping[str, Any] | None = None,
    heard: Callable[[int, list[dict[str, Any]]], None] = lambda _bytes, _plan: None,
) -> Staged:
    """The file into the stage, by the kinds of list that `scope.user` hands in. Raises FileRefused.

    Options of the scope: `kind` is the one that it is, where a person named it; `delimiter` that of a CSV.
    """
    kind = scope.options.get("kind")
    datasets = [each for each in permissions.datasets_for(scope.user) if not kind or each.shape.name == kind]
    return staging.stage(
        upload_pk=pk,
        path=path,
        name=name,
        shapes=headings.known_to(scope.agency, datasets),
        declared=[each.shape for each in datasets],
        mapping=mapping or ({"*": {"shape": kind}} if kind else {}),
        delimiter=scope.options.get("delimiter", ""),
        year=scope.fiscal_year,
        heard=heard,
    )


def examine(pk: int, staged: Staged, scope: ImportScope) -> ExaminedList:
    """Each kind of list that the file holds, against what the portal holds."""
    found = ExaminedList(staged, notes_of(staged))
    kinds = _kinds_of(staged)
    if scope.agency is None and any(dataset.needs_agency for dataset in kinds.values()):
        found.problem = _("This list belongs to one OPD: choose the OPD at the top of the page, then upload it again.")
        kinds = {name: dataset for name, dataset in kinds.items() if not dataset.needs_agency}
    reviews = {name: _review(pk, each, found, scope) for name, each in kinds.items() if not stands_on(each, kinds)}
    reviews |= _on_top(pk, kinds, found, scope) if len(reviews) < len(kinds) else {}
    found.reviews = {name: reviews[name] for name in kinds}
    return found


def _kinds_of(staged: Staged) -> dict[str, Dataset]:
    """In the order in which they are taken over."""
    present = {sheet.shape.name for sheet in staged.sheets}
    return {name: dataset for name, dataset in registry().items() if name in present}


def stands_on(dataset: Dataset, kinds: Collection[str]) -> frozenset[str]:
    """The other kinds of the workbook that the list's rows hang on."""
    return dataset.builds_on & frozenset(kinds)


def _on_top(pk: int, kinds: Mapping[str, Dataset], found: ExaminedList, scope: ImportScope) -> dict[str, Review]:
    """Of lists whose rows hang on those of another sheet: what taking over would do once that one is taken over. All of
    it is undone, the marks in the stage too: they are made anew when the workbook is taken over."""
    reviews = {}
    bases = frozenset[str]().union(*(stands_on(dataset, kinds) for dataset in kinds.values()))
    with transaction.atomic():
        for name, dataset in kinds.items():
            if stands_on(dataset, kinds):
                reviews[name] = _review(pk, dataset, found, scope)
                listed = list(reviews[name].rows())  # while what they were compared with is there
                reviews[name].rows = partial(iter, listed)
            if name in bases:
                _apply_on_trial(dataset, pk, scope)
        transaction.set_rollback(True)
    return reviews


def _apply_on_trial(dataset: Dataset, pk: int, scope: ImportScope) -> None:
    """What is refused as a whole is told when it is taken over; here its rows aren't there."""
    with contextlib.suppress(*REFUSALS), transaction.atomic():
        dataset.apply(staging.table_name(pk, dataset.shape), scope)


def examine_again(pk: int, dataset: Dataset, plan: list[dict[str, Any]], name: str, scope: ImportScope) -> None:
    """Mark in the stage what the preview found of a list on top of others, now that these are taken over."""
    shapes = {each: known.shape for each, known in registry().items()}
    staged = Staged(plan=plan, sheets=staging.sheets_in(plan, shapes), name=name)
    _review(pk, dataset, ExaminedList(staged), scope)


def _review(pk: int, dataset: Dataset, found: ExaminedList, scope: ImportScope) -> Review:
    """What taking over would do, without the rows that are of elsewhere or no longer hold."""
    table, sheets = staging.table_name(pk, dataset.shape), found.sheets_of(dataset.shape.name)
    if left_out := belonging.leave_out(table, sheets):
        found.notes.append({"text": message("rows_left_out", {"count": left_out})})
    if dataset.says_nothing and (silent := belonging.leave_out_where(table, dataset.says_nothing[0])):
        found.notes.append({"text": message(dataset.says_nothing[1], {"count": silent})})
    problems, count = belonging.refuse_foreign(table, sheets, scope)
    found.notes += [{"text": message(code, params)} for code, params in dataset.complete(table, scope)]
    review = dataset.review(table, scope)
    names = {sheet.name for sheet in sheets}
    review.more_alarms += [(each["code"], each["params"]) for each in found.staged.alarms if each["sheet"] in names]
    review.more_alarms += belonging.doubts(table, sheets)
    if dataset.needs_agency:
        review.more_alarms += titles.alarms(found.staged.name, sheets, scope)
    review.problems = [*problems, *_with_sheets(_with_unread(review, sheets), sheets)][:MAX_PROBLEMS]
    review.problem_count += count
    return review


def _with_unread(review: Review, sheets: list[StagedSheet]) -> list[Problem]:
    """The problems; of twins that differ in columns which are not read, with the names of these. They want a reason:
    the second of two payments may look like the first."""
    unread = {sheet.part: ", ".join(sheet.unused[:NAMES_SHOWN]) for sheet in sheets}
    twins = [item for item in review.problems if item.code == SAID_AGAIN_BESIDE]
    if twins:
        names = "; ".join(dict.fromkeys(unread[item.part] for item in twins))
        review.more_alarms.append(("twins_beside", {"count": len(twins), "names": names}))
    return [
        replace(item, params=item.params | {"names": unread[item.part]}) if item.code == SAID_AGAIN_BESIDE else item
        for item in review.problems
    ]


def _with_sheets(problems: list[Problem], sheets: list[StagedSheet]) -> list[Problem]:
    """The problems; another row that they name, with its sheet where the list stands on several."""
    names = {sheet.part: sheet.name for sheet in sheets} if len(sheets) > 1 else {}
    return [
        replace(item, params=item.params | {"row": _("%(row)s (sheet “%(sheet)s”)") % (item.params | {"sheet": name})})
        if (name := names.get(item.params.get("part", -1)))
        else item
        for item in problems
    ]


def notes_of(staged: Staged) -> list[dict[str, str]]:
    """What is said of the file, then of each of its sheets."""
    said = [{"text": message(item["code"], item["params"])} for item in staged.notes]
    for entry in staged.plan:
        said += [
            {"sheet": entry["name"], "text": message(item["code"], item["params"])} for item in entry.get("notes", [])
        ]
        if text := nearest_kind(entry):
            said.append({"sheet": entry["name"], "text": text})
    said += [{"sheet": item["sheet"], "text": message(item["code"], item["params"])} for item in staged.late_notes]
    return said


def nearest_kind(entry: Mapping[str, Any]) -> str:
    """Of a sheet that is no known list: what it nearly is, and the columns that lack; '' where nothing is near."""
    near = entry.get("nearest")
    if not near or not near["lacks"]:
        return ""
    return message("nearest_kind", {"kind": registry()[near["shape"]].label, "names": ", ".join(near["lacks"])})


def rows(found: ExaminedList) -> Iterator[dict[str, Any]]:
    """Every row of the list, refused ones too, and every one of the portal that the list has no more."""
    for name, review in found.reviews.items():
        sheets = {sheet.part: sheet for sheet in found.sheets_of(name)}
        problems, refused = _problems_by_row(found, review, sheets)
        said = set()
        for row in review.rows():
            said.add((row.part, row.row))
            yield _as_json(row, sheets, problems)
        for part, number in sorted(problems.keys() - said):
            status = "refused" if (part, number) in refused else "unchanged"
            yield _as_json(ListedRow(status, part, number, ""), sheets, problems)


def _problems_by_row(
    found: ExaminedList, review: Review, sheets: Mapping[int, StagedSheet]
) -> tuple[dict[tuple[int, int], list[str]], set[tuple[int, int]]]:
    """(sheet number, row) → what is wrong with it, in words; and which of them are refused."""
    texts: dict[tuple[int, int], list[str]] = {}
    refused = {(item.part, item.row) for item in review.problems if not item.is_warning}
    parts = {sheet.name[:60]: part for part, sheet in sheets.items()}
    for cell in found.staged.problems:
        if cell["sheet"] in parts:
            text = message(cell["code"], cell["params"])
            texts.setdefault((parts[cell["sheet"]], cell["row"]), []).append(f"{cell['field']}: {text}")
            if not cell["is_warning"]:
                refused.add((parts[cell["sheet"]], cell["row"]))
    for item in review.problems:
        texts.setdefault((item.part, item.row), []).append(_words(item))
    return texts, refused


def _words(item: Problem) -> str:
    text = message(item.code, item.params)
    return f"{item.field}: {text}" if item.field else text


def _as_json(
    row: ListedRow, sheets: Mapping[int, StagedSheet], problems: Mapping[tuple[int, int], list[str]]
) -> dict[str, Any]:
    sheet = sheets.get(row.part) if row.row else None
    return {
        "sheet": sheet.name if sheet else "",
        "row": row.row or None,
        "status": row.status,
        "key": row.key,
        "before": {name: _plain(value) for name, value in row.before.items()},
        "after": {name: _plain(value) for name, value in row.after.items()},
        "emptied": row.emptied,
        "problems": problems.get((row.part, row.row), []),
    }


def _plain(value: Any) -> Any:
    """For JSON: amounts as text, so that nothing is lost."""
    if value is None or isinstance(value, bool | int | str):
        return value
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else str(value)
