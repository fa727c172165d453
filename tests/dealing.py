"""Which worker of a parallel run gets which tests."""

from xdist.scheduler import LoadFileScheduling

BROWSER = "tests/browser/"


class Dealer(LoadFileScheduling):
    """A file stays together, for the worlds that its tests share, and so do all tests of the browser, for the portal
    that they share: built on both workers, each would cost twice, and the browser's portals get in each other's way.

    By the test's address alone: marks are known to the workers only, and this asks the process above them.
    """

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)
