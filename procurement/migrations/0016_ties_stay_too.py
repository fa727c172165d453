"""What a flag, a lead and a package are about can't be moved to untie somebody."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


HANDS = """
CREATE OR REPLACE FUNCTION procurement_remember_hand(package bigint, person bigint, relation text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() = 0 OR relation NOT IN ('named', 'typed') THEN
        RAISE EXCEPTION 'hands are written by triggers only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO procurement_packagehand SELECT package, person, relation WHERE person IS NOT NULL
    ON CONFLICT DO NOTHING;
END $$;
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
"""
BEFORE = """
CREATE OR REPLACE FUNCTION procurement_lead_concerned(lead bigint) RETURNS TABLE (user_id bigint, relation text)
LANGUAGE sql STABLE AS $$
    SELECT l.official_id, 'named' FROM procurement_lead l WHERE l.id = lead AND l.official_id IS NOT NULL
    UNION SELECT d.declarer_id, 'declared' FROM procurement_lead l
             JOIN procurement_interest i ON i.id = l.interest_id
             JOIN procurement_declaration d ON d.id = i.declaration_id WHERE l.id = lead
    UNION SELECT c.user_id, c.relation
            FROM procurement_lead l, procurement_package_concerned(l.package_id) c WHERE l.id = lead
$$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0015_long_work'),
    ]

    operations = [
        migrations.RunSQL(HANDS, BEFORE),
        pgtrigger.migrations.RemoveTrigger(
            model_name='package',
            name='stays',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='flag',
            trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."subject" IS DISTINCT FROM (NEW."subject") OR OLD."package_id" IS DISTINCT FROM (NEW."package_id") OR OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."dataset_id" IS DISTINCT FROM (NEW."dataset_id"))', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "code", "subject", "package_id", "agency_id", "dataset_id" rows from % table\', TG_TABLE_NAME;', hash='0b0cdedb016863dfa7ddf1958dd1e6aec206f075', operation='UPDATE OF "code", "subject", "package_id", "agency_id", "dataset_id"', pgid='pgtrigger_stays_c1d13', table='procurement_flag', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='package',
            trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."agency_id" IS DISTINCT FROM (NEW."agency_id"))', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "created_by_id", "agency_id" rows from % table\', TG_TABLE_NAME;', hash='a84316e22b68d553437608a3b0a6ccbf339a588a', operation='UPDATE OF "created_by_id", "agency_id"', pgid='pgtrigger_stays_f4984', table='procurement_package', when='BEFORE')),
        ),
    ]
