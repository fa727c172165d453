"""Which value and which days a method allows, by the package's day: at, below and above each limit."""

import datetime as dt
from typing import Any

import pytest

from procurement.models import (
    Addendum,
    FlagLimit,
    MethodThreshold,
    Package,
)
from tests.factories import supplier
from tests.procurement.red_flags.cases import (
    MILLION,
    contract,
    day,
    flagged,
    moment,
    package,
    raised,
)

pytestmark = pytest.mark.django_db
DIRECT = "direct_procurement"


@pytest.mark.parametrize(
    ("kind", "on", "millions", "is_raised"),
    [
        ("works", "2025-04-29", 200, False),
        ("works", "2025-04-29", 200.01, True),
        ("works", "2025-04-30 00:30", 400, False),
        ("works", "2025-04-30 07:00", 250, False),
        ("works", "2025-05-10", 250, False),
        ("works", "2026-03-02", 1_500, True),
        ("goods", "2026-03-02", 200, False),
        ("goods", "2026-03-02", 201, True),
        ("other_services", "2026-03-02", 200.01, True),
        ("consulting", "2026-03-02", 100, False),
        ("consulting", "2026-03-02", 100.01, True),
    ],
)
def test_direct_procurement_above_the_threshold_of_the_day(
    kind: str, on: str, millions: float, is_raised: bool
) -> None:
    there = package(on, millions, kind=kind, method=DIRECT)
    assert flagged("K19") == ({there.pk} if is_raised else set())


def test_only_methods_with_a_threshold_and_packages_that_came_to_something() -> None:
    package(millions=5_000, method="tender")
    package(millions=5_000, method=DIRECT, state="cancelled")
    package(millions=5_000, method=DIRECT, state="failed")
    assert flagged("K19") == set()
    carried_out = package(millions=5_000, method="tender", selection_method=DIRECT)
    assert flagged("K19") == {carried_out.pk}


def test_what_was_signed_counts_and_an_addendum_does_not() -> None:
    lawful, above = package(millions=199, method=DIRECT), package(millions=199, method=DIRECT)
    signed = contract(lawful, supplier(), millions=199)
    Addendum.objects.create(
        contract=signed, number=1, signed_on=day("2026-05-01"), value_rupiah=215 * MILLION, reason="Volume"
    )
    contract(above, supplier(), millions=201)
    assert flagged("K19") == {above.pk}


def test_a_threshold_that_is_entered_holds_from_its_day() -> None:
    MethodThreshold.objects.create(
        method="direct_appointment", kind="goods", max_rupiah=50 * MILLION, valid_from=day("2026-06-01"), basis="SE 1"
    )
    package("2026-05-31", 60, method="direct_appointment")
    after = package("2026-06-01", 60, method="direct_appointment")
    (flag,) = raised("K19")
    assert (flag.process, flag.evidence["rule"], flag.evidence["worth"]) == (after.pk, "SE 1", 60 * MILLION)


def parts(*those: tuple[str, float], **values: Any) -> list[int]:
    facts = {"method": DIRECT, "kind": "goods"} | values
    return [
        package(on, millions, name=f"Pengadaan meubelair tahap {number}", **facts).pk
        for number, (on, millions) in enumerate(those, start=1)
    ]


@pytest.mark.parametrize(("second", "is_raised"), [(100, False), (100.01, True)])
def test_parts_at_and_above_the_threshold(second: float, is_raised: bool) -> None:
    found = parts(("2026-03-02", 100), ("2026-04-02", second))
    assert flagged("K01") == (set(found) if is_raised else set())


@pytest.mark.parametrize(("on", "is_raised"), [("2026-05-31", True), ("2026-06-01", False)])
def test_parts_within_the_days(on: str, is_raised: bool) -> None:
    found = parts(("2026-03-02", 150), (on, 150))
    assert flagged("K01") == (set(found) if is_raised else set())


