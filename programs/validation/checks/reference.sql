-- code = "reference"
-- level = 4
-- order = 110
-- title = "official figure"
-- severity = "warning"
-- basis = "Perpres 39/2019 Satu Data Indonesia; Instruksi Gubernur 17 Juni 2025"
-- place = "verdict"
-- [parameters.relative]
-- title = "Tolerance for counts, in per cent"
-- lowest = 0
-- highest = 1000
-- [parameters.points]
-- title = "Tolerance for rates, in percentage points"
-- lowest = 0
-- highest = 1000
-- [parameters.times]
-- title = "Up to how many times the tolerance an explanation is enough"
-- default = 2
-- lowest = 1
-- highest = 10
-- [parameters.years]
-- title = "For how many years an older official figure may serve"
-- default = 2
-- lowest = 0
-- highest = 10
-- [parameters.z]
-- title = "z of the confidence interval (1.96 is 95 %)"
-- default = 1.96
-- lowest = 1
-- highest = 4
-- [messages]
-- deviates = "Deviates from the official figure."
-- explain = "Differs from the official figure: explain."

CASE WHEN s.value IS NULL OR official.reference_id IS NULL THEN 'no_reference'
     WHEN abs(s.value - official.figure) <= official.allowed THEN 'matches'
     WHEN abs(s.value - official.figure) <= rules.reference_times * official.allowed THEN 'explain'
     ELSE 'deviates' END
