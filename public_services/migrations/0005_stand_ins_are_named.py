"""A decision says for whom a stand-in took it, and its trigger asks for the role."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_whose_role_it_is'),
        ('public_services', '0004_ties_stay_too'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='procedure',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='procedure',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='procedure',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='procedure',
            name='unconcerned',
        ),
        migrations.AddField(
            model_name='procedure',
            name='acting_for',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='standing in for'),
        ),
        migrations.AddField(
            model_name='procedureevent',
            name='acting_for',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='standing in for'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedure',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."decided_by_id" IS NOT NULL AND NOT (NEW."state" = \'replaced\'))', func="\n            IF accounts_is_concerned(NEW.decided_by_id, (SELECT s.agency_id FROM public_services_publicservice s WHERE s.id = NEW.service_id), ARRAY(SELECT c.user_id FROM public_services_procedure_concerned(NEW.id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.decided_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            IF (TG_OP = 'INSERT' OR NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id OR NEW.acting_for_id IS DISTINCT FROM OLD.acting_for_id OR NEW.state IS DISTINCT FROM OLD.state) AND NOT accounts_holds(NEW.decided_by_id, (SELECT s.agency_id FROM public_services_publicservice s WHERE s.id = NEW.service_id), ARRAY['agency_head', 'governors_office', 'auditor'], NEW.acting_for_id) THEN\n                RAISE EXCEPTION 'separation of duties: user % holds no role that decides on this', NEW.decided_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='beb886d1656285a0375002cd7a7f9f46bc394ea0', operation='INSERT OR UPDATE OF "decided_by_id", "acting_for_id", "state"', pgid='pgtrigger_unconcerned_0b496', table='public_services_procedure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedure',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "public_services_procedureevent" ("acting_for_id", "created_at", "created_by_id", "days", "decided_at", "decided_by_id", "decision_reason", "documents", "hand_overs", "id", "known_documents", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "score", "service_id", "state", "steps_count", "updated_at", "version", "visits") VALUES (NEW."acting_for_id", NEW."created_at", NEW."created_by_id", NEW."days", NEW."decided_at", NEW."decided_by_id", NEW."decision_reason", NEW."documents", NEW."hand_overs", NEW."id", NEW."known_documents", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."score", NEW."service_id", NEW."state", NEW."steps_count", NEW."updated_at", NEW."version", NEW."visits"); RETURN NULL;', hash='c7bae6af1d712719d9b3c8f1784c94fd73e6a8fb', operation='INSERT', pgid='pgtrigger_insert_insert_d67e4', table='public_services_procedure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedure',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "public_services_procedureevent" ("acting_for_id", "created_at", "created_by_id", "days", "decided_at", "decided_by_id", "decision_reason", "documents", "hand_overs", "id", "known_documents", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "score", "service_id", "state", "steps_count", "updated_at", "version", "visits") VALUES (NEW."acting_for_id", NEW."created_at", NEW."created_by_id", NEW."days", NEW."decided_at", NEW."decided_by_id", NEW."decision_reason", NEW."documents", NEW."hand_overs", NEW."id", NEW."known_documents", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."score", NEW."service_id", NEW."state", NEW."steps_count", NEW."updated_at", NEW."version", NEW."visits"); RETURN NULL;', hash='7965b6c51ab6de7f89c002d27a071edd0ff7dc08', operation='UPDATE', pgid='pgtrigger_update_update_3ffbf', table='public_services_procedure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedure',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "public_services_procedureevent" ("acting_for_id", "created_at", "created_by_id", "days", "decided_at", "decided_by_id", "decision_reason", "documents", "hand_overs", "id", "known_documents", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "score", "service_id", "state", "steps_count", "updated_at", "version", "visits") VALUES (OLD."acting_for_id", OLD."created_at", OLD."created_by_id", OLD."days", OLD."decided_at", OLD."decided_by_id", OLD."decision_reason", OLD."documents", OLD."hand_overs", OLD."id", OLD."known_documents", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."score", OLD."service_id", OLD."state", OLD."steps_count", OLD."updated_at", OLD."version", OLD."visits"); RETURN NULL;', hash='0f6cf8942dc02bf688bb840c3dd74d7de0444875', operation='DELETE', pgid='pgtrigger_delete_delete_c6e54', table='public_services_procedure', when='AFTER')),
        ),
    ]
