"""The flags that Cardinal defines: hand-made cases at and beside each threshold, and Hypothesis against plain
Python.
"""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from procurement.models import Flag, OutsideDataset, OutsideRelease
from procurement.red_flags import external_data
from procurement.red_flags.rules import CARDINAL_CODES
from tests import factories
from tests.oracle_cardinal import indicators, quantile

pytestmark = pytest.mark.django_db
Found = dict[tuple[str, str, str], float]


def bid(party: str | list[str], amount: float | None = None, status: str = "valid", **more: Any) -> dict[str, Any]:
    value = {} if amount is None else {"value": {"amount": amount, "currency": more.pop("currency", "IDR")}}
    parties = [party] if isinstance(party, str) else party
    return {"status": status, "tenderers": [{"id": name} for name in parties]} | value | more


def process(ocid: str, bids: list[dict[str, Any]] | None = None, winner: Any = None, **more: Any) -> dict[str, Any]:
    release: dict[str, Any] = {"ocid": ocid} | more
    if bids is not None:
        release["bids"] = {"details": bids}
    if winner is not None:
        winners = [winner] if isinstance(winner, str) else winner
        release["awards"] = [{"status": "active", "suppliers": [{"id": name} for name in winners]}]
    return release


@pytest.fixture
def flags_of(tmp_path: Path) -> Any:
    """Runs the command on releases, as an auditor does, and reads its lines."""

    def run(releases: list[Any], *arguments: str) -> Found:
        file = tmp_path / "releases.jsonl"
        file.write_text("\n".join(json.dumps(release) for release in releases))
        out = io.StringIO()
        call_command("flags", "--ocds", str(file), *arguments, stdout=out, stderr=io.StringIO())
        found: Found = {}
        names = {"buyer": "buyer", "procuringEntity": "entity", "tenderer": "tenderer"}
        for line in out.getvalue().splitlines():
            row = json.loads(line)
            subject = "package" if "ocid" in row else names[row["role"]]
            found[subject, row.get("ocid") or row["party"], row["code"]] = row["value"]
        return found

    return run


def packages(found: Found, code: str) -> dict[str, float]:
    return {key: value for (subject, key, c), value in found.items() if c == code and subject == "package"}


def parties(found: Found, code: str, subject: str = "tenderer") -> dict[str, float]:
    return {key: value for (s, key, c), value in found.items() if c == code and s == subject}


def period(start: str, end: str) -> dict[str, Any]:
    return {"tender": {"tenderPeriod": {"startDate": start, "endDate": end}}}


def test_r003_counts_whole_days(flags_of: Any) -> None:
    found = flags_of(
        [
            process("fourteen", **period("2026-03-01T08:00:00+08:00", "2026-03-16T07:59:59+08:00")),
            process("fifteen", **period("2026-03-01T08:00:00+08:00", "2026-03-16T08:00:00+08:00")),
            process("zones", **period("2026-03-01T00:00:00Z", "2026-03-16T00:00:00+08:00")),
            process("no-time", **period("2026-03-01", "2026-03-02")),
            process("impossible", **period("2026-13-01T00:00:00Z", "2026-03-02T00:00:00Z")),
            process(
                "cancelled",
                tender={"status": "cancelled", **period("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")["tender"]},
            ),
        ]
    )
    assert packages(found, "R003") == {"fourteen": 1.0, "zones": 1.0}


def test_r018_one_tenderer_in_a_competitive_procedure(flags_of: Any) -> None:
    tender = {"procurementMethod": "open", "numberOfTenderers": 1}
    found = flags_of(
        [
            process("open", tender=tender),
            process("selective", tender=tender | {"procurementMethod": "selective"}),
            process("direct", tender=tender | {"procurementMethod": "direct"}),
            process("two", tender=tender | {"numberOfTenderers": 2}),
            process("text", tender=tender | {"numberOfTenderers": "1"}),
            process("unknown", tender={"numberOfTenderers": 1}),
        ]
    )
    assert packages(found, "R018") == {"open": 1.0, "selective": 1.0}


def gaps(*seconds: float) -> list[dict[str, Any]]:
    return [process(f"p{n}", [bid(f"W{n}", 100), bid(f"L{n}", second)], f"W{n}") for n, second in enumerate(seconds)]


