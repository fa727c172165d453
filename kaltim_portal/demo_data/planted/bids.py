"""What offers of one package say of each other."""

import datetime as dt
from decimal import Decimal

from kaltim_portal.demo_data.planted.world import PlantedWorld
from procurement.choices import Method, OfferState
from procurement.models import Offer

OUT, VALID = OfferState.DISQUALIFIED, OfferState.VALID
# Thresholds that are computed from the data have no edge that could be planted: the world is judged by these.
SECOND_OFFER, FAR_BELOW = Decimal("0.01"), Decimal("0.25")


def write(w: PlantedWorld) -> None:
    for cases in (_alone, _prices, _gaps, _disqualified, _late):
        cases(w)


def _alone(w: PlantedWorld) -> None:
    w.plant_one(w.package(bidders=[w.supplier()]), "R018")
    w.plant_one(w.package(method=Method.QUICK_TENDER, bidders=[w.supplier()]), "R018")
    w.spare(w.package(bidders=w.suppliers(2)), "dua penawar")
    w.spare(w.package(method=Method.DIRECT_APPOINTMENT, bidders=[w.supplier()]), "penunjukan langsung, satu penyedia")
    joint = w.suppliers(2)
    w.plant_one(w.package(bidders=joint[:1], partners={0: joint[1:]}), "R018")


def _prices(w: PlantedWorld) -> None:
    w.plant_one(w.package(shares=["0.9", "0.95", "0.95"]), "R028")
    near = w.spare(w.package(shares=["0.9", "0.95", "0.96"]), "selisih satu rupiah")
    second, third = Offer.objects.filter(package=near).order_by("amount_rupiah")[1:]
    Offer.objects.filter(pk=third.pk).update(amount_rupiah=(second.amount_rupiah or Decimal(0)) + 1)
    for steps, is_planted in ((["0.90", "0.93", "0.96"], True), (["0.9", "0.93", "0.96003"], True)):
        package = w.package(shares=steps, ceiling=1_000)
        w.plant_one(package, "K05") if is_planted else w.spare(package, "langkah tidak sama")
    w.spare(w.package(shares=["0.9", "0.93", "0.96004"], ceiling=1_000), "langkah hampir sama")
    w.spare(w.package(shares=["0.9", "0.93"]), "dua harga belum berlangkah")
    three = w.suppliers(3)
    w.plant_one(w.package(bidders=three, winner=three[1]), "K07")
    three = w.suppliers(3)
    w.spare(
        w.package(bidders=three, winner=three[1], award_note="Nilai teknis tertinggi."), "bukan terendah, beralasan"
    )


def _gaps(w: PlantedWorld) -> None:
    """The second-lowest offer beside the winner's."""
    for second, codes in (
        (Decimal("0.8") * (1 + SECOND_OFFER), ("R024",)),
        (Decimal("0.8") * Decimal("1.005"), ("R024",)),
        (Decimal("0.8") * Decimal("1.0101"), ()),
        (Decimal("0.8") * (1 + FAR_BELOW), ("R058",)),
        (Decimal("0.8") * Decimal("1.3"), ("R058",)),
        (Decimal("0.8") * Decimal("1.2499"), ()),
    ):
        package = w.package(shares=["0.8", second, second + Decimal("0.07")], ceiling=1_000)
        w.plant_one(package, *codes) if codes else w.spare(package, "jarak harga wajar")


def _disqualified(w: PlantedWorld) -> None:
    w.plant_one(w.package(states=[VALID, OUT, OUT]), "R035")
    w.plant_one(w.package(bidders=w.suppliers(2), states=[VALID, OUT]), "R035")
    w.spare(w.package(states=[VALID, VALID, OUT]), "masih ada penawar lain yang sah")
    three = w.suppliers(3)
    w.plant_one(w.package(bidders=three, states=[OUT, VALID, VALID], winner=three[1]), "R036")
    w.spare(w.package(states=[VALID, OUT, VALID]), "yang gugur bukan yang terendah")
    withdrawn = w.suppliers(3)
    w.spare(
        w.package(bidders=withdrawn, states=[OfferState.WITHDRAWN, VALID, VALID], winner=withdrawn[1]),
        "yang terendah mundur sendiri",
    )


def _late(w: PlantedWorld) -> None:
    until = w.day(3, 22)
    w.plant_one(w.package(offers_until=until, handed_in=until + dt.timedelta(seconds=1)), "R030")
    w.spare(w.package(offers_until=until, handed_in=until), "masuk tepat pada batas waktu")
    w.spare(w.package(offers_until=until, handed_in=until - dt.timedelta(seconds=1)), "masuk sedetik sebelumnya")
