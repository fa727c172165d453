"""Compiled releases of other portals, in each of the shapes in which they are published, and what breaks in them."""

import io
import json
from typing import Any

import pytest

from procurement.models import OutsideDataset
from procurement.red_flags import external_data
from procurement.red_flags.external_data import LoadedReleases
from tests import factories

A, B = {"ocid": "a", "date": "2026-01-01"}, {"ocid": "b"}
NEWER = {"ocid": "a", "date": "2026-02-01", "tag": ["award"]}


def read(*documents: Any, text: str = "") -> tuple[list[Any], LoadedReleases]:
    """The releases of a file of these lines, and what is said of it."""
    said = LoadedReleases()
    body = text or "\n".join(json.dumps(each) for each in documents)
    found = [json.loads(release) for _number, _ocid, release in external_data.releases(io.BytesIO(body.encode()), said)]
    return found, said


@pytest.mark.parametrize(
    "documents",
    [
        [A, B],
        [[A, B]],
        [{"releases": [A, B]}],
        [{"records": [{"ocid": "a", "compiledRelease": A}, {"ocid": "b", "compiledRelease": B}]}],
        [{"records": [{"ocid": "a", "releases": [A]}, {"ocid": "b", "compiledRelease": B}]}],
        [{"releases": [A]}, {"releases": [B]}],
        [{"ocid": "a", "compiledRelease": A}, B],
        [{"records": [{"ocid": "a", "releases": [A]}]}, {"releases": [B]}],
    ],
)
def test_every_shape_gives_its_releases(documents: list[Any]) -> None:
    found, said = read(*documents)
    assert found == [A, B]
    assert (said.releases, said.refused_count) == (2, 0)


def test_of_a_record_without_a_compiled_release_the_newest_counts() -> None:
    found, said = read({"records": [{"ocid": "a", "releases": [NEWER, A]}]})
    assert found == [NEWER]
    assert said.superseded == 1


def test_a_record_of_links_is_refused_by_name() -> None:
    found, said = read({"records": [{"ocid": "a", "releases": [{"url": "https://contoh.go.id/1"}]}]}, B)
    assert found == [B]
    assert "menautkan" in said.refused[0][1]


@pytest.mark.parametrize(
    "line", ['{"ocid":"x","n":1e400}', '{"ocid":"x","n":NaN}', '{"ocid":"x"', '{"ocid":7}', "[1]", '{"a":' * 50_000]
)
def test_a_row_that_cannot_be_kept_is_refused_by_its_number_and_the_rest_is_read(line: str) -> None:
    found, said = read(text=f"{json.dumps(A)}\n{line}\n{json.dumps(B)}")
    assert found == [A, B]
    assert [number for number, _why in said.refused] == [2]
    assert "b'" not in said.refused[0][1]


@pytest.mark.parametrize("text", ["nul \x00 tengah", r"garis \u0000 miring", "setengah \ud800"])
def test_odd_letters_are_kept_or_left_out(text: str, db: None) -> None:
    dataset = OutsideDataset.objects.create(name="x", loaded_by=factories.UserFactory(), stored_as="x")
    body = json.dumps({"ocid": "a", "title": text}) + "\n" + json.dumps(B)
    loaded = external_data.load(dataset, io.BytesIO(body.encode()))
    assert loaded.releases == 2
    kept = dataset.rows.get(ocid="a").release["title"]
    assert kept == text.replace("\x00", "").encode("utf-8", "replace").decode()


def test_several_releases_of_a_process_are_counted(db: None) -> None:
    dataset = OutsideDataset.objects.create(name="x", loaded_by=factories.UserFactory(), stored_as="x")
    loaded = external_data.load(dataset, io.BytesIO("\n".join(map(json.dumps, [A, B, NEWER])).encode()))
    assert (loaded.releases, loaded.superseded) == (2, 1)
