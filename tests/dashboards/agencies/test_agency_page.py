"""The page of one OPD says what the rows say, beside the median of all; the map and the comparisons do too."""

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, User
from core.choices import Role
from core.models import Region
from core.periods import Period, PeriodKind
from dashboards.agencies import figures as agency_figures
from dashboards.agencies.figures import Measure
from dashboards.comparison.lines import lines_of_agencies
from dashboards.directives import services as directive_services
from dashboards.filters import DashboardFilter
from dashboards.models import Directive
from dashboards.regions import measures as region_measures
from dashboards.summaries import refresh as summaries
from datasources.choices import Verdict
from procurement.models import Flag, Package
from programs.models import Program, ReportValue
from spm.models import IndexValue
from tests import factories, generated_year, oracle_standing

ClientOf = Callable[[User], Client]
LAST = timezone.localdate().year - 1
AFTER = dt.date(LAST + 1, 2, 1)
HUNDRED = Decimal(100)


@pytest.fixture
def office(db: None) -> User:
    return factories.member(Role.GOVERNORS_OFFICE)


@pytest.fixture
def year(db: None) -> generated_year.Year:
    made = generated_year.generate(LAST, seed=5)
    summaries.refresh_everything(AFTER)
    return made


def _by_hand(programs: list[Program], packages: list[Package]) -> dict[str, Decimal | None]:
    """Of one OPD, from its raw rows, when all four quarters are over."""
    standings = [oracle_standing.expected(program, 4, 4) for program in programs]
    reached = [each.achievement for each in standings if each.achievement is not None]
    reports = [report for program in programs for report in program.reports.delivered().quarterly()]
    verdicts = [
        value.verdict
        for report in reports
        for value in report.values.all()
        if value.value is not None and value.verdict != Verdict.NO_REFERENCE
    ]
    open_packages = [each for each in packages if each.state not in {"cancelled", "failed"}]
    raised = Flag.objects.filter(package__in=packages, closed_at=None).count()

    def share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
        return Decimal(part) * HUNDRED / Decimal(whole) if whole else None

    return {
        "delivered": share(len({(report.program_id, report.period) for report in reports}), 4 * len(programs)),
        "absorbed": share(
            sum((each.spent or 0 for each in standings), Decimal(0)), sum(program.budget_rupiah for program in programs)
        ),
        "achievement": sum(reached, Decimal(0)) / len(reached) if reached else None,
        "matching": share(verdicts.count(Verdict.MATCHES), len(verdicts)),
        "evidence": share(sum(program.evidence_series_id is not None for program in programs), len(programs)),
        "declared": share(sum(not each.lacks_declarations for each in open_packages), len(open_packages)),
        "flags": share(raised, len(open_packages)),
    }


def test_measures_and_medians_equal_the_rows(year: generated_year.Year) -> None:
    programs, packages = defaultdict(list), defaultdict(list)
    for program in year.programs:
        programs[program.agency].append(program)
    for package in Package.objects.filter(pk__in=[each.pk for each in year.packages]).select_related("agency"):
        packages[package.agency].append(package)
    wanted = {agency: _by_hand(programs[agency], packages[agency]) for agency in programs}
    everything = agency_figures.measured(LAST, AFTER)
    compared = 0
    for agency, values in wanted.items():
        shown = {each.key: each for each in agency_figures.measures(agency, LAST, everything)}
        for key, value in values.items():
            others = [each[key] for each in wanted.values() if each[key] is not None]
            _same(shown[key], value, statistics.median(others))
            compared += 1
    assert compared == 7 * generated_year.AGENCIES


def _same(shown: Measure, value: Decimal | None, median: Decimal) -> None:
    assert (shown.value is None) == (value is None), shown
    assert value is None or abs(shown.value - value) < Decimal("0.001"), shown  # type: ignore[operator]
    assert abs(shown.median - median) < Decimal("0.001"), shown  # type: ignore[operator]
    if value is not None and value != median:
        good = (value < median) if shown.key == "flags" else (value > median)
        assert shown.standing == ("better" if good else "worse")


