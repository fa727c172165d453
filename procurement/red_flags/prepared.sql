-- What several rules share. `outcome` follows Cardinal: awards are final when none is pending or of an unknown status.
ALTER TABLE fact_process ADD PRIMARY KEY (id);
ANALYZE fact_process; ANALYZE fact_bid; ANALYZE fact_award; ANALYZE fact_contract;

CREATE TEMP TABLE outcome ON COMMIT DROP AS
SELECT a.process, bool_and(a.status IN ('active', 'cancelled', 'unsuccessful')) AS is_final,
       count(*) FILTER (WHERE a.status = 'active') AS active,
       CASE WHEN count(*) FILTER (WHERE a.status = 'active') = 1
             AND min(a.listed) FILTER (WHERE a.status = 'active') = 1 THEN min(a.suppliers[1]) FILTER (WHERE a.status = 'active') END AS winner
  FROM fact_award a JOIN fact_process p ON p.id = a.process AND NOT p.is_cancelled
 GROUP BY a.process;
ALTER TABLE outcome ADD PRIMARY KEY (process);
ANALYZE outcome;

-- The main currency: the first that is seen where prices are compared.
CREATE TEMP TABLE money ON COMMIT DROP AS
SELECT b.currency FROM fact_bid b JOIN outcome o ON o.process = b.process
 WHERE o.active > 0 AND b.status NOT IN ('invited', 'withdrawn') AND b.amount IS NOT NULL AND b.currency IS NOT NULL
 ORDER BY b.process, (b.status = 'valid' AND b.listed = 1) DESC, b.position LIMIT 1;

CREATE TEMP TABLE gap ON COMMIT DROP AS
SELECT g.process, g.winner, g.runner_up, g.won, g.second, (g.second - g.won) / g.won AS ratio
  FROM (SELECT b.process, o.winner, min(b.amount) FILTER (WHERE b.tenderers[1] = o.winner) AS won,
               min(b.amount) FILTER (WHERE b.tenderers[1] <> o.winner) AS second,
               (array_agg(b.tenderers[1] ORDER BY b.amount, b.position) FILTER (WHERE b.tenderers[1] <> o.winner))[1] AS runner_up
          FROM outcome o JOIN fact_bid b ON b.process = o.process
         WHERE o.is_final AND o.winner IS NOT NULL AND b.status = 'valid' AND b.listed = 1 AND cardinality(b.tenderers) = 1
           AND b.amount IS NOT NULL AND b.currency = (SELECT currency FROM money)
         GROUP BY b.process, o.winner) g
 WHERE g.second >= g.won AND g.won > 0;
ANALYZE gap;
