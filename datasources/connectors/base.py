"""What every kind of source offers. A new kind is one file in this folder with a subclass of `Connector`, and its
tests."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms

from datasources.connectors.parsing import Table


class SourceUnavailable(Exception):  # noqa: N818
    """The source does not answer, or says that it can't just now. May pass: worth a retry.

    `wait` is what the source itself asked for (Retry-After), in seconds.
    """

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


class SourceNotReached(SourceUnavailable):
    """No connection came about: the source has certainly not seen the request."""


class SourceRefused(Exception):  # noqa: N818
    """The request itself is wrong (address, key, permission). A retry would say the same."""


@dataclass(frozen=True)
class Answer:
    """What came over the line; `address` never holds the key. Status 304: the same as the kept one of that address."""

    address: str
    status: int
    content_type: str
    body: bytes
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Validators:
    """What the source gave with an earlier answer, to ask whether it still holds."""

    etag: str
    last_modified: str


def say_nothing(_step: str) -> None:
    """For callers that watch no progress."""


@dataclass(frozen=True)
class Ask:
    """One question to a source. `query` is the series' own; `known` maps addresses to what was kept of them."""

    address: str
    query: Mapping[str, Any]
    first_year: int
    last_year: int
    key: str = ""
    key_header: str = ""
    series_pk: int | None = None
    known: Mapping[str, Validators] = field(default_factory=dict)
    say: Callable[[str], None] = say_nothing


@dataclass(frozen=True)
class CatalogueOffer:
    """An entry of a source's catalogue; `query` is what a series of it would ask for."""

    kind: str
    domain: str
    code: str
    title: str
    query: Mapping[str, Any]
    subject: str = ""
    unit: str = ""
    note: str = ""


class QueryForm(forms.Form):
    """What a series of this kind needs to know; the fields' names are the keys of `Series.query`.

    `seldom` are fields that most series do without: they are folded away until one of them is filled in.
    """

    seldom: ClassVar[tuple[str, ...]] = ()
    seldom_title: ClassVar[Any] = ""

    @property
    def usual_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.seldom]

    @property
    def seldom_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name in self.seldom]

    @property
    def uses_seldom(self) -> bool:
        return any(field.value() or field.errors for field in self.seldom_fields)

    def to_query(self) -> dict[str, Any]:
        """What was answered. A 0 is an answer, although Python takes it for False."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value is not False and value not in ("", None, {}, [])
        }


class Connector(ABC):
    """`kind` is the code that `Source.kind` stores."""

    kind: ClassVar[str]
    label: ClassVar[Any]
    address_help: ClassVar[Any] = ""
    needs_address: ClassVar[bool] = True
    has_catalogue: ClassVar[bool] = False
    has_domains: ClassVar[bool] = False
    takes_files: ClassVar[bool] = False
    code_system: ClassVar[str] = "automatic"
    query_form: ClassVar[type[QueryForm]]

    @abstractmethod
    def fetch(self, ask: Ask) -> list[Answer]:
        """Ask the source; several answers when it pages. Raises SourceUnavailable or SourceRefused."""

    @abstractmethod
    def parse(self, ask: Ask, answers: Sequence[Answer]) -> Table:
        """Rows of the answers. Raises parsing.UnexpectedAnswer."""

    def catalogue(self, ask: Ask) -> Iterator[CatalogueOffer]:
        """Everything that the source offers (`ask.query` narrows it). Raises what fetch and parse raise."""
        raise NotImplementedError
