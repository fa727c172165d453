-- code: reference
-- level: 4
-- order: 110
-- title: official figure
-- severity: warning
-- basis: Perpres 39/2019 Satu Data Indonesia; Instruksi Gubernur 17 Juni 2025
-- place: verdict
-- parameter: relative |  | 0 | 1000 | Tolerance for counts, in per cent
-- parameter: points |  | 0 | 1000 | Tolerance for rates, in percentage points
-- parameter: times | 2 | 1 | 10 | Up to how many times the tolerance an explanation is enough
-- parameter: years | 2 | 0 | 10 | For how many years an older official figure may serve
-- parameter: z | 1.96 | 1 | 4 | z of the confidence interval (1.96 is 95 %)
-- message: deviates | Deviates from the official figure.
-- message: explain | Differs from the official figure: explain.
CASE WHEN s.value IS NULL OR official.reference_id IS NULL THEN 'no_reference'
     WHEN abs(s.value - official.figure) <= official.allowed THEN 'matches'
     WHEN abs(s.value - official.figure) <= rules.reference_times * official.allowed THEN 'explain'
     ELSE 'deviates' END
