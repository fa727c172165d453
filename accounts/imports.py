"""The list of agencies (`data_unit`)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core.choices import Role
from core.importing.datasets import ImportScope
from core.importing.entries import Entry, EntryDataset, Remarks
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES

SHORT = 40
MESSAGES |= {
    "agency_code": _("is not a code of an OPD, such as 1.01.2.22.0.00.01.0000"),
    "agency_name_taken": _("is the name of another OPD (%(code)s) in the portal"),
    "agency_name_twice": _("is the name of several rows with different codes (%(codes)s); keep one of them"),
}


class Agencies(EntryDataset):
    """Names of heads and their NIP come with the list and are not kept: the portal needs none of them."""

    label = _("Agencies (SIPD data_unit)")
    hint = _("Code and name of every OPD; the short name of a new one can be changed under Administration.")
    needs_agency = False
    roles = frozenset({Role.DATA_STEWARD})
    order = 5
    shape = Shape(
        "agencies",
        (
            Field("code", Kind.CODE, ("kode_skpd", "kode_unit", "kodeunit"), required=True, max_length=40),
            Field("name", Kind.TEXT, ("nama_skpd", "nama_unit", "namaunit"), required=True, max_length=160),
            Field("is_main", Kind.FLAG, ("isskpd", "is_skpd")),
        ),
        recognised_by=("code", "name", "is_main"),
    )

    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        taken = {_plain(name): code for name, code in Agency.objects.values_list("name", "code")}
        said: dict[str, set[str]] = {}
        for row in rows:
            if row["is_main"] is not False:
                said.setdefault(_plain(row["name"]), set()).add(row["code"])
        entries = []
        for row in rows:
            name = _plain(row["name"])
            owner = taken.get(name, row["code"])
            if row["code"].count(".") < 3:  # noqa: PLR2004 (bidang urusan and a number at least)
                remarks.refuse(row, "code", "agency_code")
            elif len(said.get(name, ())) > 1:
                remarks.refuse(row, "name", "agency_name_twice", codes=", ".join(sorted(said[name])))
            elif owner != row["code"] and row["is_main"] is not False:
                remarks.refuse(row, "name", "agency_name_taken", code=owner)
            elif row["is_main"] is not False:
                entries.append(Entry(row["code"], row["name"], {"name": row["name"]}, row["sheet_no"], row["row_no"]))
        return entries

    def current(self, entries: list[Entry], scope: ImportScope) -> dict[Any, Agency]:
        return {row.code: row for row in Agency.objects.all()}

    def write(self, new: list[Entry], changed: list[tuple[Entry, Agency]], scope: ImportScope) -> None:
        short_names = set(Agency.objects.values_list("short_name", flat=True))
        for entry in new:
            short = entry.values["name"][:SHORT]
            if short in short_names:
                short = entry.key[:SHORT]
            short_names.add(short)
            Agency.objects.create(code=entry.key, name=entry.values["name"], short_name=short)
        for entry, held in changed:
            held.name = entry.values["name"]
            held.save(update_fields=["name"])


def _plain(name: str) -> str:
    """Names that differ in case or blanks only are one."""
    return " ".join(name.casefold().split())
