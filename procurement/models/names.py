"""Keys that make names, addresses and numbers comparable, computed by PostgreSQL as generated columns.

The functions stand in migration 0003; `procurement.leads.matching` has the same rules in Python only as the tests'
oracle.
"""

from typing import Any

from django.db import models
from django.db.models import F, Func


class NameKey(Func):
    """'H. Budi Santoso, S.T.' → 'budi santoso'; 'PT. Karya Maju' → 'karya maju': lower case, no titles, words in
    order."""

    function = "procurement_name_key"
    output_field = models.TextField()


def name_key_of(column: str) -> Any:
    return models.GeneratedField(expression=NameKey(F(column)), output_field=models.TextField(), db_persist=True)
