"""Turn the moment of an offer into its day last, in the view of members: only for the rows that are asked for."""

from django.db import migrations

VIEW = """
CREATE OR REPLACE VIEW procurement_member AS
SELECT m.package_id, m.bidder_id, m.supplier_id, m.what,
       coalesce(m.day, (m.moment AT TIME ZONE 'Asia/Makassar')::date, (p.offers_until AT TIME ZONE 'Asia/Makassar')::date,
                (p.announced_at AT TIME ZONE 'Asia/Makassar')::date, p.rup_published_on, make_date(p.fiscal_year, 1, 1)) AS day
  FROM (
    SELECT o.package_id, o.supplier_id AS bidder_id, o.supplier_id, 'offer' AS what, NULL::date AS day, o.handed_in_at AS moment
      FROM procurement_offer o WHERE o.state <> 'withdrawn'
    UNION ALL
    SELECT o.package_id, o.supplier_id, r.supplier_id, 'offer', NULL, o.handed_in_at
      FROM procurement_offer o JOIN procurement_offerpartner r ON r.offer_id = o.id AND r.supplier_id <> o.supplier_id
     WHERE o.state <> 'withdrawn'
    UNION ALL
    SELECT a.package_id, a.supplier_id, a.supplier_id, 'award', a.decided_on, NULL FROM procurement_award a WHERE a.cancelled_at IS NULL
    UNION ALL
    SELECT a.package_id, a.supplier_id, r.supplier_id, 'award', a.decided_on, NULL
      FROM procurement_award a JOIN procurement_offer o ON o.package_id = a.package_id AND o.supplier_id = a.supplier_id
      JOIN procurement_offerpartner r ON r.offer_id = o.id AND r.supplier_id <> a.supplier_id
     WHERE a.cancelled_at IS NULL
    UNION ALL
    SELECT c.package_id, c.supplier_id, c.supplier_id, 'contract', c.signed_on, NULL
      FROM procurement_contract c JOIN procurement_supplier s ON s.id = c.supplier_id AND s.merged_into_id IS NULL
     WHERE c.superseded_at IS NULL
    UNION ALL
    SELECT c.package_id, s.merged_into_id, s.merged_into_id, 'contract', c.signed_on, NULL
      FROM procurement_contract c JOIN procurement_supplier s ON s.id = c.supplier_id AND s.merged_into_id IS NOT NULL
     WHERE c.superseded_at IS NULL
    UNION ALL
    SELECT c.package_id, o.supplier_id, r.supplier_id, 'contract', c.signed_on, NULL
      FROM procurement_contract_in_force c JOIN procurement_offer o ON o.package_id = c.package_id AND o.supplier_id = c.supplier_id
      JOIN procurement_offerpartner r ON r.offer_id = o.id AND r.supplier_id <> o.supplier_id
  ) m JOIN procurement_package p ON p.id = m.package_id
"""

AS_BEFORE = """
CREATE OR REPLACE VIEW procurement_member AS
SELECT m.package_id, m.bidder_id, m.supplier_id, m.what,
       coalesce(m.day, (p.offers_until AT TIME ZONE 'Asia/Makassar')::date,
                (p.announced_at AT TIME ZONE 'Asia/Makassar')::date, p.rup_published_on, make_date(p.fiscal_year, 1, 1)) AS day
  FROM (
    SELECT o.package_id, o.supplier_id AS bidder_id, o.supplier_id, 'offer' AS what, (o.handed_in_at AT TIME ZONE 'Asia/Makassar')::date AS day
      FROM procurement_offer o WHERE o.state <> 'withdrawn'
    UNION ALL
    SELECT o.package_id, o.supplier_id, r.supplier_id, 'offer', (o.handed_in_at AT TIME ZONE 'Asia/Makassar')::date
      FROM procurement_offer o JOIN procurement_offerpartner r ON r.offer_id = o.id AND r.supplier_id <> o.supplier_id
     WHERE o.state <> 'withdrawn'
    UNION ALL
    SELECT a.package_id, a.supplier_id, a.supplier_id, 'award', a.decided_on FROM procurement_award a WHERE a.cancelled_at IS NULL
    UNION ALL
    SELECT a.package_id, a.supplier_id, r.supplier_id, 'award', a.decided_on
      FROM procurement_award a JOIN procurement_offer o ON o.package_id = a.package_id AND o.supplier_id = a.supplier_id
      JOIN procurement_offerpartner r ON r.offer_id = o.id AND r.supplier_id <> a.supplier_id
     WHERE a.cancelled_at IS NULL
    UNION ALL
    SELECT c.package_id, c.supplier_id, c.supplier_id, 'contract', c.signed_on
      FROM procurement_contract c JOIN procurement_supplier s ON s.id = c.supplier_id AND s.merged_into_id IS NULL
     WHERE c.superseded_at IS NULL
    UNION ALL
    SELECT c.package_id, s.merged_into_id, s.merged_into_id, 'contract', c.signed_on
      FROM procurement_contract c JOIN procurement_supplier s ON s.id = c.supplier_id AND s.merged_into_id IS NOT NULL
     WHERE c.superseded_at IS NULL
    UNION ALL
    SELECT c.package_id, o.supplier_id, r.supplier_id, 'contract', c.signed_on
      FROM procurement_contract_in_force c JOIN procurement_offer o ON o.package_id = c.package_id AND o.supplier_id = c.supplier_id
      JOIN procurement_offerpartner r ON r.offer_id = o.id AND r.supplier_id <> o.supplier_id
  ) m JOIN procurement_package p ON p.id = m.package_id
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0034_codes_without_zeros")]
    operations = [migrations.RunSQL(VIEW, AS_BEFORE)]
