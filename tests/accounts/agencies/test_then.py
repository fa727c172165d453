"""A year goes to one OPD as a whole; what was done in it stays what the OPD of that day did."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.agencies.choices import AgencyChangeKind
from accounts.agencies.services import Plan, Target, carry_out
from accounts.models import Agency, User
from accounts.permissions import require_year
from core.choices import Role
from core.exports.database import rows_of
from core.periods import first_year_from
from dashboards.filters import DashboardFilter
from dashboards.models import PackageTally, ProgramStanding
from dashboards.summaries.refresh import refresh
from procurement.audit import report as audit_report
from procurement.choices import PackageState
from procurement.models import Contract, Flag, Package
from procurement.ocds import releases
from procurement.packages.filters import PackageFilter
from procurement.packages.forms import PackageForm
from procurement.packages.services import move_package, update_package
from procurement.red_flags import services as flag_services
from programs.models import Program
from tests import factories
from tests.accounts.agencies.test_changes import YEAR, merged, renamed
from tests.procurement.red_flags import cases

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
SPRING, AUTUMN = dt.date(YEAR, 3, 31), dt.date(YEAR, 9, 1)


@pytest.fixture
def steward() -> User:
    return factories.member(Role.DATA_STEWARD)


def bought(program: Program, state: str = PackageState.COMPLETED, **more: Any) -> Package:
    package = cases.package(f"{YEAR}-03-02", program=program, state=state)
    Contract.objects.create(
        package=package,
        supplier=more.pop("supplier", None) or factories.supplier(),
        number=f"K-{package.pk}",
        signed_on=SPRING,
        value_rupiah=Decimal(10_000_000),
        entered_by=package.created_by,
        **more,
    )
    return package


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (dt.date(YEAR - 1, 12, 30), YEAR - 1),
        (dt.date(YEAR - 1, 12, 31), YEAR),
        (dt.date(YEAR, 1, 1), YEAR),
        (dt.date(YEAR, 1, 2), YEAR),
    ],
)
def test_the_last_day_of_a_year_takes_no_year_along(day: dt.date, year: int, steward: User) -> None:
    assert first_year_from(day) == year
    old = factories.agency()
    programs = {each: factories.ProgramFactory(fiscal_year=each) for each in (YEAR - 2, YEAR - 1, YEAR)}
    packages = {
        each: factories.PackageFactory(program=row, fiscal_year=each, state=PackageState.CANCELLED)
        for each, row in programs.items()
    }
    new = renamed(steward, day=day)
    old.refresh_from_db()
    for each, program in programs.items():
        its = new if each >= year else old
        program.refresh_from_db()
        packages[each].refresh_from_db()
        assert (program.agency, packages[each].agency) == (its, its), each
        require_year(its, each)
        with pytest.raises(ValidationError):
            require_year(old if its == new else new, each)


@pytest.mark.parametrize("day", [dt.date(YEAR, 1, 1), AUTUMN])
def test_an_open_package_of_a_year_that_is_over_stays_beside_its_programme(
    day: dt.date, steward: User, client_of: ClientOf
) -> None:
    """Its people carry it on: what they write keeps the programme, which the form would not find at another OPD."""
    package = factories.PackageFactory(program=factories.ProgramFactory(fiscal_year=YEAR - 1), fiscal_year=YEAR - 1)
    operator = factories.member(Role.OPERATOR)
    old, into = merged(steward, day)
    package.refresh_from_db()
    assert (package.agency, package.program.agency) == (old, old)
    operator = User.objects.get(pk=operator.pk)
    assert operator.memberships.get().agency == into
    form = PackageForm(instance=package, agency=package.agency, fiscal_year=package.fiscal_year)
    assert package.program in form.fields["program"].queryset
    values = {"name": "Nama lain", "program": package.program}
    update_package(pk=package.pk, version=package.version, by=operator, values=values)
    package.refresh_from_db()
    assert (package.name, package.program.agency) == ("Nama lain", old)
    move_package(pk=package.pk, version=package.version, by=operator, state=PackageState.CANCELLED, comment="batal")
    assert client_of(operator).get(package.get_absolute_url()).status_code == 200


def test_a_years_packages_are_counted_where_its_programmes_are(steward: User) -> None:
    program = factories.ProgramFactory()
    rows = [bought(program), bought(program, PackageState.CONTRACTED)]
    rows.append(factories.PackageFactory(program=program, state=PackageState.CANCELLED))
    old, into = merged(steward, AUTUMN)
    refresh()
    for agency, count in ((old, 0), (into, len(rows))):
        shown = DashboardFilter(YEAR, agency=agency.pk)
        assert sum(shown.summaries(PackageTally.objects.all()).values_list("packages", flat=True)) == count
        assert shown.summaries(ProgramStanding.objects.all()).filter(quarter=1).count() == min(count, 1)
        assert PackageFilter({"agency": agency.pk}, queryset=Package.objects.all()).qs.count() == count


def test_who_bought_stays_readable(steward: User, auditor: User, client_of: ClientOf) -> None:
    package = bought(factories.ProgramFactory())
    old, into = merged(steward, AUTUMN)
    assert package.bought_by() == old
    page = client_of(auditor).get(package.get_absolute_url()).content.decode()
    assert f"{old.name}; tahunnya dilanjutkan {into.name}" in page
    (text,) = releases.release_texts(Package.objects.all(), is_public=False)
    assert f"ID-KALTIM-OPD-{old.pk}" in text
    assert f"ID-KALTIM-OPD-{into.pk}" not in text
    columns = audit_report.columns()
    (row,) = rows_of(audit_report.of(Package.objects.all()), columns)
    said = dict(zip([str(column.label) for column in columns], row, strict=True))
    assert (said["OPD"], said["Dibeli oleh"]) == (into.name, old.name)
    supplier = client_of(auditor).get(Contract.objects.get().supplier.get_absolute_url()).content.decode()
    assert f'<td data-label="OPD">{old.short_name}</td>' in supplier


def test_a_package_bought_after_the_change_is_the_successors(steward: User) -> None:
    package = factories.PackageFactory(program=factories.ProgramFactory())
    merged(steward, SPRING)
    package = Package.objects.get(pk=package.pk)
    Contract.objects.create(
        package=package, supplier=factories.supplier(), number="K", signed_on=SPRING, value_rupiah=1, entered_by=steward
    )
    assert package.bought_by() is None


def test_a_list_of_reports_names_the_opd_of_their_time(steward: User, operator: User, client_of: ClientOf) -> None:
    program = factories.IndicatorFactory().program
    for quarter in (1, 2):
        factories.report_of(program, operator, quarter=quarter)
    old = factories.agency()
    new = renamed(steward, day=dt.date(YEAR, 4, 1))
    client = client_of(User.objects.get(pk=operator.pk))
    for file in ("", "?unduh=csv"):
        answer = client.get(f"/laporan/{file}")
        text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        assert old.short_name in text
        assert new.short_name in text
    counts = {agency: len(_listed(client, agency)) for agency in (old, new)}
    assert counts == {old: 1, new: 2}, "as what it was it is found, as what it is today it counts"
    answer = client.get(f"/api/v1/reports/?agency={old.pk}").json()
    assert [row["agency"] for row in answer["results"]] == [old.pk]


def _listed(client: Client, agency: Agency) -> list[Any]:
    return list(client.get(f"/laporan/?agency={agency.pk}").context["table"].rows)


def test_a_finding_stays_put_aside_when_its_opd_is_renamed(steward: User, auditor: User) -> None:
    program, winner = factories.ProgramFactory(), factories.supplier()
    for _number in range(8):
        bought(program, supplier=winner)
    flag_services.run()
    flag = Flag.objects.get(code="K04")
    flag_services.suppress(flag=flag, by=auditor, reason="Satu-satunya penyedia di daerah")
    new = renamed(steward, day=AUTUMN)
    again = renamed_again(steward, new)
    flag_services.run()
    found = Flag.objects.get(code="K04", closed_at__isnull=True)
    assert (found.pk, found.agency) == (flag.pk, again)
    assert found.suppressed_because == "Satu-satunya penyedia di daerah"


def renamed_again(steward: User, agency: Agency) -> Agency:
    target = Target(code=agency.code, name="Dinas Cerdas", short_name="Cerdas")
    day = AUTUMN + dt.timedelta(days=10)
    plan = Plan(agency, AgencyChangeKind.RENAME, day, "Perda 5/2025", "Berganti nama lagi", [target])
    carry_out(plan, by=steward)
    return factories.agency("Cerdas")
