"""Red flags: the dated parameters of each rule, what the rules have raised, and data of others that they run on."""

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, Q, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.separation import Act
from accounts.separation_triggers import any_changed, refuses_concerned, stays
from core.audit import track
from core.choices import Role
from core.fields import RupiahField
from core.numbers import format_rupiah
from procurement.choices import FlagSubject, Method, PackageKind, ProcessingState
from procurement.models.packages import Package
from procurement.models.processing import ProcessingQuerySet
from procurement.models.suppliers import Supplier

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AnonymousUser

    from procurement.red_flags.rules import FlagDefinition


class MethodThresholdQuerySet(models.QuerySet["MethodThreshold"]):
    def in_force(self, day: "dt.date") -> "MethodThresholdQuerySet":
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)

    def problem_of(self, package: Package, day: "dt.date | None" = None) -> str:
        """Why the method does not fit the package's value on the day (of its RUP entry, else today); empty when it
        does."""
        day = day or package.rup_published_on or timezone.localdate()
        limit = self.in_force(day).filter(method=package.method, kind=package.kind).order_by("-valid_from").first()
        if limit is None or package.ceiling_rupiah is None or package.ceiling_rupiah <= limit.max_rupiah:
            return ""
        return _now(
            "%(method)s of %(kind)s is allowed up to %(limit)s (%(basis)s); this package's ceiling is %(ceiling)s."
        ) % {
            "method": package.get_method_display(),
            "kind": package.get_kind_display().lower(),
            "limit": format_rupiah(limit.max_rupiah),
            "basis": limit.basis,
            "ceiling": format_rupiah(package.ceiling_rupiah),
        }


@track()
class MethodThreshold(models.Model):
    """Up to which value a method may be used for a kind of procurement, from one day to another."""

    method = models.CharField(_("method"), max_length=18, choices=Method)
    kind = models.CharField(_("kind"), max_length=14, choices=PackageKind)
    max_rupiah = RupiahField(_("up to (Rp)"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    basis = models.CharField(_("legal basis"), max_length=300)

    objects = MethodThresholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("threshold of a method")
        verbose_name_plural = _("thresholds of methods")
        ordering = ["method", "kind", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["method", "kind", "valid_from"], name="procurement_methodthreshold_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} · {self.get_kind_display()}"


@track()
class FlagLimit(models.Model):
    """The limit of a red flag for packages of a method, from one day to another: where it stands, it takes the place
    of the rule's parameter. A package is held against the limit of its own day."""

    code = models.CharField(_("code"), max_length=4)
    method = models.CharField(_("method"), max_length=18, choices=Method)
    limit = models.DecimalField(_("limit"), max_digits=18, decimal_places=4)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    basis = models.CharField(_("legal or methodological basis"), max_length=300)

    class Meta:
        verbose_name = _("limit of a red flag by method")
        verbose_name_plural = _("limits of red flags by method")
        ordering = ["code", "method", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "method", "valid_from"],
                name="procurement_flaglimit_once",
                violation_error_message=_("This flag has a limit for the method from that day on: change that one."),
            ),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="procurement_flaglimit_method"),
            models.CheckConstraint(
                condition=Q(limit__gte=0),
                name="procurement_flaglimit_limit",
                violation_error_message=_("A limit is zero or more."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="procurement_flaglimit_days",
                violation_error_message=_("The last day comes after the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.get_method_display()} · {self.valid_from}"

    def clean(self) -> None:
        from procurement.red_flags.rules import RULES

        if self.code not in RULES or not RULES[self.code].by_method:
            codes = ", ".join(code for code, rule in RULES.items() if rule.by_method)
            raise ValidationError({"code": _("Flags with limits by method are: %(codes)s.") % {"codes": codes}})


class FlagRuleQuerySet(models.QuerySet["FlagRule"]):
    def in_force(self, day: "dt.date") -> "FlagRuleQuerySet":
        """The newest version of each rule that holds on the day."""
        return self.filter(valid_from__lte=day).order_by("code", "-valid_from").distinct("code")


@track()
class FlagRule(models.Model):
    """A rule's parameters from a day on. The rule itself is `procurement/red_flags/<code>.sql`; the code * has the
    settings of all rules."""

    code = models.CharField(_("code"), max_length=4)
    valid_from = models.DateField(_("valid from"))
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    is_active = models.BooleanField(_("raised"), default=True)
    basis = models.CharField(_("legal or methodological basis"), max_length=300)
    note = models.CharField(_("why changed"), max_length=300, blank=True)

    objects = FlagRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("parameters of a red flag")
        verbose_name_plural = _("parameters of red flags")
        ordering = ["code", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="procurement_flagrule_once",
                violation_error_message=_("This flag has parameters from that day on: change those."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.valid_from}"

    def clean(self) -> None:
        from procurement.red_flags.rules import ALL_FLAGS, RULES, check_parameters

        if self.code != ALL_FLAGS and self.code not in RULES:
            raise ValidationError({"code": _("There is no such flag.")})
        if problem := check_parameters(self.code, self.parameters):
            raise ValidationError({"parameters": problem})


class OutsideDatasetQuerySet(ProcessingQuerySet["OutsideDataset"]):
    def visible_to(self, user: "User | AnonymousUser") -> "OutsideDatasetQuerySet":
        return self.all() if isinstance(user, User) and user.has_role(Role.AUDITOR) else self.none()


class OutsideDataset(models.Model):
    """OCDS compiled releases of another portal, loaded by an auditor to look at with the same flags."""

    name = models.CharField(_("name"), max_length=200)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ProcessingState, default=ProcessingState.WAITING)
    problem = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    stored_as = models.CharField(max_length=80, blank=True)
    releases = models.PositiveIntegerField(_("contracting processes"), default=0)
    refused = models.JSONField(_("lines not read"), default=list)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("loaded by")
    )
    loaded_at = models.DateTimeField(_("loaded"), default=timezone.now)

    objects = OutsideDatasetQuerySet.as_manager()

    class Meta:
        verbose_name = _("data set of others")
        verbose_name_plural = _("data sets of others")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ProcessingState.values), name="procurement_outsidedataset_state"
            )
        ]

    def __str__(self) -> str:
        return self.name


