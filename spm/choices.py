from django.db import models
from django.utils.translation import gettext_lazy as _


class GovernmentLevel(models.TextChoices):
    PROVINCE = "province", _("Province")
    REGENCY = "regency", _("Regency or city")


class ZeroNeed(models.TextChoices):
    """What a period without anybody to serve counts as; both are in use, so it is said wherever it matters."""

    MET = "met", _("met: counts 100")
    EXCLUDED = "excluded", _("excluded: leaves the mean")


class IndexMethodKind(models.TextChoices):
    RECIPIENTS_AND_QUALITY = "recipients_and_quality", _("recipients and quality, by the weights of the index")
    INDICATORS = "indicators", _("the service's own indicators, by their weights")


class ElementKind(models.TextChoices):
    GOODS = "goods", _("goods or services")
    STAFF = "staff", _("staff")
    GUIDELINE = "guideline", _("technical guideline or procedure")
    INDICATOR = "indicator", _("indicator of the service's own method")


class Stage(models.IntegerChoices):
    """The four stages of applying SPM (Permendagri 59/2021)."""

    DATA = 1, _("data collection")
    NEED = 2, _("computing the need")
    PLAN = 3, _("planning")
    DELIVERY = 4, _("carrying out")


class IndexLevel(models.TextChoices):
    SERVICE = "service", _("kind of service")
    DOMAIN = "domain", _("domain")
    REGION = "region", _("all domains")
