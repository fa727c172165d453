"""How a parallel run deals the tests out: a file stays together, and so do all tests of the browser. What all want is
begun before."""

from types import SimpleNamespace
from typing import Any

import pytest

from kaltim_portal.embedded import ROOT
from tests import conftest, stack
from tests.conftest import LONGEST

COLLECTED = [
    "tests/browser/test_steward.py::test_versions",
    "tests/browser/test_operator.py::test_packages[2025-a::b]",
    "tests/access/test_every_url.py::test_who_gets_in[home]",
    "tests/access/test_every_url.py::test_who_gets_in[a@b]",
    "tests/access/test_every_url.py::TestGuests::test_sent_away",
    "tests/browser/test_operator.py::test_packages[2026]",
    "tests/core/test_periods.py::test_months",
]


class Worker:
    """What the dealer sees of one."""

    shutting_down = False

    def __init__(self) -> None:
        self.got: list[str] = []
        self.gateway = SimpleNamespace(id="a worker")

    def send_runtest_some(self, indices: list[int]) -> None:
        self.got += [COLLECTED[index] for index in indices]

    def shutdown(self) -> None:
        self.shutting_down = True


def test_files_stay_together_and_so_does_the_browser(request: pytest.FixtureRequest) -> None:
    asked = {"tx": ["2*popen"]}
    config: Any = SimpleNamespace(getvalue=asked.__getitem__, option=SimpleNamespace(loadscopereorder=False))
    dealer = request.config.hook.pytest_xdist_make_scheduler(config=config, log=None)
    workers: list[Any] = [Worker(), Worker()]
    for worker in workers:
        dealer.add_node(worker)
        dealer.add_node_collection(worker, COLLECTED)
    dealer.schedule()
    first, second = (worker.got for worker in workers)
    assert sorted(first) == sorted(each for each in COLLECTED if each.startswith("tests/browser/"))
    assert second[:3] == [each for each in COLLECTED if each.startswith("tests/access/")]


def test_whoever_drives_a_browser_lives_with_the_others(request: pytest.FixtureRequest) -> None:
    """The dealer knows a test of the browser by its folder, the rest by its mark."""
    for item in request.session.items:
        is_marked = item.get_closest_marker("browser") is not None
        assert item.nodeid.startswith("tests/browser/") is is_marked, item.nodeid


def test_what_goes_first_is_there() -> None:
    assert [each for each in LONGEST if not (ROOT / "tests" / each).exists()] == []


EVERYTHING, SOME = pytest.Config.ArgsSource.TESTPATHS, pytest.Config.ArgsSource.INVOCATION_DIR


@pytest.mark.parametrize(
    ("asked", "keyword", "plugin", "begins"),
    [
        (EVERYTHING, "", "dsession", True),
        (EVERYTHING, "", "none in parallel", False),
        (EVERYTHING, "reports", "dsession", False),
        (SOME, "", "dsession", False),
    ],
)
def test_a_run_of_everything_begins_with_the_templates(
    asked: Any, keyword: str, plugin: str, begins: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(stack, "make_templates_meanwhile", lambda: begun.append("both"))
    config = SimpleNamespace(
        args_source=asked,
        option=SimpleNamespace(keyword=keyword, markexpr=""),
        pluginmanager=SimpleNamespace(has_plugin=plugin.__eq__),
    )
    session: Any = SimpleNamespace(config=config)
    conftest.pytest_sessionstart(session)
    assert begun == (["both"] if begins else [])
