"""Regions, OPD, SPM services, planning codes and units from kaltim_portal/reference. Loading twice changes nothing."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.models import Agency
from core.choices import RegionLevel
from core.models import Region
from dashboards.models import LightRule
from procurement.models import FlagLimit, FlagRule, MethodThreshold
from procurement.red_flags.rules import ALL_FLAGS, DEFAULT_SETTINGS, RULES
from programs.checks import CHECKS
from programs.choices import NomenclatureLevel, ReportKind
from programs.models import (
    BudgetLine,
    DeadlineRule,
    Nomenclature,
    NomenclatureVersion,
    SpendingRule,
    Unit,
    ValidationRule,
)
from programs.registration import spending
from spm import index_store
from spm.models import (
    Achievement,
    Domain,
    IndexCategory,
    IndexMethod,
    IndexValue,
    IndexVersion,
    QualityElement,
    ServiceKind,
    StageItem,
)

REFERENCE = Path(__file__).resolve().parents[2] / "reference"
SPM_VALID_FROM = dt.date(2022, 1, 1)  # first fiscal year under Permendagri 59/2021
SPM_LEGAL_BASIS = "PP 2/2018; Permendagri 59/2021"
NOMENCLATURE_FROM = 2023
RULES_FROM = dt.date(2020, 1, 1)
LEVELS = dict(enumerate([NomenclatureLevel.FIELD, NomenclatureLevel.SUBFIELD, NomenclatureLevel.PROGRAM], start=1))


class Command(BaseCommand):
    help = "Load the reference data that come with the portal; adds what is missing, changes nothing else."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(), pghistory.context(task="load_reference"):
            regions()
            agencies()
            spm()
            spm_index()
            nomenclature()
            units()
            spending_rules()
            validation_rules()
            deadlines()
            method_thresholds()
            flag_limits()
            flag_rules()
            light_rules()


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def regions() -> None:
    """The province first, then its regencies, then their districts: a parent is there before its children."""
    there = dict(Region.objects.values_list("kemendagri_code", "pk"))
    levels = {"province": RegionLevel.PROVINCE, "regency": RegionLevel.REGENCY, "district": RegionLevel.DISTRICT}
    for name, level in levels.items():
        new = [
            Region(
                kemendagri_code=row["kemendagri_code"],
                bps_code=row["bps_code"] or None,
                name=row["name"].title() if row["name"].isupper() else row["name"],
                abbreviation=row["abbreviation"],
                level=level,
                parent_id=there[row["parent_kemendagri_code"]] if row["parent_kemendagri_code"] else None,
            )
            for row in rows("regions.csv")
            if row["level"] == name and row["kemendagri_code"] not in there
        ]
        Region.objects.bulk_create(new)
        there |= {region.kemendagri_code: region.pk for region in new}
    for row in rows("regions.csv"):
        if row["abbreviation"]:
            lacking = Region.objects.filter(kemendagri_code=row["kemendagri_code"], abbreviation="")
            lacking.update(abbreviation=row["abbreviation"])


def agencies() -> None:
    """What an OPD was called or coded once stays known: a renamed or merged one is not made anew."""
    there = set(Agency.objects.with_former().values_list("code", flat=True))
    for row in rows("agencies.csv"):
        if row["code"] not in there:
            Agency.objects.create(code=row["code"], name=row["name"], short_name=row["short_name"])


def spm() -> None:
    for row in rows("spm_domains.csv"):
        Domain.objects.get_or_create(
            code=row["code"], defaults={key: row[key] for key in ("name", "short_name", "legal_basis")}
        )
    domains = {domain.code: domain for domain in Domain.objects.all()}
    for row in rows("spm_services.csv"):
        ServiceKind.objects.get_or_create(
            code=row["code"],
            level="province",
            valid_from=SPM_VALID_FROM,
            defaults={
                "domain": domains[row["domain"]],
                "name": row["name"],
                "technical_standard": row["technical_standard"],
                "legal_basis": SPM_LEGAL_BASIS,
            },
        )


def spm_index() -> None:
    """Weights, categories, stages, quality elements and who answers for a service; administrators check and change
    them."""
    version, created = IndexVersion.objects.get_or_create(
        valid_from=SPM_VALID_FROM,
        defaults={
            "recipients_weight": Decimal("0.8"),
            "quality_weight": Decimal("0.2"),
            "legal_basis": "Permendagri 59/2021",
        },
    )
    if created:
        IndexCategory.objects.bulk_create(
            IndexCategory(
                version=version, name=row["name"], lowest=Decimal(row["lowest"]), is_verified=row["verified"] == "yes"
            )
            for row in rows("spm_categories.csv")
        )
    for order, row in enumerate(rows("spm_stages.csv")):
        StageItem.objects.get_or_create(
            stage=int(row["stage"]),
            name=row["name"],
            valid_from=SPM_VALID_FROM,
            defaults={"order": order, "legal_basis": "Permendagri 59/2021"},
        )
    services = {service.code: service for service in ServiceKind.objects.of_level().filter(valid_from=SPM_VALID_FROM)}
    # A service that has elements keeps them: a new one would judge months that nobody could enter it for.
    new = {code for code, service in services.items() if not service.elements.exists()}
    for row in rows("spm_elements.csv"):
        if row["service"] not in new:
            continue
        QualityElement.objects.get_or_create(
            service=services[row["service"]],
            name=row["name"],
            valid_from=SPM_VALID_FROM,
            defaults={key: row[key] for key in ("kind", "unit", "source")} | {"is_verified": row["verified"] == "yes"},
        )
    for row in rows("spm_methods.csv"):
        if row["service"] not in new:
            continue
        IndexMethod.objects.get_or_create(
            service=services[row["service"]],
            valid_from=dt.date.fromisoformat(row["valid_from"]),
            defaults={key: row[key] for key in ("method", "legal_basis")} | {"is_verified": row["verified"] == "yes"},
        )
    agencies = {agency.short_name: agency.today_id for agency in Agency.objects.with_former().reverse()}
    unassigned = {code for code, service in services.items() if not service.agencies.exists()}
    for row in rows("spm_agencies.csv"):
        if row["service"] in unassigned and row["agency"] in agencies:
            services[row["service"]].agencies.add(agencies[row["agency"]])
    if Achievement.objects.exists() and not IndexValue.objects.exists():
        index_store.recompute_all()  # a new release works it out otherwise, and has forgotten the old


def nomenclature() -> None:
    """The decisions, and the codes that come with the portal, which stand in the first one with four digits."""
    for row in rows("nomenclature_versions.csv"):
        NomenclatureVersion.objects.get_or_create(
            regulation=row["regulation"],
            defaults={
                "valid_from": int(row["valid_from"]),
                "sub_activity_digits": int(row["sub_activity_digits"]),
                "changes": row["changes"],
                "is_verified": row["verified"] == "yes",
            },
        )
    came_by = NomenclatureVersion.objects.in_force(NOMENCLATURE_FROM)
    for row in rows("nomenclature.csv"):
        depth = row["code"].count(".") + 1
        Nomenclature.objects.get_or_create(
            code=row["code"],
            valid_from=NOMENCLATURE_FROM,
            defaults={
                "name": row["name"],
                "level": LEVELS.get(depth, NomenclatureLevel.ACTIVITY),
                "regulation": came_by.regulation if came_by else "",
            },
        )


def units() -> None:
    for row in rows("units.csv"):
        Unit.objects.get_or_create(
            name=row["name"],
            defaults={
                "decimals": int(row["decimals"]),
                "lowest": Decimal(row["lowest"]) if row["lowest"] else None,
                "highest": Decimal(row["highest"]) if row["highest"] else None,
                "is_rate": row["is_rate"] == "yes",
                "adds_up": row["adds_up"] == "yes",
            },
        )


def spending_rules() -> None:
    """The rules to begin with; administrators change them, with their reasons, under Administration."""
    is_new = False
    for row in rows("spending_rules.csv"):
        rule, made = SpendingRule.objects.get_or_create(
            account_prefix=row["account_prefix"],
            word=row["word"],
            defaults={key: row[key] for key in ("account_name", "spending_class", "reason")},
        )
        is_new |= made
        if not rule.account_name and row["account_name"]:
            rule.account_name = row["account_name"]
            rule.save(update_fields=["account_name"])
    if is_new and BudgetLine.objects.exists():
        spending.reclassify()


def validation_rules() -> None:
    """The rules for everything, as each check states its own; data stewards add exceptions, and change these, with
    their reasons, in the portal."""
    for check in CHECKS.values():
        ValidationRule.objects.get_or_create(
            check_code=check.code,
            indicator=None,
            unit=None,
            agency=None,
            valid_from=RULES_FROM,
            defaults={"severity": check.severity, "parameters": check.defaults, "basis": check.basis},
        )


def deadlines() -> None:
    for kind, days in ((ReportKind.MONTH, 5), (ReportKind.QUARTER, 10)):
        DeadlineRule.objects.get_or_create(kind=kind, defaults={"days_after": days})


def method_thresholds() -> None:
    for row in rows("method_thresholds.csv"):
        MethodThreshold.objects.get_or_create(
            method=row["method"],
            kind=row["kind"],
            valid_from=dt.date.fromisoformat(row["valid_from"]),
            defaults={
                "max_rupiah": Decimal(row["max_rupiah"]),
                "valid_until": dt.date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
                "basis": row["basis"],
            },
        )


def light_rules() -> None:
    for row in rows("light_rules.csv"):
        LightRule.objects.get_or_create(
            valid_from=dt.date.fromisoformat(row["valid_from"]),
            defaults={name: row[name] for name in ("green_above", "red_up_to", "ceremony_limit", "basis")},
        )


def flag_rules() -> None:
    """Every flag with its defaults; whoever changes them adds a version with a later day."""
    for rule in RULES.values():
        FlagRule.objects.get_or_create(
            code=rule.code, valid_from=RULES_FROM, defaults={"parameters": rule.defaults_here, "basis": rule.basis}
        )
    FlagRule.objects.get_or_create(
        code=ALL_FLAGS,
        valid_from=RULES_FROM,
        defaults={"parameters": DEFAULT_SETTINGS, "basis": "Open Contracting Partnership, Cardinal 0.0.8"},
    )


def flag_limits() -> None:
    for row in rows("flag_limits.csv"):
        FlagLimit.objects.get_or_create(
            code=row["code"],
            method=row["method"],
            valid_from=dt.date.fromisoformat(row["valid_from"]),
            defaults={
                "limit": Decimal(row["limit"]),
                "valid_until": dt.date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
                "basis": row["basis"],
            },
        )
