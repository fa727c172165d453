"""The sub-activities of a year (`data_sub_keg_bl`): programmes, activities and sub-activities in one list."""

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from core.choices import Role
from core.importing.datasets import ImportScope
from core.importing.entries import Entry, EntryDataset, Remarks
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from core.numbers import format_rupiah
from core.text import shortened
from programs.choices import NomenclatureLevel
from programs.imports.codes import ACTIVITY_PARTS, PROGRAM_PARTS, SUB_ACTIVITY_PARTS, level_of, plain_name
from programs.models import Activity, Nomenclature, Program, SubActivity

FROM_LIST = "Daftar sub kegiatan SIPD"
MESSAGES |= {
    "other_agency": _("is not the code of your OPD (%(code)s)"),
    "not_sub_activity_code": _("is not the code of a sub-activity, such as 1.01.02.1.01.0001"),
    "months_order": _("lies before the first month"),
    "below_realised": _("is less than what was realised (%(sum)s)"),
    "other_chain": _(
        "is %(now)s in the portal for this kode_sbl; a sub-activity doesn't move: check kode_sbl, or give it one of its"
        " own"
    ),
    "new_code": _("is new to the portal's nomenclature and is taken over from this list"),
}
VALUES = [
    "name",
    "ceiling_rupiah",
    "ceiling_before_rupiah",
    "ceiling_last_year_rupiah",
    "ceiling_next_year_rupiah",
    "target_text",
    "output_text",
    "indicator_text",
    "unit_text",
    "first_month",
    "last_month",
    "location",
    "fund_source",
    "priority_labels",
]
# What a sub-activity hangs on, by the parts of its code; a list never moves it.
CHAIN = {"code": SUB_ACTIVITY_PARTS, "activity_code": ACTIVITY_PARTS, "program_code": PROGRAM_PARTS}
LABELS = ("label_prov", "label_pusat", "label_kokab")