def test_r024_and_r058_at_the_fences(flags_of: Any) -> None:
    """Of 0.25, 1, 1, 1, 1 the quartiles are 0.75 and 1, so the fences 0.375 and 1.375."""
    low = [0.25, 1.0, 1.0, 1.0, 1.0]
    assert quantile(low, 0.25) == pytest.approx(0.75) and quantile(low, 0.75) == 1.0
    found = flags_of(gaps(125, 200, 200, 200, 200))
    assert packages(found, "R024") == {"p0": 0.25}
    assert parties(found, "R024") == {"W0": 0.0, "L0": 0.0}
    assert packages(found, "R058") == {}
    found = flags_of(gaps(300, 200, 200, 200, 200))
    assert packages(found, "R058") == {"p0": 2.0} and parties(found, "R058") == {"W0": 0.0}
    at = flags_of(gaps(125, 200, 200, 200, 200), "--set", "R024.threshold=0.25", "--set", "R058.threshold=1.0")
    assert packages(at, "R024") == {"p0": 0.25}
    assert packages(at, "R058") == {f"p{n}": 1.0 for n in range(1, 5)}
    beside = flags_of(gaps(125, 200, 200), "--set", "R024.threshold=0.2499", "--set", "R058.threshold=1.0001")
    assert packages(beside, "R024") == packages(beside, "R058") == {}


@pytest.mark.parametrize(
    "left_out",
    [
        process("x", [bid("W", 100), bid("L", 101)], awards=[{"status": "pending", "suppliers": [{"id": "W"}]}]),
        process("x", [bid("W", 100), bid("L", 99)], "W"),
        process("x", [bid("W", 100), bid("L", 101)], ["W", "V"]),
        process("x", [bid(["W", "V"], 100), bid("L", 101)], "W"),
        process("x", [bid("W", 100), bid("L", 101, currency="USD")], "W"),
        process("x", [bid("W", 100), bid("L", 101, status="disqualified")], "W"),
        process("x", [bid("W", 100), bid("L", 101)], "W", tender={"status": "cancelled"}),
        process("x", [bid("W", 0), bid("L", 0)], "W"),
    ],
    ids=["pending", "not-lowest", "joint-award", "joint-bid", "currency", "one-valid", "cancelled", "free"],
)
def test_r024_exclusions(left_out: dict[str, Any], flags_of: Any) -> None:
    others = gaps(200, 200, 200, 200)
    assert "x" not in packages(flags_of([*others, left_out]), "R024")
    two_awards = process("y", [bid("W", 100), bid("L", 101)], "W")
    two_awards["awards"] *= 2
    assert "y" not in packages(flags_of([*others, two_awards]), "R024")
    counted = process("z", [bid("W", 100), bid("L", 101)], "W")
    assert packages(flags_of([*others, counted]), "R024") == {"z": pytest.approx(0.01)}


def test_r025_top_tenderers_that_hardly_win(flags_of: Any) -> None:
    releases = [process("0", [bid("F")], "F")]
    releases += [process(str(n), [bid("F"), bid(str(n))], str(n)) for n in range(1, 8)]
    assert parties(flags_of(releases, "--set", "R025.threshold=0.125"), "R025") == {"F": 0.125}
    assert parties(flags_of(releases, "--set", "R025.threshold=0.1249"), "R025") == {}
    assert parties(flags_of(releases, "--set", "R025.threshold=0.5"), "R025") == {"F": 0.125}
    once = [*releases[:2], process("again", [bid("F"), bid("F"), bid("8")], "8")]
    assert parties(flags_of(once, "--set", "R025.threshold=0.5"), "R025") == {"F": pytest.approx(1 / 3)}


def test_r028_same_price(flags_of: Any) -> None:
    found = flags_of(
        [
            process("same", [bid("A", 100), bid("B", 100.0)]),
            process("one-cent", [bid("C", 100), bid("D", 100.01)]),
            process("currency", [bid("E", 100), bid("F", 100, currency="USD")]),
            process("same-supplier", [bid("G", 100), bid("G", 100)]),
            process("withdrawn", [bid("H", 100), bid("I", 100, status="withdrawn")]),
            process("disqualified", [bid("J", 100, status="disqualified"), bid("K", 100, status="pending")]),
            process(
                "text",
                [
                    bid("L", 100),
                    {"status": "valid", "tenderers": [{"id": "M"}], "value": {"amount": "100", "currency": "IDR"}},
                ],
            ),
        ]
    )
    assert packages(found, "R028") == {"same": 1.0, "disqualified": 1.0}
    assert parties(found, "R028") == dict.fromkeys("ABJK", 1.0)


