"""The officials on packages, their conflict-of-interest declarations and the superior's decisions."""

import secrets
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Membership, User
from accounts.separation import Act
from accounts.separation_triggers import refuses_concerned, stays
from accounts.standing_in import ActsForModel
from core.audit import track
from core.choices import Role
from core.encryption import identity_hash
from core.fields import EncryptedTextField
from procurement.choices import (
    DecisionKind,
    InterestKind,
    InterestNature,
    MissingClearance,
    OfficerRole,
    PackageState,
    Signature,
)
from procurement.models.names import name_key_of
from procurement.models.packages import Package, remembers, settles_declarations

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


DECIDE_ON_HEAD = Act("procurement_declaration_concerned", (Role.GOVERNORS_OFFICE, Role.AUDITOR))
DECIDE_DECLARATION = Act("procurement_declaration_concerned", (Role.AGENCY_HEAD, *DECIDE_ON_HEAD.ladder))


class OfficerQuerySet(models.QuerySet["Officer"]):
    def active(self) -> "OfficerQuerySet":
        """Still on the package; somebody taken off stays as a row when there is a declaration."""
        return self.filter(removed_at__isnull=True)

    def recused(self) -> "OfficerQuerySet":
        """The superior decided on their newest declaration that they are replaced; also those who are by now."""
        return self.filter(clearance__decision=DecisionKind.REPLACE)

    def still_to_declare(self) -> "OfficerQuerySet":
        return self.filter(clearance__missing=MissingClearance.DECLARATION)

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
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="replaced_by",
        verbose_name=_("takes the place of"),
    )
    assigned_at = models.DateTimeField(_("assigned"), default=timezone.now, editable=False)

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
        triggers = [
            settles_declarations("ARRAY[NEW.package_id, OLD.package_id]"),
            stays("package_id", "user_id", "role", "replaces_id"),
            remembers("taken_off", "named", "OLD.user_id", operation=pgtrigger.Delete, package="OLD.package_id"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    def current(self) -> "DeclarationQuerySet":
        """The newest version of each; a correction supersedes and never overwrites."""
        return self.filter(superseded_at__isnull=True)

    def yearly(self) -> "DeclarationQuerySet":
        """General ones, of no package."""
        return self.filter(officer__isnull=True)

    def undecided(self) -> "DeclarationQuerySet":
        return self.current().filter(decision__isnull=True)

    def visible_to(self, user: "User | AnonymousUser") -> "DeclarationQuerySet":
        """The declarer, the superior and the auditor. The superior is the head of the OPD, of a head the governor's
        office."""
        if not isinstance(user, User):
            return self.none()
        if user.has_role(Role.AUDITOR):
            return self.all()
        if user.has_role(Role.GOVERNORS_OFFICE):
            own = Q(declarer=user) | Q(agency_id__in=user.headed_agency_ids) | Q(pk__in=self.of_heads())
            return self.filter(own | Q(pk__in=self.awaiting_decision_of(user)))
        return self.filter(Q(declarer=user) | Q(agency_id__in=user.headed_agency_ids))

    def of_heads(self) -> "DeclarationQuerySet":
        """Made by the head of the OPD, not by somebody who stands in."""
        heads = Membership.objects.in_force().filter(
            user=OuterRef("declarer"), agency=OuterRef("agency"), role=Role.AGENCY_HEAD, delegated_by__isnull=True
        )
        return self.filter(Exists(heads))

    def awaiting_decision_of(self, user: "User") -> "DeclarationQuerySet":
        """Undecided, and this person's to decide: of heads the governor's office, of all others the head of the
        OPD."""
        heads = self.undecided().of_heads()
        others = self.undecided().exclude(pk__in=heads)
        return DECIDE_ON_HEAD.waiting_for(heads, user) | DECIDE_DECLARATION.waiting_for(others, user)


@track()
class Declaration(models.Model):
    """One version of what somebody says about interests: in one package (`officer` set), or in general for a year."""

    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="declarations", verbose_name=_("official")
    )
    declarer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="declarations", verbose_name=_("declared by")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("OPD"))
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    number = models.PositiveSmallIntegerField(_("version"))
    has_interest = models.BooleanField(_("has an interest"))
    declared_at = models.DateTimeField(_("declared"), default=timezone.now)
    signed_by = models.CharField(_("signed by"), max_length=10, choices=Signature, default=Signature.NONE)
    superseded_at = models.DateTimeField(_("corrected"), null=True, blank=True)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict-of-interest declaration")
        verbose_name_plural = _("conflict-of-interest declarations")
        ordering = ["-fiscal_year", "officer", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["officer", "number"], name="procurement_declaration_number"),
            models.UniqueConstraint(
                fields=["declarer", "agency", "fiscal_year", "number"],
                condition=Q(officer__isnull=True),
                name="procurement_declaration_yearly_number",
            ),
            models.UniqueConstraint(
                fields=["officer"],
                condition=Q(superseded_at__isnull=True, officer__isnull=False),
                name="procurement_declaration_one_current",
            ),
            models.UniqueConstraint(
                fields=["declarer", "agency", "fiscal_year"],
                condition=Q(superseded_at__isnull=True, officer__isnull=True),
                name="procurement_declaration_yearly_current",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gte=F("declared_at")),
                name="procurement_declaration_order",
            ),
        ]
        triggers = [
            settles_declarations(
                "ARRAY(SELECT package_id FROM procurement_officer WHERE id IN (NEW.officer_id, OLD.officer_id))"
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="as_declared",
                operation=pgtrigger.UpdateOf(
                    "officer_id",
                    "declarer_id",
                    "agency_id",
                    "fiscal_year",
                    "number",
                    "has_interest",
                    "declared_at",
                    "signed_by",
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.declarer} · {self.about} · {self.number}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Of a declaration for a package the official says who, for which OPD and year."""
        if self.officer is not None and not self.declarer_id:
            package = self.officer.package
            self.declarer_id, self.agency_id, self.fiscal_year = (
                self.officer.user_id,
                package.agency_id,
                package.fiscal_year,
            )
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    def get_absolute_url(self) -> str:
        return reverse("procurement:declaration", args=[self.pk])

    @property
    def about(self) -> str:
        """The package, or the year of a general declaration."""
        return str(self.officer.package) if self.officer else _now("the year %(year)s") % {"year": self.fiscal_year}

    @property
    def act(self) -> Act:
        """Who decides on it: a head does not answer to the own OPD."""
        is_of_head = Declaration.objects.of_heads().filter(pk=self.pk).exists()
        return DECIDE_ON_HEAD if is_of_head else DECIDE_DECLARATION

    @property
    def decision_or_none(self) -> "Decision | None":
        """For templates: what is not there yet is no error."""
        return getattr(self, "decision", None)

    def versions(self) -> "DeclarationQuerySet":
        """All versions of what this person said about the same package or year, newest first."""
        same = Declaration.objects.filter(declarer_id=self.declarer_id, agency_id=self.agency_id)
        same = (
            same.filter(officer_id=self.officer_id)
            if self.officer_id
            else same.filter(officer=None, fiscal_year=self.fiscal_year)
        )
        return same.order_by("-number")


@track(exclude=("party_identity", "party_identity_hash", "party_identity_salt", "party_name_key"))
class Interest(models.Model):
    """One interest of a declaration. The identity number is stored encrypted and found by its keyed hash.

    The hash is sealed together with a random number that is erased with it: what is left of an erased identity in the
    hash chain can't be tried out.
    """

    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="interests")
    kind = models.CharField(_("kind of interest"), max_length=16, choices=InterestKind)
    nature = models.CharField(_("nature"), max_length=10, choices=InterestNature)
    party_name = models.CharField(_("party (person or company)"), max_length=200)
    party_identity = EncryptedTextField(_("identity number (NIK or NPWP)"), blank=True)
    party_identity_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    party_identity_salt = models.CharField(max_length=32, blank=True, default="", editable=False)
    party_name_key = name_key_of("party_name")
    relation = models.CharField(_("relation"), max_length=200)
    since = models.CharField(_("since"), max_length=60, blank=True)
    mitigation = models.TextField(_("proposed measure"), blank=True, max_length=1000)

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        ordering = ["id"]
        indexes = [models.Index(fields=["party_name_key"], name="procurement_interest_name")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.party_name}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.party_identity_hash = identity_hash(self.party_identity or "")
        if bool(self.party_identity_hash) != bool(self.party_identity_salt):
            self.party_identity_salt = secrets.token_hex(16) if self.party_identity_hash else ""
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came


@track()
class Decision(ActsForModel):
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
        triggers = [
            pgtrigger.Protect(name="as_decided", operation=pgtrigger.Update | pgtrigger.Delete),
            refuses_concerned(
                pgtrigger.Insert,
                person="NEW.decided_by_id",
                agency="SELECT d.agency_id FROM procurement_declaration d WHERE d.id = NEW.declaration_id",
                concerned="procurement_declaration_concerned(NEW.declaration_id)",
                ladder=DECIDE_DECLARATION.ladder,
                lender="NEW.acting_for_id",
            ),
            settles_declarations(
                "ARRAY(SELECT package_id FROM procurement_officer WHERE id = ANY (ARRAY("
                "SELECT officer_id FROM procurement_declaration WHERE id IN (NEW.declaration_id, OLD.declaration_id))))"
            ),
        ]
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
