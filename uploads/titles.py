"""What a list says of itself above its headings and in its names: another year, OPD or government wants a reason.

Rows that say so are refused (`belonging`); a title may speak of something else as well, so that a person has to look.
"""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from accounts.agencies.services import names_before
from accounts.models import Agency
from core.importing.cells import MONTHS
from core.importing.datasets import ImportScope
from core.importing.messages import MESSAGES
from core.importing.staging import StagedSheet
from uploads.belonging import Judge
from uploads.governments import plain_words

MESSAGES |= {
    "title_of_other_year": _("“%(text)s” names another year than %(year)s, for which the list is handed in."),
    "title_of_other_agency": _("“%(text)s” names another OPD than %(agency)s, for which the list is handed in."),
    "title_of_a_span": _(
        "“%(text)s” names a single month or quarter; this kind of list is of the whole year up to now. Check that its"
        " figures are."
    ),
    "title_of_other_government": _("“%(text)s” names another government than Kalimantan Timur."),
}
SHOWN = 120
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_YEAR_OF_BUDGET = re.compile(r"\b(?:tahun(?: anggaran)?|thn|t\.?a\.?)[ :=.]*(20\d\d|'\d\d)(?!\d)")
_YEARS = re.compile(r"(?<!\d)(20\d\d) ?(?:-|–|/|s\.?/?d\.?|sampai(?: dengan)?) ?(20\d\d)(?!\d)")
# The year of a regulation, or of the day on which the list was printed, is not the list's.
_BESIDE = re.compile(r"\b(?:nomor|no\.?) ?\S+ tahun 20\d\d|\b(?:dicetak|tanggal cetak|diunduh|printed|exported)\b.*")
_AGENCY = re.compile(
    r"(?:^|\b(?:skpd|opd|perangkat daerah|organisasi|satuan kerja|satker|unit kerja|instansi)\b[ :=]*)(?:[\d.]+ )?-? ?"
    r"((?:dinas|badan|biro|sekretariat|inspektorat|rsud|rumah sakit|satuan polisi|kantor)\b.*)"
)
_GOVERNMENT = re.compile(
    r"\bpemerintah(?: daerah)? (?:provinsi|prov\.?|kabupaten|kab\.?|kota) .+|\b(?:pemprov|pemkab|pemkot)\b.+"
    r"|\bprovinsi[ :=]+(?!kaltim\b)\w+(?: \w+)?|^(?:kabupaten|kab\.?|kota) \w+"
)

_SPANS = {"month", "quarter"}  # fields of the kinds of list that are of one
_MONTHS = "|".join(sorted(MONTHS, key=len, reverse=True))
_ONE_SPAN = re.compile(rf"\b(?:bulan|bln)[ :]+(?:{_MONTHS})\b|\b(?:triwulan|tw)[ :.]*(?:[1-4]|i{{1,3}}|iv)\b")
_ONLY_A_SPAN = re.compile(
    rf"(?:bulan |bln )?(?:{_MONTHS})(?:[ -]*(?:20)?\d\d)?|(?:triwulan|tw)[ .]*(?:[1-4]|i{{1,3}}|iv)"
)
_SO_FAR = re.compile(r"\bs\W{0,3}d\b|\bsampai\b|\bhingga\b|kumulati[fv]")

Alarm = tuple[str, dict[str, str | int]]


def alarms(file_name: str, sheets: list[StagedSheet], scope: ImportScope) -> list[Alarm]:
    """(message, its values) of each contradiction."""
    name = file_name.rpartition(".")[0] or file_name
    by_sheet = [[sheet.name, *sheet.titles] for sheet in sheets]
    above = [title for titles in by_sheet for title in titles]
    found = [*_of_years(name, by_sheet, scope.fiscal_year)]
    found += _of_spans(sheets)
    judge = Judge(scope)
    for title in (name, *above):
        text = _plain(title)
        government = _GOVERNMENT.search(text)
        if government and not judge.governments.is_ours(government[0]):
            found.append(("title_of_other_government", {"text": title[:SHOWN]}))
        elif scope.agency is not None and (agency := _AGENCY.search(text)) and not judge.is_own_name(agency[1]):
            found.append(_other_agency(title, scope.agency))
    if scope.agency is not None:
        found += [_other_agency(title, scope.agency) for title in _of_other_agencies([name, *above], scope.agency)]
    return list({(code, str(params)): (code, params) for code, params in found}.values())


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower().split())


def _of_years(name: str, by_sheet: list[list[str]], year: int) -> Iterator[Alarm]:
    """Each sheet by its name and titles; where none says anything, by the file's name."""
    said = [_saying(titles) for titles in by_sheet]
    if not any(said):
        said = [{name: years} if (years := _years_in(_plain(name), _YEAR)) else {}]
    for saying in said:
        if saying and all(year not in years for years in saying.values()):
            yield "title_of_other_year", {"text": next(iter(saying))[:SHOWN], "year": year}


def _saying(titles: Iterable[str]) -> dict[str, set[int]]:
    """title → the years that it names; where one names the year of a budget, only those that do."""
    texts = {title: _BESIDE.sub("", _plain(title)) for title in titles}
    for form in (_YEAR_OF_BUDGET, _YEAR):
        if saying := {title: years for title, text in texts.items() if (years := _years_in(text, form))}:
            return saying
    return {}


def _years_in(text: str, form: re.Pattern[str]) -> set[int]:
    found = {int(year.lstrip("'")) % 2000 + 2000 for year in form.findall(text)}
    for first, last in _YEARS.findall(text):
        found |= set(range(int(first), int(last) + 1))
    return found


def _of_spans(sheets: Iterable[StagedSheet]) -> Iterator[Alarm]:
    """Of lists that are not themselves of a month or quarter."""
    for sheet in sheets:
        if _SPANS & {field.name for field in sheet.shape.fields}:
            continue
        said = [title for title in sheet.titles if _ONE_SPAN.search(text := _plain(title)) and not _SO_FAR.search(text)]
        said += [sheet.name] if _ONLY_A_SPAN.fullmatch(_plain(sheet.name)) else []
        if said:
            yield "title_of_a_span", {"text": said[0][:SHOWN]}


def _other_agency(text: str, agency: Agency) -> Alarm:
    return "title_of_other_agency", {"text": text[:SHOWN], "agency": agency.name}


def _of_other_agencies(titles: Iterable[str], agency: Agency) -> Iterator[str]:
    """Titles with the name, the code or the short name of another OPD, and without the own one's, old ones too."""
    ours = [agency, *names_before(agency)]
    own = _called(ours)
    known = _called(Agency.objects.with_former().exclude(pk__in=[row.pk for row in ours])) - own
    for title in titles:
        words = _words(title)
        if any(name in words for name in known) and not any(name in words for name in own):
            yield title


def _called(agencies: Iterable[Agency]) -> set[str]:
    """What they are called by, as `_words`."""
    return {_words(name) for row in agencies for name in (row.name, row.code, row.short_name) if name}


def _words(text: str) -> str:
    """Between blanks, so that a name is found as whole words only."""
    return f" {plain_words(text)} "