class OutsideRelease(models.Model):
    """One compiled release, as it came."""

    dataset = models.ForeignKey(OutsideDataset, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    ocid = models.TextField()
    release = models.JSONField()

    class Meta:
        verbose_name = _("compiled release")
        verbose_name_plural = _("compiled releases")
        ordering = ["dataset", "line"]
        indexes = [models.Index(fields=["dataset", "ocid"], name="procurement_release_ocid")]

    def __str__(self) -> str:
        return self.ocid


REVIEW_FLAG = Act("procurement_flag_concerned", (Role.AUDITOR, Role.GOVERNORS_OFFICE))
STANDS = Q(dataset__isnull=True, closed_at__isnull=True)
PUT_ASIDE = ExpressionWrapper(Q(suppressed_at__isnull=False), models.BooleanField())
# Flags that say the same of one subject are one finding, which has the code of the first.
SAYS_THE_SAME = {"R003": "K06"}
PARTIES = r"""
    SELECT jsonb_object_agg(t.key, t.name)
      FROM (SELECT DISTINCT m[1] AS mark, m[2]::bigint AS id
              FROM regexp_matches(procurement_flag.evidence::text, '(ID-KALTIM-(?:PENYEDIA|OPD)-)(\d{1,18})', 'g') m) n
      CROSS JOIN LATERAL (
           SELECT n.mark || s.id, s.name FROM procurement_supplier s
            WHERE n.mark = 'ID-KALTIM-PENYEDIA-' AND s.id = n.id
           UNION ALL
           SELECT n.mark || a.id, a.name FROM accounts_agency a WHERE n.mark = 'ID-KALTIM-OPD-' AND a.id = n.id
           ) AS t (key, name)
"""


class FlagQuerySet(models.QuerySet["Flag"]):
    def visible_to(self, user: "User | AnonymousUser") -> "FlagQuerySet":
        """The auditor and the governor's office see all; an OPD those of its packages. Of loaded data only the
        auditor."""
        if not isinstance(user, User):
            return self.none()
        if user.has_role(Role.AUDITOR):
            return self.all()
        own = self.filter(dataset__isnull=True)
        if user.has_role(Role.GOVERNORS_OFFICE):
            return own
        return own.filter(agency_id__in=user.agency_ids, subject=FlagSubject.PACKAGE)

    def raised(self) -> "FlagQuerySet":
        """The rule still raises it, and nobody has put it aside."""
        return self.filter(closed_at__isnull=True, suppressed_at__isnull=True)

    def ours(self) -> "FlagQuerySet":
        return self.filter(dataset__isnull=True)

    def listed_for(self, user: "User | AnonymousUser", year: int) -> "FlagQuerySet":
        """What the list of flags begins with: what stands of our own data in a year, and of no year."""
        rows = self.visible_to(user).ours().filter(closed_at__isnull=True)
        return rows.filter(Q(fiscal_year=year) | Q(fiscal_year__isnull=True))

    def findings(self) -> "FlagQuerySet":
        """One of each finding of the own packages: the others that stand are its reasons. What was put aside is told
        apart from what is raised."""
        # An OPD that buys and runs the selection is one OPD.
        may_repeat = Q(code__in=SAYS_THE_SAME) | Q(subject=FlagSubject.ENTITY)
        earlier = self._same().alias(aside=PUT_ASIDE).filter(aside=OuterRef("aside"))
        earlier = earlier.filter(Q(code__lt=OuterRef("code")) | Q(subject__lt=OuterRef("subject")))
        return self.alias(aside=PUT_ASIDE).filter(~may_repeat | ~Exists(earlier))

    def with_reasons(self) -> "FlagQuerySet":
        """`others`: what else says the same of the same subject and is raised, as code and evidence. `parties`: the
        names of the suppliers and OPD that the evidence names by their identifiers."""
        others = self._same().raised().order_by("code", "subject")
        return self.annotate(
            others=ArraySubquery(others.values_list(JSONObject(code="code", evidence="evidence"))),
            parties=RawSQL(PARTIES, [], output_field=models.JSONField()),  # noqa: S611 (a text of ours)
        )

    @staticmethod
    def _same() -> "FlagQuerySet":
        rows = Flag.objects.ours().filter(closed_at__isnull=True).exclude(pk=OuterRef("pk"))
        return rows.filter(finding=OuterRef("finding"), key=OuterRef("key"))


class Flag(models.Model):
    """One rule raised on one subject. `key` is the ocid or the party's identifier, as OCDS names it."""

    dataset = models.ForeignKey(OutsideDataset, models.CASCADE, null=True, related_name="flags")
    code = models.CharField(_("flag"), max_length=4)
    finding = models.GeneratedField(
        expression=Case(*[When(code=code, then=Value(first)) for code, first in SAYS_THE_SAME.items()], default="code"),
        output_field=models.CharField(max_length=4),
        db_persist=True,
    )
    subject = models.CharField(_("about"), max_length=8, choices=FlagSubject)
    key = models.CharField(max_length=200)
    package = models.ForeignKey(Package, models.CASCADE, null=True, related_name="flags", verbose_name=_("package"))
    supplier = models.ForeignKey(Supplier, models.CASCADE, null=True, related_name="flags", verbose_name=_("supplier"))
    agency = models.ForeignKey(Agency, models.CASCADE, null=True, related_name="+", verbose_name=_("OPD"))
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"), null=True)
    value = models.FloatField(_("value"), null=True)
    evidence = models.JSONField(_("what raised it"), default=dict)
    raised_at = models.DateTimeField(_("raised"), default=timezone.now)
    closed_at = models.DateTimeField(_("no longer so"), null=True)
    suppressed_at = models.DateTimeField(_("put aside"), null=True)
    suppressed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    suppressed_because = models.CharField(_("why put aside"), max_length=500, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("red flag")
        verbose_name_plural = _("red flags")
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "code", "subject", "key"], nulls_distinct=False, name="procurement_flag_once"
            ),
            models.CheckConstraint(
                condition=Q(suppressed_at__isnull=True) | ~Q(suppressed_because=""),
                name="procurement_flag_suppressed",
                violation_error_message=_("Say why the flag is put aside."),
            ),
        ]
        indexes = [
            models.Index(fields=["code", "closed_at"], name="procurement_flag_code"),
            models.Index(fields=["agency", "fiscal_year"], name="procurement_flag_agency"),
            models.Index(fields=["key"], condition=STANDS, name="procurement_flag_key"),
            # What stands, of our own packages and suppliers: the newest first, and counted by rule.
            models.Index(fields=["-raised_at", "-id"], condition=STANDS, name="procurement_flag_newest"),
            models.Index(
                fields=["fiscal_year", "code", "subject", "suppressed_at", "package"],
                condition=STANDS,
                name="procurement_flag_counted",
            ),
        ]
        triggers = [
            stays("code", "subject", "package_id", "dataset_id"),
            # It goes where its package goes, or to the next name of its OPD, and nowhere else: who reviews it is
            # decided by the OPD.
            pgtrigger.Trigger(
                name="follows_package",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("agency_id"),
                condition=any_changed("agency_id"),
                func="""
                    IF NOT EXISTS (SELECT FROM procurement_package p
                                    WHERE p.id = NEW.package_id AND p.agency_id = NEW.agency_id)
                       AND NOT (NEW.package_id IS NULL AND EXISTS (
                           SELECT FROM accounts_agencyname n
                            WHERE n.agency_id = OLD.agency_id AND n.newest_id = NEW.agency_id)) THEN
                        RAISE EXCEPTION 'flag % keeps its OPD', NEW.id USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            refuses_concerned(
                pgtrigger.Insert | pgtrigger.UpdateOf("suppressed_by_id"),
                person="NEW.suppressed_by_id",
                agency="NEW.agency_id",
                concerned="procurement_flag_concerned(NEW.id)",
                ladder=REVIEW_FLAG.ladder,
                condition=pgtrigger.Q(new__suppressed_by_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.key}"

    @property
    def rule(self) -> "FlagDefinition | None":
        from procurement.red_flags.rules import RULES

        return RULES.get(self.code)

    @property
    def title(self) -> str:
        """The code with its rule's title, where the rule is still there."""
        return f"{self.code} {self.rule.title}" if self.rule else self.code

    @property
    def reasons(self) -> "list[Flag]":
        """The other flags of this finding, where the query asked for them."""
        return [
            Flag(code=other["code"], subject=self.subject, key=self.key, evidence=other["evidence"])
            for other in getattr(self, "others", [])
        ]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The evidence as names and values that people read."""
        from procurement.red_flags.evidence import in_words

        return in_words(self.evidence, self.rule.evidence if self.rule else {}, getattr(self, "parties", None))
