-- code = "same"
-- level = 2
-- order = 80
-- title = "same as the last period"
-- severity = "warning"
-- basis = "Perangkat jaminan mutu data WHO: angka berulang"
-- [messages]
-- same_as_last = "Exactly the figure of last time (%(last)s): check whether it was really measured again."

CASE WHEN s.value = trend.last AND s.value <> 0
     THEN programs_finding(2, 'same_as_last', rules.same, 'value', 'last', trend.last) END
