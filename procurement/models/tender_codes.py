"""The codes under which packages stand in SPSE and the e-catalogue: lists from there often know no RUP code."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.audit import track
from core.fields import SerialField
from procurement.choices import CodeKind
from procurement.models.packages import Package


@track()
class TenderCode(models.Model):
    """One code of a package. A package may be tendered several times, and one tender may carry out several packages."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="tender_codes", verbose_name=_("package"))
    kind = models.CharField(_("kind"), max_length=12, choices=CodeKind)
    code = SerialField(_("code"), max_length=40)

    class Meta:
        verbose_name = _("tender code")
        verbose_name_plural = _("tender codes")
        ordering = ["package", "kind", "code"]
        constraints = [
            models.UniqueConstraint(fields=["package", "kind", "code"], name="procurement_tendercode_once"),
            models.CheckConstraint(condition=models.Q(kind__in=CodeKind.values), name="procurement_tendercode_kind"),
        ]
        indexes = [models.Index(fields=["kind", "code"], name="procurement_tendercode_found")]

    def __str__(self) -> str:
        return self.code
