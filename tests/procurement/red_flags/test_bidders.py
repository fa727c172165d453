"""Who bids is whoever stands behind the offer: each member of a joint operation, as they were on the day."""

import pytest

from procurement.choices import PackageKind
from procurement.leads import matching
from procurement.leads.graph import of_package
from procurement.models import (
    Blacklisting,
    Interest,
    Lead,
    Officer,
    Package,
    Supplier,
    SupplierContact,
    SupplierPerson,
)
from tests.factories import supplier
from tests.procurement.red_flags.cases import (
    NIK,
    contract,
    day,
    flagged,
    moment,
    offer,
    officer,
    package,
    person,
    raised,
)

pytestmark = pytest.mark.django_db


def rivals(first: Supplier, second: Supplier, on: str = "2026-03-10") -> int:
    """A package for which the two offer, each with a partner that is known for nothing."""
    there = package()
    offer(there, supplier(), on, partners=[first])
    offer(there, supplier(), on, partners=[second])
    return there.pk


def test_partners_of_two_bidders_with_one_director() -> None:
    one, other = supplier(), supplier()
    person(one)
    person(other)
    there = rivals(one, other)
    assert flagged("K12") == {there}
    (flag,) = raised("K12")
    (pair,) = flag.evidence["pairs"]
    assert {pair["one"], pair["other"]} == {one.name, other.name}
    assert pair["shares"] == ["person"]


def test_partners_of_one_joint_operation_may_have_much_in_common() -> None:
    one, other, there = supplier(), supplier(), package()
    person(one)
    person(other)
    offer(there, one, partners=[other])
    offer(there, supplier())
    assert flagged("K12") == set()


def test_a_supplier_that_offers_alone_and_in_a_joint_operation() -> None:
    twice, there = supplier(), package()
    offer(there, twice)
    offer(there, supplier(), partners=[twice])
    (flag,) = raised("K12")
    assert (flag.process, flag.evidence["pairs"][0]["shares"]) == (there.pk, ["company"])


@pytest.mark.parametrize(
    ("since", "until", "is_raised"),
    [
        (None, None, True),
        (None, "2026-03-10", True),
        (None, "2026-03-09", False),
        ("2026-03-10", None, True),
        ("2026-03-11", None, False),
    ],
)
def test_a_director_counts_on_the_day_of_the_offer(since: str | None, until: str | None, is_raised: bool) -> None:
    one, other = supplier(), supplier()
    person(one)
    person(other, from_day=since and day(since), until_day=until and day(until))
    there = rivals(one, other)
    official = package()
    officer(official, identity=NIK)
    bidder = offer(official, other).supplier
    assert bidder == other
    assert flagged("K12") == ({there} if is_raised else set())
    assert flagged("K15") == ({official.pk} if is_raised else set())


def test_a_contact_counts_on_the_day_of_the_offer() -> None:
    one, other = supplier(), supplier()
    SupplierContact.objects.create(supplier=one, kind="phone", value="0541 735555")
    SupplierContact.objects.create(supplier=other, kind="phone", value="+62 541 735-555", until_day=day("2026-03-10"))
    before, after = rivals(one, other, "2026-03-10"), rivals(one, other, "2026-03-11")
    assert flagged("K12") == {before}
    assert before != after


def test_the_day_of_an_offer_is_kalimantans() -> None:
    one, other = supplier(), supplier()
    person(one)
    person(other, from_day=day("2026-03-10"))
    assert flagged("K12") == set()
    there = rivals(one, other, "2026-03-10 07:00")
    assert flagged("K12") == {there}, "in UTC it is still the ninth"


@pytest.mark.parametrize(("percent", "is_raised"), [("50", False), ("50.01", True), ("60", True)])
def test_control_by_a_post_and_by_shares(percent: str, is_raised: bool) -> None:
    """A director of one bidder who owns more than half of the other."""
    one, other = supplier(), supplier()
    person(one)
    person(other, role="owner", share_percent=percent)
    there = rivals(one, other)
    assert flagged("K12") == ({there} if is_raised else set())


def test_two_holdings_of_one_person_are_one() -> None:
    one, other = supplier(), supplier()
    person(one)
    person(other, role="owner", share_percent="30")
    person(other, role="owner", share_percent="30")
    there = rivals(one, other)
    assert flagged("K12") == {there}


