"""Which worker of a parallel run gets which tests."""

from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/browser/", "tests/architecture/")


class Dealer(LoadFileScheduling):
    """A file stays together, for the worlds that its tests share, and so do all tests of the browser, for the portal
    that they share: built on several workers, each would cost as often, and the browser's portals get in each other's
    way. The tests of the house stay together for the trees of all modules.

    By the test's address alone: marks are known to the workers only, and this asks the process above them.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((each for each in TOGETHER if nodeid.startswith(each)), None) or super()._split_scope(nodeid)
