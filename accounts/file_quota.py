"""How much the files of one OPD may take together: one OPD cannot fill the disk of all."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.models import Agency

MEGABYTE = 1024 * 1024


def used_by(agency: Agency) -> int:
    """Bytes of all that the OPD has handed in and still has."""
    return sum(import_string(name)(agency.pk) for name in settings.FILE_COUNTERS)


def check_room(agency: Agency, size: int) -> None:
    """Raises ValidationError when `size` bytes more would be too many."""
    used, most = used_by(agency), settings.FILES_PER_AGENCY
    if used + size > most:
        figures = {"used": used // MEGABYTE, "most": most // MEGABYTE, "size": max(1, size // MEGABYTE)}
        raise ValidationError(
            _(
                "The files of your OPD take %(used)s of %(most)s MB; %(size)s MB more do not fit. Take off what is no "
                "longer needed, or ask the administrator for more room."
            )
            % figures
        )
