-- code = "regions"
-- level = 3
-- order = 100
-- title = "regions against the whole"
-- severity = "warning"
-- basis = "Eurostat, jenis utama aturan validasi ESS: tingkat 3"
-- [parameters.slack]
-- title = "Slack (share, 0.05 is 5 %)"
-- default = 0.005
-- lowest = 0
-- highest = 1
-- [messages]
-- outside_parts = "Expected between %(low)s and %(high)s: the whole lies between its regions."
-- sum_differs = "The regions add up to %(sum)s; the whole should be the same (±0,5%%)."

CASE WHEN s.category = '' AND s.region_id = %(province)s AND regencies.total IS NOT NULL
     THEN programs_apart(s.value, s.is_rate, regencies.total, regencies.low, regencies.high, rules.regions,
                         rules.regions_slack) END,
CASE WHEN s.category = '' AND categories.total IS NOT NULL
     THEN programs_apart(s.value, s.is_rate, categories.total, categories.low, categories.high, rules.regions,
                         rules.regions_slack) END
