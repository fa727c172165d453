"""Whose NIK stands in a declaration is named in it, in whatever is decided about it and about its package."""

from django.db import migrations

NAMED = """
CREATE FUNCTION procurement_named_in(declarations bigint[]) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT p.user_id
      FROM procurement_interest i
      JOIN procurement_officialprofile p ON p.identity_hash = i.party_identity_hash AND p.identity_hash <> ''
     WHERE i.declaration_id = ANY (declarations)
$$;
CREATE OR REPLACE FUNCTION procurement_declaration_concerned(declaration bigint)
RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT d.declarer_id, 'declared' FROM procurement_declaration d WHERE d.id = declaration
    UNION SELECT n, 'named' FROM procurement_named_in(ARRAY(
        SELECT v.id FROM procurement_declaration d
          JOIN procurement_declaration v
            ON v.declarer_id = d.declarer_id AND v.agency_id = d.agency_id AND v.fiscal_year = d.fiscal_year
           AND v.officer_id IS NOT DISTINCT FROM d.officer_id
         WHERE d.id = declaration)) n
$$;
CREATE OR REPLACE FUNCTION procurement_package_concerned(package bigint)
RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT o.user_id, 'named' FROM procurement_officer o WHERE o.package_id = package
    UNION SELECT p.created_by_id, 'typed' FROM procurement_package p WHERE p.id = package
    UNION SELECT h.user_id, h.relation FROM procurement_packagehand h WHERE h.package_id = package
    UNION SELECT n, 'named' FROM procurement_named_in(ARRAY(
        SELECT d.id FROM procurement_declaration d JOIN procurement_officer o ON o.id = d.officer_id
         WHERE o.package_id = package)) n
$$;
CREATE OR REPLACE FUNCTION procurement_lead_concerned(lead bigint) RETURNS TABLE (user_id bigint, relation text)
LANGUAGE sql STABLE AS $$
    WITH ever AS (
        SELECT l.interest_id, l.package_id FROM procurement_lead l WHERE l.id = lead
        UNION SELECT e.interest_id, e.package_id FROM procurement_leadevent e WHERE e.pgh_obj_id = lead
    )
    SELECT l.official_id, 'named' FROM procurement_lead l WHERE l.id = lead AND l.official_id IS NOT NULL
    UNION SELECT c.user_id, c.relation FROM ever
             JOIN procurement_interest i ON i.id = ever.interest_id,
             procurement_declaration_concerned(i.declaration_id) c
    UNION SELECT c.user_id, c.relation FROM ever, procurement_package_concerned(ever.package_id) c
$$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION procurement_declaration_concerned(declaration bigint)
RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT d.declarer_id, 'declared' FROM procurement_declaration d WHERE d.id = declaration
$$;
CREATE OR REPLACE FUNCTION procurement_package_concerned(package bigint)
RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT o.user_id, 'named' FROM procurement_officer o WHERE o.package_id = package
    UNION SELECT p.created_by_id, 'typed' FROM procurement_package p WHERE p.id = package
    UNION SELECT h.user_id, h.relation FROM procurement_packagehand h WHERE h.package_id = package
$$;
CREATE OR REPLACE FUNCTION procurement_lead_concerned(lead bigint) RETURNS TABLE (user_id bigint, relation text)
LANGUAGE sql STABLE AS $$
    WITH ever AS (
        SELECT l.interest_id, l.package_id FROM procurement_lead l WHERE l.id = lead
        UNION SELECT e.interest_id, e.package_id FROM procurement_leadevent e WHERE e.pgh_obj_id = lead
    )
    SELECT l.official_id, 'named' FROM procurement_lead l WHERE l.id = lead AND l.official_id IS NOT NULL
    UNION SELECT d.declarer_id, 'declared' FROM ever
             JOIN procurement_interest i ON i.id = ever.interest_id
             JOIN procurement_declaration d ON d.id = i.declaration_id
    UNION SELECT c.user_id, c.relation FROM ever, procurement_package_concerned(ever.package_id) c
$$;
DROP FUNCTION procurement_named_in(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0018_hands_of_a_list")]

    operations = [migrations.RunSQL(NAMED, BEFORE)]
