"""What somebody typed into a form and has not sent yet."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import EncryptedTextField

if TYPE_CHECKING:
    from accounts.models import User


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: "User") -> "DraftQuerySet":
        """Nobody's but their own, whatever the role."""
        return self.filter(owner_id=user.pk)


class Draft(models.Model):
    """One form of one person. `content` says of each field what was typed, and what the form showed before.

    It is in no history: what was never sent is nobody's business but its owner's.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=20)  # the form's address and kind, as static/js/drafts.js works it out
    page = models.CharField(max_length=500)
    place = models.CharField(max_length=160, default="")  # the OPD and year that it was typed for
    title = EncryptedTextField()  # the page's heading: it may name a person
    content = EncryptedTextField()
    saved_at = models.DateTimeField(_("typed"), default=timezone.now, db_index=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a form")
        verbose_name_plural = _("drafts of forms")
        ordering = ["-saved_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="accounts_draft_one_of_a_form")]

    def __str__(self) -> str:
        return self.title
