"""A list that a data steward hands in as a file: the same reading and the same checks as for a file at an address."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datasources.connectors import field_mapping
from datasources.connectors.base import Answer, Ask, Connector, SourceRefused
from datasources.connectors.parsing import Table
from datasources.connectors.tabular_files import records_of_file
from datasources.connectors.web_file import FileForm


class HandedInConnector(Connector):
    kind = "upload"
    label = gettext_lazy("Files handed in")
    needs_address = False
    takes_files = True
    query_form = FileForm

    def fetch(self, ask: Ask) -> list[Answer]:
        del ask
        raise SourceRefused(_("nothing to fetch: hand in a file on the page of the series"))

    def parse(self, ask: Ask, answers: Sequence[Answer]) -> Table:
        found = records_of_file(answers[0].body, ask.query.get("sheet", ""), ask.query.get("heading_row"))
        return field_mapping.table_of([found], ask.query)
