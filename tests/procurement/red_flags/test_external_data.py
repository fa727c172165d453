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
COMPILED = {"tag": ["compiled"]}
TENDER = {"ocid": "p", "id": "1", "date": "2026-01-01", "tag": ["tender"], "tender": {"value": {"amount": 100}}}
CONTRACT = {"ocid": "p", "id": "2", "date": "2026-03-01", "tag": ["contract"], "contracts": [{"id": "k", "period": {}}]}
BOTH = {
    "ocid": "p",
    "id": "p-2026-03-01",
    "date": "2026-03-01",
    "tag": ["compiled"],
    "tender": {"value": {"amount": 100}},
    "contracts": [{"id": "k"}],
}


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
    assert [each | COMPILED for each in found] == [A | COMPILED, B | COMPILED]
    assert (said.releases, said.refused_count) == (2, 0)


def test_releases_that_leave_their_process_to_the_record_are_read() -> None:
    found, said = read({"records": [{"ocid": "a", "releases": [{"date": "2026-01-01"}]}]})
    assert found == [A]
    assert said.refused_count == 0


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


def loaded(*documents: Any) -> tuple[list[Any], LoadedReleases]:
    """What is kept of a file of these lines, and what is said of it."""
    dataset = OutsideDataset.objects.create(name="x", loaded_by=factories.UserFactory(), stored_as="x")
    said = external_data.load(dataset, io.BytesIO("\n".join(map(json.dumps, documents)).encode()))
    return list(dataset.rows.values_list("release", flat=True)), said


@pytest.mark.parametrize(
    "documents",
    [
        [TENDER, CONTRACT],
        [CONTRACT, TENDER],
        [[CONTRACT, TENDER]],
        [{"releases": [TENDER, CONTRACT]}],
        [{"releases": [CONTRACT, TENDER, CONTRACT]}],
        [{"records": [{"ocid": "p", "releases": [CONTRACT, TENDER]}]}],
        [{"releases": [TENDER]}, {"releases": [CONTRACT]}],
        [{"records": [{"ocid": "p", "releases": [CONTRACT]}, {"ocid": "p", "releases": [TENDER]}]}],
    ],
)
def test_the_releases_of_a_process_are_compiled_whatever_their_order(documents: list[Any], db: None) -> None:
    kept, said = loaded(*documents)
    assert kept == [BOTH]
    assert (said.releases, said.refused_count) == (1, 0)
    assert said.joined >= 1


def test_objects_with_an_id_are_merged_and_later_values_count(db: None) -> None:
    """The example of the standard: a contract is amended, a second one joins it."""
    first = CONTRACT | {"contracts": [{"id": "k", "value": {"amount": 90, "currency": "IDR"}, "status": "active"}]}
    second = CONTRACT | {"id": "3", "date": "2026-04-01"}
    second["contracts"] = [{"id": "k", "value": {"amount": 95}}, {"id": "l", "value": {"amount": 7}}]
    (kept,), _said = loaded(second, first)
    assert kept["contracts"] == [
        {"id": "k", "value": {"amount": 95, "currency": "IDR"}, "status": "active"},
        {"id": "l", "value": {"amount": 7}},
    ]


def test_the_moment_counts_not_its_spelling(db: None) -> None:
    """23.00 in Lima is 04.00 of the next day in UTC."""
    later = TENDER | {"date": "2026-01-01T23:00:00-05:00", "tender": {"title": "later"}}
    earlier = TENDER | {"date": "2026-01-02T01:00:00Z", "tender": {"title": "earlier"}}
    (kept,), _said = loaded(later, earlier)
    assert kept["tender"]["title"] == "later"


def test_of_compiled_releases_the_newest_counts_and_what_came_after_joins_it(db: None) -> None:
    old = TENDER | COMPILED | {"awards": [{"id": "gone"}]}
    new = TENDER | COMPILED | {"date": "2026-02-01"}
    (kept,), _said = loaded(CONTRACT, new, old)
    assert kept == BOTH


def test_what_has_no_place_among_the_releases_is_left_out_by_name(db: None) -> None:
    kept, said = loaded(CONTRACT, TENDER | {"date": "besok"}, TENDER | {"date": None})
    assert kept == [CONTRACT]
    assert [number for number, _why in said.refused] == [2, 3]
    assert all(why.startswith("p: ") for _number, why in said.refused)
    assert (said.releases, said.joined) == (1, 0)


@pytest.mark.parametrize("odd", [{"tender": 5}, {"tender": {"value": "seratus"}}, {"tender": [{"id": {"a": 1}}]}])
def test_releases_that_cannot_be_merged_are_left_out_and_the_rest_is_kept(odd: dict[str, Any], db: None) -> None:
    kept, said = loaded(TENDER, CONTRACT | odd, B)
    ocids = [each["ocid"] for each in kept]
    assert ocids[-1] == "b"
    assert said.releases == len(kept)
    assert said.releases + said.joined + said.refused_count == 3


def test_many_processes_are_compiled_in_turns(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external_data, "COMPILED_AT_ONCE", 2)
    kept, said = loaded(*[each | {"ocid": f"p{number}"} for number in range(5) for each in (CONTRACT, TENDER)])
    assert [each["ocid"] for each in kept] == [f"p{number}" for number in range(5)]
    assert all(each["contracts"] and each["tender"] for each in kept)
    assert (said.releases, said.joined) == (5, 5)
