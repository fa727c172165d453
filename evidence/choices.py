"""How the chain's newest seal leaves the house."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DepartureWay(models.TextChoices):
    FILE = "file", _("line in the file of seals")
    MAIL = "mail", _("e-mail")
    STAMP = "stamp", _("time stamp of an authority")


class PaperKind(models.TextChoices):
    """What can be signed; `settings.SIGNABLE_PAPERS` says who gives it."""

    BRIEFING = "briefing", _("weekly briefing")
    SPM_REPORT = "spm_report", _("report on applying SPM")
    WORKING_PAPER = "working_paper", _("working paper on procurement")


class SignatureState(models.TextChoices):
    PREPARED = "prepared", _("ready to be signed")
    SENT = "sent", _("sent to BSrE")
    SIGNED = "signed", _("signed")
    REFUSED = "refused", _("not signed")
    UNKNOWN = "unknown", _("outcome unknown")


# Whoever was refused may try again by hand; of an unknown outcome a person says what became of it. Nothing is sent
# again by itself.
SIGNATURE_TRANSITIONS: dict[str, frozenset[str]] = {
    SignatureState.PREPARED: frozenset({SignatureState.SENT, SignatureState.REFUSED}),
    SignatureState.SENT: frozenset({SignatureState.SIGNED, SignatureState.REFUSED, SignatureState.UNKNOWN}),
    SignatureState.SIGNED: frozenset(),
    SignatureState.REFUSED: frozenset({SignatureState.SENT}),
    SignatureState.UNKNOWN: frozenset({SignatureState.SIGNED, SignatureState.REFUSED}),
}
