"""Whoever was on a package, or wrote in its plan, stays tied to it; columns that say whom a matter concerns stay.

The hands are written by triggers alone: the portal's role has no right to the table but to read it.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


HANDS = """
CREATE TABLE procurement_packagehand (
    package_id bigint NOT NULL,
    user_id bigint NOT NULL,
    relation text NOT NULL,
    PRIMARY KEY (package_id, user_id, relation)
);
COMMENT ON TABLE procurement_packagehand IS 'written by triggers only';
CREATE FUNCTION procurement_remember_hand(package bigint, person bigint, relation text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO procurement_packagehand SELECT package, person, relation WHERE person IS NOT NULL
    ON CONFLICT DO NOTHING;
$$;
CREATE OR REPLACE FUNCTION procurement_package_concerned(package bigint)
RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT o.user_id, 'named' FROM procurement_officer o WHERE o.package_id = package
    UNION SELECT p.created_by_id, 'typed' FROM procurement_package p WHERE p.id = package
    UNION SELECT h.user_id, h.relation FROM procurement_packagehand h WHERE h.package_id = package
$$;
"""
NO_HANDS = """
CREATE OR REPLACE FUNCTION procurement_package_concerned(package bigint)
RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT o.user_id, 'named' FROM procurement_officer o WHERE o.package_id = package
    UNION SELECT p.created_by_id, 'typed' FROM procurement_package p WHERE p.id = package
$$;
DROP FUNCTION procurement_remember_hand(bigint, bigint, text);
DROP TABLE procurement_packagehand;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0012_unconcerned'),
    ]

    operations = [
        migrations.RunSQL(HANDS, NO_HANDS),
        pgtrigger.migrations.AddTrigger(
            model_name='lead',
            trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."fingerprint" IS DISTINCT FROM (NEW."fingerprint") OR OLD."official_id" IS DISTINCT FROM (NEW."official_id") OR OLD."supplier_id" IS DISTINCT FROM (NEW."supplier_id"))', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "fingerprint", "official_id", "supplier_id" rows from % table\', TG_TABLE_NAME;', hash='6ffd82d1f61ac445c96c17e8a5c2f52c2d7b3107', operation='UPDATE OF "fingerprint", "official_id", "supplier_id"', pgid='pgtrigger_stays_f7546', table='procurement_lead', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='officer',
            trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."package_id" IS DISTINCT FROM (NEW."package_id") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."replaces_id" IS DISTINCT FROM (NEW."replaces_id"))', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "package_id", "user_id", "role", "replaces_id" rows from % table\', TG_TABLE_NAME;', hash='d1cb1f6a68625ccfa93699775da13462b06fabc8', operation='UPDATE OF "package_id", "user_id", "role", "replaces_id"', pgid='pgtrigger_stays_aab84', table='procurement_officer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='officer',
            trigger=pgtrigger.compiler.Trigger(name='taken_off', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM procurement_remember_hand(OLD.package_id, OLD.user_id, 'named'); RETURN NULL;", hash='45f7b7558ec6eafcb95f23f900cc9a4bc7eb4fa6', operation='DELETE', pgid='pgtrigger_taken_off_7c4a5', table='procurement_officer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='package',
            trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id"))', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "created_by_id" rows from % table\', TG_TABLE_NAME;', hash='5f2d9fb7cab77eadef550be3e81233cf52705716', operation='UPDATE OF "created_by_id"', pgid='pgtrigger_stays_f4984', table='procurement_package', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='package',
            trigger=pgtrigger.compiler.Trigger(name='changed_plan', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."rup_code" IS DISTINCT FROM (NEW."rup_code") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."method" IS DISTINCT FROM (NEW."method") OR OLD."self_managed_type" IS DISTINCT FROM (NEW."self_managed_type") OR OLD."kbki_code" IS DISTINCT FROM (NEW."kbki_code") OR OLD."ceiling_rupiah" IS DISTINCT FROM (NEW."ceiling_rupiah") OR OLD."hps_rupiah" IS DISTINCT FROM (NEW."hps_rupiah") OR OLD."program_id" IS DISTINCT FROM (NEW."program_id") OR OLD."sub_activity_id" IS DISTINCT FROM (NEW."sub_activity_id"))', func="PERFORM procurement_remember_hand(NEW.id, (nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'typed'); RETURN NULL;", hash='38a777d8833bfa0062d191b8d330b57b8cb117da', operation='UPDATE OF "rup_code", "name", "kind", "method", "self_managed_type", "kbki_code", "ceiling_rupiah", "hps_rupiah", "program_id", "sub_activity_id"', pgid='pgtrigger_changed_plan_a8648', table='procurement_package', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='privacyrequest',
            trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."made_by_id" IS DISTINCT FROM (NEW."made_by_id"))', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "user_id", "made_by_id" rows from % table\', TG_TABLE_NAME;', hash='f8c0ff29390ea4b0f609391c3539f5e081e92c7d', operation='UPDATE OF "user_id", "made_by_id"', pgid='pgtrigger_stays_ec1dd', table='procurement_privacyrequest', when='BEFORE')),
        ),
    ]
