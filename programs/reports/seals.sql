-- What a report says, as one digest: its figures with their reasons, who sent it, the files behind it. What the
-- portal works out later from them (verdicts, findings, the verifier's notes) is not part of it.
-- name: contents
SELECT r.id, encode(sha256(convert_to(jsonb_build_object(
           'program', r.program_id, 'period', r.period::text, 'revision', r.revision,
           'reason', r.revision_reason, 'submitted_by', r.submitted_by_id,
           'values', (SELECT jsonb_agg(jsonb_build_array(v.id, v.indicator_id, v.region_id, v.category, v.value,
                                                         v.numerator, v.denominator, v.reason, v.helped) ORDER BY v.id)
                        FROM programs_reportvalue v WHERE v.report_id = r.id),
           'progress', (SELECT jsonb_agg(jsonb_build_array(p.id, p.sub_activity_id, p.planned_rupiah,
                                                           p.financial_rupiah, p.physical_percent, p.obstacle,
                                                           p.reason) ORDER BY p.id)
                          FROM programs_progress p WHERE p.report_id = r.id),
           'recipients', (SELECT jsonb_agg(jsonb_build_array(c.id, c.region_id, c.people, c.male, c.female, c.children,
                                                             c.adults, c.elderly, c.disabled, c.reason) ORDER BY c.id)
                            FROM programs_recipients c WHERE c.report_id = r.id),
           'files', (SELECT jsonb_agg(jsonb_build_array(f.id, f.value_id, f.name, f.sha256) ORDER BY f.id)
                       FROM programs_evidence f WHERE f.report_id = r.id)
       )::text, 'UTF8')), 'hex')
  FROM programs_report r
 WHERE r.id = ANY (%(reports)s)

-- What the steps say of a report, and what the report says itself.
-- name: against_steps
SELECT r.id,
       coalesce(last.to_state, 'draft') <> r.state AS other_state,
       CASE WHEN decided.to_state IN ('submitted', 'draft') THEN NULL ELSE decided.by_id END
           IS DISTINCT FROM r.decided_by_id AS other_decider,
       sent.by_id IS DISTINCT FROM r.submitted_by_id AS other_sender
  FROM programs_report r
  LEFT JOIN LATERAL (SELECT s.to_state FROM programs_reportstep s
                      WHERE s.report_id = r.id ORDER BY s.id DESC LIMIT 1) last ON true
  LEFT JOIN LATERAL (SELECT s.to_state, s.by_id FROM programs_reportstep s
                      WHERE s.report_id = r.id AND s.to_state IN ('draft', 'submitted', 'approved', 'returned')
                      ORDER BY s.id DESC LIMIT 1) decided ON true
  -- Taken back to the draft it is sent by nobody; an approval that was taken back leaves who had sent it.
  LEFT JOIN LATERAL (SELECT CASE WHEN s.to_state = 'submitted' THEN s.by_id END AS by_id FROM programs_reportstep s
                      WHERE s.report_id = r.id AND s.to_state IN ('draft', 'submitted')
                        AND NOT EXISTS (
                            SELECT FROM programs_reportstep b
                             WHERE s.to_state = 'submitted' AND b.to_state = 'approved' AND b.by_id = s.by_id
                               AND b.id = (SELECT max(e.id) FROM programs_reportstep e
                                            WHERE e.report_id = r.id AND e.id < s.id))
                      ORDER BY s.id DESC LIMIT 1) sent ON true

-- The newest step of each decided report that has to carry a seal.
-- name: sealed_steps
SELECT DISTINCT ON (r.id) r.id, s.id, s.to_state, s.by_id, s.acting_for_id, l.content, l.seal
  FROM programs_report r
  LEFT JOIN programs_reportstep s ON s.report_id = r.id AND s.to_state = ANY (%(states)s)
  LEFT JOIN programs_reportseal l ON l.step_id = s.id
 WHERE r.state = ANY (%(states)s)
 ORDER BY r.id, s.id DESC

-- Somebody whose hand stands on a row, and whom the report no longer remembers: it would let them decide.
-- name: hands_forgotten
SELECT DISTINCT t.report_id
  FROM (SELECT report_id, changed_by_id FROM programs_reportvalue
        UNION SELECT report_id, changed_by_id FROM programs_progress
        UNION SELECT report_id, changed_by_id FROM programs_recipients) t
 WHERE t.changed_by_id IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM programs_reporthand h
                    WHERE h.report_id = t.report_id AND h.user_id = t.changed_by_id)
 ORDER BY 1
