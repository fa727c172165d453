"""SDMX-JSON data messages, versions 1.0 and 2.0: series or flat observations, dimensions by position."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datasources.connectors import field_mapping, outbound
from datasources.connectors.base import Answer, Ask, Connector, SourceRefused
from datasources.connectors.parsing import EXCERPT, Table, UnexpectedAnswer, read_json

ACCEPT = "application/vnd.sdmx.data+json, application/json"
CLIENT_ERROR, NOTHING_THERE = 400, 404
VALUE = "OBS_VALUE"
NAME = " (nama)"


class SdmxForm(field_mapping.MappingForm):
    path = forms.CharField(
        label=gettext_lazy("Path"),
        max_length=300,
        help_text=gettext_lazy("data/FLOW/KEY, for example data/DF_KEMISKINAN/A.64+6401. The years are added."),
    )
    field_order = ["path"]


class SdmxConnector(Connector):
    kind = "sdmx"
    label = gettext_lazy("SDMX-JSON")
    address_help = gettext_lazy("The service's REST address, for example https://stat.example.id/rest/")
    query_form = SdmxForm

    def fetch(self, ask: Ask) -> list[Answer]:
        headers = {ask.key_header or "Authorization": ask.key} if ask.key else {}
        answer = outbound.get(
            urljoin(ask.address, str(ask.query["path"]).lstrip("/")),
            {"startPeriod": str(ask.first_year), "endPeriod": str(ask.last_year)},
            secret_headers=headers,
            known=ask.known,
            accept=ACCEPT,
        )
        if answer.status >= CLIENT_ERROR and answer.status != NOTHING_THERE:
            raise SourceRefused(f"HTTP {answer.status}")
        return [answer]

    def parse(self, ask: Ask, answers: Sequence[Answer]) -> Table:
        if answers[0].status == NOTHING_THERE:  # the standard's "no results found"
            return Table(available=False)
        found = list(_records(read_json(answers[0].body, answers[0].content_type)))
        mapping = {"period": "TIME_PERIOD", "value": VALUE, **ask.query}
        if not mapping.get("region"):
            names = [
                name for name in (found[0] if found else {}) if name.upper() in {"REF_AREA", "GEO", "AREA", "REGION"}
            ]
            mapping["region"] = names[0] if names else ""
        if mapping["region"] and not mapping.get("region_name"):
            mapping["region_name"] = mapping["region"] + NAME
        return field_mapping.table_of([found], mapping)


def _records(message: Any) -> Iterator[dict[str, Any]]:
    """One record an observation: each dimension's id, its name beside it, and the value."""
    if not isinstance(message, dict):
        raise UnexpectedAnswer(_("an SDMX-JSON message"), type(message).__name__)
    inner = message.get("data")
    data: dict[str, Any] = inner if isinstance(inner, dict) else message
    structures = data.get("structures") or ([data["structure"]] if isinstance(data.get("structure"), dict) else [])
    sets = data.get("dataSets")
    if not structures or not isinstance(sets, list):
        raise UnexpectedAnswer(
            _("an SDMX-JSON message with a structure and data sets"), ", ".join(map(str, data))[:EXCERPT]
        )
    for data_set in sets:
        dimensions = _dimensions(structures[min(int(data_set.get("structure", 0)), len(structures) - 1)])
        fixed = _decode([0] * len(dimensions["dataSet"]), dimensions["dataSet"])
        for key, series in (data_set.get("series") or {}).items():
            outer = fixed | _decode(_positions(key), dimensions["series"])
            yield from _observations(series.get("observations"), outer, dimensions["observation"])
        yield from _observations(data_set.get("observations"), fixed, dimensions["observation"])


def _dimensions(structure: Any) -> dict[str, list[Mapping[str, Any]]]:
    given = structure.get("dimensions") if isinstance(structure, dict) else None
    if not isinstance(given, dict):
        raise UnexpectedAnswer(_("dimensions in the structure"), repr(structure)[:EXCERPT])
    return {level: list(given.get(level) or []) for level in ("dataSet", "series", "observation")}


def _positions(key: str) -> list[int]:
    try:
        return [int(part) for part in key.split(":")]
    except ValueError as error:
        raise UnexpectedAnswer(_("positions such as 0:1:2"), key[:EXCERPT]) from error


def _decode(positions: Sequence[int], dimensions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if len(positions) != len(dimensions):
        raise UnexpectedAnswer(
            _("%(count)s dimensions") % {"count": len(dimensions)},
            ":".join(str(place) for place in positions)[:EXCERPT],
        )
    found: dict[str, Any] = {}
    for place, dimension in zip(positions, dimensions, strict=True):
        values = dimension.get("values") or []
        if not 0 <= place < len(values):
            raise UnexpectedAnswer(
                _("a value %(place)s of the dimension %(name)s") % {"place": place, "name": dimension.get("id")},
                _("%(count)s values") % {"count": len(values)},
            )
        value = values[place]
        name = value.get("name")
        name = next(iter(name.values()), "") if isinstance(name, dict) else name
        identifier = str(dimension.get("id"))
        found[identifier] = value.get("id", value.get("value"))
        found[identifier + NAME] = name or found[identifier]
    return found


def _observations(
    observations: Any, outer: Mapping[str, Any], dimensions: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    for key, values in (observations or {}).items():
        figure = values[0] if isinstance(values, list) and values else None
        yield {**outer, **_decode(_positions(key), dimensions), VALUE: figure}
