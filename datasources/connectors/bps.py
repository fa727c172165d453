"""BPS WebAPI v1: dynamic data (one variable, all regions of a domain), strategic indicators, static tables."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar
from urllib.parse import urljoin

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datasources.connectors import bps_answers, field_mapping, outbound
from datasources.connectors.base import Answer, Ask, CatalogueOffer, Connector, SourceRefused
from datasources.connectors.parsing import Table, clean_label

FORBIDDEN = {401, 403}
MAX_PAGES = 400
DATA, INDICATOR, STATIC = "data", "indicators", "statictable"
DEFAULT_DOMAIN = "6400"


class BpsForm(field_mapping.MappingForm):
    """A dynamic variable needs its number; a static table its number and a mapping of its columns."""

    model = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[
            (DATA, gettext_lazy("dynamic data (a variable)")),
            (INDICATOR, gettext_lazy("strategic indicator")),
            (STATIC, gettext_lazy("static table")),
        ],
    )
    domain = forms.RegexField(
        r"^\d{4}$",
        label=gettext_lazy("BPS domain"),
        initial=DEFAULT_DOMAIN,
        help_text=gettext_lazy("6400 is Kalimantan Timur, 0000 the nation."),
        error_messages={"invalid": gettext_lazy("A domain is a number of four digits, for example 6400.")},
    )
    variable = forms.RegexField(
        r"^\d{1,9}$",
        label=gettext_lazy("Number"),
        help_text=gettext_lazy("BPS: the number of the variable (var) or of the table."),
        error_messages={"invalid": gettext_lazy("Write the number that BPS gives the variable, for example 145.")},
    )
    characteristic = forms.RegexField(
        r"^\d{1,9}$",
        label=gettext_lazy("Characteristic (turvar)"),
        required=False,
        help_text=gettext_lazy("Empty takes the first; the preview lists them."),
        error_messages={"invalid": gettext_lazy("Write the number of the characteristic.")},
    )
    part = forms.RegexField(
        r"^\d{1,9}$",
        label=gettext_lazy("Part of the year (turtahun)"),
        required=False,
        help_text=gettext_lazy("Empty takes all; a semester chosen here stands for its year."),
        error_messages={"invalid": gettext_lazy("Write the number of the part of the year.")},
    )
    field_order = ["model", "domain", "variable", "characteristic", "part"]
    seldom: ClassVar[tuple[str, ...]] = ("region", "region_name", "period", "value", "numbers", "where")
    seldom_title: ClassVar[Any] = gettext_lazy("Only for a static table: its columns")


class BpsConnector(Connector):
    kind = "bps"
    label = gettext_lazy("BPS WebAPI")
    address_help = gettext_lazy("https://webapi.bps.go.id/v1/api/")
    has_catalogue = True
    has_domains = True
    code_system = "bps"
    query_form = BpsForm

    def fetch(self, ask: Ask) -> list[Answer]:
        model = ask.query.get("model", DATA)
        if model == STATIC:
            parameters = {"model": STATIC, "lang": "ind", "domain": ask.query["domain"], "id": ask.query["variable"]}
            return [self._get(ask, "view", parameters)]
        if model == INDICATOR:
            return list(self._pages(ask, INDICATOR))
        first, last = ask.first_year - bps_answers.YEAR_OFFSET, ask.last_year - bps_answers.YEAR_OFFSET
        parameters = {
            "model": DATA,
            "lang": "ind",
            "domain": ask.query["domain"],
            "var": ask.query["variable"],
            "th": f"{first}:{last}",
        }
        return [self._get(ask, "list", parameters)]

    def parse(self, ask: Ask, answers: Sequence[Answer]) -> Table:
        model, first = ask.query.get("model", DATA), answers[0]
        if model == STATIC:
            title, rows = bps_answers.parse_static_table(first.body, first.content_type)
            mapping = {"region": next(iter(rows[0]), "") if rows else "", **ask.query}
            return field_mapping.table_of([rows], mapping, label=title)
        if model == INDICATOR:
            pages = [(answer.body, answer.content_type) for answer in answers]
            return bps_answers.parse_indicator(pages, str(ask.query["variable"]), str(ask.query["domain"]))
        return bps_answers.parse_data(
            first.body,
            first.content_type,
            turvar=ask.query.get("characteristic") or None,
            part=ask.query.get("part") or None,
        )

    def catalogue(self, ask: Ask) -> Iterator[CatalogueOffer]:
        """Variables, strategic indicators and static tables of the domain, page by page."""
        domain = str(ask.query.get("domain") or DEFAULT_DOMAIN)
        asked = Ask(**{**vars(ask), "query": {"domain": domain}})
        for model, offer in (("var", _variable), (INDICATOR, _indicator), (STATIC, _static_table)):
            for answer in self._pages(asked, model):
                for row in bps_answers.parse_page(answer.body, answer.content_type)[1]:
                    if made := offer(row, domain):
                        yield made

    def _pages(self, ask: Ask, model: str) -> Iterator[Answer]:
        """All pages of a list. The number of pages may change meanwhile: the newest answer's counts."""
        page, pages = 1, 1
        while page <= min(pages, MAX_PAGES):
            ask.say(_("page %(page)s of %(pages)s") % {"page": page, "pages": pages})
            answer = self._get(
                ask, "list", {"model": model, "lang": "ind", "domain": ask.query["domain"], "page": str(page)}
            )
            pages = bps_answers.parse_page(answer.body, answer.content_type)[0]
            yield answer
            page += 1

    def _get(self, ask: Ask, action: str, parameters: dict[str, str]) -> Answer:
        # A list of pages is asked for anew each time: an unchanged page says nothing about how many there are.
        known = {} if "page" in parameters else ask.known
        answer = outbound.get(urljoin(ask.address, action), parameters, secret={"key": ask.key}, known=known)
        if answer.status in FORBIDDEN and answer.body.lstrip()[:1] != b"<":
            raise SourceRefused(_("HTTP %(status)s: the key is not accepted") % {"status": answer.status})
        return answer


def _variable(row: dict[str, Any], domain: str) -> CatalogueOffer | None:
    code = str(row.get("var_id") or "")
    if not code:
        return None
    return CatalogueOffer(
        "variable",
        domain,
        code,
        clean_label(row.get("title") or ""),
        {"model": DATA, "domain": domain, "variable": code},
        clean_label(row.get("sub_name") or ""),
        clean_label(row.get("unit") or ""),
        clean_label(f"{row.get('def') or ''} {row.get('notes') or ''}"),
    )


def _indicator(row: dict[str, Any], domain: str) -> CatalogueOffer | None:
    code = str(row.get("var") or "")
    if not code:
        return None
    return CatalogueOffer(
        "indicator",
        domain,
        code,
        clean_label(row.get("title") or ""),
        {"model": INDICATOR, "domain": domain, "variable": code},
        clean_label(row.get("data_source") or ""),
        clean_label(row.get("unit") or ""),
        clean_label(row.get("name") or ""),
    )


def _static_table(row: dict[str, Any], domain: str) -> CatalogueOffer | None:
    code = str(row.get("table_id") or "")
    if not code:
        return None
    return CatalogueOffer(
        "static_table",
        domain,
        code,
        clean_label(row.get("title") or ""),
        {"model": STATIC, "domain": domain, "variable": code},
        clean_label(row.get("subj") or ""),
        "",
        clean_label(row.get("updt_date") or ""),
    )
