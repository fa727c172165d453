"""Packages, the steps of their way, and the gate before announcement and contract."""

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import connection, models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.separation import Act
from accounts.separation_triggers import any_changed, keeps_agency, refuses_concerned, stays
from accounts.standing_in import ActsForModel
from core.audit import track
from core.choices import Role
from core.fields import RupiahField, SerialField, has_happened
from core.moments import dated_by_database
from core.versioning import VersionedModel
from core.word_index import word_index
from procurement.choices import (
    GATED_STATES,
    PACKAGE_STEPS,
    Method,
    PackageKind,
    PackageState,
    SelfManagedType,
)
from procurement.models.clearance import Clearance, ClearanceQuerySet
from procurement.models.names import name_key_of
from programs.models import FIRST_FISCAL_YEAR, LAST_FISCAL_YEAR, Program, SubActivity

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# Packages of every OPD are open to these; declarations of persons only to the auditor among them.
PACKAGE_READERS = (Role.GOVERNORS_OFFICE, Role.AUDITOR)

# The head of the OPD lets a package pass; who is on the package or planned it does not.
OVERRIDE_GATE = Act("procurement_package_concerned", (Role.AGENCY_HEAD, Role.GOVERNORS_OFFICE, Role.AUDITOR))


class PackageQuerySet(models.QuerySet["Package"]):
    def visible_to(self, user: "User | AnonymousUser") -> "PackageQuerySet":
        if not isinstance(user, User):
            return self.none()
        if user.has_role(*PACKAGE_READERS):
            return self.all()
        return self.filter(agency_id__in=user.agency_ids)

    def editable_by(self, user: "User") -> "PackageQuerySet":
        return self.filter(agency_id__in=user.operated_agency_ids)

    def of_year(self, year: int) -> "PackageQuerySet":
        return self.filter(fiscal_year=year)

    def open(self) -> "PackageQuerySet":
        return self.exclude(state__in=[PackageState.CANCELLED, PackageState.FAILED])

    def under_contract(self) -> "PackageQuerySet":
        """Said to be under contract, or completed by now."""
        return self.filter(state__in=[PackageState.CONTRACTED, PackageState.COMPLETED])

    def ids_in_sql(self) -> str:
        """The ids as a SELECT with its values in it, for a statement of ours; per cent signs are doubled for its
        own."""
        sql, parameters = self.order_by().values("pk").query.sql_with_params()
        with connection.cursor() as cursor:
            text: str = cursor.mogrify(sql, parameters).decode()
        return text.replace("%", "%%")

    def with_declaration_counts(self) -> "PackageQuerySet":
        """`officers`: people on the package, `cleared`: those who have declared and may stay. Counted for shown rows
        only."""
        rows = Clearance.objects.on_package()
        return self.annotate(officers=_count_of(rows), cleared=_count_of(rows.cleared()))

    def without_declarations(self) -> "PackageQuerySet":
        """Open, and something is missing of the clearance; from the stored column, for lists of many packages."""
        return self.filter(lacks_declarations=True)


def _count_of(rows: ClearanceQuerySet) -> Coalesce:
    found = rows.filter(package=OuterRef("pk")).order_by().values("package")
    return Coalesce(Subquery(found.annotate(number=Count("pk")).values("number")), 0)


# Whoever writes the row, the door holds.
GATE = """
IF EXISTS (
    SELECT 1 FROM procurement_clearance c
    WHERE c.package_id = NEW.id AND c.missing <> '' AND NEW.state <> ALL (c.overridden_for)
) THEN
    RAISE EXCEPTION 'package % lacks decided declarations', NEW.id USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""

# Runs once the row is locked, so that of two decisions at the same moment the later one sees the earlier.
LACKING = """
IF NEW.state IN ('cancelled', 'failed') THEN
    NEW.lacks_declarations := false;
ELSIF TG_OP = 'INSERT' THEN
    NEW.lacks_declarations := true;
ELSE
    NEW.lacks_declarations := EXISTS (
        SELECT 1 FROM procurement_clearance c WHERE c.package_id = NEW.id AND c.missing <> ''
    );
