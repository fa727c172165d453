"""Whose rows a list holds: what its rows say of year, OPD and government has to agree with where it is handed in.

Rows that say they are deleted, inactive or not announced are left out and counted: they say that there is nothing.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
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
from uploads.governments import Governments, plain_words

WHOLE_NAME, SAME_UNIT = 90, 85  # of 100: how alike what is called the same is written
COMPARABLE_PARTS = 2  # a single figure is a number of some other system
MESSAGES |= {
    "row_of_other_year": _("is the year of this row, but the list is handed in for %(year)s; choose the right year"),
    "row_of_other_agency": _("is the OPD of this row, but the list is handed in for %(agency)s; take such rows out"),
    "row_of_former_agency": _("no longer exists since %(day)s and belongs to %(agency)s now; write that one's code"),
    "row_of_other_government": _("is another government than Kalimantan Timur; take such rows out"),
    "rows_left_out": _(
        "%(count)s rows are marked as deleted, inactive, failed, cancelled or not announced and were left out."
    ),
    "rows_of_a_span": _(
        "The column “%(heading)s” says that rows are of single months or quarters (%(said)s); this kind of list is of"
        " the whole year up to now. Check that no row is of a single month."
    ),
    "government_by_code": _(
        "The rows name their government only by the code %(codes)s, which the portal can't check. Check that it is"
        " Kalimantan Timur's."
    ),
}
ENDED = r"~* '\m(batal|dibatalkan|pembatalan|gagal|cancel|cancell?ed|dihentikan|ditolak|rejected|failed)\M'"
LEFT_OUT = {
    "row_is_deleted": "row_is_deleted",
    "row_is_active": "NOT row_is_active",
    # SIRUP's word is Terumumkan, older lists have Sudah; whatever else stands there is not announced, or no longer.
    "row_announced": r"btrim(row_announced) !~* '^(|-|(sudah )?(umumkan|terumumkan|diumumkan)|sudah)$'",
    **{
        name: f"{name} {ENDED}"
        for name in ("row_tender_state", "row_contract_state", "row_order_state", "row_record_state", "row_state")
    },
}
SAID = ("row_year", "row_government", "row_agency_code", "row_unit_code", "row_agency_name", "row_unit_name")
BY_WORDS = {"row_government", "row_agency_code", "row_unit_code", "row_agency_name", "row_unit_name"}
_CODE = re.compile(r"\d+(?:[.\-/ ]\d+)+\.?|\d+")
# With these words the name of an OPD begins; a unit of one is called otherwise (Bidang, Seksi, UPTD, Cabang, SMAN).
_AGENCY_WORDS = re.compile(
    r"(dinas|badan|biro|inspektorat|sekretariat (daerah|dprd|dewan)|rsud|rumah sakit|satuan polisi|kantor(?! cabang))"
    r" ?\w*"
)
# What parts the name of an OPD from that of its unit, and what stands behind it in titles.
_PARTING = re.compile(r" [-–—|] |[(:;/]")
_OF_THE_PROVINCE = re.compile(  # with its seat in front
    r"\b(?:samarinda )?(?:pemerintah |pemprov )?(?:daerah )?(?:provinsi |propinsi |prov |pemprov )?"
    r"(?:kalimantan timur|kaltim|kal tim)\b"
)
_BEHIND_A_NAME = re.compile(
    r" (?:uptd|upt|bidang|cabang|seksi|sma|smk|sman|smkn|slb|tahun|thn|ta|bulan|bln|periode|triwulan|tw|semester|per"
    r"|apbd|jl|jln|jalan|alamat|telp)\b.*"
)
_IN_FULL = {
    "rs": "rumah sakit",
    "rsud": "rumah sakit umum daerah",
    "rsjd": "rumah sakit jiwa daerah",
    "pu": "pekerjaan umum",
    "ukm": "usaha kecil menengah",
    "sdm": "sumber daya manusia",
}


def group_of(name: str) -> str:
    """What a column tells: `row_year_3` is one of several that name the year."""
    return re.sub(r"_\d+$", "", name)


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
    present = _present(sheets)
    columns = sorted((name for name in present if group_of(name) in SAID), key=lambda name: SAID.index(group_of(name)))
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
                "UPDATE {} SET bad = true, is_foreign = true"
                " WHERE ({}) IS NOT DISTINCT FROM ({}) RETURNING sheet_no, row_no"
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
    kind = "smallint" if group_of(name) == "row_year" else "text"
    return sql.SQL("{}::{}").format(sql.Literal(value), sql.SQL(kind))


def doubts(table: str, sheets: list[StagedSheet]) -> list[tuple[str, dict[str, Any]]]:
    """(message, its values): what the columns of the rows say that wants a reason."""
    present, found = _present(sheets), []
    headings = {field.name: field.headings[0] for field in ABOUT_THE_ROW}
    spans = [(name, _distinct(table, name)) for name in sorted(present) if group_of(name) == "row_span"]
    found += [("rows_of_a_span", {"heading": headings[name], "said": ", ".join(said)}) for name, said in spans if said]
    codes = [name for name in present if group_of(name) == "row_government_code"]
    if codes and not BY_WORDS & set(map(group_of, present)):
        said = [code for name in sorted(codes) for code in _distinct(table, name)]
        found += [("government_by_code", {"codes": ", ".join(said)})] if said else []
    return found


def _distinct(table: str, name: str) -> list[str]:
    statement = sql.SQL("SELECT DISTINCT {0} FROM {1} WHERE {0} IS NOT NULL AND NOT bad ORDER BY 1 LIMIT 5")
    with connection.cursor() as cursor:
        execute(cursor, statement.format(sql.Identifier(name), identifier(table)))
        return [str(said)[:40] for (said,) in cursor.fetchall()]


class Judge:
    """Compares what rows say with the OPD and year of the list."""

    def __init__(self, scope: ImportScope) -> None:
        self.agency, self.year = scope.agency, scope.fiscal_year
        self.governments = Governments()
        self._rules: dict[str, Callable[[str], bool]] = {
            "row_agency_code": self.is_own_code,
            "row_unit_code": self.is_own_unit_code,
            "row_agency_name": self.is_own,
            "row_unit_name": self.is_own_unit,
        }
        self.own: list[Agency] = []  # a mere other name is followed
        self.others: list[Agency] = []
        if self.agency is not None:
            self.own = [self.agency, *names_before(self.agency)]
            own = {row.pk for row in self.own}
            self.others = [row for row in Agency.objects.with_former() if row.pk not in own]
        self.own_names, self.other_names = _plain_names(self.own), _plain_names(self.others)

    def wrong(self, said: dict[str, Any]) -> tuple[str, str, dict[str, Any]] | None:
        """(field, message, its values) of the first contradiction; None when there is none."""
        for name, value in said.items():
            group = group_of(name)
            if value in {None, ""}:
                continue
            if group == "row_year":
                if value != self.year:
                    return name, "row_of_other_year", {"year": self.year}
            elif group == "row_government":
                if not self.governments.is_ours(str(value)):
                    return name, "row_of_other_government", {}
            elif self.agency is not None and not self._rules[group](str(value)):
                return name, *self._of_another(str(value))
        return None

    def is_own_code(self, said: str) -> bool:
        """With whatever between its parts; shortened, it is the beginning of the OPD's."""
        parts = _parts(said)
        return any(_is_code_of(parts, _parts(agency.code)) for agency in self.own)

    def is_own_unit_code(self, said: str) -> bool:
        """A unit of the OPD has its code but for the last part, or one part more."""
        parts = _parts(said)
        return len(parts) < COMPARABLE_PARTS or any(
            _begins_like(parts, _parts(agency.code)[:-1]) for agency in self.own
        )

    def is_own(self, said: str) -> bool:
        """A name, a code, or a name with its code in front or behind."""
        code = _CODE.search(said)
        letters = any(letter.isalpha() for letter in said)
        if code and len(_parts(code[0])) >= COMPARABLE_PARTS and not self.is_own_code(code[0]):
            return False
        return not letters or self.is_own_name(said)

    def is_own_unit(self, said: str) -> bool:
        """A unit may be called anything; what is called like an OPD has to be this one."""
        if not any(letter.isalpha() for letter in said):
            return self.is_own_unit_code(said)
        plain = plain_words(re.sub(r"^[\d.\- ]+", "", said))
        best = max((fuzz.token_sort_ratio(plain, full) for full, _short in self.other_names), default=0)
        own = max((fuzz.token_sort_ratio(plain, full) for full, _short in self.own_names), default=0)
        if best >= SAME_UNIT and best > own:
            return False
        return self.is_own_name(said) or not _AGENCY_WORDS.match(plain)

    def _of_another(self, said: str) -> tuple[str, dict[str, Any]]:
        """(message, its values). Of an OPD that was merged into this one, the new code is named."""
        parts = _parts(said)
        params = {"agency": f"{self.agency.name} ({self.agency.code})"}
        merged = (row for row in self.others if row.closed_on is not None and row.today_id == self.agency.pk)
        former = next((row for row in merged if parts == _parts(row.code)), None)
        if former is None:
            return "row_of_other_agency", params
        return "row_of_former_agency", params | {"day": f"{former.closed_on:%d/%m/%Y}"}

    def is_own_name(self, name: str) -> bool:
        """By the whole of a name of the OPD, its short one, or those that it had: “Dinas Kebudayaan” is none of Dinas
        Pendidikan dan Kebudayaan."""
        if self.governments.is_elsewhere(name, self.agency.name):
            return False
        parts = [_bare_name(part) for part in (name, *_PARTING.split(name))]
        own = max(_likeness(part, names) for part in parts for names in self.own_names)
        best = max((_likeness(part, names) for part in parts for names in self.other_names), default=0)
        return own >= WHOLE_NAME and own >= best


