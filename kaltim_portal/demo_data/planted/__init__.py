"""Made-up packages of which it is known what is wrong with each, for judging the red flags and for the demo.

`plant` writes them; `judge` says rule by rule what of it the flags found, and what they hit that is innocent. Every
rule has cases at its edge and on both sides of it.
"""

from kaltim_portal.demo_data.planted.cases import plant
from kaltim_portal.demo_data.planted.judging import Judgement, RuleScore, judge
from kaltim_portal.demo_data.planted.world import PlantedWorld

__all__ = ["Judgement", "PlantedWorld", "RuleScore", "judge", "plant"]
