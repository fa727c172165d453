"""A lost device: one administrator asks, another confirms."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.device_resets.choices import DeviceResetState
from core.audit import track

# Who was invited, given a role or had the way in changed by somebody is for so long no second pair of eyes beside them.
SET_UP_DAYS = 90


@track()
class DeviceReset(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="device_resets", verbose_name=_("person")
    )
    reason = models.CharField(_("reason"), max_length=300)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=DeviceResetState, default=DeviceResetState.ASKED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("lost device")
        verbose_name_plural = _("lost devices")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeviceResetState.values), name="accounts_devicereset_state"),
            models.CheckConstraint(
                condition=Q(state=DeviceResetState.ASKED, decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state=DeviceResetState.ASKED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="accounts_devicereset_decided",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("user"))
                & (Q(decided_by__isnull=True) | ~Q(decided_by=F("user")))
                & (~Q(state=DeviceResetState.DONE) | ~Q(decided_by=F("asked_by"))),
                name="accounts_devicereset_two_others",
                violation_error_message=_("Two administrators are needed, and neither may be the person."),
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(state=DeviceResetState.ASKED), name="accounts_devicereset_one_open"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="two_hands",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "asked_by_id", "decided_by_id"),
                condition=pgtrigger.Q(new__state=DeviceResetState.DONE),
                func=f"""
                    IF accounts_set_up_together(
                        NEW.asked_by_id, NEW.decided_by_id, now() - interval '{SET_UP_DAYS} days') THEN
                        RAISE EXCEPTION 'separation of duties: users % and % are of one hand',
                              NEW.asked_by_id, NEW.decided_by_id USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return str(self.user)