END IF;
RETURN NEW;
"""

# Whoever saves a package with what it once read of it changes nothing by that.
FLAGGED = """
NEW.is_flagged := EXISTS (
    SELECT 1 FROM procurement_flag f
    WHERE f.package_id = NEW.id AND f.dataset_id IS NULL AND f.closed_at IS NULL AND f.suppressed_at IS NULL
);
RETURN NEW;
"""


def settles_declarations(packages: str) -> "pgtrigger.Trigger":
    """A trigger for tables that decide on `lacks_declarations`; `packages` is an array of the ids concerned, of NEW and
    OLD.

    An array is worked out once, before the packages are looked up: a join may be planned while the tables are empty,
    and that plan is kept for the whole session.
    """
    return pgtrigger.Trigger(
        name="settle_declarations",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            UPDATE procurement_package SET lacks_declarations = lacks_declarations WHERE id = ANY ({packages});
            RETURN NULL;
        """,  # noqa: S608 (constants of the models)
    )


def remembers(
    name: str,
    relation: str,
    person: str,
    *,
    operation: "pgtrigger.core.Operation",
    package: str = "NEW.id",
    condition: "pgtrigger.Condition | None" = None,
) -> pgtrigger.Trigger:
    """Whoever was once on a package, or wrote in its plan, stays tied to it; `person` is an expression, NULL for
    nobody."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=operation,
        condition=condition,
        func=f"PERFORM procurement_remember_hand({package}, {person}, '{relation}'); RETURN NULL;",
    )


def remembers_list(
    name: str, *, operation: "pgtrigger.core.Operation", condition: "pgtrigger.Condition | None" = None
) -> pgtrigger.Trigger:
    """Whoever handed in the list that writes it, took the list over or takes it back is tied as well."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=operation,
        condition=condition,
        func="PERFORM procurement_remember_hand(NEW.id, h, 'typed') FROM accounts_hands_of_the_list() h; RETURN NULL;",
    )


# Who writes, as the trail has it (core.audit.HistoryMiddleware, uploads.services): triggers know nobody else.
WRITER = "(nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint"
PLAN = (
    "rup_code",
    "name",
    "kind",
    "method",
    "self_managed_type",
    "kbki_code",
    "ceiling_rupiah",
    "hps_rupiah",
    "program_id",
    "sub_activity_id",
)


