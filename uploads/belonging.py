"""Whose rows a list holds: what its rows say of year, OPD and government has to agree with where it is handed in.

Rows that say they are deleted, inactive or not announced are left out and counted: they say that there is nothing.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _
from psycopg2 import sql
from rapidfuzz import fuzz

from accounts.agencies.services import names_before
from accounts.models import Agency
from core.importing.datasets import MAX_PROBLEMS, ImportScope, Problem
from core.importing.fields import ABOUT_THE_ROW
from core.importing.messages import MESSAGES
from core.importing.staging import StagedSheet, identifier
from core.sql import execute

SAME_NAME, OTHER_NAME = 85, 60  # of 100: from the one on it is the OPD's name, below the other it is another's
CODE_PARTS = 4
OURS = ("kalimantan timur", "kaltim")
REGENCY = {"kab", "kabupaten", "kota", "pemkab", "pemkot", "desa", "kecamatan"}  # words of another government's name
MESSAGES |= {
    "row_of_other_year": _("is the year of this row, but the list is handed in for %(year)s; choose the right year"),
    "row_of_other_agency": _("is the OPD of this row, but the list is handed in for %(agency)s; take such rows out"),
    "row_of_former_agency": _("no longer exists since %(day)s and belongs to %(agency)s now; write that one's code"),
    "row_of_other_government": _("is another government than Kalimantan Timur; take such rows out"),
    "rows_left_out": _("%(count)s rows are marked as deleted, inactive or not announced and were left out."),
}
LEFT_OUT = {
    "row_is_deleted": "row_is_deleted",
    "row_is_active": "NOT row_is_active",
    # SIRUP's word is Terumumkan, older lists have Sudah; whatever else stands there is not announced, or no longer.
    "row_announced": r"btrim(row_announced) !~* '^(|-|(sudah )?(umumkan|terumumkan|diumumkan)|sudah)$'",
}
YEARS, NAMES = ("row_year", "row_year_too"), ("row_agency_name", "row_unit_name")
SAID = (*YEARS, "row_agency_code", *NAMES, "row_government")


def leave_out(table: str, sheets: Iterable[StagedSheet]) -> int:
    """Forget the staged rows that say of themselves that they no longer hold; how many."""
    conditions = [LEFT_OUT[name] for name in sorted(_present(sheets) & LEFT_OUT.keys())]
    return leave_out_where(table, " OR ".join(conditions)) if conditions else 0


def leave_out_where(table: str, condition: str) -> int:
    """Forget the staged rows of which the condition (SQL, a constant) holds; how many."""
    statement = sql.SQL("DELETE FROM {} WHERE {}").format(identifier(table), sql.SQL(condition))
    with connection.cursor() as cursor:
        execute(cursor, statement)
        return int(cursor.rowcount)


def refuse_foreign(table: str, sheets: Iterable[StagedSheet], scope: ImportScope) -> tuple[list[Problem], int]:
    """Mark the staged rows of another year, OPD or government; what is wrong with them, and how many they are."""
    columns = [name for name in SAID if name in _present(sheets)]
    if not columns:
        return [], 0
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    judge = Judge(scope)
    found: list[Problem] = []
    count = 0
    with connection.cursor() as cursor:
        execute(cursor, sql.SQL("SELECT DISTINCT {} FROM {}").format(names, identifier(table)))
        for values in cursor.fetchall():
            said = dict(zip(columns, values, strict=True))
            wrong = judge.wrong(said)
            if wrong is None:
                continue
            statement = sql.SQL(
                "UPDATE {} SET bad = true WHERE ({}) IS NOT DISTINCT FROM ({}) RETURNING sheet_no, row_no"
            ).format(identifier(table), names, sql.SQL(", ").join(map(_typed, columns, values)))
            execute(cursor, statement)
            field, code, params = wrong
            rows = cursor.fetchall()
            count += len(rows)
            found += [Problem(part, row, field, str(said[field])[:120], code, params) for part, row in rows]
    return sorted(found, key=lambda item: (item.part, item.row))[:MAX_PROBLEMS], count


def _present(sheets: Iterable[StagedSheet]) -> set[str]:
    about = {field.name for field in ABOUT_THE_ROW}
    return {name for sheet in sheets for name in sheet.positions} & about


def _typed(name: str, value: Any) -> sql.Composable:
    return sql.SQL("{}::{}").format(sql.Literal(value), sql.SQL("bigint" if name in YEARS else "text"))


class Judge:
    """Compares what rows say with the OPD and year of the list."""

    def __init__(self, scope: ImportScope) -> None:
        self.agency, self.year = scope.agency, scope.fiscal_year
        self.own: list[Agency] = []  # a mere other name is followed
        self.others: list[Agency] = []
        if self.agency is not None:
            self.own = [self.agency, *names_before(self.agency)]
            own = {row.pk for row in self.own}
            self.others = [row for row in Agency.objects.with_former() if row.pk not in own]
        self.own_names, self.other_names = _plain_names(self.own), _plain_names(self.others)

    def wrong(self, said: dict[str, Any]) -> tuple[str, str, dict[str, Any]] | None:
        """(field, message, its values) of the first contradiction; None when there is none."""
        other = next((name for name in YEARS if said.get(name) not in {None, self.year}), "")
        if other:
            return other, "row_of_other_year", {"year": self.year}
        if said.get("row_government") and not self.is_our_government(said["row_government"]):
            return "row_government", "row_of_other_government", {}
        if self.agency is None:
            return None
        params = {"agency": f"{self.agency.name} ({self.agency.code})"}
        code = (said.get("row_agency_code") or "").replace(" ", "")
        if code.count(".") >= CODE_PARTS - 1 and code not in {row.code for row in self.own}:
            return self._other_code(code, params)
        other = next((name for name in NAMES if said.get(name) and not self.is_own_name(said[name])), "")
        return (other, "row_of_other_agency", params) if other else None

    def _other_code(self, code: str, params: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
        """Of an OPD that was merged into this one, the new code is named; a mere rename is followed."""
        merged = next((row for row in self.others if row.code == code and row.today_id == self.agency.pk), None)
        if merged is None:
            return "row_agency_code", "row_of_other_agency", params
        return "row_agency_code", "row_of_former_agency", params | {"day": f"{merged.closed_on:%d/%m/%Y}"}

    @staticmethod
    def is_our_government(name: str) -> bool:
        plain = plain_words(name)
        return any(ours in plain for ours in OURS) and not REGENCY & set(plain.split())

    def is_own_name(self, name: str) -> bool:
        plain = plain_words(name)
        if REGENCY & (set(plain.split()) - set(plain_words(self.agency.name).split())):
            return False
        own = max(self._likeness(plain, names) for names in self.own_names)
        if own >= SAME_NAME:
            return True
        best = max((self._likeness(plain, names) for names in self.other_names), default=0)
        return own >= OTHER_NAME and best < SAME_NAME

    @staticmethod
    def _likeness(said: str, names: tuple[str, str]) -> float:
        full, short = names
        return 100 if said == short else float(fuzz.token_set_ratio(said, full))


def _plain_names(agencies: Iterable[Agency]) -> list[tuple[str, str]]:
    return [(plain_words(row.name), plain_words(row.short_name)) for row in agencies]


def plain_words(name: str) -> str:
    """In small letters, with a blank between words and nothing else."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())
