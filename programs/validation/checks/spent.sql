-- code = "spent"
-- level = 5
-- order = 120
-- title = "money spent, output zero"
-- severity = "warning"
-- basis = "Instruksi Gubernur 17 Juni 2025: program berdampak"
-- [parameters.share]
-- title = "Share (0.5 is 50 %)"
-- default = 0.5
-- lowest = 0
-- highest = 1
-- [messages]
-- spent_no_output = "%(percent)s%% of the money is spent and the output is zero."

CASE WHEN s.level = 'output' AND s.value = 0 AND money.ceiling > 0 AND money.spent > money.ceiling * rules.spent_share
     THEN programs_finding(5, 'spent_no_output', rules.spent, 'value', 'percent',
                           round(money.spent * 100 / money.ceiling)) END
