-- What several rules share. `outcome` follows Cardinal: awards are final when none is pending or of an unknown status.
CREATE TEMP TABLE outcome ON COMMIT DROP AS
SELECT a.process, bool_and(a.status IN ('active', 'cancelled', 'unsuccessful')) AS is_final,
       count(*) FILTER (WHERE a.status = 'active') AS active,
       CASE WHEN count(*) FILTER (WHERE a.status = 'active') = 1
             AND min(a.listed) FILTER (WHERE a.status = 'active') = 1
                 THEN min(a.party) FILTER (WHERE a.status = 'active') END AS winner
  FROM fact_award a JOIN fact_process p ON p.id = a.process AND NOT p.is_cancelled
 GROUP BY a.process;
ALTER TABLE outcome ADD PRIMARY KEY (process);
ANALYZE outcome;

-- The main currency: the one that is set, else the first that is seen where prices are compared.
CREATE TEMP TABLE money ON COMMIT DROP AS
(SELECT b.currency FROM fact_bid b JOIN outcome o ON o.process = b.process
   JOIN fact_process p ON p.id = b.process AND p.is_compared
 WHERE %(currency)s = '' AND o.active > 0 AND b.status NOT IN ('invited', 'withdrawn') AND b.amount IS NOT NULL
   AND b.currency IS NOT NULL
 ORDER BY b.process, (o.is_final AND o.winner IS NOT NULL AND b.status = 'valid' AND b.listed = 1) DESC,
 b.position LIMIT 1)
UNION ALL SELECT %(currency)s WHERE %(currency)s <> '';

-- One pass over the bids by process, one by party; rules look closer only where these say that it may be worth it.
CREATE TEMP TABLE summary ON COMMIT DROP AS
SELECT b.process, min(o.winner) AS winner, coalesce(bool_and(o.is_final), false) AS is_final,
       coalesce(min(o.active), 0) AS active,
       count(*) AS bids, count(*) FILTER (WHERE b.status = 'disqualified') AS out,
       bool_or(b.joint IS NOT NULL) AS has_joint,
       min(b.party) FILTER (WHERE b.status = 'valid') AS valid_first,
       max(b.party) FILTER (WHERE b.status = 'valid') AS valid_last,
       bool_or(b.status = 'valid' AND b.currency = m.currency AND b.amount IS NOT NULL) AS has_valid,
       count(b.amount) FILTER (WHERE m.currency IS NULL OR b.currency = m.currency) AS priced,
       min(b.amount) FILTER (WHERE m.currency IS NULL OR b.currency = m.currency) AS least,
       max(b.amount) FILTER (WHERE m.currency IS NULL OR b.currency = m.currency) AS most,
       avg(b.amount) FILTER (WHERE m.currency IS NULL OR b.currency = m.currency) AS mean,
       min(b.amount) FILTER (WHERE b.currency = m.currency) AS lowest,
       min(b.amount) FILTER (WHERE b.currency = m.currency AND b.status = 'disqualified') AS lowest_out,
       min(b.amount) FILTER (WHERE b.currency = m.currency AND b.status = 'valid') AS lowest_valid,
       min(b.amount) FILTER (WHERE b.currency = m.currency AND b.status = 'valid' AND b.listed = 1
                             AND b.party = o.winner) AS won,
       min(b.amount) FILTER (WHERE b.currency = m.currency AND b.status = 'valid' AND b.listed = 1
                             AND b.party <> o.winner) AS second
  FROM fact_bid b LEFT JOIN outcome o ON o.process = b.process LEFT JOIN money m ON true
 WHERE b.status NOT IN ('invited', 'withdrawn')
 GROUP BY b.process;

CREATE TEMP TABLE gap ON COMMIT DROP AS
SELECT process, winner, won, second, (second - won) / won AS ratio FROM summary
 WHERE is_final AND second >= won AND won > 0
   AND process NOT IN (SELECT id FROM fact_process WHERE NOT is_compared);

-- `entered` and `won` count a party once per process with one winner (R025), `bids` and `out` every submitted bid
-- (R038).
CREATE TEMP TABLE party_record ON COMMIT DROP AS
SELECT b.party, count(*)::float8 AS bids, (count(*) FILTER (WHERE b.status = 'disqualified'))::float8 AS out,
       (count(*) FILTER (WHERE o.winner IS NOT NULL AND b.status = 'valid' AND b.listed = 1 AND NOT b.is_again))::float8
           AS entered,
       (count(*) FILTER (WHERE o.winner = b.party AND b.status = 'valid' AND b.listed = 1 AND NOT b.is_again))::float8
           AS won
  FROM (SELECT party, process, status, listed, is_again FROM fact_bid WHERE joint IS NULL AND party IS NOT NULL
        UNION ALL
        SELECT t.party, process, status, listed, is_again FROM fact_bid CROSS JOIN LATERAL unnest(joint) AS t (party)
          WHERE joint IS NOT NULL) b
  LEFT JOIN outcome o ON o.process = b.process AND o.is_final
 WHERE b.status NOT IN ('invited', 'withdrawn')
 GROUP BY b.party;
ANALYZE summary (process, winner, lowest); ANALYZE gap; ANALYZE party_record (bids);
