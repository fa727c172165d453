-- code = "future"
-- level = 0
-- order = 20
-- title = "not of the future"
-- severity = "error"
-- basis = "Eurostat, jenis utama aturan validasi ESS: tingkat 0"
-- [messages]
-- future = "This period has not begun: nothing can be reported of it yet."

CASE WHEN s.value IS NOT NULL AND s.starts > %(today)s THEN programs_finding(0, 'future', rules.future, 'value') END
