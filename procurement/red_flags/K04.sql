WITH given AS (
    SELECT p.buyer, p.year, c.supplier, sum(c.value) AS value, count(*) AS contracts
      FROM fact_contract c JOIN fact_process p ON p.id = c.process
     WHERE c.supplier IS NOT NULL AND c.value > 0 AND p.buyer IS NOT NULL GROUP BY p.buyer, p.year, c.supplier
),
shared AS (
    SELECT *, value / sum(value) OVER whole AS share, sum(contracts) OVER whole AS all_contracts, sum(value) OVER whole AS total FROM given
    WINDOW whole AS (PARTITION BY buyer, year)
),
market AS (
    SELECT buyer, year, sum((share * 100) ^ 2) AS hhi, max(share) AS top, max(all_contracts) AS contracts, max(total) AS total,
           (array_agg(supplier ORDER BY share DESC))[1] AS supplier, (array_agg(contracts ORDER BY share DESC))[1] AS won
      FROM shared GROUP BY buyer, year
)
SELECT DISTINCT ON (buyer) 'buyer' AS subject, buyer AS key, NULL::bigint AS process, hhi AS value,
       jsonb_build_object('year', year, 'supplier', supplier, 'share', top, 'won', won, 'contracts', contracts, 'total', total) AS evidence
  FROM market
 WHERE contracts >= %(contracts)s AND won >= %(won)s AND (top >= %(share)s OR hhi >= %(hhi)s)
 ORDER BY buyer, year DESC
