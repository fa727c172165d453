"""The planning nomenclature (`data_prog_keg`): five levels a row, each code in the version of its years."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.choices import Role
from core.importing.datasets import ImportScope
from core.importing.entries import Entry, EntryDataset, Remarks
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from core.text import shortened
from programs.choices import NomenclatureLevel
from programs.imports.codes import LEVELS, level_of, newest_of, plain_name, regulation_of
from programs.models import Nomenclature, NomenclatureVersion

MESSAGES |= {
    "code_level": _("does not have the parts of its level; see %(regulation)s"),
    "years_in_order": _("must be a year from 2000 to 2100, and the last not before the first"),
    "several_versions": _(
        "(%(code)s) is in the portal in several versions (from %(years)s); fill in mulai_tahun to say which is meant"
    ),
}
YEARS = range(2000, 2101)
PARTS = ["urusan", "bidang_urusan", "program", "giat", "sub_giat"]


class Codes(EntryDataset):
    label = _("Nomenclature (SIPD)")
    hint = _("Codes and names from field of government to sub-activity, each valid for its years.")
    needs_agency = False
    roles = frozenset({Role.DATA_STEWARD})
    order = 10
    choices = {"level": NomenclatureLevel}
    shape = Shape(
        "nomenclature",
        (
            *(
                field
                for part in PARTS
                for field in (
                    Field(f"kode_{part}", Kind.CODE, (f"kode_{part}",), max_length=30),
                    Field(f"nama_{part}", Kind.TEXT, (f"nama_{part}",), max_length=400),
                )
            ),
            Field("set_prov", Kind.FLAG, ("set_prov",)),
            Field("mulai_tahun", Kind.INTEGER, ("mulai_tahun",)),
            Field("kunci_tahun", Kind.INTEGER, ("kunci_tahun",)),
        ),
        recognised_by=("kode_urusan", "kode_program", "kode_sub_giat"),
    )

    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        entries: list[Entry] = []
        there = _years_there(row[f"kode_{part}"] for row in rows for part in PARTS)
        versions = list(NomenclatureVersion.objects.all())
        for row in rows:
            if odd := _odd_year(row):
                remarks.refuse(row, odd, "years_in_order")
                continue
            lowest = _lowest_code(row)
            for part, level in zip(PARTS, LEVELS, strict=True):
                code, name = row[f"kode_{part}"], plain_name(row[f"nama_{part}"])
                if not code or not name:
                    continue
                if level_of(code) != level:
                    remarks.refuse(row, f"kode_{part}", "code_level", regulation=newest_of(versions))
                    break
                held = _held_versions(there.get(code, []), row["mulai_tahun"], scope.fiscal_year)
                if len(held) > 1:
                    years = ", ".join(map(str, sorted(held)))
                    remarks.refuse(row, f"kode_{part}", "several_versions", code=code, years=years)
                    break
                decided = regulation_of(row["kode_sub_giat"] or code, versions, row["mulai_tahun"])
                entries.append(self._entry(row, level, (code, name), (*decided, held), is_own=code == lowest))
        return entries

    @staticmethod
    def _entry(
        row: dict[str, Any],
        level: NomenclatureLevel,
        named: tuple[str, str],
        version: tuple[str, int, list[int]],
        *,
        is_own: bool,
    ) -> Entry:
        """`version`: the decision that gives the code and its first year, and the first year of the portal's version
        that the row means (empty where there is none)."""
        (code, name), (regulation, first, held) = named, version
        year = row["mulai_tahun"] or next(iter(held), first)
        values = {
            "name": name[:300],
            "level": str(level),
            "valid_to": row["kunci_tahun"] or None,
            "regulation": regulation,
        }
        place = (row["sheet_no"], row["row_no"])
        return Entry((code, year), shortened(f"{code} {name}", 160), values, *place, source={"is_own": is_own})

    def joined(self, group: list[Entry], remarks: Remarks) -> Entry | None:
        """Upper levels repeat in every row: what most rows say counts, whatever their order. A row's own code may stand
        in another row only with the same name."""
        own = [entry for entry in group if entry.source["is_own"]]
        if len(own) > 1:
            return super().joined(own, remarks)
        said = Counter(_spelling(entry) for entry in group).most_common(2)
        if own or len(said) == 1:
            return (own or group)[0]
        if said[0][1] == said[1][1]:
            self.refuse_contradicting(group, remarks)
            return None
        return next(entry for entry in group if _spelling(entry) == said[0][0])

    def current(self, entries: list[Entry], scope: ImportScope) -> dict[Any, Nomenclature]:
        rows = Nomenclature.objects.filter(code__in={entry.key[0] for entry in entries})
        return {(row.code, row.valid_from): row for row in rows}

    def write(self, new: list[Entry], changed: list[tuple[Entry, Nomenclature]], scope: ImportScope) -> None:
        Nomenclature.objects.bulk_create(
            [Nomenclature(code=entry.key[0], valid_from=entry.key[1], **entry.values) for entry in new],
            batch_size=1_000,
        )
        for entry, held in changed:
            for name, value in entry.values.items():
                setattr(held, name, value)
        Nomenclature.objects.bulk_update(
            [held for _entry, held in changed], ["name", "level", "valid_to", "regulation"], batch_size=1_000
        )


def _lowest_code(row: dict[str, Any]) -> str:
    """What the row itself is about; the codes above it are those that it belongs to."""
    return next((row[f"kode_{part}"] for part in reversed(PARTS) if row[f"kode_{part}"]), "")


def _odd_year(row: dict[str, Any]) -> str:
    """The column of a year that can't be one, or of one that lies before the first."""
    first, last = row["mulai_tahun"], row["kunci_tahun"]
    if first is not None and first not in YEARS:
        return "mulai_tahun"
    if last and (last not in YEARS or (first is not None and last < first)):
        return "kunci_tahun"
    return ""


def _years_there(codes: Iterable[str | None]) -> dict[str, list[tuple[int, int | None]]]:
    """code → the years of its versions in the portal."""
    found: dict[str, list[tuple[int, int | None]]] = {}
    rows = Nomenclature.objects.filter(code__in={code for code in codes if code})
    for code, first, last in rows.values_list("code", "valid_from", "valid_to"):
        found.setdefault(code, []).append((first, last))
    return found


def _held_versions(held: list[tuple[int, int | None]], said: int | None, year: int) -> list[int]:
    """The first years of the versions that a row which says none can mean: the only one, or those of the list's
    year."""
    if said is not None:
        return [said]
    if len(held) > 1:
        valid = [first for first, last in held if first <= year and (last is None or year <= last)]
        return valid or [first for first, _last in held]
    return [first for first, _last in held]


def _spelling(entry: Entry) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in entry.values.items())
