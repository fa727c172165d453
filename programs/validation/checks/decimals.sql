-- code = "decimals"
-- level = 0
-- order = 30
-- title = "decimals of the unit"
-- severity = "error"
-- basis = "Eurostat, jenis utama aturan validasi ESS: tingkat 0"
-- [messages]
-- decimals = "The unit has %(decimals)s decimals: round the figure to that."

CASE WHEN NOT s.is_fraction AND scale(trim_scale(s.value)) > s.decimals
     THEN programs_finding(0, 'decimals', rules.decimals, 'value', 'decimals', s.decimals) END
