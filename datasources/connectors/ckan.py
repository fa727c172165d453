"""CKAN's Action API (Satu Data of Bappeda and Diskominfo): tables of the datastore, found by searching the data
sets.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datasources.connectors import field_mapping, outbound
from datasources.connectors.base import Answer, Ask, CatalogueOffer, Connector, SourceRefused, SourceUnavailable
from datasources.connectors.parsing import (
    EXCERPT,
    SourceSaysError,
    Table,
    UnexpectedAnswer,
    clean_label,
    read_json,
)

PAGE = 1_000
MAX_PAGES = 200
PACKAGES_A_PAGE = 100
CLIENT_ERROR = 400


class CkanForm(field_mapping.MappingForm):
    resource = forms.RegexField(
        r"^[A-Za-z0-9_-]{1,100}$",
        label=gettext_lazy("Resource"),
        help_text=gettext_lazy("The identifier of the table (resource_id)."),
        error_messages={"invalid": gettext_lazy("Copy the identifier of the resource as the portal shows it.")},
    )
    field_order = ["resource"]


class CkanConnector(Connector):
    kind = "ckan"
    label = gettext_lazy("CKAN (Satu Data)")
    address_help = gettext_lazy("The portal's address, for example https://data.kaltimprov.go.id/")
    has_catalogue = True
    query_form = CkanForm

    def fetch(self, ask: Ask) -> list[Answer]:
        """All pages of the table, each as long as the portal makes it: its own limit may be below what is asked for.

        A table that changes while it is read is read again next time, as a whole.
        """
        answers: list[Answer] = []
        offset = total = 0
        while True:
            parameters = {"resource_id": str(ask.query["resource"]), "limit": str(PAGE), "offset": str(offset)}
            answer = self._get(ask, "datastore_search", parameters)
            result = _result(answer)
            count, received = _total(result), len(result["records"])
            if answers and count != total:
                raise SourceUnavailable(_("the table changed while it was read"))
            total = count
            answers.append(answer)
            offset += received
            ask.say(_("%(count)s of %(total)s records") % {"count": min(offset, total), "total": total})
            if offset > total:
                raise SourceUnavailable(_("more records came than the source counts"))
            if offset == total:
                return answers
            if not received:
                raise SourceUnavailable(_("a page in the middle is empty"))
            if len(answers) >= MAX_PAGES:
                raise SourceRefused(_("the table has more than %(limit)s records") % {"limit": offset})

    def parse(self, ask: Ask, answers: Sequence[Answer]) -> Table:
        return field_mapping.table_of([_result(answer)["records"] for answer in answers], ask.query)

    def catalogue(self, ask: Ask) -> Iterator[CatalogueOffer]:
        """The resources of all data sets that are in the datastore."""
        start, count = 0, 1
        while start < count:
            answer = self._get(ask, "package_search", {"rows": str(PACKAGES_A_PAGE), "start": str(start)})
            result = _action_result(answer)
            found = result.get("results")
            if not isinstance(found, list):
                raise UnexpectedAnswer(_("a list of data sets"), repr(result)[:EXCERPT])
            count = _whole(result.get("count"))
            start += len(found)
            ask.say(_("%(count)s of %(total)s data sets") % {"count": min(start, count), "total": count})
            for package in found:
                yield from _offers(package)
            if not found and start < count:
                raise SourceUnavailable(_("a page in the middle is empty"))

    def _get(self, ask: Ask, action: str, parameters: dict[str, str]) -> Answer:
        address = urljoin(ask.address, f"api/3/action/{action}")
        headers = {ask.key_header or "Authorization": ask.key} if ask.key else {}
        answer = outbound.get(address, parameters, secret_headers=headers)
        if answer.status >= CLIENT_ERROR:
            _action_result(answer)  # says what the portal says
            raise SourceRefused(f"HTTP {answer.status}")
        return answer


def _action_result(answer: Answer) -> Mapping[str, Any]:
    """`result` of an action; the documented failure is SourceSaysError with the portal's own words."""
    data = read_json(answer.body, answer.content_type)
    if not isinstance(data, dict) or "success" not in data:
        raise UnexpectedAnswer(_("an answer of CKAN with “success”"), repr(data)[:EXCERPT])
    if data["success"] is not True:
        given = data.get("error")
        error: dict[str, Any] = given if isinstance(given, dict) else {}
        said = f"{error.get('__type', '')}: {error.get('message', '')}".strip(": ") or "–"
        raise SourceSaysError(_("figures"), _("an error of the source: %(said)s") % {"said": said[:EXCERPT]})
    result = data.get("result")
    if not isinstance(result, dict):
        raise UnexpectedAnswer(_("a JSON object"), type(result).__name__)
    return result


def _result(answer: Answer) -> Mapping[str, Any]:
    result = _action_result(answer)
    rows = result.get("records")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnexpectedAnswer(_("a list of records"), repr(rows)[:EXCERPT])
    order = _columns(result) or list(rows[0] if rows else [])
    return {**result, "records": [{name: row.get(name) for name in order} for row in rows]}


def _columns(result: Mapping[str, Any]) -> list[str]:
    """The columns in the table's own order, without the number that the DataStore gives each row."""
    names = [str(field.get("id")) for field in result.get("fields") or [] if isinstance(field, dict)]
    return [name for name in names if name != "_id"]


def _total(result: Mapping[str, Any]) -> int:
    return _whole(result.get("total"))


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise UnexpectedAnswer(_("a number of records"), repr(value)[:EXCERPT])
    return value


def _offers(package: Any) -> Iterator[CatalogueOffer]:
    if not isinstance(package, dict):
        return
    title = clean_label(package.get("title") or package.get("name") or "")
    subject = _subject(package.get("organization"))
    note = clean_label(package.get("notes") or "")
    for resource in filter(_is_table, package.get("resources") or []):
        name, key = clean_label(resource.get("name") or ""), str(resource["id"])
        full = f"{title} · {name}" if name and name != title else title
        yield CatalogueOffer("table", "", key[:100], full, {"resource": key}, subject, "", note)


def _subject(owner: Any) -> str:
    return clean_label(owner.get("title") or "") if isinstance(owner, dict) else ""


def _is_table(resource: Any) -> bool:
    return bool(isinstance(resource, dict) and resource.get("id") and resource.get("datastore_active"))
