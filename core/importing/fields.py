"""What a list is expected to hold: its fields, the headings they come under, and how a cell becomes a value. Pure."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    TEXT = "text"
    CODE = "code"  # text whose dots and leading zeros matter
    INTEGER = "integer"
    NUMBER = "number"
    RUPIAH = "rupiah"
    PERCENT = "percent"
    MONTH = "month"  # 1 to 12, also written by name
    DATE = "date"
    FLAG = "flag"


SQL_TYPES = {
    Kind.TEXT: "text",
    Kind.CODE: "text",
    Kind.INTEGER: "bigint",
    Kind.NUMBER: "numeric(24,6)",
    Kind.RUPIAH: "numeric(20,2)",
    Kind.PERCENT: "numeric(9,4)",
    Kind.MONTH: "smallint",
    Kind.DATE: "date",
    Kind.FLAG: "boolean",
}
DECIMALS = {Kind.INTEGER: 0, Kind.NUMBER: 6, Kind.RUPIAH: 2, Kind.PERCENT: 4}


@dataclass(frozen=True)
class Field:
    """`headings` are the names that the field has been seen under, the first is what our own workbooks write.

    `max_length` holds for text; `required` means that a row without it is refused.
    """

    name: str
    kind: Kind
    headings: tuple[str, ...]
    required: bool = False
    max_length: int = 500

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"kind": str(self.kind), "headings": list(self.headings)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Field":
        return cls(
            name=data["name"],
            kind=Kind(data["kind"]),
            headings=tuple(data["headings"]),
            required=data["required"],
            max_length=data["max_length"],
        )


@dataclass(frozen=True)
class Shape:
    """A kind of list by its fields; `recognised_by` are fields that tell it from every other kind."""

    name: str
    fields: tuple[Field, ...]
    recognised_by: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "fields": [field.as_json() for field in self.fields],
            "recognised_by": list(self.recognised_by),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Shape":
        return cls(data["name"], tuple(map(Field.from_json, data["fields"])), tuple(data["recognised_by"]))
