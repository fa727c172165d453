"""Handing in a list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.importing.workbooks import DELIMITERS

STAGES = [
    ("original", _("original budget (murni)")),
    ("shift", _("shift within the budget (pergeseran)")),
    ("change", _("changed budget (perubahan)")),
]


class UploadForm(forms.Form):
    """A list to hand in; the kind is found from its headings."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX, XLSB, XLS, ODS, CSV or JSON, at most 60 MB."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Save it in Excel and upload it again."),
        },
    )
    stage = forms.ChoiceField(
        label=_("Stage of the budget"),
        required=False,
        choices=[("", _("– as it comes –")), *STAGES],
        help_text=_("Only for budget lines."),
    )
    delimiter = forms.ChoiceField(
        label=_("Separator of a CSV"),
        required=False,
        choices=[("", _("– as it looks –")), *DELIMITERS.items()],
        help_text=_("Only where the preview shows the columns wrongly."),
    )
