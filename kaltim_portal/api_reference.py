"""The OpenAPI description as rows for a page: every address, its filters and its fields."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator


@dataclass(frozen=True)
class Endpoint:
    path: str
    description: str
    parameters: list[tuple[str, str]]
    fields: list[tuple[str, str]]


@lru_cache(maxsize=1)
def endpoints() -> list[Endpoint]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    found = []
    for path, operations in schema["paths"].items():
        operation = operations.get("get")
        if operation is None or path.endswith("schema/"):
            continue
        parameters = [
            (item["name"], item.get("description") or _type(item.get("schema", {})))
            for item in operation.get("parameters", [])
        ]
        found.append(Endpoint(path, operation.get("description", ""), parameters, _fields(schema, operation)))
    return found


def _type(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " · ".join(str(value) for value in schema["enum"])
    return str(schema.get("format") or schema.get("type", ""))


def _fields(schema: dict[str, Any], operation: dict[str, Any]) -> list[tuple[str, str]]:
    content = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
    component = _resolve(schema, content)
    if "results" in component.get("properties", {}):
        component = _resolve(schema, component["properties"]["results"].get("items", {}))
    return [(name, _type(_resolve(schema, detail))) for name, detail in component.get("properties", {}).items()]


def _resolve(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    reference = part.get("$ref") or next((item["$ref"] for item in part.get("allOf", []) if "$ref" in item), None)
    if reference is None:
        return part
    resolved: dict[str, Any] = schema["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    return resolved
