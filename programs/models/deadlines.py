"""When reports are due: a rule per kind of period, and other days for single periods."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.audit import track
from core.fields import PeriodField
from core.periods import PeriodKind
from programs.choices import ReportKind
from programs.deadlines import DAYS_AFTER, Calendar


@track()
class DeadlineRule(models.Model):
    """When reports of one kind are due, and when people are reminded. One row per kind; editable by administrators."""

    kind = models.CharField(_("kind of period"), max_length=8, choices=ReportKind, unique=True)
    days_after = models.PositiveSmallIntegerField(_("days after the period's end"))
    remind_before = models.PositiveSmallIntegerField(_("remind days before"), default=3)
    remind_every = models.PositiveSmallIntegerField(_("when late, remind every … days"), default=3)
    decision_days = models.PositiveSmallIntegerField(
        _("days for each decision"), default=3, help_text=_("A step that waits longer is shown as slow.")
    )

    class Meta:
        verbose_name = _("reporting deadline")
        verbose_name_plural = _("reporting deadlines")
        constraints = [
            models.CheckConstraint(condition=Q(remind_every__gte=1), name="programs_deadlinerule_every"),
            models.CheckConstraint(condition=Q(days_after__lte=120), name="programs_deadlinerule_days"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


def reporting_calendar() -> Calendar:
    """The deadlines in force; two queries. Kinds without a rule of their own keep the portal's defaults."""
    days = {PeriodKind(str(rule.kind)): rule.days_after for rule in DeadlineRule.objects.all()}
    return Calendar(DAYS_AFTER | days, dict(DeadlineException.objects.values_list("period", "day")))


@track()
class DeadlineException(models.Model):
    """Another last day for one period, with the reason."""

    period = PeriodField(_("period"), unique=True)
    day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("deadline of one period")
        verbose_name_plural = _("deadlines of single periods")
        ordering = ["-day"]

    def __str__(self) -> str:
        return str(self.period)
