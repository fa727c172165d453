"""What is told of a whole OPD or supplier: shares of a market, disqualified offers, offers that never win."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from accounts.models import Agency
from kaltim_portal.demo_data.planted.world import Bid, PlantedWorld
from procurement.choices import Method, OfferState
from procurement.models import Supplier

OUT, VALID = OfferState.DISQUALIFIED, OfferState.VALID
# Market: contracts of the one supplier in millions, of others, and whether it is told.
MARKETS: tuple[tuple[list[int], list[int], bool], ...] = (
    ([100] * 4, [100] * 4, True),  # half of the value
    ([100] * 4, [101] * 4, True),  # just below it, but concentrated all the same
    ([100] * 4, [280, 60, 60, 40, 40, *[10] * 12], True),  # an HHI of 2.500
    ([100] * 4, [250, *[50] * 7], False),  # an HHI of 2.400
    ([100] * 7, [], False),  # too few contracts
    ([200] * 3, [50] * 5, False),  # too few of the one supplier
)
DISQUALIFYING = ((2, 2, True), (1, 3, False), (3, 1, True))  # disqualified and valid offers of an OPD's one package
NEEDED = len(MARKETS) + len(DISQUALIFYING)
OFFERS, NEVER_WINS = 10, Decimal("0.1")
CLASSES, OFTEN_OUT = 5, Decimal("0.5")


def write(w: PlantedWorld, others: Sequence[Agency]) -> None:
    for agency, (own, rest, is_told) in zip(others, MARKETS, strict=False):
        _market(w, agency, own, rest, is_told=is_told)
    for agency, (out, valid, is_told) in zip(others[len(MARKETS) :], DISQUALIFYING, strict=False):
        _buyer(w, agency, out, valid, is_told=is_told)
    _often_out(w)
    _never_wins(w)
    _of_everything(w)


def _tell(w: PlantedWorld, code: str, party: str, *, is_told: bool) -> None:
    (w.name_party if is_told else w.spare_party)(code, party)


def _market(w: PlantedWorld, agency: Agency, own: list[int], rest: list[int], *, is_told: bool) -> None:
    one = w.supplier()
    for millions, supplier in [*((each, one) for each in own), *((each, w.supplier()) for each in rest)]:
        w.spare(
            w.package(
                agency=agency,
                method=Method.E_PURCHASING,
                bidders=[supplier],
                bids=[],
                ceiling=millions,
                value="0.9",
                offers_from=None,
                offers_until=None,
            ),
            "kontrak satu pasar",
        )
    _tell(w, "K04", f"ID-KALTIM-OPD-{agency.pk}", is_told=is_told)


def _buyer(w: PlantedWorld, agency: Agency, out: int, valid: int, *, is_told: bool) -> None:
    """One package whose dearer offers are disqualified, and one more where nobody is left over."""
    states = [VALID] * max(valid, 2) + [OUT] * out
    bids = [Bid(w.supplier(), Decimal(900 + 37 * n + 5 * n * n) / 1000, state) for n, state in enumerate(states)]
    w.spare(w.package(agency=agency, bids=bids), "penawar mahal gugur")
    _tell(w, "R038", f"ID-KALTIM-OPD-{agency.pk}", is_told=is_told)


def _with(w: PlantedWorld, *suppliers: Supplier, states: Sequence[str] = (), **more: Any) -> None:
    """A package that somebody else wins, with these as the dearest."""
    states = states or [VALID] * len(suppliers)
    bidders = [*w.suppliers(2), *suppliers]
    w.spare(w.package(bidders=bidders, states=[VALID, VALID, *states], **more), "penawar lain menang")


def _often_out(w: PlantedWorld) -> None:
    for out, valid, is_told in ((1, 1, True), (2, 0, True), (1, 2, False), (1, 0, False)):
        supplier = w.supplier()
        for state in [OUT] * out + [VALID] * valid:
            _with(w, supplier, states=[state])
        _tell(w, "R038", supplier.party_id, is_told=is_told)


def _never_wins(w: PlantedWorld) -> None:
    never, once, twice = w.suppliers(3)
    winners = [once, twice, twice]
    for number in range(OFFERS):
        if number < len(winners):
            rest = [each for each in (never, once, twice) if each is not winners[number]]
            w.spare(w.package(bidders=[winners[number], *rest]), "menang di antara yang sama")
        else:
            _with(w, never, once, twice)
    for supplier, is_told in ((never, True), (once, True), (twice, False)):
        _tell(w, "R025", supplier.party_id, is_told=is_told)


def _of_everything(w: PlantedWorld) -> None:
    codes = ["11", "22", "33", "44", "55", "66"]
    for classes, is_told in ((codes[:CLASSES], True), (codes, True), (codes[: CLASSES - 1] + codes[:1], False)):
        supplier = w.supplier()
        for code in classes:
            w.spare(w.package(bidders=[supplier, *w.suppliers(2)], kbki_code=f"{code}10"), "paket satu penyedia")
        _tell(w, "R048", supplier.party_id, is_told=is_told)
