"""Money and work during the year: realisation by account (`data_realisasi_akun`) and the monthly RFK (`data_rfk`)."""

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.choices import Role
from core.importing.datasets import ImportScope, staged_rows
from core.importing.entries import NOTHING, Compared, Entry, EntryDataset, Remarks
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from core.numbers import format_rupiah
from core.periods import Period, PeriodKind
from core.text import shortened
from programs.choices import ProgramState, ReportKind
from programs.imports.placing import (
    EITHER,
    SUB_ACTIVITY,
    leave_out_sums,
    own_sub_activities,
    place_by_code,
    spell_accounts,
)
from programs.imports.report_rows import ReportRows, closed_reports, fill_reports
from programs.models import AccountRealisation, Progress, SubActivity

MESSAGES |= {
    "month_not_begun": _("has not begun yet"),
    "program_draft": _("its programme “%(name)s” is not registered yet; register it first"),
    "added_up": _("is one of %(count)s documents of %(name)s, which are added up to %(sum)s"),
    "said_twice_or_documents": _(
        "“%(name)s” stands in row %(row)s too and says something else there; keep one of them, or add the column"
        " nomor_dokumen if these are different documents"
    ),
    "document_said_twice": _(
        "“%(name)s” stands in row %(row)s too and says something else there; keep one of them, or write the sum of a"
        " document's lines in one row"
    ),
    "document_of_other_year": _("(%(read)s) is of another year than %(year)s; take the document out"),
    "document_refused": _(
        "row %(row)s, which may be a document of the same account, is refused: without it the documents of %(name)s"
        " are not all there; correct that row"
    ),
    "documents_below_zero": _("the documents of %(name)s add up to less than zero (%(sum)s); check the returns"),
    "returned": _("%(returned)s that were paid back are subtracted"),
    "documents_say_less": _(
        "The documents of %(count)s accounts add up to less than what the portal holds (for example %(name)s: %(sum)s)."
        " A list of documents has to hold all of the year, not those of a single month."
    ),
    "above_ceiling": _("is more than the ceiling of %(ceiling)s"),
    "accounts_above_ceiling": _(
        "with it the accounts of this sub-activity add up to %(sum)s, its ceiling is %(ceiling)s; if the ceiling has"
        " changed, upload the list of sub-activities first"
    ),
}


AMOUNTS = ["planned_rupiah", "realised_rupiah"]
REALISED = "realised_rupiah"
# What a list of payments calls the paper behind each of them.
DOCUMENTS = (
    *("nomor_dokumen", "no_dokumen", "nomor_sp2d", "no_sp2d", "nomor_spm", "no_spm", "nomor_spp", "nomor_spj"),
    *("no_spj", "nomor_tbp", "no_tbp", "nomor_bukti", "no_bukti", "nomor_kuitansi", "no_kuitansi", "nomor_dok"),
)
DAYS = (
    *("tanggal_dokumen", "tgl_dokumen", "tanggal_sp2d", "tgl_sp2d", "tanggal_spm", "tgl_spm", "tanggal_bukti"),
    *("tgl_bukti", "tanggal_kuitansi", "tgl_kuitansi", "tanggal_spj", "tgl_spj", "tanggal_tbp", "tanggal_transfer"),
)
RETURNS = ("nilai_setoran", "setoran", "nilai_pengembalian", "pengembalian", "nilai_sts", "contra_pos", "contrapos")
Place = tuple[int, int]  # numbers of sheet and row
Lost = tuple[str | None, str | None, Place]  # sub-activity and account, None where it can't be read
ACCOUNT = re.compile(r"5(\.\d{1,4}){5}")  # six parts: sums of fewer parts stand beside them in recaps


