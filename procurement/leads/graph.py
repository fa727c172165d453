"""Who is connected to whom around a package: officials, declared parties, bidders and people behind them.

Drawn as two columns with lines, as SVG that keyboards and screen readers can walk; the same links stand in a table.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from procurement.choices import LeadState
from procurement.leads.services import in_words
from procurement.models import Lead, Offer, Officer, Package

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
        start = self.one.x + BOX
        if self.one.x == self.other.x:
            out = start + 40
            return f"M {start} {self.one.middle} C {out} {self.one.middle}, {out} {self.other.middle}, {start} {self.other.middle}"
        return f"M {start} {self.one.middle} C {start + 80} {self.one.middle}, {self.other.x - 80} {self.other.middle}, {self.other.x} {self.other.middle}"


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
    """The people of the package on the left, its bidders on the right, leads that are not cleared as lines. Five
    queries."""
    picture = Picture()
    officials = {row.user_id: row for row in Officer.objects.active().filter(package=package).select_related("user")}
    offers = Offer.objects.filter(package=package).select_related("supplier").order_by("amount_rupiah", "pk")
    bidders = {offer.supplier_id: offer.supplier for offer in offers}
    for contract in package.contracts.current().select_related("supplier__merged_into"):
        supplier = contract.supplier.merged_into or contract.supplier
        bidders[supplier.pk] = supplier
    by_key: dict[str, Node] = {}
    for user_id, row in officials.items():
        by_key[f"o{user_id}"] = Node(f"o{user_id}", str(row.user), "official", str(row.get_role_display()))
    for supplier in bidders.values():
        by_key[f"s{supplier.pk}"] = Node(f"s{supplier.pk}", supplier.name, "bidder")
    leads = (
        Lead.objects.found()
        .exclude(state=LeadState.CLEARED)
        .filter(supplier_id__in=bidders)
        .select_related("official", "interest__declaration__declarer", "supplier", "other_supplier")
    )
    for lead in leads:
        left = _left(lead, officials, by_key)
        if left is None:
            continue
        what = "; ".join(words for words, _detail in in_words(lead))
        picture.links.append(Link(left, by_key[f"s{lead.supplier_id}"], what, lead.score > 0.45, lead))  # noqa: PLR2004
    picture.nodes = list(by_key.values())
    rows = {"left": 0, "right": 0}
    for node in picture.nodes:
        side = "right" if node.kind == "bidder" else "left"
        node.x, node.y = (RIGHT_X if side == "right" else LEFT_X), TOP + ROW * rows[side]
        rows[side] += 1
    return picture


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
