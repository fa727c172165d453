"""What people choose for their own account."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticesByMail(models.TextChoices):
    AT_ONCE = "at_once", _("each at once")
    DAILY = "daily", _("one letter every morning with what is unread")
    NEVER = "never", _("not at all")
