-- code = "range"
-- level = 1
-- order = 40
-- title = "range of the unit"
-- severity = "error"
-- basis = "Eurostat, jenis utama aturan validasi ESS: tingkat 1"
-- [messages]
-- below = "Expected %(limit)s or more: the unit has no smaller values."
-- above = "Expected %(limit)s or less: the unit has no larger values."

CASE WHEN s.value < s.lowest THEN programs_finding(1, 'below', rules.range, 'value', 'limit', s.lowest)
     WHEN s.value > s.highest THEN programs_finding(1, 'above', rules.range, 'value', 'limit', s.highest) END
