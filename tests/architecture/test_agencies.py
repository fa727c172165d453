"""Whoever lists OPD says which: those that exist (`living`), or former ones too (`with_former`)."""

import ast

from tests.architecture.sources import SOURCES

SAYS_WHICH = {"living", "with_former", "visible_to", "none"}
ONE_ROW = {"get", "create", "select_for_update", "select_related"}  # by its key
HOME = ("accounts/agencies/services.py", "accounts/models.py")  # where an OPD is closed and founded


def test_a_list_of_opd_says_which_day_it_is_of() -> None:
    unsaid = [
        f"{path}:{node.lineno}"
        for path, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and ast.unparse(node.value) == "Agency.objects"
        and node.attr not in SAYS_WHICH | ONE_ROW
        and not str(path).endswith(HOME)
    ]
    assert not unsaid, "ask Agency.objects.living(), or with_former() where what is over is shown"
