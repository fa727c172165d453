"""Minimum service standards: the services as dated data, what was served, and the index."""

from spm.models.achievements import (
    Achievement,
    AchievementQuerySet,
    GapPlan,
    IndexValue,
    QualityFigure,
    StageProgress,
)
from spm.models.services import (
    Domain,
    IndexCategory,
    IndexMethod,
    IndexVersion,
    QualityElement,
    ServiceKind,
    ServiceKindQuerySet,
    StageItem,
)

__all__ = [
    "Achievement",
    "AchievementQuerySet",
    "Domain",
    "GapPlan",
    "IndexCategory",
    "IndexMethod",
    "IndexValue",
    "IndexVersion",
    "QualityElement",
    "QualityFigure",
    "ServiceKind",
    "ServiceKindQuerySet",
    "StageItem",
    "StageProgress",
]