def test_what_to_do_this_week(office: User, client_of: ClientOf) -> None:
    today = timezone.localdate()
    program = factories.ProgramFactory(fiscal_year=LAST)
    factories.report_of(program, factories.member(Role.OPERATOR))  # a draft is not delivered
    factories.PackageFactory(fiscal_year=LAST, agency=program.agency)
    for days, text in ((1, "Perbaiki data guru"), (5, "Pasang papan harga"), (30, "Rencana tahun depan")):
        directive_services.give(
            values={"agency": program.agency, "text": text, "measure": "x", "due_on": today + dt.timedelta(days=days)},
            by=office,
        )
    with connection.cursor() as cursor:  # nobody can give a directive that is late already
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    Directive.objects.filter(text="Perbaiki data guru").update(
        given_on=today - dt.timedelta(days=9), due_on=today - dt.timedelta(days=3)
    )
    summaries.refresh()
    page = agency_figures.page(program.agency, LAST, today, agency_figures.measured(LAST, today))
    assert [task.text for task in page.to_do[:2]] == ["Perbaiki data guru", "Pasang papan harga"]
    assert [task.is_late for task in page.to_do] == [True, False, True, False]
    assert page.to_do[2].text == "1 laporan triwulanan belum ada"
    assert page.to_do[3].text == "1 paket belum dapat diumumkan"
    client = client_of(office)
    body = client.get(f"/dasbor/opd/{program.agency_id}/?tahun={LAST}").content.decode()
    assert "Perbaiki data guru" in body
    assert "Rencana tahun depan" not in body
    for task in page.to_do:
        assert client.get(task.url).status_code == 200


def test_praise_is_for_what_is_entirely_done(office: User) -> None:
    package = factories.cleared_package(fiscal_year=LAST)
    summaries.refresh()
    today = timezone.localdate()
    page = agency_figures.page(package.agency, LAST, today, agency_figures.measured(LAST, today))
    assert page.praise == ["Pada setiap paket, semua orang sudah menyatakan dan sudah diputus."]
    factories.PackageFactory(fiscal_year=LAST, agency=package.agency)
    summaries.refresh()
    page = agency_figures.page(package.agency, LAST, today, agency_figures.measured(LAST, today))
    assert page.praise == []


def test_heads_see_their_own_page_and_no_other(db: None, client_of: ClientOf) -> None:
    own, other = factories.agency(), factories.agency("Dinkes")
    head = client_of(factories.member(Role.AGENCY_HEAD))
    assert head.get(f"/dasbor/opd/{own.pk}/").status_code == 200
    assert head.get(f"/dasbor/opd/{other.pk}/").status_code == 404
    assert f"/dasbor/opd/{own.pk}/" in head.get("/").content.decode()


def test_the_map_counts_what_the_rows_say(year: generated_year.Year, office: User) -> None:
    filters = DashboardFilter(LAST)
    regions = list(Region.objects.regencies())
    programs = region_measures.measured(office, "program", filters)
    deviating = region_measures.measured(office, "menyimpang", filters)
    assert programs is not None
    assert deviating is not None
    for region in regions:
        reaching = sum(region in program.regions.all() for program in year.programs)
        assert (programs.value(region.pk) or 0) == reaching
        rows = ReportValue.objects.delivered().filter(
            region=region, value__isnull=False, report__period=Period(LAST, PeriodKind.QUARTER, 4)
        )
        compared = rows.exclude(verdict=Verdict.NO_REFERENCE).count()
        if compared and deviating.when == Period(LAST, PeriodKind.QUARTER, 4):
            share = Decimal(rows.filter(verdict=Verdict.DEVIATES).count()) * 100 / compared
            assert abs((deviating.value(region.pk) or 0) - share) < Decimal("0.001")
    places = region_measures.places(deviating)
    known = [place.value for place in places if place.value is not None]
    assert known == sorted(known)  # few deviating values are good
    assert next(place.rank for place in places if place.value is not None) == 1