def _likeness(said: str, names: tuple[str, str]) -> float:
    full, short = map(_bare_name, names)
    if said in {full, short}:
        return 100
    return max(float(fuzz.ratio(said, full)), float(fuzz.token_sort_ratio(said, full)))


@lru_cache(maxsize=2_000)
def _bare_name(name: str) -> str:
    """What an OPD is called, without its government, what stands behind that, and what is no part of a name."""
    plain = plain_words(_CODE.sub(" ", name))
    said = _OF_THE_PROVINCE.sub("|", plain).strip(" |").partition("|")[0].strip()
    words = [_IN_FULL.get(word, word) for word in (_BEHIND_A_NAME.split(said)[0] or said).split()]
    return " ".join(word for word in words if word != "dan")


def _parts(code: str) -> list[str]:
    """1-02-0-00 and 1.02.0.00 are the same code; what stands behind it is none of it."""
    found = _CODE.search(code)
    return re.findall(r"\d+", found[0]) if found else []


def _is_code_of(parts: list[str], own: list[str]) -> bool:
    if len(parts) < COMPARABLE_PARTS:
        joined = "".join(parts)
        return len(joined) < sum(map(len, own)) or joined == "".join(own)
    return len(parts) <= len(own) and _begins_like(own, parts)


def _begins_like(parts: list[str], beginning: list[str]) -> bool:
    shared = min(len(parts), len(beginning))
    return list(map(int, parts[:shared])) == list(map(int, beginning[:shared]))


def _plain_names(agencies: Iterable[Agency]) -> list[tuple[str, str]]:
    return [(plain_words(row.name), plain_words(row.short_name)) for row in agencies]
