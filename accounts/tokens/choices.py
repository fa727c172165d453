"""What a token may open: the resources of the API, by the names of their addresses."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Resource(models.TextChoices):
    AGENCY = "agency", _("OPD")
    NOMENCLATURE = "nomenclature", _("Nomenclature")
    SERVICE = "service", _("SPM services")
    SPM_INDEX = "spm-index", _("SPM index")
    SERIES = "series", _("Reference series")
    OBSERVATION = "observation", _("Reference figures")
    PROGRAM = "program", _("Programmes")
    REPORT = "report", _("Reports")
    PACKAGE = "package", _("Procurement packages")
    SEARCH = "search", _("Search over everything you may see")


DAYS = (30, 90, 180, 365)