def test_two_holdings_after_one_another_are_not_one() -> None:
    one, other = supplier(), supplier()
    person(one)
    person(other, role="owner", share_percent="30", until_day=day("2025-12-31"))
    person(other, role="owner", share_percent="30", from_day=day("2026-01-01"))
    rivals(one, other)
    assert flagged("K12") == set()


def test_control_through_a_company_that_holds_the_shares() -> None:
    """The owner of a holding company, which owns the bidder, and a director of the other bidder."""
    holding, one, other = supplier(), supplier(), supplier()
    person(holding, role="owner", share_percent="80")
    person(one, identity=holding.tax_number, role="owner", share_percent="100")
    person(other)
    there = rivals(one, other)
    assert flagged("K12") == {there}
    SupplierPerson.objects.filter(supplier=one).update(share_percent="40")
    assert flagged("K12") == set()


def test_a_bidder_that_owns_the_other() -> None:
    mother, daughter = supplier(), supplier()
    person(daughter, identity=mother.tax_number, role="owner", share_percent="51")
    assert flagged("K12") == set()
    there = rivals(mother, daughter)
    assert flagged("K12") == {there}


def test_companies_that_own_each_other_end_the_search() -> None:
    one, other = supplier(), supplier()
    person(one, identity=other.tax_number, role="owner", share_percent="51")
    person(other, identity=one.tax_number, role="owner", share_percent="51")
    there = rivals(one, other)
    assert flagged("K12") == {there}


def test_a_contact_of_very_many_says_nothing_and_a_person_always_something() -> None:
    many = [supplier() for _ in range(12)]
    for each in many:
        SupplierContact.objects.create(supplier=each, kind="phone", value="0541 100100")
    there = rivals(many[0], many[1])
    assert flagged("K12") == set()
    for each in many:
        person(each)
    assert flagged("K12") == {there}


@pytest.mark.parametrize(("last_day", "is_raised"), [("2026-03-09", False), ("2026-03-10", True)])
def test_a_blacklisted_partner(last_day: str, is_raised: bool) -> None:
    barred, there = supplier(), package()
    Blacklisting.objects.create(
        supplier=barred, decision_number="SK/1", from_day=day("2025-01-01"), until_day=day(last_day)
    )
    leader = supplier()
    offer(there, leader, "2026-03-10 06:00", partners=[barred])
    contract(there, leader, "2026-04-01")
    assert flagged("K13") == ({there.pk} if is_raised else set())


def test_a_partner_that_is_blacklisted_when_the_contract_is_signed() -> None:
    barred, leader, there = supplier(), supplier(), package()
    Blacklisting.objects.create(
        supplier=barred, decision_number="SK/1", from_day=day("2026-04-01"), until_day=day("2027-04-01")
    )
    offer(there, leader, partners=[barred])
    assert flagged("K13") == set()
    contract(there, leader, "2026-04-01")
    (flag,) = raised("K13")
    assert [each["what"] for each in flag.evidence] == ["contract"]


def test_an_official_who_directs_a_partner() -> None:
    partner, there = supplier(), package()
    person(partner)
    officer(there, identity=NIK)
    offer(there, supplier(), partners=[partner])
    (flag,) = raised("K15")
    assert flag.process == there.pk
    assert flag.evidence == [{"side": "official", "supplier": partner.name, "as": "director"}]


def test_an_official_who_owns_the_company_behind_a_bidder() -> None:
    holding, bidder, there = supplier(), supplier(), package()
    person(holding, role="owner", share_percent="90")
    person(bidder, identity=holding.tax_number, role="owner", share_percent="70")
    officer(there, identity=NIK)
    offer(there, bidder)
    assert flagged("K15") == {there.pk}


@pytest.mark.parametrize(("taken_off", "is_raised"), [("2026-03-09", False), ("2026-03-10", True), (None, True)])
def test_an_official_counts_while_on_the_package(taken_off: str | None, is_raised: bool) -> None:
    bidder, there = supplier(), package()
    person(bidder)
    officer(there, identity=NIK, removed_at=taken_off and moment(taken_off))
    offer(there, bidder, "2026-03-10")
    assert flagged("K15") == ({there.pk} if is_raised else set())


