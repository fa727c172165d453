-- code = "outcome"
-- level = 5
-- order = 130
-- title = "output reached, outcome worse"
-- severity = "warning"
-- basis = "Instruksi Gubernur 17 Juni 2025: program berdampak"
-- [parameters.reached]
-- title = "Share of the target from which an output is reached"
-- default = 0.9
-- lowest = 0
-- highest = 2
-- [messages]
-- outcome_wrong_way = "The outputs are reached, yet the outcome is worse than at the start (%(baseline)s)."

CASE WHEN s.level IN ('outcome', 'impact') AND s.direction <> 'band' AND reached.report_id IS NOT NULL
          AND CASE s.direction WHEN 'maximise' THEN s.value < s.baseline ELSE s.value > s.baseline END
     THEN programs_finding(5, 'outcome_wrong_way', rules.outcome, 'value', 'baseline', s.baseline) END
