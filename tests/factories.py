"""Small builders on top of the reference data, which the test database holds from the start."""

import datetime as dt
import gzip
import hashlib
import itertools
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import factory
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Agency, Membership, User
from accounts.sessions import SessionStore
from core.choices import Role
from core.models import Region
from core.periods import Period, PeriodKind
from datasources.models import Observation, Payload, Series, Source
from procurement.choices import DecisionKind, Method, OfficerRole, PackageKind
from procurement.models import Decision, Declaration, GateOverride, Officer, Package, Supplier
from programs.models import Activity, Indicator, Nomenclature, Program, SubActivity, Unit
from programs.reports.services import open_report
from public_services.models import PublicService
from spm.index_explanation import elements_in_force
from spm.models import Achievement, QualityFigure, ServiceKind

PASSWORD = "kata-sandi-uji-2026"
_numbers = itertools.count(70_000_001)


def agency(short_name: str = "Disdikbud") -> Agency:
    return Agency.objects.living().get(short_name=short_name)


def region(code: str = "64.72") -> Region:
    """By Kemendagri code; 64 is the province."""
    return Region.objects.get(kemendagri_code=code)


class UserFactory(DjangoModelFactory):
    """A user without a role; `member` gives one."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"orang{n}")
    full_name = factory.Sequence(lambda n: f"Orang Ke-{n}")
    email = factory.Sequence(lambda n: f"orang{n}@example.test")
    password = factory.django.Password(PASSWORD)


def member(role: Role, short_name: str = "Disdikbud", **values: Any) -> User:
    """A user with one role; operators and heads at the OPD `short_name`."""
    user: User = UserFactory(**values)
    own = agency(short_name) if role in (Role.OPERATOR, Role.AGENCY_HEAD) else None
    Membership.objects.create(user=user, role=role, agency=own)
    return User.objects.get(pk=user.pk)


def leave(user: User) -> None:
    """Without a role from now on."""
    user.memberships.all().delete()


def signed_in(user: User, *, ago: float = 0, by: str = "mfa") -> Client:
    """A browser in which the user signed in so many seconds ago, by password alone or with a second factor.

    The session is written at once as the sign-in leaves it: `force_login` writes it three times, for each of thousands
    of browsers.
    """
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": by, "at": time.time() - ago}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.create()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    name = factory.Sequence(lambda n: f"Sumber {n}")
    kind = "bps"
    base_address = "http://127.0.0.1:9/v1/api/"
    api_key = "kunci-contoh"


class SeriesFactory(DjangoModelFactory):
    class Meta:
        model = Series

    class Params:
        variable = factory.Sequence(lambda n: str(1000 + n))

    source = factory.SubFactory(SourceFactory)
    query = factory.LazyAttribute(lambda row: {"model": "data", "domain": "6400", "variable": row.variable})
    name = factory.Sequence(lambda n: f"Seri {n}")
    unit = "Persen"


def observe(series: Series, value: str, *, year: int, code: str = "64.72") -> Observation:
    """An official figure of the year, with a raw answer behind it."""
    body = f"{series.pk}/{code}/{year}/{value}".encode()
    payload = Payload.objects.create(
        series=series,
        address="http://example.test/list",
        status=200,
        body=gzip.compress(body),
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        fetched_at=timezone.now(),
    )
    return Observation.objects.create(
        series=series,
        region=region(code),
        period=Period(year),
        value=Decimal(value),
        payload=payload,
        fetched_at=timezone.now(),
    )


class ProgramFactory(DjangoModelFactory):
    """A registered programme of Disdikbud for Samarinda, without indicators."""

    class Meta:
        model = Program
        skip_postgeneration_save = True

    agency = factory.LazyFunction(agency)
    fiscal_year = factory.LazyFunction(lambda: timezone.localdate().year)
    nomenclature = factory.LazyFunction(lambda: Nomenclature.objects.get(code="1.01.02"))
    name = factory.Sequence(lambda n: f"Program {n}")
    service = factory.LazyFunction(lambda: ServiceKind.objects.get(code="1.01.a"))
    problem_statement = "Anak putus sekolah karena jarak."
    target_group = "Anak usia 16–18 tahun"
    target_count = 1200
    budget_rupiah = Decimal(1_000_000_000)
    state = "registered"
    registered_at = factory.LazyFunction(timezone.now)
    created_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def regions(self, create: bool, extracted: Any, **_kwargs: Any) -> None:
        if create:
            self.regions.set(extracted or [region()])


class IndicatorFactory(DjangoModelFactory):
    """A percentage reported for the province as a whole, compared with nothing."""

    class Meta:
        model = Indicator

    program = factory.SubFactory(ProgramFactory)
    name = factory.Sequence(lambda n: f"Indikator {n}")
    level = "outcome"
    unit = factory.LazyFunction(lambda: Unit.objects.get(name="Persen"))
    direction = "maximise"
    baseline = Decimal(80)
    target = Decimal(90)
    tolerance_kind = "points"
    tolerance = Decimal(2)


def compared_indicator(official: str = "85", **values: Any) -> Indicator:
    """An indicator by region whose official figure for Samarinda is of last year."""
    series = SeriesFactory()
    observe(series, official, year=timezone.localdate().year - 1)
    indicator: Indicator = IndicatorFactory(reference_series=series, by_region=True, **values)
    return indicator


def report_of(program: Program, by: User, quarter: int = 1) -> Any:
    return open_report(program=program, period=Period.parse(f"{program.fiscal_year}-Q{quarter}"), by=by)


def sub_activity(program: Program, number: int = 1, ceiling: int = 1_000_000) -> SubActivity:
    """A sub-activity of the programme's year, with a kode_sbl of its own."""
    code = Nomenclature.objects.get(code="1.01.02.1.01")
    activity, _made = Activity.objects.get_or_create(program=program, nomenclature=code)
    return SubActivity.objects.create(
        activity=activity,
        fiscal_year=program.fiscal_year,
        sbl_code=f"9.{program.pk}.{number}",
        nomenclature=code,
        name=f"Sub kegiatan {number}",
        ceiling_rupiah=ceiling,
    )


