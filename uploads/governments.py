"""Whose government a name in a list means: the province's, or another one's, with or without the word that says so."""

import csv
import re
from collections.abc import Iterable
from functools import cached_property, lru_cache

from django.conf import settings

from core.models import Region

OURS = ("kalimantan timur", "kaltim", "kal tim")
REGENCY = {"kab", "kabupaten", "kota", "pemkab", "pemkot", "desa", "kecamatan"}  # words of another government's name
# Of the state's own bodies, which have branches in the province.
STATE = {
    *("kementerian", "kemenag", "kemendikbud", "kemenkes", "kemenkeu", "kemenkumham", "kanwil", "polda", "polres"),
    *("polresta", "polri", "kejaksaan", "kejati", "kejari", "pengadilan", "kodam", "korem", "kodim", "tni", "kpu"),
    *("bawaslu", "bnn", "bnnp", "bpom", "kppn"),
}
# An OPD whose name begins so and ends with a place is that place's; a hospital or a branch only stands there.
_OF_A_PLACE = re.compile(r"(dinas|badan|biro|inspektorat|sekretariat|satuan polisi)\b")
_PROVINCE = re.compile(r"\b(?:provinsi|propinsi|prov|pemprov)\b(?: (?:daerah|dati i))? *(.*)")
_ADDRESS = re.compile(r"\b(?:jl|jln|jalan|alamat)\b.*")


def plain_words(name: str) -> str:
    """In small letters, with a blank between words and nothing else."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())


class Governments:
    """One query, when a name has to be looked up among the regencies."""

    def is_ours(self, name: str) -> bool:
        """Whether the name of a government is the province's."""
        plain = plain_words(name)
        if not _is_ours(plain) or (REGENCY | STATE) & set(plain.split()):
            return False
        return self._says_province(plain) or not _names_any(plain, self._regencies)

    def is_elsewhere(self, name: str, own: str) -> bool:
        """Whether the name of an OPD says that it is another government's; `own` is that of the list's OPD, whose words
        say nothing of it."""
        plain, own = _ADDRESS.sub("", plain_words(name)), plain_words(own)
        if (REGENCY | STATE) & (set(plain.split()) - set(own.split())):
            return True
        if _is_ours(plain):
            return False
        said = _PROVINCE.search(plain)
        if said and said[1]:
            return True
        others = (each for each in (*self._regencies, *_other_provinces()) if not _names_any(own, [each]))
        return bool(_OF_A_PLACE.match(plain)) and _names_any(plain, others)

    @staticmethod
    def _says_province(plain: str) -> bool:
        said = _PROVINCE.search(plain)
        return said is not None and said[1].startswith(OURS)

    @cached_property
    def _regencies(self) -> list[str]:
        rows = Region.objects.regencies()
        return [plain_words(name) for row in rows for name in (row.short_name, row.abbreviation) if name]


def _is_ours(plain: str) -> bool:
    return any(ours in plain for ours in OURS)


def _names_any(plain: str, names: Iterable[str]) -> bool:
    return any(f" {name} " in f" {plain} " for name in names)


@lru_cache(maxsize=1)
def _other_provinces() -> list[str]:
    with (settings.BASE_DIR / "kaltim_portal" / "reference" / "provinces.csv").open(encoding="utf-8") as file:
        names = [name for row in csv.DictReader(file) for name in (row["name"], *row["other_names"].split("|"))]
    return [plain_words(name) for name in names if name]
