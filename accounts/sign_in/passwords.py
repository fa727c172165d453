"""A password does not come back: neither the present one nor the last five."""

from typing import Any

from django.contrib.auth.hashers import check_password, is_password_usable
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import FormerPassword, User

REMEMBERED = 5


class NotAgain:
    """A validator for AUTH_PASSWORD_VALIDATORS; Django calls `password_changed` after each saved change."""

    def validate(self, password: str, user: Any = None) -> None:
        if not isinstance(user, User) or user.pk is None:
            return
        former = list(FormerPassword.objects.filter(user=user).values_list("encoded", flat=True)[: REMEMBERED + 1])
        if any(
            check_password(password, encoded) for encoded in {user.password, *former}
        ):  # the present one is among them
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def password_changed(self, password: str, user: Any = None) -> None:
        del password
        if not isinstance(user, User) or not is_password_usable(user.password):
            return
        FormerPassword.objects.create(user=user, encoded=user.password)
        kept = FormerPassword.objects.filter(user=user).values_list("pk", flat=True)[: REMEMBERED + 1]
        FormerPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()

    def get_help_text(self) -> str:
        return _("Your last %(count)s passwords can't be used again. Choose another one.") % {"count": REMEMBERED}
