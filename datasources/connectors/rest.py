"""Any REST service that answers JSON: where the records are and which of their fields mean what is told in JMESPath."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

import jmespath
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from jmespath.exceptions import JMESPathError

from core.fields import WholeNumberFormField
from datasources.connectors import field_mapping, outbound
from datasources.connectors.base import Answer, Ask, Connector, SourceRefused
from datasources.connectors.parsing import EXCERPT, Table, UnexpectedAnswer, read_json

CLIENT_ERROR = 400
MAX_PAGES = 200
ROLES = ("region", "region_name", "period", "part", "value")


class RestForm(field_mapping.MappingForm):
    path = forms.CharField(
        label=gettext_lazy("Path"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "After the base address, with its parameters. {first_year} and {last_year} are filled in."
        ),
    )
    records = forms.CharField(
        label=gettext_lazy("Where the records are"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("JMESPath, for example data.items; empty when the answer itself is the list."),
    )
    page_parameter = forms.RegexField(
        r"^[A-Za-z0-9_.\[\]-]{1,40}$",
        label=gettext_lazy("Parameter of the page"),
        required=False,
        help_text=gettext_lazy("Pages are asked for until one is empty. Leave blank when there is one page."),
        error_messages={"invalid": gettext_lazy("Write the parameter's name only, for example page.")},
    )
    first_page = WholeNumberFormField(label=gettext_lazy("First page"), required=False, min_value=0, max_value=1)
    field_order = ["path", "records", "page_parameter", "first_page"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name in ("records", *ROLES):
            if text := data.get(name):
                try:
                    jmespath.compile(text)
                except JMESPathError as error:
                    if name == "records":
                        self.add_error(name, _("Not a JMESPath expression: %(why)s") % {"why": str(error)[:EXCERPT]})
        return data


class RestConnector(Connector):
    kind = "rest"
    label = gettext_lazy("REST service (JSON)")
    address_help = gettext_lazy("The part of the address that all its series share.")
    query_form = RestForm

    def fetch(self, ask: Ask) -> list[Answer]:
        parameter = ask.query.get("page_parameter")
        if not parameter:
            return [self._get(ask, {})]
        answers: list[Answer] = []
        page = int(ask.query.get("first_page", 1))
        seen: set[bytes] = set()
        while True:
            answer = self._get(ask, {parameter: str(page)})
            found = _records(answer, ask.query)
            if not found and answers:
                return answers
            if answer.body in seen:
                raise SourceRefused(
                    _("page %(page)s is the same as an earlier one: the parameter has no effect") % {"page": page}
                )
            seen.add(answer.body)
            answers.append(answer)
            ask.say(_("page %(page)s") % {"page": page})
            if not found:
                return answers
            if len(answers) >= MAX_PAGES:
                raise SourceRefused(_("more than %(limit)s pages") % {"limit": MAX_PAGES})
            page += 1

    def parse(self, ask: Ask, answers: Sequence[Answer]) -> Table:
        return field_mapping.table_of([_records(answer, ask.query) for answer in answers], ask.query)

    def _get(self, ask: Ask, paging: Mapping[str, str]) -> Answer:
        path = str(ask.query.get("path", ""))
        for name, year in (("{first_year}", ask.first_year), ("{last_year}", ask.last_year)):
            path = path.replace(name, str(year))
        headers = {ask.key_header or "Authorization": ask.key} if ask.key else {}
        known = {} if paging else ask.known
        answer = outbound.get(urljoin(ask.address, path.lstrip("/")), paging, secret_headers=headers, known=known)
        if answer.status >= CLIENT_ERROR:
            raise SourceRefused(f"HTTP {answer.status}")
        return answer


def _records(answer: Answer, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The records, flat: nested objects by dotted names, and each mapped expression under its own text."""
    data = read_json(answer.body, answer.content_type)
    where = query.get("records") or "@"
    try:
        found = jmespath.search(where, data)
    except JMESPathError as error:
        raise UnexpectedAnswer(_("records at “%(where)s”") % {"where": where}, str(error)[:EXCERPT]) from error
    if found is None:
        found = []
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise UnexpectedAnswer(_("a list of records at “%(where)s”") % {"where": where}, repr(found)[:EXCERPT])
    wanted = [str(query[role]) for role in ROLES if query.get(role)]
    return [_flat(record, wanted) for record in found]


def _flat(record: dict[str, Any], wanted: Sequence[str]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": item for inner, item in value.items() if not isinstance(item, dict | list)}
        elif not isinstance(value, list):
            flat[name] = value
    for expression in wanted:
        if expression not in flat:
            try:
                flat[expression] = jmespath.search(expression, record)
            except JMESPathError:
                continue  # a column name with a space is no expression; table_of says when it is nowhere
    return flat
