-- code: rounded
-- level: 2
-- order: 90
-- title: rounded figure
-- severity: warning
-- basis: WHO data quality assurance toolkit: rounded values
-- parameter: from | 1000 | 1 | 1000000000000 | From this figure on
-- message: rounded | A round figure: give the counted one, or say that it is an estimate.
CASE WHEN abs(s.value) >= rules.rounded_from AND mod(s.value, rules.rounded_from) = 0
          AND NOT coalesce(trend.all_rounded, false)
     THEN programs_finding(2, 'rounded', rules.rounded, 'value') END
