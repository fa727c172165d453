"""Planning, programmes, budgets and their periodic reports."""

from programs.models.acts import DECIDE_REPORT, VERIFY_REPORT
from programs.models.budget import AccountRealisation, BudgetIssue, BudgetLine, SpendingRule
from programs.models.deadlines import DeadlineException, DeadlineRule, reporting_calendar
from programs.models.nomenclature import Nomenclature, NomenclatureQuerySet, NomenclatureVersion, Unit
from programs.models.planning import PlanDocument, PlanIndicator, PlanItem
from programs.models.programs import (
    FIRST_FISCAL_YEAR,
    LAST_FISCAL_YEAR,
    PROVINCE_READERS,
    Activity,
    Indicator,
    IndicatorTarget,
    LegalBasis,
    Program,
    ProgramQuerySet,
    ProgramRegion,
    RegionTarget,
    SubActivity,
)
from programs.models.report_steps import FieldComment, ReportSeal, ReportStep
from programs.models.reports import (
    Evidence,
    Progress,
    Recipients,
    Report,
    ReportQuerySet,
    ReportValue,
    ReportValueQuerySet,
)
from programs.models.rules import ValidationRule

__all__ = [
    "DECIDE_REPORT",
    "FIRST_FISCAL_YEAR",
    "LAST_FISCAL_YEAR",
    "PROVINCE_READERS",
    "VERIFY_REPORT",
    "AccountRealisation",
    "Activity",
    "BudgetIssue",
    "BudgetLine",
    "DeadlineException",
    "DeadlineRule",
    "Evidence",
    "FieldComment",
    "Indicator",
    "IndicatorTarget",
    "LegalBasis",
    "Nomenclature",
    "NomenclatureQuerySet",
    "NomenclatureVersion",
    "PlanDocument",
    "PlanIndicator",
    "PlanItem",
    "Program",
    "ProgramQuerySet",
    "ProgramRegion",
    "Progress",
    "Recipients",
    "RegionTarget",
    "Report",
    "ReportQuerySet",
    "ReportSeal",
    "ReportStep",
    "ReportValue",
    "ReportValueQuerySet",
    "SpendingRule",
    "SubActivity",
    "Unit",
    "ValidationRule",
    "reporting_calendar",
]
