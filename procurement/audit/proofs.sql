-- A package whose state is not where its last step led: moved in SQL.
-- name: moved
SELECT p.id
  FROM procurement_package p
  LEFT JOIN LATERAL (SELECT s.to_state FROM procurement_packagestep s
                      WHERE s.package_id = p.id ORDER BY s.id DESC LIMIT 1) last ON true
 WHERE coalesce(last.to_state, 'planned') <> p.state
 ORDER BY p.id

-- A declaration ends at the moment when its next version is made, and by nothing else.
-- name: ended
SELECT d.id, d.superseded_at IS NOT NULL AS has_ended, n.id IS NOT NULL AS has_next
  FROM procurement_declaration d
  LEFT JOIN procurement_declaration n
    ON n.number = d.number + 1
   AND CASE WHEN d.officer_id IS NOT NULL THEN n.officer_id = d.officer_id
            ELSE n.officer_id IS NULL AND n.declarer_id = d.declarer_id AND n.agency_id = d.agency_id
                 AND n.fiscal_year = d.fiscal_year END
 WHERE n.declared_at IS DISTINCT FROM d.superseded_at
 ORDER BY d.id

-- A contract ends when the one that corrects it is entered.
-- name: corrected
SELECT c.id, c.superseded_at IS NOT NULL AS has_ended, n.id IS NOT NULL AS has_next
  FROM procurement_contract c
  LEFT JOIN procurement_contract n ON n.corrects_id = c.id
 WHERE (c.superseded_at IS NULL) <> (n.id IS NULL)
    OR abs(extract(epoch FROM c.superseded_at - n.entered_at)) > 3600
 ORDER BY c.id

-- Somebody who was on a package, by its history, and whom it no longer remembers: it would let them decide.
-- name: hands_forgotten
SELECT DISTINCT e.package_id
  FROM procurement_officerevent e
 WHERE NOT EXISTS (SELECT 1 FROM procurement_package_concerned(e.package_id) c WHERE c.user_id = e.user_id)
   AND EXISTS (SELECT 1 FROM procurement_package p WHERE p.id = e.package_id)
 ORDER BY 1
