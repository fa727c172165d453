-- code = "factor"
-- level = 2
-- order = 60
-- title = "slipped decimal point"
-- severity = "warning"
-- basis = "Perangkat jaminan mutu data WHO: pencilan ekstrem"
-- place = "first_of_trend"
-- [parameters.slack]
-- title = "Slack (share, 0.05 is 5 %)"
-- default = 0.05
-- lowest = 0
-- highest = 0.5
-- [messages]
-- factor = "This is about %(factor)s times more or less than last time (%(last)s): check for a slipped point."

WHEN rules.factor IS NOT NULL AND slip.factor IS NOT NULL
  THEN programs_finding(2, 'factor', rules.factor, 'value', 'factor', slip.factor, 'last', trend.last)