class Realisations(EntryDataset):
    label = _("Cash plan and realisation by account (SIPD)")
    roles = frozenset({Role.OPERATOR})
    order = 50
    builds_on = frozenset({"sub_activities"})
    summed = "realised_rupiah"
    needs_values = True
    contradiction = "said_twice_or_documents"
    shape = Shape(
        "account_realisations",
        (
            *SUB_ACTIVITY,
            Field("account_code", Kind.CODE, ("kode_akun", "Kode rekening"), required=True, max_length=30),
            Field("planned_rupiah", Kind.RUPIAH, ("rak",)),
            Field("realised_rupiah", Kind.RUPIAH, ("realisasi", "nilai_realisasi")),
            Field("document", Kind.TEXT, DOCUMENTS, max_length=200, may_go=False),
            Field("document_day", Kind.DATE, DAYS, may_go=False),
            Field("returned_rupiah", Kind.RUPIAH, RETURNS, may_go=False),
        ),
        recognised_by=("sbl_code|sub_code", "account_code", "realised_rupiah"),
        either=(EITHER,),
    )

    def complete(self, table: str, scope: ImportScope) -> list[tuple[str, dict[str, Any]]]:
        place_by_code(table, scope)
        spell_accounts(table)
        return leave_out_sums(table)

    def doubts_of(self, compared: Compared) -> list[tuple[str, dict[str, Any]]]:
        """A list of documents may be one of a single month: it asks where a sum would fall."""
        falling = [
            entry
            for entry, held in compared.changed
            if entry.source["document"] and (entry.values.get(REALISED) or NOTHING) < (held.realised_rupiah or NOTHING)
        ]
        if not falling:
            return []
        example = {"name": falling[0].name, "sum": format_rupiah(falling[0].values.get(REALISED) or NOTHING, 2)}
        return [("documents_say_less", {"count": len(falling)} | example)]

    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        subs = own_sub_activities(rows, scope, remarks)
        entries = []
        for row in rows:
            sub = subs.get(row["sbl_code"])
            if sub is None:
                continue
            account = row["account_code"].rstrip(".")
            if not ACCOUNT.fullmatch(account):
                remarks.refuse(row, "account_code", "account_code")
                continue
            if self._fits(row, sub, scope, remarks):
                entries.append(self._entry(row, sub, account))
        return entries

    @staticmethod
    def _fits(row: dict[str, Any], sub: SubActivity, scope: ImportScope, remarks: Remarks) -> bool:
        """Whether the amounts are possible; otherwise the row is refused. A document may be a correction, so that only
        the sum of all has to be zero or more."""
        day = row["document_day"]
        if below := _below_zero(row):
            remarks.refuse(row, below, "negative")
            return False
        if day is not None and day.year != scope.fiscal_year:
            remarks.refuse(row, "document_day", "document_of_other_year", read=day.isoformat(), year=scope.fiscal_year)
            return False
        if (row["planned_rupiah"] or 0) > sub.ceiling_rupiah:
            remarks.warn(row, "planned_rupiah", "above_ceiling", ceiling=format_rupiah(sub.ceiling_rupiah))
        if row["returned_rupiah"]:
            remarks.warn(row, "returned_rupiah", "returned", returned=format_rupiah(row["returned_rupiah"], 2))
        return True

    @staticmethod
    def _entry(row: dict[str, Any], sub: SubActivity, account: str) -> Entry:
        values = {name: row[name] for name in AMOUNTS}
        if row["returned_rupiah"]:
            values[REALISED] = (row[REALISED] or NOTHING) - row["returned_rupiah"]
        name = f"{row['sbl_code']} · {account}"
        source = {"document": (row["document"] or "").casefold(), "ceiling": sub.ceiling_rupiah, "account": account}
        return Entry((sub.pk, account), name, values, row["sheet_no"], row["row_no"], source=source | {"row": row})

    def complete_keys(self, entries: list[Entry], table: str, scope: ImportScope, remarks: Remarks) -> list[Entry]:
        """Where a document of an account is refused, all of them are: the others are not its sum. A row whose
        sub-activity or account can't be read, or isn't known, may be of any."""
        if not any(entry.source["document"] for entry in entries):
            return entries
        lost = _lost_rows(table, scope, remarks)
        whole = []
        for entry in entries:
            place = _lost_of(entry, lost) if entry.source["document"] else None
            if place is None:
                whole.append(entry)
            else:
                where = {"part": place[0], "row": place[1]}
                remarks.refuse(entry.source["row"], "document", "document_refused", name=entry.name, **where)
        return whole

    @staticmethod
    def _find_excess(entries: list[Entry], held: list[AccountRealisation]) -> None:
        """Mark the realisations that rise, and with which the accounts of a sub-activity would add up to more than its
        ceiling. One that falls mends it."""
        values = {(row.sub_activity_id, row.account_code): row.realised_rupiah for row in held}
        after = values | {entry.key: entry.values["realised_rupiah"] for entry in entries if REALISED in entry.values}
        sums: Counter[int] = Counter()
        for (sub, _account), value in after.items():
            sums[sub] += value or 0
        for entry in entries:
            total, ceiling = sums[entry.key[0]], entry.source["ceiling"]
            if total > ceiling and (entry.values.get(REALISED) or 0) > (values.get(entry.key) or 0):
                entry.source["excess"] = (total, ceiling)

    def too_late(self, entry: Entry, there: Any) -> tuple[str, str, dict[str, Any]] | None:
        if "excess" not in entry.source:
            return None
        total, ceiling = entry.source["excess"]
        return REALISED, "accounts_above_ceiling", {"sum": format_rupiah(total), "ceiling": format_rupiah(ceiling)}

    def contradiction_of(self, entry: Entry) -> str:
        return "document_said_twice" if entry.source["document"] else self.contradiction

    def joined(self, group: list[Entry], remarks: Remarks) -> Entry | None:
        """The documents of an account are added up, each of them once; a document that says different things, and rows
        without a document that do, contradict one another."""
        documents: dict[str, list[Entry]] = {}
        for entry in group:
            documents.setdefault(entry.source["document"], []).append(entry)
        if len(documents) == 1 or "" in documents:
            return super().joined(group, remarks)
        plans = {entry.values["planned_rupiah"] for entry in group if "planned_rupiah" in entry.values}
        is_clear = all(twin.values == twins[0].values for twins in documents.values() for twin in twins)
        if not is_clear or len(plans) > 1 or any(entry.emptied for entry in group):
            self.refuse_contradicting(group, remarks)
            return None
        for twins in documents.values():
            super().joined(twins, remarks)  # says which of them count once
        values: dict[str, Any] = {"planned_rupiah": plans.pop()} if plans else {}
        said = [twins[0] for twins in documents.values() if REALISED in twins[0].values]
        if not said:  # nothing is said of it, and what is held stays
            return replace(group[0], values=values)
        total = sum((each.values[REALISED] for each in said), NOTHING)
        self._tell_sum(total, said, group, remarks)
        return None if total < 0 else replace(said[0], values=values | {REALISED: total})

    @staticmethod
    def _tell_sum(total: Decimal, said: list[Entry], group: list[Entry], remarks: Remarks) -> None:
        """To each document that is added up; where the sum is below zero, all rows of the account are refused."""
        told = {"name": group[0].name, "sum": format_rupiah(total, 2)}
        if total < 0:
            for entry in group:
                remarks.refuse(entry.source["row"], REALISED, "documents_below_zero", **told)
            return
        for entry in said:
            place = {"sheet_no": entry.part, "row_no": entry.row}
            remarks.warn(place, "document", "added_up", count=len(said), **told)

    def current(self, entries: list[Entry], scope: ImportScope) -> dict[Any, AccountRealisation]:
        rows = list(AccountRealisation.objects.filter(sub_activity__in={entry.key[0] for entry in entries}))
        self._find_excess(entries, rows)
        return {(row.sub_activity_id, row.account_code): row for row in rows}

    def write(self, new: list[Entry], changed: list[tuple[Entry, AccountRealisation]], scope: ImportScope) -> None:
        AccountRealisation.objects.bulk_create(
            [
                AccountRealisation(sub_activity_id=entry.key[0], account_code=entry.key[1], **entry.values)
                for entry in new
            ],
            batch_size=1_000,
        )
        for entry, held in changed:
            for name, value in entry.values.items():
                setattr(held, name, value)
        AccountRealisation.objects.bulk_update([held for _entry, held in changed], AMOUNTS, batch_size=1_000)


