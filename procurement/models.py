"""Packages, the officials on them, their conflict-of-interest declarations and the superior's decisions."""

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from core.audit import track
from core.choices import Role
from core.encryption import keyed_hash
from core.fields import EncryptedTextField, RupiahField
from core.versioning import VersionedModel
from procurement.choices import (
    PACKAGE_TRANSITIONS,
    DecisionKind,
    InterestKind,
    InterestNature,
    Method,
    OfficerRole,
    PackageKind,
    PackageState,
)
from programs.models import FIRST_FISCAL_YEAR, LAST_FISCAL_YEAR, Program

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# Packages of every OPD are open to these; declarations of persons only to the auditor among them.
PACKAGE_READERS = (Role.GOVERNORS_OFFICE, Role.AUDITOR)


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

    def with_declaration_counts(self) -> "PackageQuerySet":
        """`officers`: people on the package, `commitment_officers`: the PPK among them, `cleared`: those whose newest
        declaration the superior has let pass."""
        active = Q(officer_rows__removed_at__isnull=True)
        ppk = Q(officer_rows__role=OfficerRole.COMMITMENT_OFFICER)
        return self.annotate(
            officers=Count("officer_rows", filter=active, distinct=True),
            commitment_officers=Count("officer_rows", filter=active & ppk, distinct=True),
            cleared=Count("officer_rows", filter=Q(officer_rows__in=Officer.objects.cleared()), distinct=True),
        )

    def without_declarations(self) -> "PackageQuerySet":
        """No PPK yet, or somebody on the package has not declared or has no decision."""
        on_it = Officer.objects.active().filter(package=OuterRef("pk"))
        ppk = on_it.filter(role=OfficerRole.COMMITMENT_OFFICER)
        open_officer = on_it.exclude(pk__in=Officer.objects.cleared())
        return self.open().filter(~Exists(ppk) | Exists(open_officer))


