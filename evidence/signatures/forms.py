"""What the signer types: the pass phrase, which is used and forgotten."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from evidence.signatures.reading import MAX_BYTES, is_pdf


class PassphraseForm(forms.Form):
    passphrase = forms.CharField(
        label=_("Pass phrase of your electronic certificate"),
        help_text=_("The one from BSrE. The portal passes it on and keeps it nowhere."),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "form-control"}),
        error_messages={"required": _("Type the pass phrase. It is never kept, so it is typed anew each time.")},
    )


class SignedFileForm(forms.Form):
    file = forms.FileField(
        label=_("The signed PDF, got from BSrE by another way"),
        widget=forms.FileInput(attrs={"accept": "application/pdf", "class": "form-control"}),
        error_messages={"required": _("Choose the signed PDF.")},
    )

    def clean_file(self) -> Any:  # Django's own types name no one type of an uploaded file
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than %(size)s MB.") % {"size": MAX_BYTES // 1024**2})
        if not is_pdf(file.read(1024)):
            raise ValidationError(_("This is no PDF."))
        file.seek(0)
        return file


class NotSignedForm(forms.Form):
    """Said twice on purpose: whoever says it wrongly signs the same paper a second time."""

    is_certain = forms.BooleanField(
        label=_("I have looked: it is not in BSrE's list of my signatures."),
        help_text=_(
            "The paper then counts as not signed and can be sent again. If BSrE has signed it after all, there will be "
            "two signed files of it, and this one is unknown to the portal."
        ),
        error_messages={"required": _("Look into BSrE's list first, then tick that it is not there.")},
    )
