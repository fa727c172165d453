"""Sets of values that the ground floor knows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegionLevel(models.TextChoices):
    PROVINCE = "province", _("Province")
    REGENCY = "regency", _("Regency or city")
    DISTRICT = "district", _("District")


class Role(models.TextChoices):
    """What a membership lets its holder do. Listed in docs/guides and in SECURITY.md."""

    OPERATOR = "operator", _("OPD operator")
    AGENCY_HEAD = "agency_head", _("Head of OPD")
    VERIFIER = "verifier", _("Bappeda verifier")
    GOVERNORS_OFFICE = "governors_office", _("Governor's office")
    AUDITOR = "auditor", _("Auditor (Inspektorat)")
    DATA_STEWARD = "data_steward", _("Data steward")
    ADMINISTRATOR = "administrator", _("Administrator")


AGENCY_ROLES = frozenset({Role.OPERATOR, Role.AGENCY_HEAD})
# These see or change what would harm most in the wrong hands: a password alone does not open it.
SECOND_FACTOR_ROLES = frozenset({Role.AUDITOR, Role.DATA_STEWARD, Role.ADMINISTRATOR})
