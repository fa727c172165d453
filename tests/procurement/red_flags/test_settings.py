"""Data of others: currencies and Cardinal's settings; what few that are compared can say."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from procurement.red_flags import services as flag_services
from procurement.red_flags.rules import check_parameters
from tests.factories import supplier
from tests.procurement.red_flags.cases import (
    award,
    offer,
    package,
    raised,
)

pytestmark = pytest.mark.django_db
DIRECT = "direct_procurement"


@pytest.fixture
def outside(tmp_path: Path) -> Any:
    def run(releases: list[dict[str, Any]], *arguments: str) -> set[tuple[str, str]]:
        file = tmp_path / "releases.jsonl"
        file.write_text("\n".join(json.dumps(release) for release in releases))
        out = io.StringIO()
        call_command("flags", "--all", "--ocds", str(file), *arguments, stdout=out, stderr=io.StringIO())
        rows = [json.loads(line) for line in out.getvalue().splitlines()]
        return {(row["code"], row.get("ocid") or row["party"]) for row in rows}

    return run


def money(amount: float, currency: str = "IDR") -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


def release(ocid: str, *, bids: list[dict[str, Any]] | None = None, winner: str = "", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"ocid": ocid, "buyer": {"id": "B"}, "tender": {"procurementMethod": "open"}} | more
    if bids:
        made["bids"] = {"details": bids}
    if winner:
        made["awards"] = [{"id": "a", "status": "active", "suppliers": [{"id": winner}]}]
    return made


def bid(party: str, amount: float, currency: str = "IDR", status: str = "valid") -> dict[str, Any]:
    return {"status": status, "tenderers": [{"id": party}], "value": money(amount, currency)}


def test_amounts_of_two_currencies_are_not_compared(outside: Any) -> None:
    def one(ocid: str, ceiling: dict[str, Any], hps: dict[str, Any], signed: dict[str, Any]) -> dict[str, Any]:
        return release(
            ocid,
            winner="A",
            planning={"budget": {"amount": ceiling}},
            tender={"procurementMethod": "open", "value": hps},
            contracts=[{"id": "1", "awardID": "a", "value": signed}],
        )

    found = outside(
        [
            one("rupiah", money(1_000), money(900), money(899)),
            one("dollars", money(1_000, "USD"), money(900, "USD"), money(650, "USD")),
            one("mixed", money(1_000), money(900), money(899, "USD")),
        ]
    )
    assert {each for each in found if each[0] in {"K02", "K17"}} == {("K02", "rupiah"), ("K17", "dollars")}


def test_a_market_is_of_one_currency(outside: Any) -> None:
    def won(ocid: str, party: str, value: dict[str, Any]) -> dict[str, Any]:
        return release(ocid, winner=party, contracts=[{"id": "1", "awardID": "a", "value": value}])

    rupiah = [won(f"r{n}", f"P{n}", money(1_000_000)) for n in range(8)]
    dollars = [won(f"d{n}", "USER", money(9_000_000, "USD")) for n in range(4)]
    assert ("K04", "B") not in outside([*rupiah, *dollars])


def test_equal_steps_are_of_one_currency(outside: Any) -> None:
    steps = [bid("A", 100), bid("B", 110), bid("C", 120)]
    mixed = [bid("A", 100), bid("B", 110, "USD"), bid("C", 120)]
    found = outside([release("same", bids=steps, winner="A"), release("mixed", bids=mixed, winner="A")])
    assert {ocid for code, ocid in found if code == "K05"} == {"same"}


PRICES = [bid("L", 99, status="disqualified"), bid("W", 100), bid("V", 100), bid("X", 100.01)]


def priced(ocid: str, details: str | None) -> dict[str, Any]:
    tender = {"procurementMethod": "open"} | ({"procurementMethodDetails": details} if details else {})
    return release(ocid, bids=PRICES, winner="W", tender=tender)


ALL_THREE = ("--set", "R024.threshold=0.5")
OF_PRICES = {"R024", "R028", "R036"}


@pytest.mark.parametrize(
    ("setting", "left"),
    [
        ("exclusions.procurement_method_details=Undian|Lain", {"b", "c"}),
        ("no_price_comparison_procurement_methods=Undian", {"b", "c"}),
        ("price_comparison_procurement_methods=Undian", {"a"}),
        ("exclusions.procurement_method_details=", {"a", "b", "c"}),
    ],
)
def test_settings_under_cardinals_names(outside: Any, setting: str, left: set[str]) -> None:
    releases = [priced("a", "Undian"), priced("b", "Tender"), priced("c", None)]
    found = outside(releases, *ALL_THREE, "--set", setting)
    assert {(code, ocid) for code, ocid in found if code in OF_PRICES and len(ocid) == 1 and ocid.islower()} == {
        (code, ocid) for code in OF_PRICES for ocid in left
    }


def test_excluded_means_of_every_flag_and_uncompared_only_of_prices(outside: Any) -> None:
    short = {"startDate": "2026-03-01T00:00:00Z", "endDate": "2026-03-02T00:00:00Z"}
    tender = {"procurementMethod": "open", "procurementMethodDetails": "Undian", "tenderPeriod": short}
    releases = [release("x", tender=tender)]
    assert ("R003", "x") in outside(releases, "--set", "no_price_comparison_procurement_methods=Undian")
    assert outside(releases, "--set", "exclusions.procurement_method_details=Undian") == set()


@pytest.mark.parametrize(("setting", "is_raised"), [("Undian=5|Lain=9", False), ("Undian=6", True), ("Lain=30", False)])
def test_days_by_details_of_the_method(outside: Any, setting: str, is_raised: bool) -> None:
    five = {"startDate": "2026-03-01T00:00:00Z", "endDate": "2026-03-06T00:00:00Z"}
    tender = {"procurementMethod": "open", "procurementMethodDetails": "Undian", "tenderPeriod": five}
    arguments = ("--codes", "R003", "--set", "R003.days=5", "--set", f"R003.procurement_method_details={setting}")
    assert bool(outside([release("x", tender=tender)], *arguments)) is is_raised


def test_a_setting_that_is_no_map_is_refused_in_words(outside: Any) -> None:
    from django.core.management import CommandError

    with pytest.raises(CommandError, match="procurement_method_details"):
        outside([release("x")], "--set", "R003.procurement_method_details=Undian")


def test_few_that_are_compared_make_no_threshold() -> None:
    """Two OPD with one disqualified offer: the computed threshold would be their own share."""
    there = package()
    offer(there, supplier(), millions=800)
    offer(there, supplier(), millions=810, state="disqualified")
    offer(there, supplier(), millions=830)
    award(there, there.offers.order_by("pk")[0].supplier)
    for code in ("R024", "R025", "R038", "R048", "R058"):
        assert raised(code) == [], code
    assert raised("R038", {"minimum_compared": 1})


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("K01", {"days": 90.5}),
        ("K01", {"days": 10**19}),
        ("K14", {"successor_days": 1.5}),
        ("R048", {"digits": 2.5}),
        ("K16", {"days": float("inf")}),
        ("K09", {"days": 0}),
    ],
)
def test_a_parameter_that_a_run_would_stumble_over_is_refused(code: str, given: dict[str, float]) -> None:
    assert check_parameters(code, given)


@pytest.mark.parametrize(
    ("code", "given"), [("K01", {"days": 90}), ("K04", {"share": 0.45}), ("K01", {"days": 36_500})]
)
def test_a_parameter_that_a_run_can_use(code: str, given: dict[str, float]) -> None:
    assert check_parameters(code, given) == ""
    flag_services.raised_by([code], parameters={code: given})
