"""What signing in has to remember in the database, so that it holds while Valkey is away."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FailedTry(models.Model):
    """A wrong password or code: by the name that was typed, whether there is such an account or not."""

    account = models.CharField(max_length=150)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-at"], name="accounts_try_account"),
            models.Index(fields=["address", "-at"], name="accounts_try_address"),
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.address}"


class KnownPlace(models.Model):
    """A network from which a person has signed in: elsewhere is worth a notice, here nobody locks them out."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="known_places")
    network = models.CharField(max_length=50)
    last_seen = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "network"], name="accounts_place_once")]

    def __str__(self) -> str:
        return self.network


class SpentCode(models.Model):
    """The last time step whose code a person has used; neither it nor an earlier one opens anything again."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", primary_key=True)
    time_step = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.time_step)


class FormerPassword(models.Model):
    """The hash of a password that is not to come back soon."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="former_passwords")
    encoded = models.CharField(_("password"), max_length=128)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.at)
