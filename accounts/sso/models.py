"""Which OPD a unit of the SSO's register is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.audit import track


@track()
class UnitCode(models.Model):
    """A code of the unit as the SSO writes it. It gives nobody any right: it shows where portal and register differ."""

    code = models.CharField(_("unit code of the SSO"), max_length=60, unique=True)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="unit_codes", verbose_name="OPD")

    class Meta:
        verbose_name = _("unit of the SSO")
        verbose_name_plural = _("units of the SSO")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
