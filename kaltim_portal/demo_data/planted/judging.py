"""What the flags find of a planted world, rule by rule, and what they hit that is innocent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from kaltim_portal.demo_data.planted import bids, markets
from kaltim_portal.demo_data.planted.world import PlantedWorld
from procurement.choices import FlagSubject
from procurement.leads import matching
from procurement.models import Lead, Package
from procurement.red_flags import services as flag_services
from procurement.red_flags.facts import RaisedFlag
from procurement.red_flags.rules import RULES

# Where a threshold is computed from all data, the world is judged by a fixed one: that has an edge.
PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "R024": {"threshold": float(bids.SECOND_OFFER)},
    "R058": {"threshold": float(bids.FAR_BELOW)},
    "R025": {"threshold": float(markets.NEVER_WINS), "percentile": 100},
    "R038": {"threshold": float(markets.OFTEN_OUT)},
    "R048": {"threshold": markets.CLASSES, "minimum_packages": markets.CLASSES},
}
# Rules that are told of an OPD or a supplier. Those of packages name bidders beside them, which are not judged.
OF_PARTIES = ("K04", "R025", "R038", "R048")
LEAD = "lead"
OCID = "ocds-kaltim-"


@dataclass
class RuleScore:
    """`found` of the planted were raised, `false` are raised and not planted."""

    code: str
    planted: int = 0
    found: int = 0
    innocent: int = 0
    false: int = 0

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.false) if self.found + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 1.0

    @property
    def line(self) -> str:
        return (
            f"{self.code} planted {self.planted} found {self.found} innocent {self.innocent} false {self.false} "
            f"precision {round(self.precision, 3)} recall {round(self.recall, 3)}"
        )


@dataclass
class Judgement:
    """`planted` packages, `found` of them with every flag that they have to raise; `innocent` ones, and `hit`:
    packages and parties with a flag or a lead that they must not have. `missed`, `wrong`: who, what was expected, what
    was raised."""

    planted: int = 0
    found: int = 0
    innocent: int = 0
    hit: int = 0
    rules: list[RuleScore] = field(default_factory=list)
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.hit) if self.found + self.hit else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 0.0

    def lines(self) -> list[str]:
        return [
            *[f"missed {who}: {what}; raised {raised or 'nothing'}" for who, what, raised in self.missed],
            *[f"wrong {who}: {what}; raised {raised}" for who, what, raised in self.wrong],
            *[rule.line for rule in self.rules],
            f"packages {self.planted + self.innocent} planted {self.planted} found {self.found} false {self.hit}",
        ]


def judge(world: PlantedWorld) -> Judgement:
    """Run every rule over the world's packages alone, and the matching; keeps no flag.

    A package is found when each of its flags is raised; it is hit by any flag, or lead that is more than a name, that
    was not planted in it.
    """
    codes = [*world.planted, *world.innocent]
    packages = Package.objects.filter(rup_code__in=codes).values_list("pk", flat=True)
    raised = flag_services.raised_by(list(RULES), packages=list(packages), parameters=PARAMETERS)
    of_package, of_party = _by_subject(raised)
    for code in _with_strong_leads(codes):
        if code in world.innocent:
            of_package.setdefault(code, set()).add(LEAD)
    judgement = Judgement(planted=len(world.planted), innocent=len(world.innocent))
    for code in codes:
        expected, found = world.planted.get(code, frozenset()), of_package.get(code, set())
        what = " ".join(sorted(expected)) or world.innocent.get(code, "")
        if expected - found:
            judgement.missed.append((code, what, " ".join(sorted(found))))
        if found - expected:
            judgement.wrong.append((code, what, " ".join(sorted(found))))
    judgement.found, judgement.hit = judgement.planted - len(judgement.missed), len(judgement.wrong)
    judgement.rules = [_score(world, code, of_package, of_party) for code in RULES]
    _judge_parties(world, judgement, of_party)
    return judgement


def _by_subject(raised: list[RaisedFlag]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Flags by RUP code, and parties by the rule that names them."""
    of_package: dict[str, set[str]] = {}
    of_party: dict[str, set[str]] = {}
    for flag in raised:
        if flag.subject == FlagSubject.PACKAGE:
            of_package.setdefault(flag.key.removeprefix(OCID), set()).add(flag.code)
        elif flag.code in OF_PARTIES:
            of_party.setdefault(flag.code, set()).add(flag.key.rpartition("/")[2])  # a market is of a year
    return of_package, of_party


def _with_strong_leads(codes: list[str]) -> set[str]:
    matching.match()
    strong = Lead.objects.found().filter(Q(score__gt=matching.NAME_ONLY), package__rup_code__in=codes)
    return set(strong.values_list("package__rup_code", flat=True))


def _score(
    world: PlantedWorld, code: str, of_package: Mapping[str, set[str]], of_party: Mapping[str, set[str]]
) -> RuleScore:
    if code in OF_PARTIES:
        planted, innocent = world.parties.get(code, set()), world.spared.get(code, set())
        raised = of_party.get(code, set())
    else:
        planted = {rup for rup, codes in world.planted.items() if code in codes}
        innocent = {*world.planted, *world.innocent} - planted
        raised = {rup for rup, codes in of_package.items() if code in codes}
    return RuleScore(code, len(planted), len(planted & raised), len(innocent), len(raised - planted))


def _judge_parties(world: PlantedWorld, judgement: Judgement, of_party: Mapping[str, set[str]]) -> None:
    for code in OF_PARTIES:
        planted, raised = world.parties.get(code, set()), of_party.get(code, set())
        judgement.missed += [(party, code, "") for party in sorted(planted - raised)]
        judgement.wrong += [(party, "", code) for party in sorted(raised - planted)]
    judgement.hit = len(judgement.wrong)
