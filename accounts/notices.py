"""What the portal tells people, and what of it a daily letter still has to say."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import NoticesByMail

if TYPE_CHECKING:
    from accounts.models import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)

    def for_digest(self) -> "NoticeQuerySet":
        """Of people who want one letter a day: what they have neither read nor been written of."""
        wanted = Q(user__is_active=True, user__notices_by_mail=NoticesByMail.DAILY) & ~Q(user__email="")
        return self.unread().filter(wanted, mailed_at__isnull=True)

    def visible_to(self, user: "User") -> "NoticeQuerySet":
        return self.filter(user_id=user.pk)


class Notice(models.Model):
    """Something a person should know: a returned report, a changed reference figure, a declaration to decide."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True, editable=False)  # at once, in a digest, or not wanted by mail

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-id"], name="accounts_notice_user")]

    def __str__(self) -> str:
        return self.text
