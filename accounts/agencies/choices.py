"""Sets of values of the changes of OPD."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgencyChangeKind(models.TextChoices):
    RENAME = "rename", _("Renamed")
    MERGE = "merge", _("Merged into another")
    SPLIT = "split", _("Split")
