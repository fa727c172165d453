"""Requests of people about their own data (UU 27/2022 art. 5 to 13)."""

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.separation import Act
from accounts.separation_triggers import refuses_concerned, stays
from core.audit import track
from core.choices import Role
from core.encryption import identity_hash, masked
from core.fields import EncryptedTextField
from procurement.choices import PrivacyRequestKind, PrivacyRequestState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


ANSWER_REQUEST = Act("procurement_request_concerned", (Role.AUDITOR, Role.GOVERNORS_OFFICE))


class PrivacyRequestQuerySet(models.QuerySet["PrivacyRequest"]):
    def visible_to(self, user: "User | AnonymousUser") -> "PrivacyRequestQuerySet":
        """One's own; the auditor sees all and answers, the governor's office what no auditor is left to answer."""
        if not isinstance(user, User):
            return self.none()
        if user.has_role(Role.AUDITOR):
            return self.all()
        return self.filter(Q(user=user) | Q(pk__in=self.awaiting_answer_of(user)))

    def awaiting_answer_of(self, user: "User") -> "PrivacyRequestQuerySet":
        return ANSWER_REQUEST.waiting_for(self.open(), user, agency="")

    def open(self) -> "PrivacyRequestQuerySet":
        return self.filter(state=PrivacyRequestState.OPEN)


@track(exclude=("identity", "identity_hash"))
class PrivacyRequest(models.Model):
    """What somebody asks about data on themselves: made in the portal, or written down for a person outside it."""

    kind = models.CharField(_("what is asked"), max_length=10, choices=PrivacyRequestKind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="privacy_requests",
        verbose_name=_("user"),
    )
    name = models.CharField(_("name of the person concerned"), max_length=200)
    identity = EncryptedTextField(_("NIK"), blank=True)
    identity_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    text = models.TextField(_("what it is about"), max_length=2000)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    state = models.CharField(_("state"), max_length=10, choices=PrivacyRequestState, default=PrivacyRequestState.OPEN)
    answer = models.TextField(_("answer"), blank=True, max_length=2000)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = PrivacyRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PrivacyRequestState.values), name="procurement_privacyrequest_state"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PrivacyRequestKind.values), name="procurement_privacyrequest_kind"
            ),
            models.CheckConstraint(
                condition=Q(state=PrivacyRequestState.OPEN) | (~Q(answer="") & Q(answered_by__isnull=False)),
                name="procurement_privacyrequest_answered",
                violation_error_message=_("Write the answer."),
            ),
        ]
        triggers = [
            stays("user_id", "made_by_id"),
            refuses_concerned(
                pgtrigger.Insert | pgtrigger.UpdateOf("answered_by_id"),
                person="NEW.answered_by_id",
                agency="NULL::bigint",
                concerned="procurement_request_concerned(NEW.id)",
                ladder=ANSWER_REQUEST.ladder,
                condition=pgtrigger.Q(new__answered_by_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.identity_hash = identity_hash(self.identity or "")
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    @property
    def masked_identity(self) -> str:
        return masked(self.identity or "")
