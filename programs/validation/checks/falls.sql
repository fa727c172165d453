-- code = "falls"
-- level = 2
-- order = 50
-- title = "cumulative figures do not fall"
-- severity = "warning"
-- basis = "Permendagri 86/2017: realisasi dihitung kumulatif dalam tahun"
-- place = "first_of_trend"
-- [messages]
-- cumulative_falls = "The figure counts from January on and was %(last)s last time; it should not fall."

WHEN rules.falls IS NOT NULL AND s.is_cumulative AND s.value < trend.last
  THEN programs_finding(2, 'cumulative_falls', rules.falls, 'value', 'last', trend.last)
