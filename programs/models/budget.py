"""Budget lines in versions, cash plans, and the rules that say which spending is ceremony."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core.audit import track
from core.fields import FigureField, RupiahField
from programs.choices import BudgetStage, SpendingClass
from programs.models.programs import SubActivity

if TYPE_CHECKING:
    from accounts.models import User


@track()
class SpendingRule(models.Model):
    """Which class a budget line belongs to: by the beginning of its account code, and a word of its text if given.

    The most specific rule wins: the longer code first, with a word before without. Every rule says why.
    """

    account_prefix = models.CharField(_("account code begins with"), max_length=30)
    account_name = models.CharField(
        _("official name of the account"), max_length=200, blank=True, help_text=_("As the list of accounts has it.")
    )
    word = models.CharField(
        _("and the line's text contains"),
        max_length=60,
        blank=True,
        help_text=_("Heading, component or description; upper and lower case are the same."),
    )
    spending_class = models.CharField(_("class"), max_length=12, choices=SpendingClass)
    reason = models.CharField(_("reason"), max_length=300)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("spending rule")
        verbose_name_plural = _("spending rules")
        ordering = ["account_prefix", "word"]
        constraints = [
            models.UniqueConstraint(fields=["account_prefix", "word"], name="programs_spendingrule_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="programs_spendingrule_reason"),
            models.CheckConstraint(
                condition=Q(account_prefix__regex=r"^5(\.\d+)*\.?$"),
                name="programs_spendingrule_prefix",
                violation_error_message=_("Write the beginning of an account code, for example 5.1.02.04."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_prefix} {self.word}".strip()


class BudgetIssueQuerySet(models.QuerySet["BudgetIssue"]):
    def visible_to(self, user: "User") -> "BudgetIssueQuerySet":
        from programs.models.programs import PROVINCE_READERS

        if user.has_role(*PROVINCE_READERS):
            return self.all()
        return self.filter(agency_id__in=user.agency_ids)


@track()
class BudgetIssue(models.Model):
    """One issue of an OPD's budget list; a budget change re-issues the list, and the earlier one stays."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="budget_issues", verbose_name=_("OPD"))
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    number = models.PositiveSmallIntegerField(_("version"))
    stage = models.CharField(_("stage"), max_length=10, choices=BudgetStage, default=BudgetStage.ORIGINAL)
    note = models.CharField(_("note"), max_length=300, blank=True)
    upload = models.ForeignKey("uploads.Upload", models.PROTECT, null=True, blank=True, related_name="budget_issues")
    added = models.PositiveIntegerField(_("new lines"), default=0)
    changed = models.PositiveIntegerField(_("changed lines"), default=0)
    removed = models.PositiveIntegerField(_("removed lines"), default=0)
    total_rupiah = RupiahField(_("total (Rp)"), default=0)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    taken_at = models.DateTimeField(_("taken over"), auto_now_add=True)

    objects = BudgetIssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget version")
        verbose_name_plural = _("budget versions")
        ordering = ["-fiscal_year", "agency", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "fiscal_year", "number"], name="programs_budgetissue_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency.short_name} {self.fiscal_year} v{self.number}"


class BudgetLineQuerySet(models.QuerySet["BudgetLine"]):
    def current(self) -> "BudgetLineQuerySet":
        return self.filter(until__isnull=True)

    def changed_by(self, issue: BudgetIssue) -> "BudgetLineQuerySet":
        """Lines that a version of the list began or ended; `began` says which."""
        began = models.ExpressionWrapper(Q(since=issue), models.BooleanField())
        return self.filter(Q(since=issue) | Q(until=issue)).annotate(began=began)


class BudgetLine(models.Model):
    """A line of the budget (`data_rka`). Never changed: a new version ends it (`until`) and adds its successor.

    The list of versions is its own history, so no second trail is kept of hundreds of thousands of lines.
    """

    sub_activity = models.ForeignKey(SubActivity, models.CASCADE, related_name="lines", verbose_name=_("sub-activity"))
    # No index: versions are compared within one OPD's lines, which the index on the sub-activity finds.
    since = models.ForeignKey(
        BudgetIssue, models.CASCADE, related_name="lines_added", verbose_name=_("since version"), db_index=False
    )
    until = models.ForeignKey(
        BudgetIssue,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="lines_ended",
        verbose_name=_("until version"),
        db_index=False,
    )
    # What makes a line the same line in a re-issued list: a hash made by the import, in SQL.
    identity = models.UUIDField(editable=False)
    account_code = models.CharField(_("account code"), max_length=30)
    account_name = models.CharField(_("account"), max_length=300, blank=True)
    heading = models.CharField(_("package heading"), max_length=500, blank=True)
    description = models.CharField(_("description"), max_length=500, blank=True)
    component = models.CharField(_("component"), max_length=500, blank=True)
    specification = models.CharField(_("specification"), max_length=1000, blank=True)
    volume = FigureField(_("volume"), null=True, blank=True)
    coefficient = models.CharField(_("coefficient"), max_length=300, blank=True)
    unit_text = models.CharField(_("unit"), max_length=80, blank=True)
    price_rupiah = RupiahField(_("unit price (Rp)"), null=True, blank=True)
    tax_rupiah = RupiahField(_("tax (Rp)"), null=True, blank=True)
    amount_rupiah = RupiahField(_("amount (Rp)"))
    fund_source = models.CharField(_("fund source"), max_length=300, blank=True)
    is_package = models.BooleanField(_("a package"), default=False)
    volume_before = FigureField(_("volume before changes"), null=True, blank=True)
    coefficient_before = models.CharField(_("coefficient before changes"), max_length=300, blank=True)
    price_before_rupiah = RupiahField(_("unit price before changes (Rp)"), null=True, blank=True)
    tax_before_rupiah = RupiahField(_("tax before changes (Rp)"), null=True, blank=True)
    amount_before_rupiah = RupiahField(_("amount before changes (Rp)"), null=True, blank=True)
    spending_class = models.CharField(
        _("class"), max_length=12, choices=SpendingClass, default=SpendingClass.SUPPORTING
    )

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["identity"], condition=Q(until__isnull=True), name="programs_budgetline_one_current"
            ),
            models.CheckConstraint(condition=Q(amount_rupiah__gte=0), name="programs_budgetline_amount"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="programs_budgetline_order"
            ),
        ]

    def __str__(self) -> str:
        return self.component or self.account_code


@track()
class AccountRealisation(models.Model):
    """Planned cash and realisation of one account of a sub-activity (`data_realisasi_akun`), as last uploaded."""

    sub_activity = models.ForeignKey(SubActivity, models.CASCADE, related_name="realisations")
    account_code = models.CharField(_("account code"), max_length=30)
    planned_rupiah = RupiahField(_("planned cash (Rp)"), null=True, blank=True)
    realised_rupiah = RupiahField(_("realisation (Rp)"), null=True, blank=True)

    class Meta:
        verbose_name = _("realisation of an account")
        verbose_name_plural = _("realisations of accounts")
        ordering = ["sub_activity", "account_code"]
        constraints = [
            models.UniqueConstraint(fields=["sub_activity", "account_code"], name="programs_accountrealisation_once")
        ]

    def __str__(self) -> str:
        return self.account_code
