-- Which rows of the index are worked out (index.sql), and how they are written.
-- name: of_everything
SELECT DISTINCT places.region_id, a.period
  FROM spm_achievement a CROSS JOIN LATERAL (VALUES (a.region_id), (%(province)s)) places (region_id)
-- name: of_months
SELECT places.region_id, months.period
  FROM unnest(%(starts)s::date[]) starts
  CROSS JOIN LATERAL (SELECT daterange(starts, (starts + interval '1 month')::date) AS period) months
  CROSS JOIN unnest(%(regions)s::bigint[]) places (region_id)
-- name: forget
DELETE FROM spm_indexvalue
 WHERE lower(period) = ANY(%(starts)s) AND region_id = ANY(%(regions)s)
-- name: insert
INSERT INTO spm_indexvalue (
    government, level, region_id, period, domain_id, service_id, recipients, recipients_uncapped, quality, index,
    must_be_served, served, unserved, over, lacking_quality, zero_need, entered, expected
)
{index}
