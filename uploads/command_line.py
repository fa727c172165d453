"""What `preview_list` and `apply_list` share: whose list, which file, and a line of JSON for each row."""

import argparse
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError
from django.db import transaction
from django.db.models import Q

from accounts.models import Agency, User
from accounts.permissions import require_year
from core.importing.datasets import ImportScope
from core.importing.messages import message
from core.importing.workbooks import FileRefused
from uploads import examining, permissions
from uploads.examining import ExaminedList
from uploads.forms import STAGES

UNREADABLE = 2  # what the commands end with where the file can't be read


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--as", dest="username", required=True, help="who hands the list in, by user name")
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument("--kind", default="", help="the kind of list, where the headings don't tell it")
    parser.add_argument(
        "--agency", default="", help="code or short name of the OPD; else the one that the user works for"
    )
    parser.add_argument("--stage", default="", help="of a budget: original, shift, change")
    parser.add_argument("--json", action="store_true", help="the default; a line per row, then the summary")


def person(options: dict[str, Any]) -> User:
    user: User | None = User.objects.filter(username=options["username"], is_active=True).first()
    if user is None:
        raise CommandError(f"Tidak ada pengguna aktif “{options['username']}”.", returncode=UNREADABLE)
    return user


def scope_of(options: dict[str, Any], user: User) -> ImportScope:
    agency = agency_of(options["agency"], user, options["year"])
    try:
        permissions.check_may_hand_in(user, agency)
        if agency is not None:
            require_year(agency, options["year"])
    except ValidationError as error:
        raise CommandError(" ".join(error.messages), returncode=UNREADABLE) from error
    except PermissionDenied as error:
        said = str(error) or "Pengguna ini tidak boleh mengunggah daftar untuk OPD tersebut."
        raise CommandError(said, returncode=UNREADABLE) from error
    kinds = sorted(dataset.shape.name for dataset in permissions.datasets_for(user))
    if options["kind"] and options["kind"] not in kinds:
        said = f"Tidak ada jenis daftar “{options['kind']}” untuk pengguna ini; yang ada: {', '.join(kinds)}."
        raise CommandError(said, returncode=UNREADABLE)
    return ImportScope(agency, options["year"], user, None, given(options))


def given(options: dict[str, Any]) -> dict[str, str]:
    """What was said of the list, as an upload keeps it. Raises CommandError."""
    stages = [name for name, _label in STAGES]
    if options["stage"] and options["stage"] not in stages:
        said = f"Tidak ada tahap anggaran “{options['stage']}”; yang ada: {', '.join(stages)}."
        raise CommandError(said, returncode=UNREADABLE)
    return {name: options[name] for name in ("kind", "stage") if options[name]}


def agency_of(named: str, user: User, year: int) -> Agency | None:
    """Of several that had the code one after the other, the one whose year it is."""
    if named:
        found = list(Agency.objects.with_former().filter(Q(code=named) | Q(short_name=named)))
        if not found:
            raise CommandError(f"Tidak ada OPD dengan kode “{named}”.", returncode=UNREADABLE)
        return next((row for row in found if row.keeps_year(year)), found[0])
    operated = list(Agency.objects.living().filter(pk__in=user.operated_agency_ids)[:2])
    return operated[0] if len(operated) == 1 else None


def preview(options: dict[str, Any], write: Callable[[str], Any]) -> None:
    """Every row and the summary; the stage is forgotten again. Raises CommandError."""
    user = person(options)
    scope = scope_of(options, user)
    if not options["file"].is_file():
        raise CommandError(f"Berkas {options['file']} tidak ada.", returncode=UNREADABLE)
    pk = -os.getpid()
    with transaction.atomic():
        try:
            staged = examining.read(pk=pk, path=options["file"].resolve(), name=options["file"].name, scope=scope)
        except FileRefused as refused:
            raise CommandError(message(refused.code, refused.params), returncode=UNREADABLE) from refused
        found = examining.examine(pk, staged, scope)
        if not staged.sheets:
            raise CommandError(unknown(found), returncode=UNREADABLE)
        if found.problem:  # there is only the one: it belongs to an OPD, and none is said
            said = "Daftar ini milik satu OPD: sebutkan OPD-nya dengan --agency (kode atau nama singkat)."
            raise CommandError(said, returncode=UNREADABLE)
        tell(found, write)
        transaction.set_rollback(True)


def unknown(found: ExaminedList) -> str:
    """Why nothing of the file could be read: no kind fits, or columns are missing."""
    lacking = [", ".join(entry["missing"]) for entry in found.staged.plan if entry.get("missing")]
    if lacking:
        return message("missing_columns", {"names": "; ".join(lacking)})
    near = [text for entry in found.staged.plan if (text := examining.nearest_kind(entry))]
    return " ".join([message("no_kind_fits", {}), *near])


def tell(found: ExaminedList, write: Callable[[str], Any]) -> None:
    counts: Counter[str] = Counter()
    emptied = 0
    for row in examining.rows(found):
        counts[row["status"]] += 1
        emptied += len(row["emptied"])
        write(json.dumps(row, ensure_ascii=False))
    reviews = list(found.reviews.values())
    summary: dict[str, Any] = {
        name: counts[name] for name in ("new", "changed", "unchanged", "vanished", "conflict", "refused")
    }
    summary |= {
        "emptied": emptied,
        "sum_before": _sum(review.sum_before for review in reviews),
        "sum_after": _sum(review.sum_after for review in reviews),
        "kind": ",".join(found.reviews),
        "alarms": [message(code, params) for review in reviews for code, params in review.alarms],
        "notes": [": ".join(filter(None, [note.get("sheet"), note["text"]])) for note in found.notes],
    }
    write(json.dumps({"summary": summary}, ensure_ascii=False))


def _sum(parts: Iterable[Decimal | None]) -> str | None:
    known = [part for part in parts if part is not None]
    return str(sum(known, Decimal(0))) if known else None
