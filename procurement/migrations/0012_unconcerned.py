"""Refuse decisions by whoever declared, asked, planned or is named in the matter."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# Whom a matter keeps from deciding on it: (user, how). Read by accounts_deciders and by the triggers below.
CONCERNED = """
CREATE FUNCTION procurement_declaration_concerned(declaration bigint) RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT d.declarer_id, 'declared' FROM procurement_declaration d WHERE d.id = declaration
$$;
CREATE FUNCTION procurement_package_concerned(package bigint) RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT o.user_id, 'named' FROM procurement_officer o WHERE o.package_id = package
    UNION SELECT p.created_by_id, 'typed' FROM procurement_package p WHERE p.id = package
$$;
CREATE FUNCTION procurement_flag_concerned(flag bigint) RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT c.user_id, c.relation
      FROM procurement_flag f, procurement_package_concerned(f.package_id) c WHERE f.id = flag
$$;
CREATE FUNCTION procurement_lead_concerned(lead bigint) RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT l.official_id, 'named' FROM procurement_lead l WHERE l.id = lead AND l.official_id IS NOT NULL
    UNION SELECT d.declarer_id, 'declared' FROM procurement_lead l
             JOIN procurement_interest i ON i.id = l.interest_id
             JOIN procurement_declaration d ON d.id = i.declaration_id WHERE l.id = lead
    UNION SELECT c.user_id, c.relation
            FROM procurement_lead l, procurement_package_concerned(l.package_id) c WHERE l.id = lead
$$;
CREATE FUNCTION procurement_request_concerned(request bigint) RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT r.user_id, 'asked' FROM procurement_privacyrequest r WHERE r.id = request AND r.user_id IS NOT NULL
    UNION SELECT r.made_by_id, 'typed' FROM procurement_privacyrequest r WHERE r.id = request
$$;
"""
GONE = """
DROP FUNCTION procurement_request_concerned(bigint);
DROP FUNCTION procurement_lead_concerned(bigint);
DROP FUNCTION procurement_flag_concerned(bigint);
DROP FUNCTION procurement_package_concerned(bigint);
DROP FUNCTION procurement_declaration_concerned(bigint);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_separation_of_duties'),
        ('procurement', '0011_salts'),
    ]

    operations = [
        migrations.RunSQL(CONCERNED, GONE),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF accounts_is_concerned(NEW.decided_by_id, (SELECT d.agency_id FROM procurement_declaration d WHERE d.id = NEW.declaration_id), ARRAY(SELECT c.user_id FROM procurement_declaration_concerned(NEW.declaration_id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.decided_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='5781dc9d3ffd58cdf6f0cf17987c75291c532a33', operation='INSERT', pgid='pgtrigger_unconcerned_a1071', table='procurement_decision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='flag',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."suppressed_by_id" IS NOT NULL)', func="\n            IF accounts_is_concerned(NEW.suppressed_by_id, (NEW.agency_id), ARRAY(SELECT c.user_id FROM procurement_flag_concerned(NEW.id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.suppressed_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='2786b5d8099bfd5b726e84eb8603dbe9f34ebc6e', operation='INSERT OR UPDATE OF "suppressed_by_id"', pgid='pgtrigger_unconcerned_54916', table='procurement_flag', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gateoverride',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF accounts_is_concerned(NEW.by_id, (SELECT p.agency_id FROM procurement_package p WHERE p.id = NEW.package_id), ARRAY(SELECT c.user_id FROM procurement_package_concerned(NEW.package_id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='80c5e586289733c5d302512e8c2624b82badae40', operation='INSERT', pgid='pgtrigger_unconcerned_27a1e', table='procurement_gateoverride', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lead',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."reviewed_by_id" IS NOT NULL)', func="\n            IF accounts_is_concerned(NEW.reviewed_by_id, (SELECT p.agency_id FROM procurement_package p WHERE p.id = NEW.package_id), ARRAY(SELECT c.user_id FROM procurement_lead_concerned(NEW.id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.reviewed_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='e43a93b255192a784cb4e09a2a0cb29a1f7c609b', operation='INSERT OR UPDATE OF "reviewed_by_id"', pgid='pgtrigger_unconcerned_54e13', table='procurement_lead', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='privacyrequest',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."answered_by_id" IS NOT NULL)', func="\n            IF accounts_is_concerned(NEW.answered_by_id, (NULL::bigint), ARRAY(SELECT c.user_id FROM procurement_request_concerned(NEW.id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.answered_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='491096a07a5eb1ba361d8e76618848e8bf704e86', operation='INSERT OR UPDATE OF "answered_by_id"', pgid='pgtrigger_unconcerned_68af9', table='procurement_privacyrequest', when='AFTER')),
        ),
    ]
