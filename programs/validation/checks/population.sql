-- code = "population"
-- level = 5
-- order = 140
-- title = "more than the population"
-- severity = "warning"
-- basis = "Perpres 39/2019 Satu Data Indonesia"
-- [messages]
-- more_than_population = "More people than live there (%(population)s)."

CASE WHEN s.counts_people AND s.value > people.population
     THEN programs_finding(5, 'more_than_population', rules.population, 'value', 'population', people.population) END