# PostgreSQL's own version of procurement.declaring.obstacles: whoever writes the row, the door holds.
GATE = """
IF EXISTS (
    SELECT 1 FROM procurement_officer o
    WHERE o.package_id = NEW.id AND o.removed_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM procurement_declaration d
        JOIN procurement_decision s ON s.declaration_id = d.id
        WHERE d.officer_id = o.id AND d.superseded_at IS NULL AND s.kind <> 'replace'
    )
) OR NOT EXISTS (SELECT 1 FROM procurement_officer o WHERE o.package_id = NEW.id AND o.removed_at IS NULL AND o.role = 'ppk')
THEN
    RAISE EXCEPTION 'package % lacks decided declarations', NEW.id USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


@track()
class Package(VersionedModel):
    """A procurement package of an OPD, from the plan (RUP) to the end."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="packages", verbose_name=_("OPD"))
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    program = models.ForeignKey(
        Program, models.PROTECT, null=True, blank=True, related_name="packages", verbose_name=_("programme")
    )
    rup_code = models.CharField(
        _("RUP code"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^\d{6,12}$", _("A RUP code has 6 to 12 digits, as SIRUP shows it."))],
        error_messages={"unique": _("A package with this RUP code is already in the portal.")},
        help_text=_("As in SIRUP, digits only."),
    )
    name = models.CharField(_("package name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=14, choices=PackageKind)
    method = models.CharField(_("method"), max_length=18, choices=Method)
    ceiling_rupiah = RupiahField(_("ceiling (pagu, Rp)"))
    hps_rupiah = RupiahField(
        _("owner's estimate (HPS, Rp)"), null=True, blank=True, help_text=_("Needed before the announcement.")
    )
    state = models.CharField(_("state"), max_length=10, choices=PackageState, default=PackageState.PLANNED)
    announced_at = models.DateTimeField(_("announced"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("entered by"))
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
        ]
        indexes = [
            models.Index(fields=["fiscal_year", "agency", "state"], name="procurement_package_year"),
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
        ]

    def __str__(self) -> str:
        return f"{self.rup_code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("procurement:package", args=[self.pk])

    @property
    def is_editable(self) -> bool:
        """Once announced, the facts of a package stand; they change by cancelling or by a contract's addendum."""
        return self.state == PackageState.PLANNED

    @property
    def next_states(self) -> list[PackageState]:
        return [state for state in PackageState if state in PACKAGE_TRANSITIONS[self.state]]

    def step_to(self, state: PackageState) -> None:
        """Raises ValidationError for a step that is not in PACKAGE_TRANSITIONS."""
        if state not in PACKAGE_TRANSITIONS[self.state]:
            raise ValidationError(
                _("A package that is %(now)s cannot become %(next)s."),
                params={"now": self.get_state_display(), "next": state.label},
            )
        if state == PackageState.ANNOUNCED:
            if self.hps_rupiah is None:
                raise ValidationError(_("Enter the HPS before the announcement."))
            self.announced_at = timezone.now()
        self.state = state


class PackageStep(models.Model):
    """One step of a package's way."""

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

    def __str__(self) -> str:
        return f"{self.get_from_state_display()} → {self.get_to_state_display()}"


class OfficerQuerySet(models.QuerySet["Officer"]):
    def active(self) -> "OfficerQuerySet":
        """Still on the package; somebody taken off stays as a row when there is a declaration."""
        return self.filter(removed_at__isnull=True)

    def cleared(self) -> "OfficerQuerySet":
        """Their newest declaration has a decision that lets them stay."""
        passing = Declaration.objects.current().filter(
            officer=OuterRef("pk"), decision__isnull=False
        ).exclude(decision__kind=DecisionKind.REPLACE)  # fmt: skip
        return self.active().filter(Exists(passing))

    def still_to_declare(self) -> "OfficerQuerySet":
        return self.active().filter(~Exists(Declaration.objects.current().filter(officer=OuterRef("pk"))))

    def of_open_packages(self) -> "OfficerQuerySet":
        return self.filter(package__state__in=[PackageState.PLANNED, PackageState.ANNOUNCED])

    def visible_to(self, user: "User") -> "OfficerQuerySet":
        return self.filter(package__in=Package.objects.visible_to(user))


@track()
class Officer(models.Model):
    """Somebody with a task on a package; has to declare before taking it up (Permenpan RB 17/2024)."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="officer_rows", verbose_name=_("package"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="package_tasks", verbose_name=_("person")
    )
    role = models.CharField(_("task"), max_length=6, choices=OfficerRole)
    removed_at = models.DateTimeField(
        _("taken off"), null=True, blank=True, editable=False, help_text=_("Kept because the declaration is evidence.")
    )

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("official on a package")
        verbose_name_plural = _("officials on packages")
        ordering = ["package", "role", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["package", "user", "role"],
                condition=Q(removed_at__isnull=True),
                name="procurement_officer_once",
                violation_error_message=_("This person already has that task on the package."),
            ),
            models.UniqueConstraint(
                fields=["package"],
                condition=Q(role=OfficerRole.COMMITMENT_OFFICER, removed_at__isnull=True),
                name="procurement_officer_one_ppk",
                violation_error_message=_("A package has one PPK."),
            ),
            models.CheckConstraint(condition=Q(role__in=OfficerRole.values), name="procurement_officer_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    def current(self) -> "DeclarationQuerySet":
        """The newest version of each; a correction supersedes and never overwrites."""
        return self.filter(superseded_at__isnull=True)

    def undecided(self) -> "DeclarationQuerySet":
        return self.current().filter(decision__isnull=True)

    def visible_to(self, user: "User | AnonymousUser") -> "DeclarationQuerySet":
        """The declarer, the head of the OPD and the auditor. Nobody else, in no role."""
        if not isinstance(user, User):
            return self.none()
        if user.has_role(Role.AUDITOR):
            return self.all()
        return self.filter(Q(officer__user=user) | Q(officer__package__agency_id__in=user.headed_agency_ids))

    def awaiting_decision_of(self, user: "User") -> "DeclarationQuerySet":
        """Undecided declarations in the OPD that the user heads, but not the user's own."""
        return (
            self.undecided().filter(officer__package__agency_id__in=user.headed_agency_ids).exclude(officer__user=user)
        )


@track()
class Declaration(models.Model):
    """One version of what an official says about interests in a package."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="declarations", verbose_name=_("official"))
    number = models.PositiveSmallIntegerField(_("version"))
    has_interest = models.BooleanField(_("has an interest"))
    declared_at = models.DateTimeField(_("declared"), default=timezone.now)
    superseded_at = models.DateTimeField(_("corrected"), null=True, blank=True)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict-of-interest declaration")
        verbose_name_plural = _("conflict-of-interest declarations")
        ordering = ["officer", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["officer", "number"], name="procurement_declaration_number"),
            models.UniqueConstraint(
                fields=["officer"],
                condition=Q(superseded_at__isnull=True),
                name="procurement_declaration_one_current",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gte=F("declared_at")),
                name="procurement_declaration_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("procurement:declaration", args=[self.pk])


@track(exclude=("party_identity", "party_identity_hash"))
class Interest(models.Model):
    """One interest of a declaration. The identity number is stored encrypted and found by its keyed hash."""

    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="interests")
    kind = models.CharField(_("kind of interest"), max_length=16, choices=InterestKind)
    nature = models.CharField(_("nature"), max_length=10, choices=InterestNature)
    party_name = models.CharField(_("party (person or company)"), max_length=200)
    party_identity = EncryptedTextField(_("identity number (NIK or NPWP)"), blank=True)
    party_identity_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    relation = models.CharField(_("relation"), max_length=200)
    since = models.CharField(_("since"), max_length=60, blank=True)
    mitigation = models.TextField(_("proposed measure"), blank=True, max_length=1000)

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.party_name}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.party_identity_hash = keyed_hash(self.party_identity or "")
        super().save(*args, **kwargs)  # type: ignore[arg-type]


@track()
class Decision(models.Model):
    """The superior's answer to a declaration."""

    declaration = models.OneToOneField(Declaration, models.PROTECT, related_name="decision")
    kind = models.CharField(_("decision"), max_length=12, choices=DecisionKind)
    reason = models.TextField(_("reason"), max_length=1000)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), default=timezone.now)

    class Meta:
        verbose_name = _("decision on a declaration")
        verbose_name_plural = _("decisions on declarations")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DecisionKind.values), name="procurement_decision_kind"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="procurement_decision_reason",
                violation_error_message=_("Give the reason for the decision."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
