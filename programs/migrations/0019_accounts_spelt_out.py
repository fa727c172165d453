"""Realisations have their accounts as lists are read since: 5.1.02.01.01.0026, not 5.1.2.1.1.26.

A list with full codes would bring a second account beside one that was kept without its zeros, and the money would
count twice. Where it did already, and says the same, the short one goes; where they differ, people have to say.
"""

from django.db import migrations

SPELT_OUT = """
CREATE TEMPORARY TABLE spelt ON COMMIT DROP AS
SELECT r.id, r.sub_activity_id, r.account_code, r.planned_rupiah, r.realised_rupiah, (
           SELECT string_agg(lpad(bare, greatest(length(bare), width), '0'), '.' ORDER BY at)
             FROM (SELECT at, coalesce(nullif(ltrim(part, '0'), ''), '0') AS bare,
                          (ARRAY[1, 1, 2, 2, 2, 4])[at] AS width
                     FROM unnest(string_to_array(r.account_code, '.')) WITH ORDINALITY AS parts (part, at)) AS each
       ) AS code
  FROM programs_accountrealisation r
 WHERE r.account_code ~ '^5([.][0-9]{1,5}){5}$';
DELETE FROM programs_accountrealisation r USING spelt s
 WHERE r.id = s.id AND s.code <> s.account_code AND EXISTS (
     SELECT FROM spelt o
      WHERE o.sub_activity_id = s.sub_activity_id AND o.code = s.code AND o.id <> s.id
        AND (o.planned_rupiah, o.realised_rupiah) IS NOT DISTINCT FROM (s.planned_rupiah, s.realised_rupiah)
        AND (o.code = o.account_code OR o.id < s.id));
UPDATE programs_accountrealisation r SET account_code = s.code FROM spelt s
 WHERE r.id = s.id AND s.code <> s.account_code AND NOT EXISTS (
     SELECT FROM spelt o JOIN programs_accountrealisation there ON there.id = o.id
      WHERE o.sub_activity_id = s.sub_activity_id AND o.code = s.code AND o.id <> s.id);
DROP TABLE spelt;
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0018_dated_by_database")]

    operations = [migrations.RunSQL(SPELT_OUT, migrations.RunSQL.noop, elidable=True)]