class SubActivities(EntryDataset):
    label = _("Sub-activities of the year (SIPD)")
    hint = _("Programmes that are new come as drafts: problem, target group and indicators are added in the portal.")
    roles = frozenset({Role.OPERATOR})
    order = 20
    summed = "ceiling_rupiah"
    shape = Shape(
        "sub_activities",
        (
            Field("sbl_code", Kind.CODE, ("kode_sbl",), required=True, max_length=60),
            Field("agency_code", Kind.CODE, ("kode_skpd",), max_length=40),
            Field("unit_code", Kind.CODE, ("kode_sub_skpd",), max_length=40),
            Field("program_code", Kind.CODE, ("kode_program",), max_length=30),
            Field("program_name", Kind.TEXT, ("nama_program",), max_length=400),
            Field("activity_code", Kind.CODE, ("kode_giat", "kode_kegiatan"), max_length=30),
            Field("activity_name", Kind.TEXT, ("nama_giat", "nama_kegiatan"), max_length=400),
            Field("code", Kind.CODE, ("kode_sub_giat", "kode_sub_kegiatan"), required=True, max_length=30),
            Field("name", Kind.TEXT, ("nama_sub_giat", "nama_sub_kegiatan"), max_length=400, may_go=False),
            Field("ceiling_rupiah", Kind.RUPIAH, ("pagu",), required=True),
            Field("ceiling_before_rupiah", Kind.RUPIAH, ("pagumurni", "pagu_murni")),
            Field("ceiling_last_year_rupiah", Kind.RUPIAH, ("pagu_n_lalu",)),
            Field("ceiling_next_year_rupiah", Kind.RUPIAH, ("pagu_n_depan",)),
            Field("target_text", Kind.TEXT, ("sasaran",)),
            Field("output_text", Kind.TEXT, ("output_sub_giat",)),
            Field("indicator_text", Kind.TEXT, ("indikator",)),
            Field("unit_text", Kind.TEXT, ("satuan",), max_length=60),
            Field("first_month", Kind.MONTH, ("waktu_awal",), may_go=False),
            Field("last_month", Kind.MONTH, ("waktu_akhir",), may_go=False),
            Field("location", Kind.TEXT, ("nama_lokasi",)),
            Field("fund_source", Kind.TEXT, ("nama_dana",), max_length=300),
            Field("label_prov", Kind.TEXT, ("label_prov",), max_length=160),
            Field("label_pusat", Kind.TEXT, ("label_pusat",), max_length=160),
            Field("label_kokab", Kind.TEXT, ("label_kokab",), max_length=160),
        ),
        recognised_by=("sbl_code", "code", "ceiling_rupiah"),
    )

    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        entries = []
        known = set(Nomenclature.objects.valid_in(scope.fiscal_year).values_list("code", flat=True))
        others = set(
            SubActivity.objects.of_year(scope.fiscal_year)
            .exclude(activity__program__agency=scope.agency)
            .filter(sbl_code__in={row["sbl_code"] for row in rows})
            .values_list("sbl_code", flat=True)
        )
        there = set(SubActivity.objects.of_year(scope.fiscal_year).values_list("sbl_code", flat=True))
        for row in rows:
            if row["sbl_code"] in others:
                remarks.refuse(row, "sbl_code", "sbl_of_other_agency")
            elif not row["name"] and row["sbl_code"] not in there:
                remarks.refuse(row, "name", "required")
            elif self._is_whole(row, scope, remarks):
                if row["code"] not in known and row["sbl_code"] not in there:
                    remarks.warn(row, "code", "new_code")
                entries.append(self._entry(row))
        return entries

    def _is_whole(self, row: dict[str, Any], scope: ImportScope, remarks: Remarks) -> bool:
        """Whether the row may be taken over by itself; otherwise it is refused."""
        first, last = _months(row)
        if row["agency_code"] and scope.agency.code not in {row["agency_code"], row["unit_code"]}:
            remarks.refuse(row, "agency_code", "other_agency", code=scope.agency.code)
        elif level_of(row["code"]) != NomenclatureLevel.SUB_ACTIVITY:
            remarks.refuse(row, "code", "not_sub_activity_code")
        elif row["ceiling_rupiah"] < 0:
            remarks.refuse(row, "ceiling_rupiah", "negative")
        elif last < first:
            remarks.refuse(row, "last_month", "months_order")
        else:
            return True
        return False

    @staticmethod
    def _entry(row: dict[str, Any]) -> Entry:
        values = {name: row[name] if name.endswith("_rupiah") else row.get(name) or "" for name in VALUES}
        values |= {
            "name": plain_name(row["name"])[:300],
            "first_month": row["first_month"],
            "last_month": row["last_month"],
            # Kept as one text: a row that names some of the three says nothing of the others.
            "priority_labels": _labels(row) if all(row[name] for name in LABELS) else "",
            **{name: _whole_code(row[name], parts) for name, parts in CHAIN.items()},
        }
        name = shortened(f"{row['code']} {values['name']}", 160)
        return Entry(row["sbl_code"], name, values, row["sheet_no"], row["row_no"], source=row)

    def fields_of(self, entry: Entry, name: str) -> set[str]:
        return set(LABELS) if name == "priority_labels" else {name}

    def said_by(self, held: SubActivity, values: dict[str, Any]) -> dict[str, Any]:
        chain = {
            "code": held.nomenclature.code,
            "activity_code": held.activity.nomenclature.code,
            "program_code": held.activity.program.nomenclature.code,
        }
        return {name: chain[name] if name in chain else getattr(held, name) for name in values}

    def too_late(self, entry: Entry, there: Any) -> tuple[str, str, dict[str, Any]] | None:
        """What a list may not say of a sub-activity that is there: other codes, a ceiling below what was spent, months
        in the wrong order beside those that it leaves alone."""
        if there is None:
            return None
        held = self.said_by(there, dict.fromkeys([*CHAIN, "first_month", "last_month"]))
        moved = next((name for name in CHAIN if entry.values.get(name, held[name]) != held[name]), "")
        if moved:
            return moved, "other_chain", {"now": held[moved]}
        ceiling = entry.values.get("ceiling_rupiah", there.ceiling_rupiah)
        if ceiling < min(there.realised or 0, there.ceiling_rupiah):
            return "ceiling_rupiah", "below_realised", {"sum": format_rupiah(there.realised)}
        first, last = (entry.values.get(name, held[name]) for name in ("first_month", "last_month"))
        if last < first:
            return "last_month" if "last_month" in entry.values else "first_month", "months_order", {}
        return None

    def current(self, entries: list[Entry], scope: ImportScope) -> dict[Any, SubActivity]:
        rows = SubActivity.objects.of_year(scope.fiscal_year).filter(sbl_code__in={entry.key for entry in entries})
        spent = rows.annotate(realised=Sum("realisations__realised_rupiah"))
        related = ("nomenclature", "activity__nomenclature", "activity__program__nomenclature")
        return {row.sbl_code: row for row in spent.select_related(*related)}

    def write(self, new: list[Entry], changed: list[tuple[Entry, SubActivity]], scope: ImportScope) -> None:
        chain = Chain(scope)
        made = []
        for entry in new:
            row = entry.source
            made.append(
                SubActivity(
                    activity=chain.activity(row),
                    fiscal_year=scope.fiscal_year,
                    sbl_code=entry.key,
                    nomenclature=chain.code(row["code"], row["name"]),
                    **({"priority_labels": _labels(row)} | _own(entry)),
                )
            )
        SubActivity.objects.bulk_create(made, batch_size=1_000)
        for entry, held in changed:
            for name, value in _own(entry).items():
                setattr(held, name, value)
        SubActivity.objects.bulk_update([held for _entry, held in changed], VALUES, batch_size=500)
        chain.add_up_budgets()


