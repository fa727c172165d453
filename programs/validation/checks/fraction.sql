-- code = "fraction"
-- level = 1
-- order = 10
-- title = "numerator and denominator"
-- severity = "error"
-- basis = "Eurostat, jenis utama aturan validasi ESS: tingkat 1"
-- [messages]
-- fraction_incomplete = "Enter numerator and denominator; the portal divides."
-- denominator_zero = "The denominator must be more than zero."
-- numerator_larger = "The numerator is part of the denominator (%(denominator)s) and cannot be larger."

CASE WHEN s.is_fraction AND (s.numerator IS NOT NULL OR s.denominator IS NOT NULL) THEN CASE
  WHEN s.denominator IS NULL THEN programs_finding(1, 'fraction_incomplete', rules.fraction, 'denominator')
  WHEN s.numerator IS NULL THEN programs_finding(1, 'fraction_incomplete', rules.fraction, 'numerator')
  WHEN s.denominator <= 0 THEN programs_finding(1, 'denominator_zero', rules.fraction, 'denominator')
  WHEN s.is_rate AND s.numerator > s.denominator
    THEN programs_finding(1, 'numerator_larger', rules.fraction, 'numerator', 'denominator', s.denominator) END END
