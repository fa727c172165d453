import core.fields
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from core.migration_batches import together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = together([
        migrations.CreateModel(
            name='DocumentKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=160, unique=True, verbose_name='name')),
                ('held_by', models.CharField(blank=True, help_text='For example: Dukcapil. Empty when nobody has it.', max_length=160, verbose_name='already held by')),
            ],
            options={
                'verbose_name': 'kind of document',
                'verbose_name_plural': 'kinds of documents',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='PublicService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('product', models.CharField(help_text='For example: a permit, a certificate.', max_length=200, verbose_name='what one gets')),
                ('users', models.CharField(max_length=200, verbose_name='who uses it')),
                ('digital_level', models.PositiveSmallIntegerField(choices=[(0, '0 – only at the counter'), (1, '1 – requirements can be read online'), (2, '2 – forms can be downloaded'), (3, '3 – applied for online, finished at the counter'), (4, '4 – online from beginning to end, with tracking')], default=0, verbose_name='digital level')),
                ('address', models.URLField(blank=True, verbose_name='online address')),
                ('fee_rupiah', core.fields.RupiahField(decimal_places=2, default=0, help_text='0 when it is free.', max_digits=20, verbose_name='fee (Rp)')),
                ('legal_basis', models.CharField(max_length=300, verbose_name='legal basis')),
                ('promised_days', models.DecimalField(decimal_places=2, max_digits=6, validators=[django.core.validators.MinValueValidator(0)], verbose_name='promised time (working days)')),
                ('volume', models.PositiveIntegerField(default=0, verbose_name='applications in a year')),
                ('complaints', models.PositiveIntegerField(default=0, verbose_name='complaints in a year')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample data')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='public_services', to='accounts.agency', verbose_name='OPD')),
            ],
            options={
                'verbose_name': 'public service',
                'verbose_name_plural': 'public services',
                'ordering': ['agency__name', 'name'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'name'), name='public_services_service_once', violation_error_message='This OPD has a service of that name already.'), models.CheckConstraint(condition=models.Q(('digital_level__in', [0, 1, 2, 3, 4])), name='public_services_service_level'), models.CheckConstraint(condition=models.Q(('digital_level__lt', 3), models.Q(('address', ''), _negated=True), _connector='OR'), name='public_services_service_address', violation_error_message='From level 3 on write the address where one applies.'), models.CheckConstraint(condition=models.Q(('fee_rupiah__gte', 0)), name='public_services_service_fee', violation_error_message='A fee is zero or more.')],
            },
        ),
        migrations.CreateModel(
            name='Procedure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('state', models.CharField(choices=[('in_force', 'in force'), ('proposed', 'proposed'), ('replaced', 'replaced'), ('refused', 'not adopted')], default='proposed', max_length=8, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='what it improves')),
                ('steps_count', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='steps')),
                ('hand_overs', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='hand-overs')),
                ('visits', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='visits')),
                ('documents', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='documents')),
                ('known_documents', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='documents that the government has')),
                ('days', models.DecimalField(decimal_places=2, default=0, editable=False, max_digits=7, verbose_name='working days')),
                ('score', models.DecimalField(decimal_places=2, default=0, editable=False, max_digits=8, verbose_name='complexity score')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='entered')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('decision_reason', models.CharField(blank=True, max_length=500, verbose_name='reason of the decision')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='procedures', to='public_services.publicservice', verbose_name='public service')),
            ],
            options={
                'verbose_name': 'procedure',
                'verbose_name_plural': 'procedures',
                'ordering': ['service', '-id'],
                'indexes': [models.Index(fields=['state', 'score'], name='public_services_score')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('service',), name='public_services_procedure_one'), models.CheckConstraint(condition=models.Q(('state__in', ['in_force', 'proposed', 'replaced', 'refused'])), name='public_services_procedure_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'proposed'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='public_services_procedure_reason', violation_error_message='Say what the proposal improves.'), models.CheckConstraint(condition=models.Q(('known_documents__lte', models.F('documents'))), name='public_services_procedure_known')],
            },
        ),
        migrations.CreateModel(
            name='ProcedureStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('name', models.CharField(max_length=160, verbose_name='what happens')),
                ('actor', models.CharField(choices=[('applicant', 'Applicant'), ('counter', 'Counter'), ('officer', 'Officer'), ('supervisor', 'Head of section'), ('head', 'Head of the OPD'), ('other', 'Other agency'), ('system', 'System')], max_length=10, verbose_name='who acts')),
                ('days', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=6, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(365)], verbose_name='working days')),
                ('is_visit', models.BooleanField(default=False, verbose_name='the applicant comes in person')),
                ('documents', models.ManyToManyField(blank=True, related_name='+', to='public_services.documentkind', verbose_name='documents asked for')),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='public_services.procedure', verbose_name='procedure')),
            ],
            options={
                'verbose_name': 'step of a procedure',
                'verbose_name_plural': 'steps of procedures',
                'ordering': ['procedure', 'number'],
                'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('procedure', 'number'), name='public_services_step_once'), models.CheckConstraint(condition=models.Q(('actor__in', ['applicant', 'counter', 'officer', 'supervisor', 'head', 'other', 'system'])), name='public_services_step_actor'), models.CheckConstraint(condition=models.Q(('days__range', (0, 365))), name='public_services_step_days')],
            },
        ),
        migrations.CreateModel(
            name='ProcedureStepEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('name', models.CharField(max_length=160, verbose_name='what happens')),
                ('actor', models.CharField(choices=[('applicant', 'Applicant'), ('counter', 'Counter'), ('officer', 'Officer'), ('supervisor', 'Head of section'), ('head', 'Head of the OPD'), ('other', 'Other agency'), ('system', 'System')], max_length=10, verbose_name='who acts')),
                ('days', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=6, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(365)], verbose_name='working days')),
                ('is_visit', models.BooleanField(default=False, verbose_name='the applicant comes in person')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='public_services.procedurestep')),
                ('procedure', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='public_services.procedure', verbose_name='procedure')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProcedureEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('state', models.CharField(choices=[('in_force', 'in force'), ('proposed', 'proposed'), ('replaced', 'replaced'), ('refused', 'not adopted')], default='proposed', max_length=8, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='what it improves')),
                ('steps_count', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='steps')),
                ('hand_overs', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='hand-overs')),
                ('visits', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='visits')),
                ('documents', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='documents')),
                ('known_documents', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='documents that the government has')),
                ('days', models.DecimalField(decimal_places=2, default=0, editable=False, max_digits=7, verbose_name='working days')),
                ('score', models.DecimalField(decimal_places=2, default=0, editable=False, max_digits=8, verbose_name='complexity score')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='entered')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('decision_reason', models.CharField(blank=True, max_length=500, verbose_name='reason of the decision')),
                ('created_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='public_services.procedure')),
                ('service', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='public_services.publicservice', verbose_name='public service')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PublicServiceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('product', models.CharField(help_text='For example: a permit, a certificate.', max_length=200, verbose_name='what one gets')),
                ('users', models.CharField(max_length=200, verbose_name='who uses it')),
                ('digital_level', models.PositiveSmallIntegerField(choices=[(0, '0 – only at the counter'), (1, '1 – requirements can be read online'), (2, '2 – forms can be downloaded'), (3, '3 – applied for online, finished at the counter'), (4, '4 – online from beginning to end, with tracking')], default=0, verbose_name='digital level')),
                ('address', models.URLField(blank=True, verbose_name='online address')),
                ('fee_rupiah', core.fields.RupiahField(decimal_places=2, default=0, help_text='0 when it is free.', max_digits=20, verbose_name='fee (Rp)')),
                ('legal_basis', models.CharField(max_length=300, verbose_name='legal basis')),
                ('promised_days', models.DecimalField(decimal_places=2, max_digits=6, validators=[django.core.validators.MinValueValidator(0)], verbose_name='promised time (working days)')),
                ('volume', models.PositiveIntegerField(default=0, verbose_name='applications in a year')),
                ('complaints', models.PositiveIntegerField(default=0, verbose_name='complaints in a year')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample data')),
                ('agency', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.agency', verbose_name='OPD')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='public_services.publicservice')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedurestep',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "public_services_procedurestepevent" ("actor", "days", "id", "is_visit", "name", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "procedure_id") VALUES (NEW."actor", NEW."days", NEW."id", NEW."is_visit", NEW."name", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."procedure_id"); RETURN NULL;', hash='f9603db9a19ace9571b250307d4ee12a7b69c89a', operation='INSERT', pgid='pgtrigger_insert_insert_43911', table='public_services_procedurestep', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedurestep',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "public_services_procedurestepevent" ("actor", "days", "id", "is_visit", "name", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "procedure_id") VALUES (NEW."actor", NEW."days", NEW."id", NEW."is_visit", NEW."name", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."procedure_id"); RETURN NULL;', hash='47be74a77a179201c4dbf2bba5441a763c42eef1', operation='UPDATE', pgid='pgtrigger_update_update_3ff47', table='public_services_procedurestep', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedurestep',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "public_services_procedurestepevent" ("actor", "days", "id", "is_visit", "name", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "procedure_id") VALUES (OLD."actor", OLD."days", OLD."id", OLD."is_visit", OLD."name", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."procedure_id"); RETURN NULL;', hash='bd64bc28254fa909d0a897b057e1596d1da3de79', operation='DELETE', pgid='pgtrigger_delete_delete_e7ac6', table='public_services_procedurestep', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedurestepevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='73aea102b5dee2771a40d41cdfdeb3f6eb688a19', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d1672', table='public_services_procedurestepevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publicservice',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "public_services_publicserviceevent" ("address", "agency_id", "complaints", "digital_level", "fee_rupiah", "id", "is_active", "is_sample", "legal_basis", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "promised_days", "updated_at", "users", "version", "volume") VALUES (NEW."address", NEW."agency_id", NEW."complaints", NEW."digital_level", NEW."fee_rupiah", NEW."id", NEW."is_active", NEW."is_sample", NEW."legal_basis", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."product", NEW."promised_days", NEW."updated_at", NEW."users", NEW."version", NEW."volume"); RETURN NULL;', hash='cf492272e9b612d9553bf2e088c71c4609f201aa', operation='INSERT', pgid='pgtrigger_insert_insert_41513', table='public_services_publicservice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publicservice',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "public_services_publicserviceevent" ("address", "agency_id", "complaints", "digital_level", "fee_rupiah", "id", "is_active", "is_sample", "legal_basis", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "promised_days", "updated_at", "users", "version", "volume") VALUES (NEW."address", NEW."agency_id", NEW."complaints", NEW."digital_level", NEW."fee_rupiah", NEW."id", NEW."is_active", NEW."is_sample", NEW."legal_basis", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."product", NEW."promised_days", NEW."updated_at", NEW."users", NEW."version", NEW."volume"); RETURN NULL;', hash='54dd558362d4e7142e56c948184a3a8d87f7e371', operation='UPDATE', pgid='pgtrigger_update_update_42b0a', table='public_services_publicservice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publicservice',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "public_services_publicserviceevent" ("address", "agency_id", "complaints", "digital_level", "fee_rupiah", "id", "is_active", "is_sample", "legal_basis", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "promised_days", "updated_at", "users", "version", "volume") VALUES (OLD."address", OLD."agency_id", OLD."complaints", OLD."digital_level", OLD."fee_rupiah", OLD."id", OLD."is_active", OLD."is_sample", OLD."legal_basis", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."product", OLD."promised_days", OLD."updated_at", OLD."users", OLD."version", OLD."volume"); RETURN NULL;', hash='345236280dd5cf601053204d368b5e76cb1f0a31', operation='DELETE', pgid='pgtrigger_delete_delete_7f4a7', table='public_services_publicservice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedureevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='15f0fd17c77c854714c9baa010eb7bf62f1876b4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4341e', table='public_services_procedureevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedure',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "public_services_procedureevent" ("created_at", "created_by_id", "days", "decided_at", "decided_by_id", "decision_reason", "documents", "hand_overs", "id", "known_documents", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "score", "service_id", "state", "steps_count", "updated_at", "version", "visits") VALUES (NEW."created_at", NEW."created_by_id", NEW."days", NEW."decided_at", NEW."decided_by_id", NEW."decision_reason", NEW."documents", NEW."hand_overs", NEW."id", NEW."known_documents", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."score", NEW."service_id", NEW."state", NEW."steps_count", NEW."updated_at", NEW."version", NEW."visits"); RETURN NULL;', hash='c142213f7c10894fdaeef0bcc6adaa23023706c2', operation='INSERT', pgid='pgtrigger_insert_insert_d67e4', table='public_services_procedure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedure',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "public_services_procedureevent" ("created_at", "created_by_id", "days", "decided_at", "decided_by_id", "decision_reason", "documents", "hand_overs", "id", "known_documents", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "score", "service_id", "state", "steps_count", "updated_at", "version", "visits") VALUES (NEW."created_at", NEW."created_by_id", NEW."days", NEW."decided_at", NEW."decided_by_id", NEW."decision_reason", NEW."documents", NEW."hand_overs", NEW."id", NEW."known_documents", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."score", NEW."service_id", NEW."state", NEW."steps_count", NEW."updated_at", NEW."version", NEW."visits"); RETURN NULL;', hash='564bb8453d938a18bfcc9b4f783d0a021903e333', operation='UPDATE', pgid='pgtrigger_update_update_3ffbf', table='public_services_procedure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedure',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "public_services_procedureevent" ("created_at", "created_by_id", "days", "decided_at", "decided_by_id", "decision_reason", "documents", "hand_overs", "id", "known_documents", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "score", "service_id", "state", "steps_count", "updated_at", "version", "visits") VALUES (OLD."created_at", OLD."created_by_id", OLD."days", OLD."decided_at", OLD."decided_by_id", OLD."decision_reason", OLD."documents", OLD."hand_overs", OLD."id", OLD."known_documents", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."score", OLD."service_id", OLD."state", OLD."steps_count", OLD."updated_at", OLD."version", OLD."visits"); RETURN NULL;', hash='38b03eb865ea8641d3c8590dcf2a78cc709a73dd', operation='DELETE', pgid='pgtrigger_delete_delete_c6e54', table='public_services_procedure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publicserviceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8a4ea2ece8b2a0d713382b843cb869ea506ea02e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1bad5', table='public_services_publicserviceevent', when='BEFORE')),
        ),
    ])
