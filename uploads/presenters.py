"""What the page of one list shows: how far it is, what would change, what is wrong with it."""

from decimal import Decimal
from typing import Any

from accounts.models import User
from core.importing.cell_details import column_letters
from core.importing.datasets import registry
from core.importing.messages import message
from uploads import headings, permissions, services
from uploads.models import SavedMapping, Upload, UploadProblem

PROBLEMS_SHOWN = 200


def upload_page(user: User, row: Upload, apply_problem: str = "") -> dict[str, Any]:
    problems = row.problems.order_by("is_warning", "sheet", "row", "column")[:PROBLEMS_SHOWN]
    return _findings(row) | {
        "upload": row,
        "progress": services.progress_of(row.pk) if row.is_working else {},
        "problems": [(item, *said(item)) for item in problems],
        "problem_total": row.problems.count(),
        "warnings": row.problems.filter(is_warning=True).count(),
        "refused": services.refused_of(row),
        "alarms": services.alarms_of(row),
        "apply_problem": apply_problem,
        "sheets_to_map": _sheets_to_map(user, row),
        "saved_mappings": SavedMapping.objects.filter(agency=row.agency),
        "may_apply": permissions.may_apply(user, row),
        "may_undo": permissions.may_undo(user, row),
        "undo_until": row.applied_at + permissions.UNDO_FOR if row.applied_at else None,
        "may_discard": permissions.may_discard(user, row),
        "may_assign": permissions.may_assign(user, row),
    }


def _sheets_to_map(user: User, row: Upload) -> list[dict[str, Any]]:
    """The sheets that no kind fits, or that lack columns: for each kind the likeliest heading of each field."""
    datasets = permissions.datasets_for(user)
    unclear = [
        (number, sheet) for number, sheet in enumerate(row.sheets) if not sheet.get("shape") or sheet.get("missing")
    ]
    shapes = headings.known_to(row.agency, datasets) if unclear else []
    found = []
    for number, sheet in unclear:
        guessed = {shape.name: headings.guesses(shape, sheet.get("headings", [])) for shape in shapes}
        best = sheet.get("shape") or headings.likeliest(guessed)
        kinds = [
            {
                "dataset": dataset,
                "guesses": guessed[dataset.shape.name],
                "is_likeliest": dataset.shape.name == best,
                "lacking": [each.field.headings[0] for each in guessed[dataset.shape.name] if each.is_lacking],
            }
            for dataset in datasets
        ]
        found.append({"number": number, "sheet": sheet, "kinds": kinds})
    return found


def _findings(row: Upload) -> dict[str, Any]:
    """What the check counted, for each kind of list that is still known."""
    known, found = registry(), row.counts or {}
    order = {name: at for at, name in enumerate(known)}  # as they are taken over; JSON keeps none
    return {
        "kinds": [
            (known[name], counts, [each and Decimal(each) for each in counts.get("sums", (None, None))])
            for name, counts in sorted(found.get("kinds", {}).items(), key=lambda kind: order.get(kind[0], 0))
            if name in known
        ],
        "examples": [
            (known[name], rows)
            for name, rows in sorted(found.get("examples", {}).items(), key=lambda kind: order[kind[0]])
            if rows
        ],
        "applied": found.get("applied"),
    }


def said(item: UploadProblem) -> tuple[str, str]:
    """(cell such as C12, what is wrong)."""
    place = f"{column_letters(item.column)}{item.row}" if item.column else str(item.row)
    return place, message(item.code, item.params)