@pytest.mark.parametrize(("corrected", "is_raised"), [("2026-03-10", False), ("2026-03-11", True), (None, True)])
def test_what_was_declared_on_the_day_of_the_offer_counts(corrected: str | None, is_raised: bool) -> None:
    bidder, there = supplier(), package()
    row: Officer = officer(there)
    declaration = row.declarations.get()
    row.declarations.update(superseded_at=corrected and moment(corrected))
    Interest.objects.create(
        declaration=declaration,
        kind="family",
        nature="potential",
        party_name="Perusahaan adik",
        party_identity=bidder.tax_number,
        relation="milik adik",
    )
    offer(there, supplier(), "2026-03-10", partners=[bidder])
    assert flagged("K15") == ({there.pk} if is_raised else set())


def test_leads_know_members_too() -> None:
    """An official and a partner of the bidder with one NIK; two partners of rivals with one director."""
    one, other, partner, there = supplier(), supplier(), supplier(), package()
    person(partner)
    officer(there, identity=NIK)
    offer(there, supplier(), partners=[partner])
    person(one, identity="6472010101800002")
    person(other, identity="6472010101800002")
    rivals(one, other)
    matching.match()
    leads = {(lead.supplier, lead.other_supplier): lead for lead in Lead.objects.found()}
    assert leads[partner, None].package == there
    assert leads[one, other].package is not None


def designed(**values: object) -> tuple[Package, Supplier, Supplier]:
    """Works whose design was contracted to a joint operation; its leader and its partner."""
    leader, partner = supplier(), supplier()
    design = package(kind=PackageKind.CONSULTING, method="selection")
    offer(design, leader, partners=[partner])
    contract(design, leader)
    facts = {"kind": PackageKind.WORKS} | values
    return package(designed_in=design, **facts), leader, partner  # type: ignore[arg-type]  # values of the model


def test_the_picture_of_a_package_shows_the_lead_on_a_partner() -> None:
    there, leader, partner = package(), supplier(name="PT Pemimpin"), supplier(name="PT Mitra")
    official = officer(there, identity=NIK)
    person(partner, NIK)
    offer(there, leader, millions=800, partners=[partner])
    matching.match()
    picture = of_package(there)
    (link,) = picture.links
    assert (link.one.label, link.other.label) == (str(official.user), "PT Mitra")
    assert [node.label for node in picture.nodes if node.kind == "bidder"] == ["PT Pemimpin", "PT Mitra"]


def test_the_designers_partner_builds() -> None:
    works, _leader, partner = designed()
    offer(works, supplier(), partners=[supplier()])
    assert flagged("K18") == set()
    offer(works, supplier(), partners=[partner])
    assert flagged("K18") == {works.pk}


def test_the_designer_is_a_partner_of_the_builder() -> None:
    works, leader, _partner = designed()
    offer(works, supplier(), partners=[leader])
    assert flagged("K18") == {works.pk}


def test_integrated_works_are_designed_and_built_in_one() -> None:
    works, leader, _partner = designed(kind=PackageKind.INTEGRATED)
    offer(works, leader)
    assert flagged("K18") == set()


def test_a_withdrawn_offer_is_none() -> None:
    works, leader, _partner = designed()
    offer(works, supplier(), partners=[leader], state="withdrawn")
    assert flagged("K18") == set()


@pytest.mark.parametrize(
    ("since", "until", "is_found"),
    [(None, "2026-03-10", True), (None, "2026-03-09", False), ("2026-03-10", None, True), ("2026-03-11", None, False)],
)
def test_leads_between_rivals_go_by_the_day_of_the_offer(since: str | None, until: str | None, is_found: bool) -> None:
    one, other = supplier(), supplier()
    person(one)
    person(other, from_day=since and day(since), until_day=until and day(until))
    rivals(one, other)
    matching.match()
    assert Lead.objects.found().filter(supplier=one, other_supplier=other).exists() is is_found


def test_a_joint_operation_is_the_same_whoever_leads_it() -> None:
    """A+B and B+A at one price are one bidder with two papers; A+B and A+C are two."""
    there, (one, two, three) = package(), (supplier(), supplier(), supplier())
    offer(there, one, millions=800, partners=[two])
    again = offer(there, two, millions=800, partners=[one])
    assert flagged("R028") == set()
    again.partners.set([three])
    assert flagged("R028") >= {there.pk}
