"""A decision says for whom a stand-in took it, and its trigger asks for the role."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_whose_role_it_is'),
        ('procurement', '0016_ties_stay_too'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='decision',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='decision',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='decision',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='decision',
            name='unconcerned',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='gateoverride',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='gateoverride',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='gateoverride',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='gateoverride',
            name='unconcerned',
        ),
        migrations.AddField(
            model_name='decision',
            name='acting_for',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='standing in for'),
        ),
        migrations.AddField(
            model_name='decisionevent',
            name='acting_for',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='standing in for'),
        ),
        migrations.AddField(
            model_name='gateoverride',
            name='acting_for',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='standing in for'),
        ),
        migrations.AddField(
            model_name='gateoverrideevent',
            name='acting_for',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='standing in for'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF accounts_is_concerned(NEW.decided_by_id, (SELECT d.agency_id FROM procurement_declaration d WHERE d.id = NEW.declaration_id), ARRAY(SELECT c.user_id FROM procurement_declaration_concerned(NEW.declaration_id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.decided_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            IF NOT accounts_holds(NEW.decided_by_id, (SELECT d.agency_id FROM procurement_declaration d WHERE d.id = NEW.declaration_id), ARRAY['agency_head', 'governors_office', 'auditor'], NEW.acting_for_id) THEN\n                RAISE EXCEPTION 'separation of duties: user % holds no role that decides on this', NEW.decided_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='9301134a9963b41887199f0e83a6bd21bf34a951', operation='INSERT', pgid='pgtrigger_unconcerned_a1071', table='procurement_decision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "procurement_decisionevent" ("acting_for_id", "decided_at", "decided_by_id", "declaration_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."acting_for_id", NEW."decided_at", NEW."decided_by_id", NEW."declaration_id", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason"); RETURN NULL;', hash='ea3804ba3bd4723f4097cf23fa98b16bf76999bb', operation='INSERT', pgid='pgtrigger_insert_insert_f1c00', table='procurement_decision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "procurement_decisionevent" ("acting_for_id", "decided_at", "decided_by_id", "declaration_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."acting_for_id", NEW."decided_at", NEW."decided_by_id", NEW."declaration_id", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason"); RETURN NULL;', hash='cb9e87c3143098a5cfb246a1f93bf362dd7b4e8e', operation='UPDATE', pgid='pgtrigger_update_update_70749', table='procurement_decision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "procurement_decisionevent" ("acting_for_id", "decided_at", "decided_by_id", "declaration_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (OLD."acting_for_id", OLD."decided_at", OLD."decided_by_id", OLD."declaration_id", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason"); RETURN NULL;', hash='bda313e75b881cfb66b80a22965f9bf94b0d6642', operation='DELETE', pgid='pgtrigger_delete_delete_35942', table='procurement_decision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gateoverride',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF accounts_is_concerned(NEW.by_id, (SELECT p.agency_id FROM procurement_package p WHERE p.id = NEW.package_id), ARRAY(SELECT c.user_id FROM procurement_package_concerned(NEW.package_id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            IF NOT accounts_holds(NEW.by_id, (SELECT p.agency_id FROM procurement_package p WHERE p.id = NEW.package_id), ARRAY['agency_head', 'governors_office', 'auditor'], NEW.acting_for_id) THEN\n                RAISE EXCEPTION 'separation of duties: user % holds no role that decides on this', NEW.by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='f03e1dacac9e156c5b899eeadfc75056847e24e5', operation='INSERT', pgid='pgtrigger_unconcerned_27a1e', table='procurement_gateoverride', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gateoverride',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "procurement_gateoverrideevent" ("acting_for_id", "at", "by_id", "id", "obstacles", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "to_state") VALUES (NEW."acting_for_id", NEW."at", NEW."by_id", NEW."id", NEW."obstacles", NEW."package_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."to_state"); RETURN NULL;', hash='daaad5a77b7f896a2eb2a4afd5b5d4345161896e', operation='INSERT', pgid='pgtrigger_insert_insert_9f47a', table='procurement_gateoverride', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gateoverride',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "procurement_gateoverrideevent" ("acting_for_id", "at", "by_id", "id", "obstacles", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "to_state") VALUES (NEW."acting_for_id", NEW."at", NEW."by_id", NEW."id", NEW."obstacles", NEW."package_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."to_state"); RETURN NULL;', hash='26380a77c8192dec63a9cd4dcee8d799057e6778', operation='UPDATE', pgid='pgtrigger_update_update_e4991', table='procurement_gateoverride', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gateoverride',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "procurement_gateoverrideevent" ("acting_for_id", "at", "by_id", "id", "obstacles", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "to_state") VALUES (OLD."acting_for_id", OLD."at", OLD."by_id", OLD."id", OLD."obstacles", OLD."package_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."to_state"); RETURN NULL;', hash='5ef55c26eba78f5e6f5ace53424e359b0ba19169', operation='DELETE', pgid='pgtrigger_delete_delete_28a3b', table='procurement_gateoverride', when='AFTER')),
        ),
    ]
