"""A CSV, XLSX, XLS or JSON list at an address."""

from collections.abc import Sequence
from urllib.parse import urljoin

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.fields import WholeNumberFormField
from datasources.connectors import field_mapping, outbound
from datasources.connectors.base import Answer, Ask, Connector, SourceRefused
from datasources.connectors.parsing import Table
from datasources.connectors.tabular_files import records_of_file

CLIENT_ERROR = 400


class FileForm(field_mapping.MappingForm):
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"), max_length=60, required=False, help_text=gettext_lazy("Empty takes the first.")
    )
    heading_row = WholeNumberFormField(
        label=gettext_lazy("Row of the headings"),
        required=False,
        min_value=1,
        max_value=200,
        help_text=gettext_lazy("Counted as in Excel; empty finds it."),
    )


class WebFileForm(FileForm):
    path = forms.CharField(
        label=gettext_lazy("Path"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("After the base address; empty when that is the file itself."),
    )
    field_order = ["path", "sheet", "heading_row"]


class WebFileConnector(Connector):
    kind = "file"
    label = gettext_lazy("File at an address (CSV, XLSX)")
    address_help = gettext_lazy("The file's address, or the part that several files share.")
    query_form = WebFileForm

    def fetch(self, ask: Ask) -> list[Answer]:
        headers = {ask.key_header or "Authorization": ask.key} if ask.key else {}
        address = urljoin(ask.address, str(ask.query.get("path", "")).lstrip("/"))
        answer = outbound.get(address, {}, secret_headers=headers, known=ask.known, accept="*/*")
        if answer.status >= CLIENT_ERROR:
            raise SourceRefused(_("HTTP %(status)s: no file at this address") % {"status": answer.status})
        return [answer]

    def parse(self, ask: Ask, answers: Sequence[Answer]) -> Table:
        found = records_of_file(answers[0].body, ask.query.get("sheet", ""), ask.query.get("heading_row"))
        return field_mapping.table_of([found], ask.query)
