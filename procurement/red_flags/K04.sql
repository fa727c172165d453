-- title = "Same winner again and again"
-- explanation = """\
-- One supplier holds a large share of what an OPD buys in a year, or the market is highly concentrated \
-- (HHI)."""
-- basis = "UU 5/1999; HHI 2.500 (?)"
-- [parameters]
-- share = { label = "share of the value", default = 0.5 }
-- hhi = { label = "HHI", default = 2500 }
-- contracts = { label = "contracts of the OPD, at least", default = 8 }
-- won = { label = "contracts of the supplier, at least", default = 4 }
-- [evidence]
-- year = "year"
-- supplier = "supplier"
-- share = "share"
-- won = "contracts won"
-- contracts = "contracts"
-- total = "total"

-- Each member of a joint operation holds the contract; of what the market is made of, it holds an equal part.
WITH given AS (
    SELECT buyer, year, currency, supplier, sum(value) AS value, count(*) AS contracts, sum(part) AS part
      FROM (SELECT p.buyer, p.year, c.currency, unnest(c.suppliers) AS supplier, c.value,
                   c.value / cardinality(c.suppliers) AS part
              FROM fact_contract c JOIN fact_process p ON p.id = c.process
             WHERE c.value > 0 AND p.buyer IS NOT NULL AND cardinality(c.suppliers) > 0) held
     GROUP BY buyer, year, currency, supplier
),
whole AS (
    SELECT p.buyer, p.year, c.currency, sum(c.value) AS value, count(*) AS contracts
      FROM fact_contract c JOIN fact_process p ON p.id = c.process
     WHERE c.value > 0 AND p.buyer IS NOT NULL AND cardinality(c.suppliers) > 0 GROUP BY p.buyer, p.year, c.currency
),
market AS (
    SELECT g.buyer, g.year, w.value AS total, w.contracts, sum((g.part / w.value * 100) ^ 2) AS hhi,
           max(g.value / w.value) AS top, (array_agg(g.supplier ORDER BY g.value DESC, g.supplier))[1] AS supplier,
           (array_agg(g.contracts ORDER BY g.value DESC, g.supplier))[1] AS won
      FROM given g JOIN whole w ON w.buyer = g.buyer AND w.year IS NOT DISTINCT FROM g.year
       AND w.currency IS NOT DISTINCT FROM g.currency
     GROUP BY g.buyer, g.year, g.currency, w.value, w.contracts
)
SELECT DISTINCT ON (buyer, year) 'buyer' AS subject, concat_ws('/', year, buyer) AS key,
       NULL::bigint AS process, hhi AS value,
       jsonb_build_object('year', year, 'supplier', supplier, 'share', top, 'won', won, 'contracts', contracts,
                          'total', total) AS evidence
  FROM market
 WHERE contracts >= %(contracts)s AND won >= %(won)s
   AND (round(top::numeric, 12) >= %(share)s OR round(hhi::numeric, 6) >= %(hhi)s)
 ORDER BY buyer, year, contracts DESC
