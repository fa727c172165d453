"""The index in SQL against the index in Python, all at once and month by month."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import queue
from core.choices import Role
from core.models import Region
from core.periods import Period, PeriodKind
from spm import index_store, tasks
from spm.index import EnteredRow, MethodKind, Weights, mean, pool, service_index
from spm.index_explanation import elements_in_force
from spm.models import Achievement, IndexMethod, IndexValue, QualityFigure, ServiceKind
from spm.standing import standing
from tests import factories
from tests.factories import achieve

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("general_method")]
MONTH = factories.SPM_MONTH


def index_of(region: str, *, service: str = "", domain: str = "", month: Period = MONTH) -> Decimal | None:
    level = "service" if service else "domain" if domain else "region"
    return IndexValue.objects.get(
        level=level,
        region__kemendagri_code=region,
        period=month,
        **({"service__code": service} if service else {"domain__code": domain} if domain else {}),
    ).index


def test_the_worked_example_in_the_database() -> None:
    achieve("1.01.a", "64.72", 12_480, 11_232, [(10_000, 9_000), (500, 430), (2, 2)])
    achieve("1.01.b", "64.72", 320, 250, [(50, 40)])
    index_store.recompute_all()
    assert index_of("64.72", service="1.01.a") == Decimal("90.40")
    assert index_of("64.72", service="1.01.b") == Decimal("78.50")
    assert index_of("64.72", domain="1.01") == Decimal("84.45")
    whole = IndexValue.objects.get(level="region", region__kemendagri_code="64.72")
    assert (whole.index, whole.entered, whole.expected) == (Decimal("84.45"), 2, 14)


def test_the_province_pools_its_regencies() -> None:
    achieve("1.01.a", "64.71", 100, 50, [(10, 10)])
    achieve("1.01.a", "64.72", 300, 300, [(30, 10)])
    index_store.recompute_all()
    # 350 of 400 served: 87.5; 20 of 40 required: 50; nobody has more than is needed
    assert index_of("64", service="1.01.a") == Decimal("87.5") * Decimal("0.8") + 50 * Decimal("0.2")


def test_the_province_is_capped_region_by_region_and_says_what_it_covers() -> None:
    achieve("1.01.a", "64.72", 100, 200)
    achieve("1.01.a", "64.01", 100, 0, blank=True)
    index_store.recompute_all()
    row = IndexValue.objects.get(level="service", region__kemendagri_code="64", service__code="1.01.a")
    assert (row.index, row.recipients, row.recipients_uncapped, row.unserved) == (40, 50, 100, 100)
    assert (row.entered, row.expected, row.over, row.lacking_quality) == (2, 10, 1, 1)
    assert row.is_provisional
    assert row.coverage == "sementara, 1 dari 10 terisi"
    whole = IndexValue.objects.get(level="region", region__kemendagri_code="64")
    assert (whole.entered, whole.expected, whole.unserved) == (2, 140, 100)


def test_a_category_needs_every_service_and_region() -> None:
    regions = [region.kemendagri_code for region in Region.objects.regencies()]
    for service in ServiceKind.objects.of_level():
        for region in regions:
            achieve(service.code, region, 100, 95)
    index_store.recompute_all()
    found = standing(MONTH)
    assert found is not None
    assert (found.index, found.value.coverage) == (95, "")
    assert found.band is not None
    assert found.band.name == "Tuntas Utama"
    last = Achievement.objects.filter(service__code="1.06.e").order_by("pk").last()
    assert last is not None
    QualityFigure.objects.filter(achievement=last).first().delete()  # type: ignore[union-attr]
    index_store.recompute_all()
    found = standing(MONTH)
    assert found is not None
    assert found.band is None
    assert found.value.coverage == "sementara, 139 dari 140 terisi"


def test_a_change_is_since_the_same_month_of_the_year_before() -> None:
    before = Period(MONTH.year - 1, PeriodKind.MONTH, MONTH.number)
    achieve("1.02.a", "64.72", 100, 60, month=before)
    achieve("1.02.a", "64.72", 100, 10, month=Period(MONTH.year, PeriodKind.MONTH, 1))
    achieve("1.02.a", "64.72", 100, 55)
    achieve("1.02.b", "64.72", 100, 55)
    index_store.recompute_all()
    found = standing(Period(MONTH.year))
    assert found is not None
    assert (found.month, found.base, found.change) == (MONTH, before, -5)


def test_a_need_of_zero_and_a_service_that_leaves_the_mean() -> None:
    achieve("1.02.a", "64.72", 0, 0, [])
    achieve("1.02.b", "64.72", 10, 5, [])
    index_store.recompute_all()
    assert index_of("64.72", domain="1.02") == 75
    ServiceKind.objects.filter(code="1.02.a").update(zero_need="excluded")
    index_store.recompute_all()
    assert index_of("64.72", domain="1.02") == 50
    assert index_of("64.72", service="1.02.a") is None


rows = st.lists(
    st.tuples(
        st.sampled_from(["1.01.a", "1.01.b", "1.02.a", "1.06.a", "1.06.b", "1.06.c"]),
        st.sampled_from(["64.71", "64.72", "64.74"]),
        st.integers(0, 400),
        st.integers(0, 500),
        st.lists(st.tuples(st.integers(0, 30), st.integers(0, 40)), max_size=3),
    ),
    max_size=12,
    unique_by=lambda row: (row[0], row[1]),
)


@given(rows, st.booleans(), st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_python_agree(db: None, typed: list[Any], blank: bool, own_method: bool) -> None:
    Achievement.objects.all().delete()
    IndexMethod.objects.all().delete()
    services = {service.code: service for service in ServiceKind.objects.of_level()}
    if own_method:
        IndexMethod.objects.create(
            service=services["1.01.a"], method="indicators", legal_basis="x", valid_from=dt.date(2023, 1, 1)
        )
    for row in typed:
        achieve(*row, blank=blank)
    index_store.recompute_all()
    by_service: dict[tuple[str, str], Fraction | None] = {}
    pooled: dict[str, list[EnteredRow]] = defaultdict(list)
    elements = {code: elements_in_force(service, MONTH.year) for code, service in services.items()}

    def indexed(code: str, entered: list[EnteredRow]) -> Fraction | None:
        method = MethodKind.INDICATORS if own_method and code == "1.01.a" else MethodKind.RECIPIENTS_AND_QUALITY
        expected = {element.pk: element.weight for element in elements[code]}
        together = pool(entered, expected, by_need=method is MethodKind.INDICATORS)
        return service_index(together, Weights(), method=method).index

    for code, region, must, served, quality in typed:
        figures = quality if blank else [*quality, *[(0, 0)] * (len(elements[code]) - len(quality))]
        keys = [element.pk for element in elements[code]]
        row = EnteredRow(must, served, dict(zip(keys, figures, strict=False)))
        by_service[code, region] = indexed(code, [row])
        pooled[code].append(row)
    for code, parts in pooled.items():
        by_service[code, "64"] = indexed(code, parts)
    for (code, region), expected in by_service.items():
        assert _same(index_of(region, service=code), expected), (code, region)
    for region in {region for _code, region in by_service}:
        domains = {code[:4] for code, place in by_service if place == region}
        of_domains = {
            domain: mean(
                value for (code, place), value in by_service.items() if place == region and code.startswith(domain)
            )
            for domain in domains
        }
        for domain, expected in of_domains.items():
            assert _same(index_of(region, domain=domain), expected)
        assert _same(index_of(region), mean(of_domains.values()))


def _same(stored: Decimal | None, expected: Fraction | None) -> bool:
    if stored is None or expected is None:
        return stored is None and expected is None
    return abs(Fraction(stored) - expected) < Fraction(1, 10**29)


def test_an_exact_edge_is_not_lost_in_the_database() -> None:
    """A mean of thirds that is exactly 80: with too few decimals on the way it would be 79.99…, one category lower."""
    achieve("1.06.a", "64.72", 3, 2, [])
    achieve("1.06.b", "64.72", 3, 2, [])
    achieve("1.06.c", "64.72", 15, 14, [])
    achieve("1.06.d", "64.72", 15, 15, [])
    index_store.recompute_all()
    # (66⅔ + 66⅔ + 93⅓ + 100) ÷ 4 = 81⅔
    assert _same(index_of("64.72", domain="1.06"), Fraction(245, 3))
    Achievement.objects.filter(service__code="1.06.d").update(must_be_served=15, served=14, unserved_reason="x")
    index_store.recompute_all()
    assert index_of("64.72", domain="1.06") == 80, "66⅔ + 66⅔ + 93⅓ + 93⅓ is 320 exactly: Tuntas Madya, not Muda"


def test_only_the_month_that_changed_is_worked_out_again() -> None:
    april = Period(2026, PeriodKind.MONTH, 4)
    row = achieve("1.01.a", "64.72", 100, 50, [])
    achieve("1.01.a", "64.72", 100, 60, [], april)
    achieve("1.01.a", "64.71", 100, 100, [])
    index_store.recompute_all()
    untouched = set(IndexValue.objects.exclude(period=MONTH).values_list("pk", flat=True))
    row.served = 80
    row.save()
    with CaptureQueriesContext(connection) as queries:
        index_store.recompute([row.region_id], [MONTH])
    assert len(queries) <= 9
    assert index_of("64.72", service="1.01.a") == 80
    assert index_of("64", service="1.01.a") == 90
    assert index_of("64.71", service="1.01.a") == 100
    assert set(IndexValue.objects.exclude(period=MONTH).values_list("pk", flat=True)) == untouched
    one_by_one = list(
        IndexValue.objects.order_by("period", "region", "level", "domain", "service").values_list("index", "level")
    )
    index_store.recompute_all()
    whole = IndexValue.objects.order_by("period", "region", "level", "domain", "service").values_list("index", "level")
    assert list(whole) == one_by_one


def test_a_new_regulation_leaves_old_years_alone() -> None:
    from spm.models import IndexVersion

    achieve("1.01.a", "64.72", 100, 50, [(10, 10)])
    later = Period(2027, PeriodKind.MONTH, 3)
    achieve("1.01.a", "64.72", 100, 50, [(10, 10)], later)
    IndexVersion.objects.create(
        valid_from=dt.date(2027, 1, 1),
        recipients_weight=Decimal("0.6"),
        quality_weight=Decimal("0.4"),
        legal_basis="Baru",
    )
    index_store.recompute_all()
    assert index_of("64.72", service="1.01.a") == 60
    assert index_of("64.72", service="1.01.a", month=later) == 70


@pytest.mark.parametrize(
    "values",
    [
        {"must_be_served": 10, "served": 5},
        {"must_be_served": 10, "served": 10, "proposed_need": 12},
        {"must_be_served": 10, "served": 11},
    ],
)
def test_the_database_wants_the_reasons(values: dict[str, int]) -> None:
    service = ServiceKind.objects.get(code="1.01.a")
    with pytest.raises(IntegrityError):
        Achievement.objects.create(service=service, region=Region.objects.regencies()[0], period=MONTH, **values)


def test_an_administrator_changes_a_policy_and_the_index_follows(
    client_of: Any, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    achieve("1.02.a", "64.72", 0, 0, [])
    index_store.recompute_all()
    asked: list[int] = []
    monkeypatch.setattr(queue, "send", lambda *_names, **_options: asked.append(tasks.recompute_index()) or True)
    admin = client_of(factories.member(Role.ADMINISTRATOR, is_staff=True))
    service = ServiceKind.objects.get(code="1.02.a")
    form = {
        "domain": service.domain_id,
        "code": service.code,
        "name": service.name,
        "level": service.level,
        "technical_standard": service.technical_standard,
        "legal_basis": service.legal_basis,
        "zero_need": "excluded",
        "target": "95.5",
        "agencies": [agency.pk for agency in service.agencies.all()],
        "valid_from": "2022-01-01",
    }
    with django_capture_on_commit_callbacks(execute=True):
        answer = admin.post(f"/admin/spm/servicekind/{service.pk}/change/", form)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert asked
    service.refresh_from_db()
    assert service.target == Decimal("95.5")
    assert index_of("64.72", service="1.02.a") is None
