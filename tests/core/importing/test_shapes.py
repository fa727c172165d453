"""Kinds of list, as the process that reads a file is told them."""

import json
from dataclasses import replace

import pytest

from core.importing.datasets import registry
from core.importing.fields import Shape


@pytest.mark.parametrize("name", sorted(registry()))
def test_a_kind_of_list_comes_through_as_it_is(name: str) -> None:
    shape = registry()[name].shape
    told = json.loads(json.dumps(shape.as_json()))
    assert Shape.from_json(told) == shape
    in_its_year = tuple(replace(field, year=2026) for field in shape.fields)
    assert Shape.from_json(told, 2026) == replace(shape, fields=in_its_year)
