"""Contracts as they count: the newest version of each, with the supplier that a merged double has become."""

from django.db import migrations

VIEW = """
CREATE VIEW procurement_contract_in_force AS
SELECT c.id, c.package_id, coalesce(s.merged_into_id, c.supplier_id) AS supplier_id, c.kind, c.number, c.signed_on, c.value_rupiah, c.starts_on, c.ends_on
  FROM procurement_contract c JOIN procurement_supplier s ON s.id = c.supplier_id
 WHERE c.superseded_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0002_initial")]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW procurement_contract_in_force")]
