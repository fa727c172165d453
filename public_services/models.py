"""Services of the OPD to citizens and businesses, and the procedures by which they are given."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.separation import Act
from accounts.separation_triggers import refuses_concerned, stays
from accounts.standing_in import ActsForModel
from core.audit import track
from core.choices import Role
from core.fields import RupiahField
from core.versioning import VersionedModel
from public_services.choices import Actor, DigitalLevel, ProcedureState
from public_services.complexity import Complexity, band_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class PublicServiceQuerySet(models.QuerySet["PublicService"]):
    def visible_to(self, user: "User | AnonymousUser") -> "PublicServiceQuerySet":
        """What is offered to the public is no secret within the house."""
        return self.filter(is_active=True) if isinstance(user, User) else self.none()

    def editable_by(self, user: User) -> "PublicServiceQuerySet":
        return self.filter(agency_id__in=user.operated_agency_ids)

    def with_procedure(self) -> "PublicServiceQuerySet":
        """Joins the procedure in force as `current_…`: its score, steps, days, visits, documents."""
        in_force = Procedure.objects.filter(service=models.OuterRef("pk"), state=ProcedureState.IN_FORCE)
        names = ("score", "steps_count", "days", "visits", "documents", "known_documents")
        joined: PublicServiceQuerySet = self.annotate(
            **{f"current_{name}": models.Subquery(in_force.values(name)) for name in names}
        )
        return joined


@track()
class PublicService(VersionedModel):
    """One service as the standard of service (UU 25/2009 art. 21, Permenpan RB 15/2014) describes it."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="public_services", verbose_name=_("OPD"))
    name = models.CharField(_("name"), max_length=200)
    product = models.CharField(_("what one gets"), max_length=200, help_text=_("For example: a permit, a certificate."))
    users = models.CharField(_("who uses it"), max_length=200)
    digital_level = models.PositiveSmallIntegerField(
        _("digital level"), choices=DigitalLevel, default=DigitalLevel.NONE
    )
    address = models.URLField(_("online address"), blank=True)
    fee_rupiah = RupiahField(_("fee (Rp)"), default=0, help_text=_("0 when it is free."))
    legal_basis = models.CharField(_("legal basis"), max_length=300)
    promised_days = models.DecimalField(
        _("promised time (working days)"), max_digits=6, decimal_places=2, validators=[MinValueValidator(0)]
    )
    volume = models.PositiveIntegerField(_("applications in a year"), default=0)
    complaints = models.PositiveIntegerField(_("complaints in a year"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    objects = PublicServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("public service")
        verbose_name_plural = _("public services")
        ordering = ["agency__name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="public_services_service_once",
                violation_error_message=_("This OPD has a service of that name already."),
            ),
            models.CheckConstraint(
                condition=Q(digital_level__in=DigitalLevel.values), name="public_services_service_level"
            ),
            models.CheckConstraint(
                condition=Q(digital_level__lt=DigitalLevel.APPLICATION) | ~Q(address=""),
                name="public_services_service_address",
                violation_error_message=_("From level 3 on write the address where one applies."),
            ),
            models.CheckConstraint(
                condition=Q(fee_rupiah__gte=0),
                name="public_services_service_fee",
                violation_error_message=_("A fee is zero or more."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("public_services:service", args=[self.pk])


class DocumentKind(models.Model):
    """A document that is asked for. `held_by`: the government's system that has it, so that it need not be asked
    for."""

    name = models.CharField(_("name"), max_length=160, unique=True)
    held_by = models.CharField(
        _("already held by"),
        max_length=160,
        blank=True,
        help_text=_("For example: Dukcapil. Empty when nobody has it."),
    )

    class Meta:
        verbose_name = _("kind of document")
        verbose_name_plural = _("kinds of documents")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


# The head of the OPD adopts a shorter procedure; never the one who proposed it.
ADOPT_PROCEDURE = Act("public_services_procedure_concerned", (Role.AGENCY_HEAD, Role.GOVERNORS_OFFICE, Role.AUDITOR))


class ProcedureQuerySet(models.QuerySet["Procedure"]):
    def in_force(self) -> "ProcedureQuerySet":
        return self.filter(state=ProcedureState.IN_FORCE)

    def proposed(self) -> "ProcedureQuerySet":
        return self.filter(state=ProcedureState.PROPOSED)


@track()
class Procedure(VersionedModel, ActsForModel):
    """One version of how a service is given: in force, proposed, or replaced. Counts and score follow its steps."""

    service = models.ForeignKey(
        PublicService, models.CASCADE, related_name="procedures", verbose_name=_("public service")
    )
    state = models.CharField(_("state"), max_length=8, choices=ProcedureState, default=ProcedureState.PROPOSED)
    reason = models.CharField(_("what it improves"), max_length=500, blank=True)
    steps_count = models.PositiveSmallIntegerField(_("steps"), default=0, editable=False)
    hand_overs = models.PositiveSmallIntegerField(_("hand-overs"), default=0, editable=False)
    visits = models.PositiveSmallIntegerField(_("visits"), default=0, editable=False)
    documents = models.PositiveSmallIntegerField(_("documents"), default=0, editable=False)
    known_documents = models.PositiveSmallIntegerField(
        _("documents that the government has"), default=0, editable=False
    )
    days = models.DecimalField(_("working days"), max_digits=7, decimal_places=2, default=0, editable=False)
    score = models.DecimalField(_("complexity score"), max_digits=8, decimal_places=2, default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    created_at = models.DateTimeField(_("entered"), default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=500, blank=True)

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        ordering = ["service", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["service"], condition=Q(state=ProcedureState.IN_FORCE), name="public_services_procedure_one"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ProcedureState.values), name="public_services_procedure_state"
            ),
            models.CheckConstraint(
                condition=~Q(state=ProcedureState.PROPOSED) | ~Q(reason=""),
                name="public_services_procedure_reason",
                violation_error_message=_("Say what the proposal improves."),
            ),
            models.CheckConstraint(
                condition=Q(known_documents__lte=F("documents")), name="public_services_procedure_known"
            ),
        ]
        indexes = [models.Index(fields=["state", "score"], name="public_services_score")]
        # The procedure that is replaced carries who adopted its successor: that is no decision on itself.
        triggers = [
            stays("created_by_id", "service_id"),
            refuses_concerned(
                pgtrigger.Insert | pgtrigger.UpdateOf("decided_by_id", "acting_for_id", "state"),
                person="NEW.decided_by_id",
                agency="SELECT s.agency_id FROM public_services_publicservice s WHERE s.id = NEW.service_id",
                concerned="public_services_procedure_concerned(NEW.id)",
                condition=pgtrigger.Q(new__decided_by_id__isnull=False)
                & ~pgtrigger.Q(new__state=ProcedureState.REPLACED),
                ladder=ADOPT_PROCEDURE.ladder,
                lender="NEW.acting_for_id",
                also_when=["state"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} ({self.get_state_display()})"

    @property
    def complexity(self) -> Complexity:
        return Complexity(
            self.steps_count, self.hand_overs, self.visits, self.documents, self.known_documents, self.days
        )

    @property
    def band(self) -> str:
        return band_of(self.score)


@track()
class ProcedureStep(models.Model):
    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="steps", verbose_name=_("procedure"))
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("what happens"), max_length=160)
    actor = models.CharField(_("who acts"), max_length=10, choices=Actor)
    days = models.DecimalField(
        _("working days"),
        max_digits=6,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(365)],
    )
    is_visit = models.BooleanField(_("the applicant comes in person"), default=False)
    documents = models.ManyToManyField(
        DocumentKind, blank=True, related_name="+", verbose_name=_("documents asked for")
    )

    class Meta:
        verbose_name = _("step of a procedure")
        verbose_name_plural = _("steps of procedures")
        ordering = ["procedure", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "number"], name="public_services_step_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(actor__in=Actor.values), name="public_services_step_actor"),
            models.CheckConstraint(condition=Q(days__range=(0, 365)), name="public_services_step_days"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"