def _below_zero(row: dict[str, Any]) -> str:
    """The amount that can't be below zero and is; "" where there is none."""
    checked = ("planned_rupiah", "returned_rupiah") if row["document"] else (*AMOUNTS, "returned_rupiah")
    if below := next((name for name in checked if row[name] is not None and row[name] < 0), ""):
        return below
    net = (row[REALISED] or NOTHING) - (row["returned_rupiah"] or NOTHING)
    return "returned_rupiah" if net < 0 and not row["document"] else ""


def _lost_rows(table: str, scope: ImportScope, remarks: Remarks) -> list[Lost]:
    """The rows that are refused, those of others aside."""
    others = {(item.part, item.row) for item in remarks.problems if item.code == "sbl_of_other_agency"}
    refused = remarks.refused_places() - others
    mine = (row for row in staged_rows(table, only_good=False) if not row["is_foreign"])
    rows = [row for row in mine if row["bad"] or (row["sheet_no"], row["row_no"]) in refused]
    subs = SubActivity.objects.of_year(scope.fiscal_year).filter(sbl_code__in={row["sbl_code"] for row in rows})
    known = set(subs.values_list("sbl_code", flat=True))
    return [
        (row["sbl_code"] if row["sbl_code"] in known else None, _account_in(row), (row["sheet_no"], row["row_no"]))
        for row in rows
    ]


def _lost_of(entry: Entry, lost: list[Lost]) -> Place | None:
    """The first lost row that may be of the entry's account."""
    sub, account = entry.source["row"]["sbl_code"], entry.source["account"]
    return next((place for sbl, its, place in lost if sbl in {None, sub} and its in {None, account}), None)