@track(exclude=("name_key", "lacks_declarations", "is_flagged"))
class Package(VersionedModel):
    """A procurement package of an OPD, from the plan (RUP) to the end."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="packages", verbose_name=_("OPD"))
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    program = models.ForeignKey(
        Program, models.PROTECT, null=True, blank=True, related_name="packages", verbose_name=_("programme")
    )
    sub_activity = models.ForeignKey(
        SubActivity, models.PROTECT, null=True, blank=True, related_name="packages", verbose_name=_("sub-activity")
    )
    rup_code = SerialField(
        _("RUP code"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^\d{6,12}$", _("A RUP code has 6 to 12 digits, as SIRUP shows it."))],
        error_messages={"unique": _("A package with this RUP code is already in the portal.")},
        help_text=_("As in SIRUP, digits only."),
    )
    name = models.CharField(_("package name"), max_length=300)
    name_key = name_key_of("name")
    kind = models.CharField(_("kind"), max_length=14, choices=PackageKind)
    method = models.CharField(_("method"), max_length=18, choices=Method)
    self_managed_type = models.CharField(
        _("type of self-management"), max_length=3, choices=SelfManagedType, blank=True, help_text=_("For swakelola.")
    )
    selection_method = models.CharField(
        _("method carried out"),
        max_length=18,
        choices=Method,
        blank=True,
        help_text=_("Only when the selection was carried out by another method than planned."),
    )
    kbki_code = models.CharField(
        _("KBKI code"),
        max_length=12,
        blank=True,
        validators=[RegexValidator(r"^\d{2,12}$", _("A KBKI code has 2 to 12 digits."))],
        help_text=_("Klasifikasi Baku Komoditas Indonesia, as in SIRUP."),
    )
    ceiling_rupiah = RupiahField(_("ceiling (pagu, Rp)"))
    hps_rupiah = RupiahField(
        _("owner's estimate (HPS, Rp)"), null=True, blank=True, help_text=_("Needed before the announcement.")
    )
    state = models.CharField(_("state"), max_length=10, choices=PackageState, default=PackageState.PLANNED)
    rup_published_on = models.DateField(_("in the RUP since"), null=True, blank=True, validators=[has_happened])
    announced_at = models.DateTimeField(_("announced"), null=True, blank=True)
    offers_from = models.DateTimeField(_("offers from"), null=True, blank=True)
    offers_until = models.DateTimeField(_("offers until"), null=True, blank=True)
    award_note = models.TextField(
        _("why not the lowest offer"),
        blank=True,
        max_length=1000,
        help_text=_("Only when the winner is not the lowest valid offer."),
    )
    is_framework = models.BooleanField(
        _("framework contract (kontrak payung)"), default=False, help_text=_("Ordered from in parts over its time.")
    )
    designed_in = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="built_in",
        verbose_name=_("designed or supervised in"),
        help_text=_("The consulting package that designs or supervises these works."),
    )
    repeats = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="repeated_in",
        verbose_name=_("repeats the package"),
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("entered by"))
    # Kept by triggers: lists and dashboards ask it of millions of packages, the gate itself looks at the rows.
    lacks_declarations = models.BooleanField(_("declarations are missing"), default=True, editable=False)
    # Likewise, of flags that are raised and not put aside (migration 0005 has the triggers on the flags).
    is_flagged = models.BooleanField(_("with a red flag"), default=False, db_default=False, editable=False)
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    objects = PackageQuerySet.as_manager()

    class Meta:
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        ordering = ["-fiscal_year", "rup_code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fiscal_year__range=(FIRST_FISCAL_YEAR, LAST_FISCAL_YEAR)),
                name="procurement_package_year",
                violation_error_message=_("Choose a fiscal year between 2000 and 2100."),
            ),
            models.CheckConstraint(condition=Q(kind__in=PackageKind.values), name="procurement_package_kind"),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="procurement_package_method"),
            models.CheckConstraint(condition=Q(state__in=PackageState.values), name="procurement_package_state"),
            models.CheckConstraint(
                condition=Q(ceiling_rupiah__gt=0),
                name="procurement_package_ceiling",
                violation_error_message=_("A ceiling is more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(hps_rupiah__isnull=True) | Q(hps_rupiah__gt=0, hps_rupiah__lte=F("ceiling_rupiah")),
                name="procurement_package_hps",
                violation_error_message=_(
                    "The HPS is more than zero and at most the ceiling (Perpres 16/2018 art. 26)."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[PackageState.PLANNED, PackageState.CANCELLED])
                | Q(announced_at__isnull=False, hps_rupiah__isnull=False),
                name="procurement_package_announced",
                violation_error_message=_("Enter the HPS before the announcement."),
            ),
            models.CheckConstraint(
                condition=Q(offers_from__isnull=True)
                | Q(offers_until__isnull=True)
                | Q(offers_until__gt=F("offers_from")),
                name="procurement_package_window",
                violation_error_message=_("Offers end after they begin."),
            ),
        ]
        indexes = [
            models.Index(fields=["fiscal_year", "agency", "state"], name="procurement_package_year"),
            models.Index(fields=["fiscal_year", "agency", "rup_code"], name="procurement_package_listed"),
            models.Index(
                fields=["fiscal_year", "agency", "rup_code"],
                condition=Q(lacks_declarations=True),
                name="procurement_package_lacking",
            ),
            models.Index(
                fields=["fiscal_year", "-ceiling_rupiah"],
                condition=Q(lacks_declarations=True),
                name="procurement_package_largest",
            ),
            models.Index(
                fields=["fiscal_year", "agency", "-ceiling_rupiah"],
                condition=Q(lacks_declarations=True),
                name="procurement_package_largest_of",
            ),
            models.Index(
                fields=["fiscal_year", "rup_code"], condition=Q(is_flagged=True), name="procurement_package_flagged"
            ),
            word_index("name", "procurement_package_words"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="declared_before_gate",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(new__state__in=["announced", "contracted"])
                & pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func=GATE,
            ),
            pgtrigger.Trigger(
                name="starts_before_gate",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__state__in=["announced", "contracted"]),
                func="RAISE EXCEPTION 'a package starts before its announcement' USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="lacks_declarations",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "lacks_declarations"),
                func=LACKING,
            ),
            pgtrigger.Trigger(
                name="is_flagged",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("is_flagged"),
                func=FLAGGED,
            ),
            stays("created_by_id"),
            keeps_agency(),
            remembers(
                "changed_plan",
                "typed",
                WRITER,
                operation=pgtrigger.UpdateOf(*PLAN),
                condition=any_changed(*PLAN),
            ),
            remembers_list("listed", operation=pgtrigger.Insert),
            remembers_list("listed_plan", operation=pgtrigger.UpdateOf(*PLAN), condition=any_changed(*PLAN)),
        ]

    def __str__(self) -> str:
        return f"{self.rup_code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("procurement:package", args=[self.pk])

    def bought_by(self) -> Agency | None:
        """The OPD that signed the contract, of a package that has gone to another one since."""
        bought = RawSQL("SELECT agency_id FROM procurement_bought WHERE package_id = %s", [self.pk])
        return Agency.objects.with_former().filter(pk__in=bought).first()

    @property
    def carried_out_by(self) -> str:
        """The method by which the supplier was chosen: as planned unless said otherwise."""
        return self.selection_method or self.method

    @property
    def is_editable(self) -> bool:
        """Once announced, the facts of a package stand; they change by cancelling or by a contract's addendum."""
        return self.state == PackageState.PLANNED

    @property
    def next_states(self) -> list[PackageState]:
        return [state for state in PackageState if state in PACKAGE_STEPS[self.state]]

    @property
    def next_gates(self) -> list[PackageState]:
        """The next steps that need complete declarations."""
        return [state for state in self.next_states if state in GATED_STATES]

    def check_step(self, state: PackageState) -> None:
        """Raises ValidationError for a step that is not in PACKAGE_STEPS."""
        if state not in PACKAGE_STEPS[self.state]:
            raise ValidationError(
                _("A package that is %(now)s cannot become %(next)s."),
                params={"now": self.get_state_display(), "next": state.label},
            )

    def step_to(self, state: PackageState) -> None:
        """Raises ValidationError for a step that is not in PACKAGE_STEPS, or without what it needs."""
        self.check_step(state)
        if state == PackageState.ANNOUNCED:
            if self.hps_rupiah is None:
                raise ValidationError(_("Enter the HPS before the announcement."))
            self.announced_at = timezone.now()
        self.state = state