def test_r030_after_the_deadline(flags_of: Any) -> None:
    tender = period("2026-03-01T00:00:00+08:00", "2026-03-20T10:00:00+08:00")
    found = flags_of(
        [
            process("late", [bid("W", 1, date="2026-03-20T10:00:01+08:00")], "W", **tender),
            process("on-time", [bid("W", 1, date="2026-03-20T10:00:00+08:00")], "W", **tender),
            process("zone", [bid("W", 1, date="2026-03-20T03:00:00Z")], "W", **tender),
            process("zone-on-time", [bid("W", 1, date="2026-03-20T02:00:00Z")], "W", **tender),
            process("loser", [bid("L", 1, date="2026-03-21T10:00:00+08:00"), bid("W", 1)], "W", **tender),
            process("invalid", [bid("W", 1, status="disqualified", date="2026-03-21T10:00:00+08:00")], "W", **tender),
            process("joint", [bid(["V", "P"], 1, date="2026-03-21T10:00:00+08:00")], ["V", "Q"], **tender),
            process("days", [bid("Z", 1, date="2026-03-21")], "Z", tender={"tenderPeriod": {"endDate": "2026-03-20"}}),
        ]
    )
    assert packages(found, "R030") == dict.fromkeys(["late", "zone", "joint", "days"], 1.0)
    assert parties(found, "R030") == dict.fromkeys(["W", "V", "Z"], 1.0)


def test_r035_everybody_else_disqualified(flags_of: Any) -> None:
    out = [bid("A", 1, status="disqualified"), bid("B", 2, status="disqualified"), bid("A", 3, status="disqualified")]
    found = flags_of(
        [
            process("two-out", [bid("W", 9), *out], "W"),
            process("nobody-out", [bid("W", 9)], "W"),
            process("own-out", [bid("W", 9), bid("W", 8, status="disqualified")], "W"),
            process("two-valid", [bid("W", 9), bid("V", 9.5), *out], "W"),
            process("other-won", [bid("W", 9), *out], "V"),
            process(
                "pending",
                [bid("W", 9), *out],
                awards=[{"status": "active", "suppliers": [{"id": "W"}]}, {"status": "pending"}],
            ),
        ]
    )
    assert packages(found, "R035") == {"two-out": 2.0}
    assert parties(found, "R035") == {"W": 0.0}
    raised = flags_of([process("two-out", [bid("W", 9), *out], "W")], "--set", "R035.others=3")
    assert packages(raised, "R035") == {}


def test_r036_lowest_is_out(flags_of: Any) -> None:
    found = flags_of(
        [
            process("out", [bid("L", 99, status="disqualified"), bid("W", 100)], "W"),
            process("equal-first-valid", [bid("W", 99), bid("L", 99, status="disqualified")], "W"),
            process("equal-first-out", [bid("L", 99, status="disqualified"), bid("W", 99)], "W"),
            process("higher", [bid("L", 101, status="disqualified"), bid("W", 100)], "W"),
            process("no-award", [bid("L", 99, status="disqualified"), bid("W", 100)]),
            process("no-valid", [bid("L", 99, status="disqualified")], "W"),
            process("withdrawn", [bid("L", 99, status="withdrawn"), bid("W", 100)], "W"),
        ]
    )
    assert packages(found, "R036") == {"out": 1.0, "equal-first-out": 1.0}


