-- code: factor
-- level: 2
-- order: 60
-- title: slipped decimal point
-- severity: warning
-- basis: WHO data quality assurance toolkit: extreme outliers
-- place: first_of_trend
-- parameter: slack | 0.05 | 0 | 0.5 | Slack (share, 0.05 is 5 %)
-- message: factor | This is about %(factor)s times more or less than last time (%(last)s): check for a slipped point.
WHEN rules.factor IS NOT NULL AND slip.factor IS NOT NULL
  THEN programs_finding(2, 'factor', rules.factor, 'value', 'factor', slip.factor, 'last', trend.last)
