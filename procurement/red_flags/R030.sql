-- title = "Winning offer came too late"
-- explanation = "The winning offer was handed in after the deadline."
-- basis = "Open Contracting Partnership, Cardinal 0.0.8"
-- [evidence]
-- deadline = "deadline"
-- received = "received"
-- tenderers = "tenderers"
-- packages = "packages"
-- count = "how many"

WITH late AS MATERIALIZED (
    SELECT b.process, unnest(coalesce(b.joint, ARRAY[b.party])) AS party, b.at, p.ends, p.ocid
      FROM fact_process p
      JOIN fact_bid b ON b.process = p.id AND b.status = 'valid'
       AND CASE WHEN b.at IS NOT NULL AND p.ends IS NOT NULL THEN b.at > p.ends
                ELSE b.at_text COLLATE "C" > p.ends_text END
     WHERE NOT p.is_cancelled
),
raised AS MATERIALIZED (
    SELECT * FROM late b
     WHERE EXISTS (SELECT 1 FROM fact_award a
                   WHERE a.process = b.process AND a.status = 'active'
                     AND b.party = ANY (coalesce(a.joint, ARRAY[a.party])))
)
SELECT 'package' AS subject, r.ocid AS key, r.process, 1.0::float8 AS value,
       jsonb_build_object('deadline', max(r.ends), 'received', max(r.at), 'tenderers', jsonb_agg(DISTINCT r.party))
           AS evidence
  FROM raised r GROUP BY r.ocid, r.process
UNION ALL
SELECT 'tenderer', r.party, NULL, 1.0,
       jsonb_build_object('packages', (array_agg(DISTINCT r.ocid))[1:20], 'count', count(DISTINCT r.process))
  FROM raised r GROUP BY r.party