class Chain:
    """Finds or makes what a sub-activity hangs on: codes, the programme of the OPD, its activity."""

    def __init__(self, scope: ImportScope) -> None:
        self.scope = scope
        self.codes = {row.code: row for row in Nomenclature.objects.valid_in(scope.fiscal_year).order_by("valid_from")}
        self.programs: dict[str, Program] = {}
        self.made: list[Program] = []
        self.activities: dict[tuple[int, int], Activity] = {}

    def code(self, code: str, name: str | None) -> Nomenclature:
        if code not in self.codes:
            self.codes[code] = Nomenclature.objects.create(
                code=code,
                name=plain_name(name)[:300] or code,
                level=level_of(code) or NomenclatureLevel.SUB_ACTIVITY,
                regulation=FROM_LIST,
                valid_from=self.scope.fiscal_year,
            )
        return self.codes[code]

    def program(self, row: dict[str, Any]) -> Program:
        code = row["program_code"] or ".".join(row["code"].split(".")[:3])
        if code not in self.programs:
            rows = Program.objects.filter(
                agency=self.scope.agency, fiscal_year=self.scope.fiscal_year, nomenclature__code=code
            )
            program = rows.order_by("pk").first()
            if program is None:
                nomenclature = self.code(code, row["program_name"])
                program = Program.objects.create(
                    agency=self.scope.agency,
                    fiscal_year=self.scope.fiscal_year,
                    nomenclature=nomenclature,
                    name=(plain_name(row["program_name"]) or nomenclature.name)[:300],
                    budget_rupiah=Decimal(0),
                    created_by=self.scope.user,
                )
                self.made.append(program)
            self.programs[code] = program
        return self.programs[code]

    def activity(self, row: dict[str, Any]) -> Activity:
        program = self.program(row)
        code = row["activity_code"] or row["code"].rsplit(".", 1)[0]
        nomenclature = self.code(code, row["activity_name"])
        key = (program.pk, nomenclature.pk)
        if key not in self.activities:
            self.activities[key], _made = Activity.objects.get_or_create(program=program, nomenclature=nomenclature)
        return self.activities[key]

    def add_up_budgets(self) -> None:
        """A programme that came with the list has the sum of its ceilings as its budget."""
        for program in self.made:
            ceilings = SubActivity.objects.filter(activity__program=program).values_list("ceiling_rupiah", flat=True)
            program.budget_rupiah = sum(ceilings, Decimal(0))
            program.save_next_version()


def _whole_code(code: str | None, parts: int) -> str:
    """Blank where it is only the end of one, which says nothing by itself."""
    plain = (code or "").rstrip(".")
    return plain if plain.count(".") + 1 == parts else ""


def _own(entry: Entry) -> dict[str, Any]:
    """The values that are kept with the sub-activity itself."""
    return {name: value for name, value in entry.values.items() if name not in CHAIN}


def _labels(row: dict[str, Any]) -> str:
    return ", ".join(filter(None, (row[name] for name in LABELS)))


def _months(row: dict[str, Any]) -> tuple[int, int]:
    """First and last month of the work; the whole year where the list says nothing."""
    return row["first_month"] or 1, row["last_month"] or 12