class PackageStep(models.Model):
    """One step of a package's way. Append-only: a package stands where its last step led."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="steps")
    from_state = models.CharField(max_length=10, choices=PackageState)
    to_state = models.CharField(max_length=10, choices=PackageState)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    comment = models.TextField(_("comment"), blank=True, max_length=2000)

    class Meta:
        verbose_name = _("step of a package")
        verbose_name_plural = _("steps of packages")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(to_state__in=[PackageState.FAILED, PackageState.CANCELLED]) | ~Q(comment=""),
                name="procurement_packagestep_comment",
                violation_error_message=_("Say why the package is cancelled or has failed."),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            dated_by_database("at"),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_state_display()} → {self.get_to_state_display()}"


@track()
class GateOverride(ActsForModel):
    """The head of the OPD lets a package pass without complete declarations: with a reason, listed in every export."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="overrides", verbose_name=_("package"))
    to_state = models.CharField(_("step"), max_length=10, choices=PackageState)
    obstacles = models.JSONField(_("what was missing"), default=list)
    reason = models.TextField(_("reason"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("override of the gate")
        verbose_name_plural = _("overrides of the gate")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["package", "to_state"], name="procurement_gateoverride_once"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="procurement_gateoverride_reason",
                violation_error_message=_("Say why the package has to pass without complete declarations."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            dated_by_database("at"),
            refuses_concerned(
                pgtrigger.Insert,
                person="NEW.by_id",
                agency="SELECT p.agency_id FROM procurement_package p WHERE p.id = NEW.package_id",
                concerned="procurement_package_concerned(NEW.package_id)",
                ladder=OVERRIDE_GATE.ladder,
                lender="NEW.acting_for_id",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package} → {self.get_to_state_display()}"
