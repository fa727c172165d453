"""Tokens with which a program reads the API for a person."""

import datetime as dt

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.separation_triggers import stays
from accounts.tokens.choices import Resource
from core.audit import track


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def in_force(self) -> "ApiTokenQuerySet":
        return self.filter(revoked_at__isnull=True, expires_at__gt=timezone.now(), user__is_active=True)


@track(exclude=("digest", "last_used_at"))
class ApiToken(models.Model):
    """Reads `resources` for its owner until it expires. Only the SHA-256 of its 256 random bits is kept.

    A trigger on users revokes it when the owner's password changes or the account is switched off.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    resources = ArrayField(models.CharField(max_length=20), verbose_name=_("may read"))
    with_second_factor = models.BooleanField()
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at"))
                & Q(expires_at__lte=F("created_at") + dt.timedelta(days=366)),
                name="accounts_apitoken_expires",
            ),
            models.CheckConstraint(
                condition=Q(resources__contained_by=Resource.values) & Q(resources__len__gt=0),
                name="accounts_apitoken_resources",
            ),
        ]
        triggers = [
            stays("user_id", "name", "digest", "hint", "resources", "with_second_factor", "created_at", "expires_at"),
            pgtrigger.Protect(
                name="revoked_for_good",
                operation=pgtrigger.UpdateOf("revoked_at"),
                condition=pgtrigger.Q(old__revoked_at__isnull=False)
                & pgtrigger.Q(old__revoked_at__df=pgtrigger.F("new__revoked_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_force(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def resource_names(self) -> list[str]:
        return [str(Resource(name).label) for name in self.resources]

    def opens(self, basename: str) -> bool:
        """Whether the token reaches an address of the API; what belongs to no resource (the list of addresses, the
        description) is open to every token."""
        return not basename or basename.removeprefix("api-") in self.resources
