"""Which sub-activity a row of a list speaks of, and which rows only sum up others."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _
from psycopg2 import sql

from core.importing.datasets import ImportScope
from core.importing.entries import Remarks
from core.importing.fields import Field, Kind
from core.importing.messages import MESSAGES
from core.importing.staging import identifier
from core.sql import execute, statements
from programs.models import SubActivity

MESSAGES |= {
    "unknown_sbl": _("is not among the sub-activities of %(year)s; upload the list of sub-activities first"),
    "sbl_of_other_agency": _("belongs to another OPD"),
    "sub_missing": _("names no sub-activity; fill in kode_sbl, or the code of the sub-activity"),
    "sub_not_found": _(
        "is not one of your OPD's sub-activities of %(year)s, or several of them; upload the list of sub-activities"
        " first, or add the column kode_sbl"
    ),
    "sums_left_out": _("%(count)s rows that only sum up other rows of the list were left out."),
}
# A row names its sub-activity by SIPD's own key, or by the code, where the OPD has it once.
SUB_ACTIVITY = (
    Field("sbl_code", Kind.CODE, ("kode_sbl", "Kode SBL"), max_length=60, may_go=False),
    Field(
        "sub_code", Kind.CODE, ("kode_sub_giat", "kode_sub_kegiatan", "kodesubkegiatan"), max_length=30, may_go=False
    ),
)
EITHER = ("sbl_code", "sub_code")
_SQL = statements("placing.sql", beside=__file__)


def place_by_code(table: str, scope: ImportScope) -> None:
    """Staged rows that name their sub-activity by its code get its kode_sbl, where one sub-activity has that code."""
    _changed(table, "by_code", {"year": scope.fiscal_year, "agency": scope.agency.pk})


def spell_accounts(table: str) -> None:
    """Staged rows have their accounts as the portal keeps them."""
    _changed(table, "spell_accounts", {})


def leave_out_sums(table: str, *, of_lines: bool = False) -> list[tuple[str, dict[str, Any]]]:
    """Forget the rows that sum up others; what is said of it. `of_lines`: the list has lines below an account."""
    count = _changed(table, "leave_out_sums", {})
    if of_lines:
        count += _changed(table, "leave_out_headings", {})
    return [("sums_left_out", {"count": count})] if count else []


def _changed(table: str, name: str, parameters: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        execute(cursor, sql.SQL(_SQL[name]).format(table=identifier(table)), parameters)
        return int(cursor.rowcount)


def own_sub_activities(rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> dict[str, SubActivity]:
    """The OPD's sub-activities of the year by kode_sbl; rows of unknown or foreign ones are refused."""
    known = {
        sub.sbl_code: sub
        for sub in SubActivity.objects.of_year(scope.fiscal_year)
        .filter(sbl_code__in={row["sbl_code"] for row in rows})
        .select_related("activity__program")
    }
    for row in rows:
        sub = known.get(row["sbl_code"])
        if row["sbl_code"] is None and row["sub_code"] is None:
            remarks.refuse(row, "sbl_code", "sub_missing")
        elif row["sbl_code"] is None:
            remarks.refuse(row, "sub_code", "sub_not_found", year=scope.fiscal_year)
        elif sub is None:
            remarks.refuse(row, "sbl_code", "unknown_sbl", year=scope.fiscal_year)
        elif sub.activity.program.agency_id != scope.agency.pk:
            remarks.refuse(row, "sbl_code", "sbl_of_other_agency")
    return {code: sub for code, sub in known.items() if sub.activity.program.agency_id == scope.agency.pk}
