"""Which connector speaks for which kind of source."""

from datasources.choices import SourceKind
from datasources.connectors.base import Connector
from datasources.connectors.bps import BpsConnector

CONNECTORS: dict[str, Connector] = {SourceKind.BPS: BpsConnector()}


def connector_for(kind: str) -> Connector:
    return CONNECTORS[kind]
