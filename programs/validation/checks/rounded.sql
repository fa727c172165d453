-- code = "rounded"
-- level = 2
-- order = 90
-- title = "rounded figure"
-- severity = "note"
-- basis = "Perangkat jaminan mutu data WHO: angka bulat"
-- [parameters.from]
-- title = "From this figure on"
-- default = 1000
-- lowest = 1
-- highest = 1000000000000
-- [messages]
-- rounded = "A round figure: if it is an estimate, say so in the explanation."

CASE WHEN abs(s.value) >= rules.rounded_from AND mod(s.value, rules.rounded_from) = 0
          AND NOT coalesce(trend.all_rounded, false)
     THEN programs_finding(2, 'rounded', rules.rounded, 'value') END
