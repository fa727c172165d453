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

-- One pass over the bids by process, one by party; rules look closer only where these say that it may be worth it:
-- `valid_first` and `valid_last` are numbers for parties, the same where all valid bids are of one, and `may_repeat` is
-- where two amounts set the same bit, as equal ones do. What is asked of each bid is asked once (OFFSET 0).
CREATE TEMP TABLE summary ON COMMIT DROP AS
SELECT process, coalesce(bool_and(is_final), false) AS is_final, bool_or(is_joint) AS has_joint,
       coalesce(bool_or(is_valid AND is_main AND amount IS NOT NULL), false) AS has_valid,
       bit_count(bit_or(1::bigint << (hashfloat8(amount) & 63))::bit(64)) < count(amount) AS may_repeat,
       coalesce(min(active), 0) AS active, count(*) AS bids, count(*) FILTER (WHERE is_out) AS out,
       min(party) FILTER (WHERE is_valid) AS valid_first, max(party) FILTER (WHERE is_valid) AS valid_last,
       count(compared) AS priced, min(compared) AS least, max(compared) AS most,
       sum(compared) / nullif(count(compared), 0) AS mean,
       min(compared) FILTER (WHERE is_main) AS lowest,
       min(compared) FILTER (WHERE is_main AND is_out) AS lowest_out,
       min(compared) FILTER (WHERE is_main AND is_valid) AS lowest_valid,
       min(compared) FILTER (WHERE has_won) AS won, min(compared) FILTER (WHERE NOT has_won) AS second,
       min(winner) AS winner
  FROM (SELECT b.process, o.winner, o.is_final, o.active, b.status = 'valid' AS is_valid,
               b.status = 'disqualified' AS is_out, b.joint IS NOT NULL AS is_joint, hashtext(b.party) AS party,
               b.amount,
               b.currency = (SELECT currency FROM money) AS is_main,
               CASE WHEN (SELECT currency FROM money) IS NULL OR b.currency = (SELECT currency FROM money)
                    THEN b.amount END AS compared,
               CASE WHEN b.status = 'valid' AND b.listed = 1 AND b.currency = (SELECT currency FROM money)
                    THEN b.party = o.winner END AS has_won
          FROM fact_bid b LEFT JOIN outcome o ON o.process = b.process
         WHERE b.status NOT IN ('invited', 'withdrawn') OFFSET 0) bid
 GROUP BY process;

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
        SELECT unnest(joint), process, status, listed, is_again FROM fact_bid WHERE joint IS NOT NULL) b
  LEFT JOIN outcome o ON o.process = b.process AND o.is_final
 WHERE b.status NOT IN ('invited', 'withdrawn')
 GROUP BY b.party;
ANALYZE summary (process, winner, lowest, may_repeat); ANALYZE gap; ANALYZE party_record (bids);
