"""What follows from sealed rows: where a package stands from its steps, when a declaration or contract ended from the
version that came after it. So a row that lawfully changes is proven all the same."""

from django.db import connection
from django.utils.translation import gettext as _

from core.chain import ChainFinding
from core.sql import statements
from procurement.models import Contract, Declaration, Package

STATEMENTS = statements("proofs.sql", beside=__file__)


def findings() -> list[ChainFinding]:
    """Packages that were moved, declarations and contracts that were ended, past the portal."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS["moved"])
        table = Package._meta.db_table  # noqa: SLF001 (Django's public-by-use API)
        what = _("its state does not follow from its steps")
        found = [ChainFinding(table, pk, what) for (pk,) in cursor.fetchall()]
        cursor.execute(STATEMENTS["hands_forgotten"])
        what = _("it no longer says who was on it")
        found += [ChainFinding(table, pk, what) for (pk,) in cursor.fetchall()]
        for model, name in ((Declaration, "ended"), (Contract, "corrected")):
            cursor.execute(STATEMENTS[name])
            table = model._meta.db_table  # noqa: SLF001
            found += [
                ChainFinding(table, pk, _end(has_ended, has_next)) for pk, has_ended, has_next in cursor.fetchall()
            ]
    return found


def _end(has_ended: bool, has_next: bool) -> str:
    if not has_ended:
        return _("still stands, though a later version exists")
    if not has_next:
        return _("was ended, though no later version exists")
    return _("was ended at another moment than the one when the later version was made")
