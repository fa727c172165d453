"""Statements stand in `.sql` files, not in Python text of several quoting systems."""

import re
from pathlib import Path

from django.conf import settings

STATEMENT = re.compile(
    r'"""\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE)\b|\bf"(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE) '
)


def test_no_statement_of_procurement_stands_in_python() -> None:
    folder = Path(settings.BASE_DIR) / "procurement"
    files = [path for path in folder.rglob("*.py") if "migrations" not in path.parts]
    # The bodies of triggers stand in models, where pgtrigger wants them.
    files = [path for path in files if path.parent.name != "models"]
    assert [path.name for path in files if STATEMENT.search(path.read_text(encoding="utf-8"))] == []
