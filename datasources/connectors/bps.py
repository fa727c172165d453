"""BPS WebAPI v1, `list/model/data`: one variable, all regions of a domain, the last years."""

from urllib.parse import urljoin

from django.utils import timezone
from django.utils.translation import gettext as _

from datasources import parsing
from datasources.connectors import outbound
from datasources.connectors.base import Answer, SourceRefused
from datasources.models import Series

FORBIDDEN = {401, 403}


class BpsConnector:
    def fetch(self, series: Series) -> Answer:
        last = timezone.localdate().year - parsing.YEAR_OFFSET
        parameters = {
            "model": "data",
            "lang": "ind",
            "domain": series.domain,
            "var": series.variable,
            "th": f"{last - series.years_back}:{last}",
        }
        answer = outbound.get(
            urljoin(series.source.base_address, "list"), parameters, secret={"key": series.source.api_key}
        )
        if answer.status in FORBIDDEN and answer.body.lstrip()[:1] != b"<":
            raise SourceRefused(_("HTTP %(status)s: the key is not accepted") % {"status": answer.status})
        return answer

    def parse(self, series: Series, answer: Answer) -> parsing.Table:
        return parsing.parse_data(answer.body, answer.content_type, turvar=series.characteristic or None)
