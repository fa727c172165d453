"""What comparing a regulation's text with the portal came to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckResult(models.TextChoices):
    MATCHES = "matches", _("The portal says what the text says")
    DIFFERS = "differs", _("The text says something else")
