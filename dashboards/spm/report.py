"""The report on applying SPM of a quarter, month or year as a PDF: the figures of the page, in words, with a block to
sign by hand."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import change as change_text
from core.formats import day as date_text
from core.formats import period as period_text
from core.numbers import format_number, format_rupiah
from core.periods import PeriodKind
from core.typesetting import typeset
from dashboards.spm.figures import IndexCell, Line, Page
from spm.choices import ZeroNeed
from spm.index_explanation import version_of
from spm.models import IndexValue

TEMPLATE = Path(settings.BASE_DIR) / "templates" / "dashboards" / "spm" / "spm_report.typ"
TITLES = {
    PeriodKind.MONTH: gettext_lazy("Monthly report on applying SPM"),
    PeriodKind.QUARTER: gettext_lazy("Quarterly report on applying SPM"),
    PeriodKind.YEAR: gettext_lazy("Annual report on applying SPM"),
}


def pdf(found: Page, *, is_signed_by_hand: bool = True) -> bytes:
    """The same figures as on the page, rounded to two decimals."""
    return typeset(TEMPLATE, contents(found, is_signed_by_hand=is_signed_by_hand))


def contents(found: Page, *, is_signed_by_hand: bool = True) -> dict[str, Any]:
    """What the report says, as text. Signed electronically it has a sheet of its own, and no empty line to sign on."""
    version, total = version_of(found.period.year), found.total
    return {
        "title": str(TITLES[found.period.kind]),
        "office": _("Provincial Government of Kalimantan Timur"),
        "period": period_text(found.period),
        "footer": _("Made %(day)s by the programme-monitoring portal") % {"day": date_text(timezone.localdate())},
        "legal_basis": version.legal_basis if version else "–",
        "words": _words(found),
        "total": {
            "index": _index(total.province),
            "category": total.province.category,
            "change": change_text(total.change),
        },
        "service_heads": [
            _("Code"),
            _("Service"),
            _("Must be served"),
            _("Served"),
            _("Quality"),
            _("Index"),
            _("Category"),
        ],
        "services": [_service_row(line) for line in found.lines],
        "region_heads": [_("Rank"), _("Region"), _("Index"), _("Category")],
        "regions": [
            [str(place), region.name, _index(cell), cell.category]
            for place, (region, cell) in enumerate(found.ranks, start=1)
        ],
        "money_heads": [_("Domain"), _("Budget (Rp)"), _("realised (Rp)"), _("Points missing to 100")],
        "money": [_money_row(line) for line in found.domains],
        "notes": _notes(found),
        "signature": _block() if is_signed_by_hand else None,
    }


def _block() -> dict[str, str]:
    return {"place": "Samarinda", "role": _("Head of the SPM team (Sekretaris Daerah)")}


def _words(found: Page) -> dict[str, str]:
    """The headings."""
    return {
        "index_of_province": _("Index of the province"),
        "change": _("Points since %(month)s") % {"month": period_text(found.before)},
        "legal_basis": _("Legal basis"),
        "by_service": _("By domain and service"),
        "by_region": _("By regency and city"),
        "money": _("Budget and realisation"),
        "notes": _("Notes"),
    }


def _notes(found: Page) -> list[str]:
    """How the figures are to be read, and which services had nobody to serve."""
    return [
        _("The figures are those at the end of %(month)s.") % {"month": period_text(found.month)},
        _("Figures count from January on. Each ratio is capped in its own region; figures are rounded only here."),
        _("A category needs every service and region to be entered; until then the index is provisional."),
        _("%(count)s of the services × regions were not entered for this month.") % {"count": found.missing},
        *(
            _("%(service)s: nobody had to be served; policy: %(policy)s.")
            % {"service": line.service.code, "policy": ZeroNeed(line.service.zero_need).label}
            for line in found.lines
            if line.service and line.province.value and line.province.value.zero_need
        ),
    ]


def _money_row(line: Line) -> list[str]:
    return [
        line.domain.name if line.domain else "",
        format_rupiah(line.budget),
        format_rupiah(line.spent),
        "–" if line.gap is None else format_number(line.gap, 2),
    ]


def _service_row(line: Line) -> list[str]:
    """A service with its figures, or a domain with its index alone."""
    subject = line.service or line.domain
    value = line.province.value if line.service else None
    return [
        subject.code if subject else "",
        subject.name if subject else "",
        *(_figures(value) if value else ["", "", ""]),
        _index(line.province),
        line.province.category,
    ]


def _figures(value: IndexValue) -> list[str]:
    figures = [(value.must_be_served, None), (value.served, None), (value.quality, 2)]
    return ["" if figure is None else format_number(figure, decimals) for figure, decimals in figures]


def _index(cell: IndexCell) -> str:
    return "–" if cell.index is None else format_number(cell.index, 2)