def test_r038_per_buyer_entity_and_tenderer(flags_of: Any) -> None:
    def of(buyer: str, out: int, valid: int) -> dict[str, Any]:
        bids = [bid(f"{buyer}x{n}", status="disqualified") for n in range(out)]
        bids += [bid(f"{buyer}v{n}") for n in range(valid)]
        return process(f"of-{buyer}", bids, buyer={"id": buyer}, tender={"procuringEntity": {"id": f"E{buyer}"}})

    releases = [of("A", 0, 10), of("B", 1, 9), of("C", 1, 9), of("D", 1, 9), of("Z", 9, 1), of("one", 1, 0)]
    found = flags_of(releases)
    assert parties(found, "R038", "buyer") == {"Z": 0.9}
    assert parties(found, "R038", "entity") == {"EZ": 0.9}
    assert parties(found, "R038") == {}, "nobody offered twice"
    assert parties(flags_of(releases, "--set", "R038.threshold=0.1"), "R038", "buyer") == {
        "B": 0.1,
        "C": 0.1,
        "D": 0.1,
        "Z": 0.9,
    }
    assert "one" in parties(
        flags_of(releases, "--set", "R038.minimum_packages=1", "--set", "R038.threshold=0.95"), "R038", "buyer"
    )


def test_r048_supplier_of_everything(flags_of: Any) -> None:
    def won(party: str, *codes: str) -> dict[str, Any]:
        release = process(f"{party}{len(codes)}{codes[0]}", winner=party)
        release["awards"][0]["items"] = [{"classification": {"id": code}} for code in codes]
        return release

    releases = [won("F", "10000000", "11000000")] + [won(str(n), "10000000", "10990000") for n in range(1, 5)]
    assert parties(flags_of(releases), "R048") == {}, "fewer than 20 packages each"
    assert parties(flags_of(releases, "--set", "R048.minimum_packages=1"), "R048") == {"F": 2.0}
    joint = won("J", "10", "11", "12", "13")
    joint["awards"][0]["suppliers"].append({"id": "K"})
    assert "J" not in parties(flags_of([*releases, joint], "--set", "R048.minimum_packages=1"), "R048")
    many = [won("M", str(n) + "000000") for n in range(10, 30)] + [
        won(party, f"10{n:06}") for party in "NOPQ" for n in range(20)
    ]
    assert parties(flags_of(many), "R048") == {"M": 20.0}


_PARTY = st.sampled_from(["A", "B", "C", "D", "E"])
_STATUS = st.sampled_from(["valid", "valid", "valid", "disqualified", "pending", "withdrawn", "invited"])
_BID = st.builds(
    lambda who, amount, status, currency, date: (
        bid(who, amount, status, currency=currency) | ({"date": date} if date else {})
    ),
    st.lists(_PARTY, min_size=1, max_size=2, unique=True),
    st.one_of(st.none(), st.sampled_from([100, 100.5, 101, 110, 150, 200])),
    _STATUS,
    st.sampled_from(["IDR", "IDR", "IDR", "USD"]),
    st.sampled_from([None, "2026-03-20T10:00:00+08:00", "2026-03-20T10:00:01+08:00"]),
)
_AWARD = st.builds(
    lambda status, who, codes: {
        "status": status,
        "suppliers": [{"id": name} for name in who],
        "items": [{"classification": {"id": code}} for code in codes],
    },
    st.sampled_from(["active", "active", "active", "cancelled", "unsuccessful", "pending"]),
    st.lists(_PARTY, min_size=1, max_size=2, unique=True),
    st.lists(st.sampled_from(["1000", "1100", "1200"]), max_size=3),
)
_TENDER = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["active", "complete", "cancelled"]),
        "procurementMethod": st.sampled_from(["open", "selective", "direct"]),
        "numberOfTenderers": st.integers(0, 3),
        "procuringEntity": st.fixed_dictionaries({"id": st.sampled_from(["P", "Q"])}),
        "tenderPeriod": st.fixed_dictionaries(
            {
                "startDate": st.sampled_from(["2026-03-05T10:00:00+08:00", "2026-03-06T10:00:00+08:00"]),
                "endDate": st.just("2026-03-20T10:00:00+08:00"),
            }
        ),
    },
)
_RELEASE = st.fixed_dictionaries(
    {},
    optional={
        "tender": _TENDER,
        "buyer": st.fixed_dictionaries({"id": st.sampled_from(["X", "Y", "Z"])}),
        "bids": st.fixed_dictionaries({"details": st.lists(_BID, max_size=5)}),
        "awards": st.lists(_AWARD, max_size=2),
    },
)