def test_parts_on_both_sides_of_a_new_threshold() -> None:
    """Of 250 million each, on 29 April and 10 May 2025: together they are over the old limit and the new one."""
    first, second = parts(("2025-04-29", 250), ("2025-05-10", 250), kind="works")
    assert flagged("K01") == {first, second}
    assert flagged("K19") == {first}, "it was over the threshold of its own day"


def test_parts_that_the_new_threshold_allows_together() -> None:
    parts(("2025-04-29", 150), ("2025-05-10", 150), kind="works")
    assert flagged("K01") == set()


@pytest.mark.parametrize(
    "names",
    [
        ("Sewa kursi", "Sewa kursi tahap 2"),
        ("Sewa kursi", "Sewa kursi (tahap II)"),
        ("Sewa kursi", "Sewa kursi x"),
        ("Belanja ATK tahap IX", "Belanja ATK tahap XII"),
        ("Belanja ATK", "Belanja ATK kedua", "Belanja ATK termin 3", "Belanja ATK ke-4"),
        ("Katering rapat Maret", "Katering rapat April", "Katering rapat triwulan II"),
    ],
)
def test_words_that_number_a_part_make_no_other_name(names: tuple[str, ...]) -> None:
    found = [package("2026-03-02", 150, name=name, method=DIRECT, kind="goods").pk for name in names]
    assert flagged("K01") == set(found)


@pytest.mark.parametrize(
    "those",
    [
        [("2026-01-01", 150), ("2026-01-11", 150), ("2026-04-11", 100)],
        [("2026-01-01", 150), ("2026-02-10", 150), ("2026-04-05", 30), ("2026-04-20", 60)],
    ],
)
def test_a_split_names_the_packages_that_it_sums(those: list[tuple[str, float]]) -> None:
    found = parts(*those)
    worth = {f"ocds-kaltim-{row.rup_code}": row.ceiling_rupiah for row in Package.objects.filter(pk__in=found)}
    flags = raised("K01")
    assert flags
    for flag in flags:
        named = flag.evidence["packages"]
        assert len(named) == flag.evidence["parts"]
        assert flag.key in named
        assert sum(worth[ocid] for ocid in named) == flag.evidence["sum"] == flag.value


def test_what_no_threshold_allows_is_no_part_of_a_split() -> None:
    """Beside a package that needed a tender anyway, a small one was not split off: K19 says what is wrong."""
    large, small = parts(("2026-03-02", 900), ("2026-03-10", 20))
    assert flagged("K01") == set()
    assert flagged("K19") == {large}
    assert small != large


def test_parts_of_two_fiscal_years_are_none() -> None:
    package("2025-12-20", 150, name="Sewa kendaraan", method=DIRECT, fiscal_year=2025)
    package("2025-12-22", 150, name="Sewa kendaraan", method=DIRECT, fiscal_year=2026)
    assert flagged("K01") == set()


@pytest.mark.parametrize(
    ("method", "hours", "codes"),
    [
        ("tender", 15 * 24, set()),
        ("tender", 15 * 24 - 1, {"R003"}),
        ("tender", 7 * 24 - 1, {"R003", "K06"}),
        ("quick_tender", 3 * 24, set()),
        ("quick_tender", 3 * 24 - 1, {"R003", "K06"}),
        (DIRECT, 24, set()),
        (DIRECT, 23, {"R003", "K06"}),
        ("direct_appointment", 1, set()),
        ("e_purchasing", 1, set()),
    ],
)
def test_days_for_offers_by_method(method: str, hours: int, codes: set[str]) -> None:
    begins = moment("2026-03-02")
    there = package(method=method, millions=190, offers_from=begins, offers_until=begins + dt.timedelta(hours=hours))
    assert {code for code in ("R003", "K06") if there.pk in flagged(code)} == codes


def test_a_limit_that_is_entered_holds_from_its_day() -> None:
    FlagLimit.objects.create(code="K06", method="tender", limit=10, valid_from=day("2026-06-01"), basis="SE 2")
    there = [
        package(on, offers_from=moment(on), offers_until=moment(on) + dt.timedelta(days=8)).pk
        for on in ("2026-05-31", "2026-06-01")
    ]
    assert flagged("K06") == {there[1]}
