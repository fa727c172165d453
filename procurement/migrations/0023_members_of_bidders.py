"""Say once, in a view, who offered, won or signed, and when: of a joint operation (KSO) each member."""

from django.db import migrations

# Days are Kalimantan's. An offer without its moment counts as handed in when offers ended, a winner likewise.
VIEW = """
CREATE VIEW procurement_member AS
WITH act AS (
    SELECT o.package_id, o.supplier_id AS bidder_id, 'offer' AS what, (o.handed_in_at AT TIME ZONE 'Asia/Makassar')::date AS day
      FROM procurement_offer o WHERE o.state <> 'withdrawn'
    UNION ALL
    SELECT a.package_id, a.supplier_id, 'award', a.decided_on FROM procurement_award a WHERE a.cancelled_at IS NULL
    UNION ALL
    SELECT c.package_id, c.supplier_id, 'contract', c.signed_on FROM procurement_contract_in_force c
),
member AS (
    SELECT a.package_id, a.bidder_id, a.bidder_id AS supplier_id, a.what, a.day FROM act a
    UNION ALL
    SELECT a.package_id, a.bidder_id, r.supplier_id, a.what, a.day
      FROM act a JOIN procurement_offer o ON o.package_id = a.package_id AND o.supplier_id = a.bidder_id
      JOIN procurement_offerpartner r ON r.offer_id = o.id AND r.supplier_id <> a.bidder_id
)
SELECT m.package_id, m.bidder_id, m.supplier_id, m.what,
       coalesce(m.day, (p.offers_until AT TIME ZONE 'Asia/Makassar')::date,
                (p.announced_at AT TIME ZONE 'Asia/Makassar')::date, p.rup_published_on, make_date(p.fiscal_year, 1, 1)) AS day
  FROM member m JOIN procurement_package p ON p.id = m.package_id
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0022_tender_codes")]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW procurement_member")]