def test_the_index_on_the_map_is_of_the_newest_month(office: User, client_of: ClientOf) -> None:
    values = {"64.71": ("70", "72.5"), "64.72": ("81", "80"), "64.74": ("60", None)}
    for code, months in values.items():
        for month, index in enumerate(months, start=3):
            if index is not None:
                IndexValue.objects.create(
                    level="region",
                    region=factories.region(code),
                    period=Period(LAST, PeriodKind.MONTH, month),
                    index=Decimal(index),
                )
    measure = region_measures.measured(office, "spm", DashboardFilter(LAST))
    assert measure is not None
    places = {place.region.kemendagri_code: place for place in region_measures.places(measure)}
    assert (places["64.72"].value, places["64.72"].change, places["64.72"].rank) == (Decimal(80), Decimal(-1), 1)
    assert (places["64.71"].value, places["64.71"].change, places["64.71"].rank) == (Decimal("72.5"), Decimal("2.5"), 2)
    assert places["64.74"].value is None  # an older month would not compare
    client = client_of(office)
    assert "72,5" in client.get(f"/dasbor/peta/?tahun={LAST}&ukuran=spm").content.decode()
    body = client.get(f"/dasbor/banding/?tahun={LAST}&a=64.71&b=64.72").content.decode()
    assert "72,5" in body
    assert "80,0" in body
    assert client.get("/dasbor/peta/?ukuran=indikator-999999999999").status_code == 200
    assert client.get("/dasbor/banding/?a=x&b=x&ukuran=seri-0").status_code == 200


def test_an_indicator_of_another_opd_is_not_on_an_operators_map(db: None, client_of: ClientOf) -> None:
    indicator = factories.IndicatorFactory(
        by_region=True,
        program__agency=factories.agency("Dinkes"),
        name="Cakupan rahasia",
        program__state="draft",
        program__registered_at=None,
    )
    stranger = factories.member(Role.OPERATOR)
    assert (
        region_measures.measured(stranger, f"indikator-{indicator.pk}", DashboardFilter(indicator.program.fiscal_year))
        is None
    )
    assert (
        "Cakupan rahasia"
        not in client_of(stranger).get(f"/dasbor/peta/?ukuran=indikator-{indicator.pk}").content.decode()
    )


def test_two_opd_side_by_side(year: generated_year.Year, office: User, client_of: ClientOf) -> None:
    one, other = list(Agency.objects.filter(pk__in={program.agency_id for program in year.programs}).order_by("pk")[:2])
    everything = agency_figures.measured(LAST, AFTER)
    lines = lines_of_agencies(one, other, LAST, everything)
    for line in lines:
        assert line.median is not None
        assert line.one is not None or line.other is not None
    body = client_of(office).get(f"/dasbor/banding/?tahun={LAST}&jenis=opd&a={one.pk}&b={other.pk}").content.decode()
    assert one.name in body
    assert other.name in body


def test_a_package_knows_whether_it_is_flagged(db: None, client_of: ClientOf) -> None:
    """By triggers on the flags, in whatever way they come and go; a stale copy of the package that is saved changes
    nothing."""
    first, second = factories.PackageFactory(), factories.PackageFactory()
    client = client_of(factories.member(Role.AUDITOR))

    def flagged() -> set[int]:
        shown = {row.record.pk for row in client.get("/pengadaan/?flagged=yes").context["page"]}
        assert shown == set(Package.objects.filter(is_flagged=True).values_list("pk", flat=True))
        return shown

    def flag(package: Package, code: str) -> Flag:
        return Flag.objects.create(
            code=code, subject="package", key=str(package.pk), package=package, agency=package.agency
        )

    assert flagged() == set()
    one, another, third = flag(first, "K02"), flag(first, "R028"), flag(second, "K02")
    assert flagged() == {first.pk, second.pk}
    Flag.objects.filter(pk=third.pk).update(suppressed_at=timezone.now(), suppressed_because="Sudah diperiksa")
    assert flagged() == {first.pk}
    Flag.objects.filter(pk=one.pk).update(closed_at=timezone.now())
    assert flagged() == {first.pk}
    first.name = "Nama lain"
    first.save()  # read before it was flagged
    assert flagged() == {first.pk}
    another.delete()
    assert flagged() == set()
    Flag.objects.filter(pk=one.pk).update(closed_at=None)
    assert flagged() == {first.pk}
