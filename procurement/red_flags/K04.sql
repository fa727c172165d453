-- title = "Same winner again and again"
-- explanation = """\
-- One supplier holds a large share of what an OPD buys in a year, or the market is highly concentrated \
-- (HHI)."""
-- basis = "UU 5/1999; HHI 2.500"
-- [parameters]
-- share = { label = "share of the value", default = 0.5 }
-- hhi = { label = "HHI", default = 5000 }
-- contracts = { label = "contracts of the OPD, at least", default = 8 }
-- won = { label = "contracts of the supplier, at least", default = 4 }
-- [evidence]
-- year = "year"
-- supplier = "supplier"
-- share = "share"
-- won = "contracts won"
-- contracts = "contracts"
-- total = "total"

WITH given AS (
    SELECT p.buyer, p.year, c.supplier, sum(c.value) AS value, count(*) AS contracts
      FROM fact_contract c JOIN fact_process p ON p.id = c.process
     WHERE c.supplier IS NOT NULL AND c.value > 0 AND p.buyer IS NOT NULL GROUP BY p.buyer, p.year, c.supplier
),
shared AS (
    SELECT *, value / sum(value) OVER whole AS share, sum(contracts) OVER whole AS all_contracts,
           sum(value) OVER whole AS total FROM given
    WINDOW whole AS (PARTITION BY buyer, year)
),
market AS (
    SELECT buyer, year, sum((share * 100) ^ 2) AS hhi, max(share) AS top, max(all_contracts) AS contracts,
           max(total) AS total,
           (array_agg(supplier ORDER BY share DESC))[1] AS supplier,
           (array_agg(contracts ORDER BY share DESC))[1] AS won
      FROM shared GROUP BY buyer, year
)
SELECT DISTINCT ON (buyer) 'buyer' AS subject, buyer AS key, NULL::bigint AS process, hhi AS value,
       jsonb_build_object('year', year, 'supplier', supplier, 'share', top, 'won', won, 'contracts', contracts,
                          'total', total) AS evidence
  FROM market
 WHERE contracts >= %(contracts)s AND won >= %(won)s AND (top >= %(share)s OR hhi >= %(hhi)s)
 ORDER BY buyer, year DESC
