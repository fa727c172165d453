"""Sets of values of the changes of OPD, and the form of their code."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgencyChangeKind(models.TextChoices):
    RENAME = "rename", _("Renamed")
    MERGE = "merge", _("Merged into another")
    SPLIT = "split", _("Split")


CODE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){3,9}")  # bidang urusan and a number at least
