"""What every connector offers, and the two ways a fetch can fail."""

from dataclasses import dataclass
from typing import Protocol

from datasources.models import Series
from datasources.parsing import Table


class SourceUnavailable(Exception):  # noqa: N818
    """The source does not answer, or says that it can't just now. May pass: worth a retry."""


class SourceRefused(Exception):  # noqa: N818
    """The request itself is wrong (address, key, permission). A retry would say the same."""


@dataclass(frozen=True)
class Answer:
    """What came over the line; `address` never holds the key."""

    address: str
    status: int
    content_type: str
    body: bytes


class Connector(Protocol):
    """A kind of source: one file with a class of this shape, entered in `connectors.CONNECTORS`."""

    def fetch(self, series: Series) -> Answer:
        """Ask the source once. Raises SourceUnavailable or SourceRefused."""

    def parse(self, series: Series, answer: Answer) -> Table:
        """Rows of the answer. Pure. Raises parsing.UnexpectedAnswer."""
