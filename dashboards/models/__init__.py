"""Directives of the governor, and the summaries that the dashboards read."""

from dashboards.models.directives import DIRECTIVE_READERS, Directive, DirectiveQuerySet, FollowUp
from dashboards.models.summaries import (
    OfAgencies,
    PackageTally,
    ProgramStanding,
    ProgramStandingQuerySet,
    RegionTally,
    StaleSubject,
    SummaryState,
)

__all__ = [
    "DIRECTIVE_READERS",
    "Directive",
    "DirectiveQuerySet",
    "FollowUp",
    "OfAgencies",
    "PackageTally",
    "ProgramStanding",
    "ProgramStandingQuerySet",
    "RegionTally",
    "StaleSubject",
    "SummaryState",
]
