-- title = "Ceiling, award and contract do not agree"
-- explanation = """\
-- The award or the contract is worth more than the ceiling or the HPS, the contract more than the award, or somebody \
-- else than the winner signed."""
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 26, 50, 52"
-- own_only = true
-- [evidence]
-- what = "what"
-- ceiling = "ceiling"
-- hps = "HPS"
-- award = "award"
-- contract = "contract"

-- What was signed is compared, not what addenda made of it. A framework contract's orders have no ceiling of theirs.
WITH signed AS (
    SELECT process, sum(value) AS value, array_agg(DISTINCT supplier) AS suppliers FROM fact_contract GROUP BY process
),
won AS (
    SELECT package_id AS process, amount_rupiah::float8 AS amount, supplier_id
      FROM procurement_award WHERE cancelled_at IS NULL
),
compared AS (
    SELECT p.id, p.ocid, p.ceiling, p.hps, w.amount AS award, s.value AS contract,
           array_remove(ARRAY[
               CASE WHEN w.amount > p.ceiling THEN 'award_above_ceiling' END,
               CASE WHEN w.amount > p.hps AND w.amount <= p.ceiling THEN 'award_above_hps' END,
               CASE WHEN s.value > p.ceiling AND NOT p.is_framework THEN 'contract_above_ceiling' END,
               CASE WHEN s.value > w.amount THEN 'contract_above_award' END,
               CASE WHEN s.value > p.hps AND s.value <= p.ceiling AND w.amount IS NULL AND NOT p.is_framework
                    THEN 'contract_above_hps' END,
               CASE WHEN s.suppliers <> ARRAY[('ID-KALTIM-PENYEDIA-' || w.supplier_id) COLLATE "C"] AND EXISTS (
                   SELECT 1 FROM unnest(s.suppliers) AS k (supplier)
                    WHERE substring(k.supplier FROM '\d+$')::bigint NOT IN (
                        SELECT w.supplier_id
                        UNION ALL SELECT r.supplier_id FROM procurement_offer o
                          JOIN procurement_offerpartner r ON r.offer_id = o.id
                         WHERE o.package_id = p.id AND o.supplier_id = w.supplier_id)) THEN 'not_the_winner' END
           ], NULL) AS what
      FROM fact_process p LEFT JOIN won w ON w.process = p.id LEFT JOIN signed s ON s.process = p.id
     WHERE NOT p.came_to_nothing AND (w.process IS NOT NULL OR s.process IS NOT NULL)
)
SELECT 'package' AS subject, ocid AS key, id AS process, cardinality(what)::float8 AS value,
       jsonb_build_object('what', to_jsonb(what), 'ceiling', ceiling, 'hps', hps, 'award', award, 'contract', contract)
           AS evidence
  FROM compared WHERE what <> '{}'
