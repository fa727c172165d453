from django.db import models
from django.utils.translation import gettext_lazy as _


class DeviceResetState(models.TextChoices):
    ASKED = "asked", _("waits for a second administrator")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


DEVICE_RESET_TRANSITIONS: dict[str, frozenset[str]] = {
    DeviceResetState.ASKED: frozenset({DeviceResetState.DONE, DeviceResetState.REFUSED}),
    DeviceResetState.DONE: frozenset(),
    DeviceResetState.REFUSED: frozenset(),
}