# Nobody won alone, so the winner's price decides no currency: the first price of all does, in dollars.
_JOINTLY_WON = {
    "bids": {
        "details": [
            {"status": "valid", "tenderers": [{"id": "A"}, {"id": "B"}], "value": {"amount": 100, "currency": "USD"}},
            {"status": "disqualified", "tenderers": [{"id": "A"}], "value": {"amount": 100, "currency": "IDR"}},
            {"status": "valid", "tenderers": [{"id": "A"}], "value": {"amount": 100, "currency": "IDR"}},
        ]
    },
    "awards": [{"status": "active", "suppliers": [{"id": "A"}, {"id": "B"}], "items": []}],
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_RELEASE, min_size=1, max_size=12))
@example([_JOINTLY_WON])
def test_sql_and_plain_python_agree(flags_of: Any, releases: list[dict[str, Any]]) -> None:
    numbered = [release | {"ocid": f"o{number}"} for number, release in enumerate(releases)]
    found = flags_of(numbered, "--set", "R048.minimum_packages=1")
    expected = indicators(numbered, minimum_packages_r048=1)
    assert found.keys() == expected.keys()
    assert all(found[key] == pytest.approx(expected[key]) for key in found)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "ocid",
                    "id",
                    "status",
                    "details",
                    "tenderers",
                    "value",
                    "amount",
                    "suppliers",
                    "tenderPeriod",
                    "startDate",
                    "endDate",
                    "items",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.fixed_dictionaries(
            {"ocid": st.text(min_size=1, max_size=5)},
            optional={
                "tender": _JSON,
                "bids": _JSON,
                "awards": _JSON,
                "buyer": _JSON,
                "contracts": _JSON,
                "planning": _JSON,
                "date": _JSON,
            },
        ),
        min_size=1,
        max_size=4,
    )
)
def test_sparse_and_wrongly_typed_releases_raise_no_error(flags_of: Any, releases: list[dict[str, Any]]) -> None:
    flags_of(releases, "--all")


@pytest.mark.parametrize(
    ("text", "ocids", "refused"),
    [
        ('{"ocid":"a"}\n\n{"ocid":"b"}\n', ["a", "b"], 0),
        ('\ufeff{"ocid":"a"}\r\nnonsense\r\n{"ocid":7}\r\n[1]\r\n{"ocid":"b","x":NaN}', ["a"], 4),
        ('[{"ocid":"a"},{"ocid":"b"},3]', ["a", "b"], 1),
        ('{"releases":[{"ocid":"a"}],"uri":"x"}', ["a"], 0),
        (
            '{\n "version": "1.1",\n "records": [{"ocid":"a","compiledRelease":{"ocid":"a","tag":["compiled"]}}]\n}',
            ["a"],
            0,
        ),
        ('{\n "ocid": "a"\n}', ["a"], 0),
        ('{"releases":[{"ocid":"a"},{"oc', ["a"], 1),
        ('{"ocid":"a","tender":{"title":"nol \\u0000 dan \\ud800"}}', ["a"], 0),
        ('{"ocid":"a","n":1}\n{"ocid":"a","n":2}', [], 2),
        ("", [], 0),
    ],
    ids=[
        "lines",
        "bad-lines",
        "array",
        "package",
        "records",
        "release",
        "cut-off",
        "odd-characters",
        "two-without-date",
        "empty",
    ],
)
def test_files_as_portals_publish_them(text: str, ocids: list[str], refused: int) -> None:
    dataset = OutsideDataset.objects.create(name="x", file_name="x", sha256="", loaded_by=factories.UserFactory())
    read = external_data.load(dataset, io.BytesIO(text.encode("utf-8", "surrogatepass")))
    assert list(dataset.rows.values_list("ocid", flat=True)) == ocids
    assert (read.releases, read.refused_count) == (len(ocids), refused)


def test_the_command_keeps_nothing(flags_of: Any) -> None:
    flags_of([process("same", [bid("A", 100), bid("B", 100)])])
    assert not Flag.objects.exists() and not OutsideRelease.objects.exists() and not OutsideDataset.objects.exists()
    assert {
        code for _s, _k, code in flags_of([process("x", **period("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"))])
    } <= set(CARDINAL_CODES)
