"""Who is connected to whom around a package: officials, declared parties, bidders and people behind them.

Drawn as two columns with lines, as SVG that keyboards and screen readers can walk; the same links stand in a table.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from procurement.choices import LeadState
from procurement.leads.matching import NAME_ONLY
from procurement.leads.services import in_words
from procurement.models import Lead, Offer, OfferPartner, Officer, Package, Supplier

ROW, TOP, WIDTH = 46, 20, 760
LEFT_X, RIGHT_X, BOX = 10, 470, 280


@dataclass
class Node:
    """`kind` is official, party or bidder; `x`, `y` place the box."""

    key: str
    label: str
    kind: str
    note: str = ""
    x: int = 0
    y: int = 0

    @property
    def middle(self) -> int:
        return self.y + 16


@dataclass(frozen=True)
class Link:
    one: Node
    other: Node
    what: str
    is_strong: bool
    lead: Lead

    @property
    def path(self) -> str:
        """A line from box to box; between two bidders it swings out to the right."""
        start, one, other = self.one.x + BOX, self.one.middle, self.other.middle
        if self.one.x == self.other.x:
            end, leaving, arriving = start, start + 40, start + 40
        else:
            end, leaving, arriving = self.other.x, start + 80, self.other.x - 80
        return f"M {start} {one} C {leaving} {one}, {arriving} {other}, {end} {other}"


@dataclass
class Picture:
    nodes: list[Node] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    @property
    def height(self) -> int:
        return TOP + ROW * max(
            sum(n.kind == "bidder" for n in self.nodes), sum(n.kind != "bidder" for n in self.nodes), 1
        )

    @property
    def width(self) -> int:
        return WIDTH + 60


def of_package(package: Package) -> Picture:
    """The people of the package on the left, its bidders on the right, leads that are not cleared as lines. Six
    queries."""
    officials = {row.user_id: row for row in Officer.objects.active().filter(package=package).select_related("user")}
    bidders = _bidders(package)
    nodes = _nodes(officials, bidders)
    links = [link for lead in _leads(bidders) if (link := _link(lead, officials, nodes))]
    picture = Picture(list(nodes.values()), links)
    _place(picture.nodes)
    return picture


def _bidders(package: Package) -> dict[int, Supplier]:
    """Who offered, the cheapest first, alone or as a partner of a joint operation, and who has a contract."""
    offers = Offer.objects.filter(package=package).select_related("supplier").order_by("amount_rupiah", "pk")
    found = {offer.supplier_id: offer.supplier for offer in offers}
    partners = OfferPartner.objects.filter(offer__package=package).select_related("supplier").order_by("offer", "pk")
    found |= {partner.supplier_id: partner.supplier for partner in partners if partner.supplier_id not in found}
    for contract in package.contracts.current().select_related("supplier__merged_into"):
        supplier = contract.supplier.merged_into or contract.supplier
        found[supplier.pk] = supplier
    return found


def _nodes(officials: dict[int, Officer], bidders: dict[int, Supplier]) -> dict[str, Node]:
    people = [Node(f"o{key}", str(row.user), "official", str(row.get_role_display())) for key, row in officials.items()]
    firms = [Node(f"s{key}", supplier.name, "bidder") for key, supplier in bidders.items()]
    return {node.key: node for node in [*people, *firms]}


def _leads(bidders: dict[int, Supplier]) -> Iterable[Lead]:
    rows = Lead.objects.found().exclude(state=LeadState.CLEARED).filter(supplier_id__in=bidders)
    return rows.select_related("official", "interest__declaration__declarer", "supplier", "other_supplier")


def _link(lead: Lead, officials: dict[int, Officer], nodes: dict[str, Node]) -> Link | None:
    """The line of a lead; a declared party that it is about becomes a node."""
    left = _left(lead, officials, nodes)
    if left is None:
        return None
    what = "; ".join(words for words, _detail in in_words(lead))
    return Link(left, nodes[f"s{lead.supplier_id}"], what, lead.score > NAME_ONLY, lead)


def _place(nodes: Iterable[Node]) -> None:
    """Bidders below one another on the right, everybody else on the left."""
    rows = {LEFT_X: 0, RIGHT_X: 0}
    for node in nodes:
        node.x = RIGHT_X if node.kind == "bidder" else LEFT_X
        node.y = TOP + ROW * rows[node.x]
        rows[node.x] += 1


def _left(lead: Lead, officials: dict[int, Officer], by_key: dict[str, Node]) -> Node | None:
    """The other end of a lead, when it has to do with this package."""
    if lead.other_supplier_id:
        return by_key.get(f"s{lead.other_supplier_id}")
    if lead.official_id not in officials:
        return None
    if lead.interest is None:
        return by_key[f"o{lead.official_id}"]
    key = f"i{lead.interest_id}"
    declarer = lead.interest.declaration.declarer
    return by_key.setdefault(
        key, Node(key, lead.interest.party_name, "party", _("declared by %(who)s") % {"who": declarer})
    )
