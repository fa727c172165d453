-- code = "jump"
-- level = 2
-- order = 70
-- title = "change from the last period"
-- severity = "warning"
-- basis = "Perangkat jaminan mutu data WHO: skor z termodifikasi 3,5"
-- place = "first_of_trend"
-- [parameters.k]
-- title = "k: how many median deviations are unusual"
-- default = 3.5
-- lowest = 0.5
-- highest = 100
-- [parameters.share]
-- title = "Share (0.5 is 50 %)"
-- default = 0.5
-- lowest = 0.01
-- highest = 100
-- [parameters.enough]
-- title = "From how many changes on the median deviation is used"
-- default = 4
-- lowest = 2
-- highest = 50
-- [messages]
-- jump = "A change of %(percent)s%% from last time (%(last)s) is unusual for this row."

WHEN rules.jump IS NOT NULL AND CASE
       WHEN trend.expected IS NULL AND trend.spread > 0
         THEN 0.6745 * abs(s.value - trend.last - trend.usual) / trend.spread > rules.jump_k
       WHEN trend.expected IS NULL AND trend.mean_spread > 0
         THEN abs(s.value - trend.last - trend.usual) / (1.253314 * trend.mean_spread) > rules.jump_k
       ELSE start.figure <> 0 AND abs(s.value - start.figure) > abs(start.figure) * rules.jump_share END
  THEN programs_finding(2, 'jump', rules.jump, 'value', 'last', trend.last, 'percent',
       CASE WHEN start.figure <> 0 THEN round((s.value - start.figure) * 100 / abs(start.figure)) ELSE 0 END)
