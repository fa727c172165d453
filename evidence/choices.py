"""How the chain's newest seal leaves the house."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DepartureWay(models.TextChoices):
    FILE = "file", _("line in the file of seals")
    MAIL = "mail", _("e-mail")
    STAMP = "stamp", _("time stamp of an authority")
