"""A package goes to another OPD only when a change of its OPD says so; its flags go with it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_agencies_by_the_day'),
        ('procurement', '0023_contract_numbers_per_firm'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='flag',
            name='stays',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='package',
            name='stays',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='flag',
            trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."subject" IS DISTINCT FROM (NEW."subject") OR OLD."package_id" IS DISTINCT FROM (NEW."package_id") OR OLD."dataset_id" IS DISTINCT FROM (NEW."dataset_id"))', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "code", "subject", "package_id", "dataset_id" rows from % table\', TG_TABLE_NAME;', hash='13050c3907634ad78317c81152e7081dc2171736', operation='UPDATE OF "code", "subject", "package_id", "dataset_id"', pgid='pgtrigger_stays_c1d13', table='procurement_flag', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='flag',
            trigger=pgtrigger.compiler.Trigger(name='follows_package', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id"))', func="\n                    IF NOT EXISTS (SELECT FROM procurement_package p\n                                    WHERE p.id = NEW.package_id AND p.agency_id = NEW.agency_id) THEN\n                        RAISE EXCEPTION 'flag % keeps its OPD', NEW.id USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='19977d24ca8c0ad12e12fabc36e35dea3dc01c23', operation='UPDATE OF "agency_id"', pgid='pgtrigger_follows_package_ec53f', table='procurement_flag', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='package',
            trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id"))', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "created_by_id" rows from % table\', TG_TABLE_NAME;', hash='5f2d9fb7cab77eadef550be3e81233cf52705716', operation='UPDATE OF "created_by_id"', pgid='pgtrigger_stays_f4984', table='procurement_package', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='package',
            trigger=pgtrigger.compiler.Trigger(name='keeps_agency', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id"))', func='\n            IF NOT EXISTS (\n                SELECT FROM accounts_agencymove m\n                 WHERE m."table" = TG_TABLE_NAME AND m."row" = NEW.id\n                   AND m.former_id = OLD.agency_id AND m.successor_id = NEW.agency_id) THEN\n                RAISE EXCEPTION \'row % of % keeps its OPD\', NEW.id, TG_TABLE_NAME USING ERRCODE = \'check_violation\';\n            END IF;\n            RETURN NEW;\n        ', hash='dd7727d59ceb4e4967eea2a34c8f2e7ef0ec3e0c', operation='UPDATE OF "agency_id"', pgid='pgtrigger_keeps_agency_64e49', table='procurement_package', when='BEFORE')),
        ),
    ]