def _account_in(row: dict[str, Any]) -> str | None:
    account = (row["account_code"] or "").rstrip(".")
    return account if ACCOUNT.fullmatch(account) else None


VALUES = ["planned_rupiah", "financial_rupiah", "physical_percent", "obstacle"]


class Rfk(ReportRows):
    """Rows of the monthly reports, as if typed: the reports stay drafts until they are sent."""

    label = _("RFK, the monthly report (SIPD)")
    hint = _("Fills the monthly reports of the OPD; sending them stays a step of its own.")
    roles = frozenset({Role.OPERATOR})
    order = 60
    builds_on = frozenset({"sub_activities"})
    summed = "financial_rupiah"
    versioned = Progress.TYPED
    shape = Shape(
        "rfk",
        (
            Field("month", Kind.MONTH, ("bulan",), required=True),
            *SUB_ACTIVITY,
            Field("planned_rupiah", Kind.RUPIAH, ("rak", "rak_keuangan", "rencana_keuangan", "target_keuangan")),
            Field("financial_rupiah", Kind.RUPIAH, ("realisasi_anggaran", "realisasi_keuangan")),
            Field("physical_percent", Kind.PERCENT, ("realisasi_fisik",)),
            Field("obstacle", Kind.TEXT, ("permasalahan",), max_length=1000),
            Field("reason", Kind.TEXT, ("penjelasan",), max_length=1000),
            Field("verifier_note", Kind.TEXT, ("catatan_verifikator",), max_length=1000),
        ),
        recognised_by=("month", "sbl_code|sub_code", "financial_rupiah", "physical_percent"),
        either=(EITHER,),
    )

    def complete(self, table: str, scope: ImportScope) -> list[tuple[str, dict[str, Any]]]:
        place_by_code(table, scope)
        return []

    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        subs = own_sub_activities(rows, scope, remarks)
        closed = closed_reports(scope, ReportKind.MONTH)
        entries = []
        for row in rows:
            sub = subs.get(row["sbl_code"])
            if sub is None:
                continue
            period = Period(scope.fiscal_year, PeriodKind.MONTH, row["month"])
            program = sub.activity.program
            if period.first_day > timezone.localdate():
                remarks.refuse(row, "month", "month_not_begun")
            elif program.state != ProgramState.REGISTERED:
                remarks.refuse(row, "sbl_code", "program_draft", name=shortened(program.name, 80))
            elif self._fits(row, sub, remarks):
                entries.append(self._entry(row, period, sub, closed.get((program.pk, period), "")))
        return entries

    @staticmethod
    def _fits(row: dict[str, Any], sub: SubActivity, remarks: Remarks) -> bool:
        """Whether the amounts are possible; otherwise the row is refused."""
        below = next((name for name in VALUES[:2] if row[name] is not None and row[name] < 0), None)
        if below:
            remarks.refuse(row, below, "negative")
        elif row["financial_rupiah"] is not None and row["financial_rupiah"] > sub.ceiling_rupiah:
            remarks.refuse(row, "financial_rupiah", "above_ceiling", ceiling=format_rupiah(sub.ceiling_rupiah))
        else:
            if (row["planned_rupiah"] or 0) > sub.ceiling_rupiah:
                remarks.warn(row, "planned_rupiah", "above_ceiling", ceiling=format_rupiah(sub.ceiling_rupiah))
            return True
        return False

    @staticmethod
    def _entry(row: dict[str, Any], period: Period, sub: SubActivity, closed: str) -> Entry:
        values = {name: row[name] for name in VALUES[:3]}
        values |= {name: row[name] or "" for name in ("obstacle", "reason")}
        if values["physical_percent"] is not None:
            values["physical_percent"] = round(values["physical_percent"], 2)
        name = shortened(f"{period} · {row['sbl_code']} {sub.name}", 160)
        source = {"program": sub.activity.program, "closed": closed}
        return Entry((period, sub.pk), name, values, row["sheet_no"], row["row_no"], source=source)

    def current(self, entries: list[Entry], scope: ImportScope) -> dict[Any, Progress]:
        rows = Progress.objects.filter(
            sub_activity__in={entry.key[1] for entry in entries}, report__period__contained_by=Period(scope.fiscal_year)
        )
        return {
            (row.report.period, row.sub_activity_id): row
            for row in rows.filter(report__is_current=True).select_related("report")
        }

    def write(self, new: list[Entry], changed: list[tuple[Entry, Progress]], scope: ImportScope) -> None:
        entries = [*new, *(entry for entry, _held in changed)]
        fill_reports(entries, scope, lambda rows: rows.progress, lambda row: (row.sub_activity_id,))
