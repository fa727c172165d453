"""What left the house of the hash chain, what each verification found, and the papers that people sign."""

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.audit import track
from core.choices import Role
from core.moments import dated_by_database
from evidence.choices import SIGNATURE_TRANSITIONS, DepartureWay, PaperKind, SignatureState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class HeadDepartureQuerySet(models.QuerySet["HeadDeparture"]):
    def arrived(self) -> "HeadDepartureQuerySet":
        return self.filter(problem="")

    def stamps(self) -> "HeadDepartureQuerySet":
        return self.arrived().filter(way=DepartureWay.STAMP)


class HeadDeparture(models.Model):
    """One try to get a seal out of the house; with `problem` it failed. Append-only.

    No foreign key to the block: it has to outlive a chain that was removed or made anew.
    """

    number = models.PositiveIntegerField(_("block"))
    seal = models.CharField(_("seal"), max_length=64)
    way = models.CharField(_("way"), max_length=5, choices=DepartureWay)
    where = models.CharField(_("to"), max_length=300)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    token = models.BinaryField(null=True)
    stamped_at = models.DateTimeField(_("stamped"), null=True)

    objects = HeadDepartureQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal that left the house")
        verbose_name_plural = _("seals that left the house")
        ordering = ["-id"]
        indexes = [models.Index(fields=["way", "-id"], name="evidence_departure_way")]
        constraints = [
            models.CheckConstraint(condition=Q(way__in=DepartureWay.values), name="evidence_departure_known_way"),
            models.CheckConstraint(
                condition=Q(way=DepartureWay.STAMP, problem="", token__isnull=False, stamped_at__isnull=False)
                | (Q(token__isnull=True, stamped_at__isnull=True) & (~Q(way=DepartureWay.STAMP) | ~Q(problem=""))),
                name="evidence_departure_token",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            dated_by_database("at"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.seal[:12]} → {self.where}"


class ChainVerification(models.Model):
    """What a verification of the chain found: every night, and when somebody asks for it. Append-only."""

    started_at = models.DateTimeField(_("begun"))
    finished_at = models.DateTimeField(_("finished"), auto_now_add=True)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(_("asked for by"), max_length=200, blank=True)
    blocks = models.PositiveIntegerField(_("seals"))
    sealed = models.PositiveBigIntegerField(_("sealed rows"))
    unsealed = models.PositiveBigIntegerField(_("not sealed yet"))
    head = models.CharField(_("newest seal"), max_length=64, blank=True)
    finding_count = models.PositiveIntegerField(_("findings"))
    findings = models.JSONField(_("findings"), default=list)
    weaknesses = models.JSONField(_("rights that the portal should not have"), default=list)

    class Meta:
        verbose_name = _("verification of the hash chain")
        verbose_name_plural = _("verifications of the hash chain")
        ordering = ["-id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            dated_by_database("finished_at"),
        ]

    def __str__(self) -> str:
        return f"{self.finished_at:%Y-%m-%d %H:%M} {self.finding_count}"

    @property
    def took(self) -> timedelta:
        return self.finished_at - self.started_at


def _new_code() -> str:
    """128 bits that nobody guesses: whoever holds the paper, and nobody else, finds its page."""
    return secrets.token_urlsafe(16)


class PaperSignatureQuerySet(models.QuerySet["PaperSignature"]):
    def visible_to(self, user: "User | AnonymousUser") -> "PaperSignatureQuerySet":
        """One's own, and for auditors all."""
        if not isinstance(user, User):
            return self.none()
        return self.all() if user.has_role(Role.AUDITOR) else self.filter(signer=user)

    def waiting_for(self, user: "User") -> "PaperSignatureQuerySet":
        """What the signer still has to do something about: of an unknown outcome first, then ready to be signed, also
        after a sending that was refused, until it is withdrawn or the paper is signed by another sending."""
        same = PaperSignature.objects.filter(
            kind=OuterRef("kind"), paper_key=OuterRef("paper_key"), signer=OuterRef("signer")
        ).exclude(pk=OuterRef("pk"))
        elsewhere = same.exclude(state=SignatureState.REFUSED) | same.filter(pk__gt=OuterRef("pk"))
        open_still = Q(state__in=[SignatureState.UNKNOWN, SignatureState.PREPARED])
        to_retry = Q(state=SignatureState.REFUSED, sent_at__isnull=False) & ~Exists(elsewhere)
        return (
            self.filter(open_still | to_retry, signer=user)
            .annotate(is_ready=~Q(state=SignatureState.UNKNOWN))
            .order_by("is_ready", "prepared_at", "pk")
        )

    def of_paper(self, kind: PaperKind, key: str) -> "PaperSignatureQuerySet":
        return self.filter(kind=kind, paper_key=key)


@track()
class PaperSignature(models.Model):
    """A paper that somebody signs electronically. What is stored is the paper with its sheet of signature; once it is
    signed, the signed file, which begins with the same `prepared_size` bytes.

    The pass phrase of the signer is never here, nor anywhere else.
    """

    code = models.CharField(_("code"), max_length=22, unique=True, default=_new_code, editable=False)
    kind = models.CharField(_("paper"), max_length=20, choices=PaperKind)
    paper_key = models.CharField(max_length=60)
    title = models.CharField(_("title"), max_length=300)
    file_name = models.CharField(_("file"), max_length=200)
    paper_sha256 = models.CharField(_("SHA-256 of the paper"), max_length=64)
    prepared_sha256 = models.CharField(_("SHA-256 before signing"), max_length=64)
    prepared_size = models.PositiveIntegerField(_("bytes before signing"))
    stored_as = models.CharField(max_length=40)
    sha256 = models.CharField(_("SHA-256 of the signed file"), max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SignatureState, default=SignatureState.PREPARED)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="paper_signatures", verbose_name=_("signer")
    )
    prepared_at = models.DateTimeField(_("prepared"), default=timezone.now, editable=False)  # the sheet says it, too
    sent_at = models.DateTimeField(_("sent"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    certificate = models.CharField(_("certificate of"), max_length=300, blank=True)
    signed_at = models.DateTimeField(_("signed"), null=True)  # by the time stamp in the file, else the signer's clock

    objects = PaperSignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("electronic signature")
        verbose_name_plural = _("electronic signatures")
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "paper_key", "-id"], name="evidence_signature_paper")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="evidence_signature_known_paper"),
            models.CheckConstraint(condition=Q(state__in=SignatureState.values), name="evidence_signature_known_state"),
            models.CheckConstraint(
                condition=Q(state=SignatureState.SIGNED, sent_at__isnull=False, answered_at__isnull=False)
                & ~Q(sha256="")
                & ~Q(certificate="")
                | (~Q(state=SignatureState.SIGNED) & Q(sha256="", certificate="")),
                name="evidence_signature_signed",
                violation_error_message=_(
                    "A signed paper has its file, its certificate and its moments; no other has."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state=SignatureState.PREPARED) | Q(state=SignatureState.REFUSED) | Q(sent_at__isnull=False),
                name="evidence_signature_sent",
            ),
            models.UniqueConstraint(
                fields=["kind", "paper_key", "signer"],
                condition=Q(state__in=[SignatureState.PREPARED, SignatureState.SENT, SignatureState.UNKNOWN]),
                name="evidence_signature_one_open",
                violation_error_message=_("This paper is about to be signed by this person already."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="signed_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=SignatureState.SIGNED),
            ),
            pgtrigger.ReadOnly(
                name="as_prepared",
                fields=["code", "kind", "paper_key", "signer", "paper_sha256", "prepared_sha256", "prepared_size"],
            ),
            pgtrigger.FSM(
                name="follows_the_table",
                field="state",
                transitions=[
                    (SignatureState(state).value, SignatureState(following).value)
                    for state, all_following in SIGNATURE_TRANSITIONS.items()
                    for following in sorted(all_following)
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.signer})"

    def get_absolute_url(self) -> str:
        return reverse("evidence:signature", args=[self.pk])

    @property
    def is_withdrawn(self) -> bool:
        """The signer has said that it is not to be signed; a sending that was refused keeps its moment."""
        return self.state == SignatureState.REFUSED and self.sent_at is None

    @property
    def state_name(self) -> str:
        """How it stands, in words; on paper and to the public a withdrawn one is not one that somebody refused."""
        return _now("withdrawn by the signer") if self.is_withdrawn else self.get_state_display()