class PackageFactory(DjangoModelFactory):
    class Meta:
        model = Package

    agency = factory.LazyFunction(agency)
    fiscal_year = factory.LazyFunction(lambda: timezone.localdate().year)
    rup_code = factory.LazyFunction(lambda: str(next(_numbers)))
    name = factory.Sequence(lambda n: f"Paket {n}")
    kind = PackageKind.GOODS
    method = Method.E_PURCHASING
    ceiling_rupiah = Decimal(150_000_000)
    hps_rupiah = Decimal(140_000_000)
    created_by = factory.SubFactory(UserFactory)


def cleared_package(ppk: User | None = None, **values: Any) -> Package:
    """A planned package whose PPK has declared and whose superior has decided."""
    package: Package = PackageFactory(**values)
    officer = Officer.objects.create(package=package, user=ppk or UserFactory(), role=OfficerRole.COMMITMENT_OFFICER)
    declaration = Declaration.objects.create(officer=officer, number=1, has_interest=False)
    decide(declaration, reason="Tidak ada benturan.")
    return package


def decide(
    declaration: Declaration,
    kind: str = DecisionKind.NO_CONFLICT,
    reason: str = "Diperiksa",
    on: dt.datetime | None = None,
) -> Decision:
    """By a head who has left since, so that nobody new is left to decide on what a test looks at."""
    head = member(Role.AGENCY_HEAD, declaration.agency.short_name)
    decision: Decision = Decision.objects.create(
        declaration=declaration, kind=kind, reason=reason, decided_by=head, decided_at=on or timezone.now()
    )
    leave(head)
    return decision


def override(package: Package, to_state: str = "announced") -> GateOverride:
    head = member(Role.AGENCY_HEAD, package.agency.short_name)
    row: GateOverride = GateOverride.objects.create(
        package=package, to_state=to_state, obstacles=["x"], reason="Bencana", by=head
    )
    leave(head)
    return row


def first_day(year: int) -> dt.date:
    return dt.date(year, 1, 1)


SPM_MONTH = Period(2026, PeriodKind.MONTH, 3)


def achieve(
    code: str,
    place: str,
    must: int,
    served: int,
    quality: Sequence[tuple[int, int]] = (),
    month: Period = SPM_MONTH,
    *,
    blank: bool = False,
) -> Achievement:
    """An SPM achievement of a service and region; `quality` are (required, fulfilled) of its first elements.

    Nothing is required of the other elements; with `blank` they are not entered.
    """
    service = ServiceKind.objects.get(code=code)
    row = Achievement.objects.create(
        service=service,
        region=region(place),
        period=month,
        must_be_served=must,
        served=served,
        unserved_reason="Jarak" if served < must else "",
        over_reason="Penduduk pendatang" if served > must else "",
    )
    elements = elements_in_force(service, month.year)
    figures = quality if blank else [*quality, *[(0, 0)] * (len(elements) - len(quality))]
    for element, (required, fulfilled) in zip(elements, figures, strict=False):
        QualityFigure.objects.create(achievement=row, element=element, required=required, fulfilled=fulfilled)
    return row


def supplier(**values: Any) -> Supplier:
    """A supplier with an NPWP of its own."""
    number = next(_numbers)
    return Supplier.objects.create(**{"name": f"CV Penyedia {number}", "tax_number": f"{number:015d}"} | values)


def public_service(**values: Any) -> PublicService:
    """A service of Disdikbud that is given at the counter."""
    facts = {
        "agency": agency(),
        "name": f"Layanan {next(_numbers)}",
        "product": "Surat",
        "users": "Warga",
        "legal_basis": "Pergub 1/2024",
        "promised_days": Decimal(5),
        "volume": 1000,
        "complaints": 12,
    }
    return PublicService.objects.create(**facts | values)
