"""The list of agencies (`data_unit`)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.agencies.choices import CODE
from accounts.agencies.holdings import is_known_by_name
from accounts.models import Agency
from core.choices import Role
from core.importing.datasets import ImportScope
from core.importing.entries import Entry, EntryDataset, Remarks
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from core.text import plain

SHORT = 40
MESSAGES |= {
    "agency_code": _("is not a code of an OPD, such as 1.01.2.22.0.00.01.0000"),
    "agency_name_taken": _("is the name of another OPD (%(code)s) in the portal"),
    "agency_name_twice": _("is the name of several rows with different codes (%(codes)s); keep one of them"),
    "agency_is_former": _(
        "is an OPD that no longer exists since %(day)s; it is continued by %(successor)s. Take the row out"
    ),
    "agency_renamed": _(
        "is another name than the portal's, “%(name)s”. Record the renaming with its day under Agencies (OPD), so that"
        " the years before keep their name, or take the row out"
    ),
}


def _problem(
    row: dict[str, Any], there: Agency | None, of_name: str, codes: set[str]
) -> tuple[str, str, dict[str, Any]] | None:
    """(field, message, its values). `there` is the OPD that has the row's code, `of_name` the code of the one that has
    its name, `codes` those that the list gives the name."""
    if not CODE.fullmatch(row["code"]):
        return "code", "agency_code", {}
    if len(codes) > 1:
        return "name", "agency_name_twice", {"codes": ", ".join(sorted(codes))}
    if of_name != row["code"]:
        return "name", "agency_name_taken", {"code": of_name}
    if there is None:
        return None
    if there.closed_on is not None:
        successor = there.continued_by
        said = f"{successor.name} ({successor.code})" if successor else "–"
        return "code", "agency_is_former", {"day": f"{there.closed_on:%d/%m/%Y}", "successor": said}
    return ("name", "agency_renamed", {"name": there.name}) if _is_renamed(there, row["name"]) else None


def _is_renamed(agency: Agency, name: str) -> bool:
    """Another name, not another way to write it, of an OPD under whose name something is shown."""
    return _letters(agency.name) != _letters(name) and is_known_by_name(agency)


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


class Agencies(EntryDataset):
    """Names of heads and their NIP come with the list and are not kept: the portal needs none of them."""

    label = _("Agencies (SIPD)")
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
        known = list(Agency.objects.with_former().select_related("continued_by"))
        held = {each.code: each for each in reversed(known)}  # of one code the OPD that exists
        taken = {plain(each.name): each.code for each in known if each.closed_on is None}
        said: dict[str, set[str]] = {}
        for row in rows:
            if row["is_main"] is not False:
                said.setdefault(plain(row["name"]), set()).add(row["code"])
        entries = []
        for row in rows:
            name = plain(row["name"])
            of_name = taken.get(name, row["code"]) if row["is_main"] is not False else row["code"]
            if problem := _problem(row, held.get(row["code"]), of_name, said.get(name, set())):
                field, code, params = problem
                remarks.refuse(row, field, code, **params)
            elif row["is_main"] is not False:
                entries.append(Entry(row["code"], row["name"], {"name": row["name"]}, row["sheet_no"], row["row_no"]))
        return entries

    def current(self, entries: list[Entry], scope: ImportScope) -> dict[Any, Agency]:
        return {row.code: row for row in Agency.objects.living()}

    def write(self, new: list[Entry], changed: list[tuple[Entry, Agency]], scope: ImportScope) -> None:
        short_names = set(Agency.objects.living().values_list("short_name", flat=True))
        for entry in new:
            short = entry.values["name"][:SHORT]
            if short in short_names:
                short = entry.key[:SHORT]
            short_names.add(short)
            Agency.objects.create(code=entry.key, name=entry.values["name"], short_name=short)
        for entry, held in changed:
            held.name = entry.values["name"]
            held.save(update_fields=["name"])
