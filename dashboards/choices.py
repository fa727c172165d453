"""What a directive may become."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DirectiveState(models.TextChoices):
    OPEN = "open", _("open")
    ANSWERED = "answered", _("said to be carried out")
    DONE = "done", _("carried out")
    WITHDRAWN = "withdrawn", _("withdrawn")
