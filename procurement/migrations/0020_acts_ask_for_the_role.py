"""Putting a flag aside, reviewing a lead and answering a request ask for the role, too."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_whose_role_it_is'),
        ('procurement', '0019_named_by_number'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='flag',
            name='unconcerned',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='lead',
            name='unconcerned',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='privacyrequest',
            name='unconcerned',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='flag',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."suppressed_by_id" IS NOT NULL)', func="\n            IF accounts_is_concerned(NEW.suppressed_by_id, (NEW.agency_id), ARRAY(SELECT c.user_id FROM procurement_flag_concerned(NEW.id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.suppressed_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            IF (TG_OP = 'INSERT' OR NEW.suppressed_by_id IS DISTINCT FROM OLD.suppressed_by_id OR NULL::bigint IS DISTINCT FROM NULL::bigint) AND NOT accounts_holds(NEW.suppressed_by_id, (NEW.agency_id), ARRAY['auditor', 'governors_office'], NULL::bigint) THEN\n                RAISE EXCEPTION 'separation of duties: user % holds no role that decides on this', NEW.suppressed_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='807e61e4697f4cd0e8ed251769870af7bb4d65a7', operation='INSERT OR UPDATE OF "suppressed_by_id"', pgid='pgtrigger_unconcerned_54916', table='procurement_flag', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lead',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."reviewed_by_id" IS NOT NULL)', func="\n            IF accounts_is_concerned(NEW.reviewed_by_id, (SELECT p.agency_id FROM procurement_package p WHERE p.id = NEW.package_id), ARRAY(SELECT c.user_id FROM procurement_lead_concerned(NEW.id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.reviewed_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            IF (TG_OP = 'INSERT' OR NEW.reviewed_by_id IS DISTINCT FROM OLD.reviewed_by_id OR NULL::bigint IS DISTINCT FROM NULL::bigint) AND NOT accounts_holds(NEW.reviewed_by_id, (SELECT p.agency_id FROM procurement_package p WHERE p.id = NEW.package_id), ARRAY['auditor', 'governors_office'], NULL::bigint) THEN\n                RAISE EXCEPTION 'separation of duties: user % holds no role that decides on this', NEW.reviewed_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='5653d3b5d340426d239f2a08229e9e52c168e55c', operation='INSERT OR UPDATE OF "reviewed_by_id"', pgid='pgtrigger_unconcerned_54e13', table='procurement_lead', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='privacyrequest',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."answered_by_id" IS NOT NULL)', func="\n            IF accounts_is_concerned(NEW.answered_by_id, (NULL::bigint), ARRAY(SELECT c.user_id FROM procurement_request_concerned(NEW.id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.answered_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            IF (TG_OP = 'INSERT' OR NEW.answered_by_id IS DISTINCT FROM OLD.answered_by_id OR NULL::bigint IS DISTINCT FROM NULL::bigint) AND NOT accounts_holds(NEW.answered_by_id, (NULL::bigint), ARRAY['auditor', 'governors_office'], NULL::bigint) THEN\n                RAISE EXCEPTION 'separation of duties: user % holds no role that decides on this', NEW.answered_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='d3b1e63388c85b4075450e540d390fb877aff822', operation='INSERT OR UPDATE OF "answered_by_id"', pgid='pgtrigger_unconcerned_68af9', table='procurement_privacyrequest', when='AFTER')),
        ),
    ]
