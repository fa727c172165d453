"""Directives of the governor, early warnings, and the summaries that the dashboards read."""

from dashboards.models.briefings import Briefing, BriefingQuerySet, BriefingSection
from dashboards.models.directives import (
    CLOSE_DIRECTIVE,
    DIRECTIVE_READERS,
    Directive,
    DirectiveQuerySet,
    FollowUp,
)
from dashboards.models.lights import AgencyLight, AgencyLightQuerySet, LightRule
from dashboards.models.search import SearchWord
from dashboards.models.summaries import (
    OfAgencies,
    PackageTally,
    ProgramStanding,
    ProgramStandingQuerySet,
    RegionTally,
    StaleSubject,
    SummaryState,
)
from dashboards.models.warnings import EarlyWarning, WarningQuerySet

__all__ = [
    "CLOSE_DIRECTIVE",
    "DIRECTIVE_READERS",
    "AgencyLight",
    "AgencyLightQuerySet",
    "Briefing",
    "BriefingQuerySet",
    "BriefingSection",
    "Directive",
    "DirectiveQuerySet",
    "EarlyWarning",
    "FollowUp",
    "LightRule",
    "OfAgencies",
    "PackageTally",
    "ProgramStanding",
    "ProgramStandingQuerySet",
    "RegionTally",
    "SearchWord",
    "StaleSubject",
    "SummaryState",
    "WarningQuerySet",
]
