import core.fields
import datasources.models.sources
import datetime
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
        ('core', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = together([
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('kind', models.CharField(choices=datasources.models.sources.source_kinds, max_length=10, verbose_name='kind')),
                ('base_address', models.URLField(blank=True, verbose_name='base address')),
                ('api_key', core.fields.EncryptedTextField(blank=True, help_text='Stored encrypted, never shown again.', verbose_name='key')),
                ('key_header', models.CharField(blank=True, max_length=60, verbose_name='header of the key')),
                ('is_sample', models.BooleanField(default=False, verbose_name='sample data')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('consecutive_failures', models.PositiveIntegerField(default=0, editable=False)),
                ('paused_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('catalogue_state', models.CharField(choices=[('none', 'not read'), ('queued', 'queued'), ('running', 'being read'), ('done', 'read'), ('failed', 'failed')], default='none', editable=False, max_length=10, verbose_name='state of the catalogue')),
                ('catalogue_progress', models.PositiveIntegerField(default=0, editable=False)),
                ('catalogue_problem', models.TextField(blank=True, editable=False)),
                ('catalogued_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='catalogue read')),
            ],
            options={
                'verbose_name': 'data source',
                'verbose_name_plural': 'data sources',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('catalogue_state__in', ['none', 'queued', 'running', 'done', 'failed'])), name='datasources_source_catalogue_state')],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('query', models.JSONField(default=dict, verbose_name='query')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('unit', models.CharField(max_length=60, verbose_name='unit')),
                ('source_unit', models.CharField(blank=True, max_length=60, verbose_name='unit of the source')),
                ('factor', models.DecimalField(decimal_places=8, default=Decimal('1'), max_digits=20, verbose_name='factor')),
                ('code_system', models.CharField(choices=[('automatic', 'found automatically'), ('bps', 'BPS codes'), ('kemendagri', 'Kemendagri codes'), ('name', 'by name only')], default='automatic', max_length=12, verbose_name='region codes')),
                ('years_back', models.PositiveSmallIntegerField(default=5, verbose_name='years to fetch')),
                ('interval', models.DurationField(default=datetime.timedelta(days=1), verbose_name='pull every')),
                ('stale_after', models.DurationField(default=datetime.timedelta(days=7), verbose_name='stale after')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('is_population', models.BooleanField(default=False, help_text='Needs and recipients are compared with it.', verbose_name='is the population')),
                ('pulled_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last good pull')),
                ('stale_told_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('held_since', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='held since')),
                ('hold_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='why it is held')),
                ('parts', models.ManyToManyField(blank=True, related_name='used_by', to='datasources.series')),
                ('rse_series', models.ForeignKey(blank=True, help_text='In per cent, for the same regions and periods: the confidence interval is then the tolerance.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='error_of', to='datasources.series', verbose_name='series of its relative standard error')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='series', to='datasources.source', verbose_name='source')),
            ],
            options={
                'verbose_name': 'reference series',
                'verbose_name_plural': 'reference series',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('source', 'query'), name='datasources_series_once', violation_error_message='This variable is already there.'), models.CheckConstraint(condition=models.Q(('factor__gt', 0)), name='datasources_series_factor', violation_error_message='The factor must be larger than zero.')],
            },
        ),
        migrations.CreateModel(
            name='Payload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.TextField(verbose_name='address, without the key')),
                ('page', models.PositiveSmallIntegerField(default=0, verbose_name='page')),
                ('status', models.PositiveSmallIntegerField(verbose_name='HTTP status')),
                ('content_type', models.CharField(blank=True, max_length=100)),
                ('etag', models.CharField(blank=True, max_length=200)),
                ('last_modified', models.CharField(blank=True, max_length=60)),
                ('body', models.BinaryField(verbose_name='body, gzip')),
                ('size', models.PositiveIntegerField(verbose_name='size, bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('fetched_at', models.DateTimeField(verbose_name='fetched at')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='payloads', to='datasources.series')),
            ],
            options={
                'verbose_name': 'raw answer',
                'verbose_name_plural': 'raw answers',
                'indexes': [models.Index(fields=['series', 'sha256'], name='datasources_payload_hash')],
            },
        ),
        migrations.CreateModel(
            name='SourceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('kind', models.CharField(choices=datasources.models.sources.source_kinds, max_length=10, verbose_name='kind')),
                ('base_address', models.URLField(blank=True, verbose_name='base address')),
                ('key_header', models.CharField(blank=True, max_length=60, verbose_name='header of the key')),
                ('is_sample', models.BooleanField(default=False, verbose_name='sample data')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='datasources.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RegionMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=100, verbose_name='code in the source')),
                ('label', models.CharField(blank=True, max_length=200, verbose_name='name in the source')),
                ('mapped_by', models.CharField(choices=[('both', 'code and name'), ('bps', 'BPS code'), ('kemendagri', 'Kemendagri code'), ('name', 'name'), ('hand', 'by hand')], default='hand', max_length=12, verbose_name='found by')),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='core.region', verbose_name='region')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='region_mappings', to='datasources.series')),
            ],
            options={
                'verbose_name': 'region mapping',
                'verbose_name_plural': 'region mappings',
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('series', 'code', 'label'), name='datasources_regionmapping_once')],
            },
        ),
        migrations.CreateModel(
            name='RegionMappingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(max_length=100, verbose_name='code in the source')),
                ('label', models.CharField(blank=True, max_length=200, verbose_name='name in the source')),
                ('mapped_by', models.CharField(choices=[('both', 'code and name'), ('bps', 'BPS code'), ('kemendagri', 'Kemendagri code'), ('name', 'name'), ('hand', 'by hand')], default='hand', max_length=12, verbose_name='found by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='datasources.regionmapping')),
                ('region', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.region', verbose_name='region')),
                ('series', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='datasources.series')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Pull',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('queued', 'queued'), ('running', 'running'), ('done', 'done'), ('failed', 'failed')], default='queued', max_length=10, verbose_name='state')),
                ('is_trial', models.BooleanField(default=False, verbose_name='trial')),
                ('first_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='from year')),
                ('last_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='to year')),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked at')),
                ('handed_at', models.DateTimeField(null=True, verbose_name='handed to the worker')),
                ('started_at', models.DateTimeField(null=True, verbose_name='started')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('progress', models.CharField(blank=True, max_length=200, verbose_name='step')),
                ('problem', models.TextField(blank=True, verbose_name='problem')),
                ('notes', models.JSONField(default=list, verbose_name='notes')),
                ('preview', models.JSONField(blank=True, default=dict)),
                ('added', models.PositiveIntegerField(default=0, verbose_name='new figures')),
                ('revised', models.PositiveIntegerField(default=0, verbose_name='revised figures')),
                ('unchanged', models.PositiveIntegerField(default=0, verbose_name='unchanged figures')),
                ('missing', models.PositiveIntegerField(default=0, verbose_name='figures that the source no longer has')),
                ('payloads', models.ManyToManyField(related_name='pulls', to='datasources.payload', verbose_name='raw answers')),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('rolled_back_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='datasources.pull')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pulls', to='datasources.series', verbose_name='series')),
            ],
            options={
                'verbose_name': 'pull',
                'verbose_name_plural': 'pulls',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['series', '-id'], name='datasources_pull_series'), models.Index(condition=models.Q(('state__in', ['queued', 'running'])), fields=['requested_at'], name='datasources_pull_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'done', 'failed'])), name='datasources_pull_state'), models.UniqueConstraint(condition=models.Q(('state', 'queued')), fields=('series', 'is_trial'), name='datasources_pull_one_queued', violation_error_message='A pull of this series is waiting already.'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['done', 'failed']), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='datasources_pull_finished'), models.CheckConstraint(condition=models.Q(('first_year__isnull', True), ('last_year__gte', models.F('first_year')), _connector='OR'), name='datasources_pull_years')],
            },
        ),
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', core.fields.PeriodField(verbose_name='period')),
                ('value', core.fields.FigureField(decimal_places=6, max_digits=24, verbose_name='value')),
                ('fetched_at', models.DateTimeField(verbose_name='fetched at')),
                ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='revised at')),
                ('missing_since', models.DateTimeField(blank=True, null=True, verbose_name='missing in the source since')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.region', verbose_name='region')),
                ('payload', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='datasources.payload', verbose_name='raw answer')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='observations', to='datasources.series', verbose_name='series')),
            ],
            options={
                'verbose_name': 'observation',
                'verbose_name_plural': 'observations',
                'ordering': ['series', 'region', 'period', 'fetched_at'],
                'indexes': [models.Index(fields=['series', 'region'], name='datasources_obs_series_region')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('series', 'region', 'period'), name='datasources_observation_one_current'), models.CheckConstraint(condition=models.Q(('superseded_at__isnull', True), ('superseded_at__gte', models.F('fetched_at')), _connector='OR'), name='datasources_observation_order')],
            },
        ),
        migrations.CreateModel(
            name='SeriesEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('query', models.JSONField(default=dict, verbose_name='query')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('unit', models.CharField(max_length=60, verbose_name='unit')),
                ('source_unit', models.CharField(blank=True, max_length=60, verbose_name='unit of the source')),
                ('factor', models.DecimalField(decimal_places=8, default=Decimal('1'), max_digits=20, verbose_name='factor')),
                ('code_system', models.CharField(choices=[('automatic', 'found automatically'), ('bps', 'BPS codes'), ('kemendagri', 'Kemendagri codes'), ('name', 'by name only')], default='automatic', max_length=12, verbose_name='region codes')),
                ('years_back', models.PositiveSmallIntegerField(default=5, verbose_name='years to fetch')),
                ('interval', models.DurationField(default=datetime.timedelta(days=1), verbose_name='pull every')),
                ('stale_after', models.DurationField(default=datetime.timedelta(days=7), verbose_name='stale after')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('is_population', models.BooleanField(default=False, help_text='Needs and recipients are compared with it.', verbose_name='is the population')),
                ('held_since', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='held since')),
                ('hold_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='why it is held')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='datasources.series')),
                ('rse_series', models.ForeignKey(blank=True, db_constraint=False, help_text='In per cent, for the same regions and periods: the confidence interval is then the tolerance.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='datasources.series', verbose_name='series of its relative standard error')),
                ('source', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='datasources.source', verbose_name='source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CatalogueEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('domain', models.CharField(blank=True, max_length=10, verbose_name='domain')),
                ('code', models.CharField(max_length=100, verbose_name='number')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('subject', models.CharField(blank=True, max_length=200, verbose_name='subject')),
                ('unit', models.CharField(blank=True, max_length=60, verbose_name='unit')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('query', models.JSONField(default=dict)),
                ('seen_at', models.DateTimeField(verbose_name='seen at')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='catalogue', to='datasources.source')),
            ],
            options={
                'verbose_name': 'catalogue entry',
                'verbose_name_plural': 'catalogue entries',
                'ordering': ['title', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('source', 'kind', 'domain', 'code'), name='datasources_catalogueentry_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "datasources_sourceevent" ("base_address", "id", "is_active", "is_sample", "key_header", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."base_address", NEW."id", NEW."is_active", NEW."is_sample", NEW."key_header", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='8dc647683f2c855535919813d79d8fa0902dd466', operation='INSERT', pgid='pgtrigger_insert_insert_0d61e', table='datasources_source', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."base_address" IS DISTINCT FROM (NEW."base_address") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_sample" IS DISTINCT FROM (NEW."is_sample") OR OLD."key_header" IS DISTINCT FROM (NEW."key_header") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name"))', func='INSERT INTO "datasources_sourceevent" ("base_address", "id", "is_active", "is_sample", "key_header", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."base_address", NEW."id", NEW."is_active", NEW."is_sample", NEW."key_header", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='aa9b258ba4580b130c42150f16a3b52679c56600', operation='UPDATE', pgid='pgtrigger_update_update_e6f58', table='datasources_source', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "datasources_sourceevent" ("base_address", "id", "is_active", "is_sample", "key_header", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."base_address", OLD."id", OLD."is_active", OLD."is_sample", OLD."key_header", OLD."kind", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='390111c05966d9553cd43446a47b6f395dd32649', operation='DELETE', pgid='pgtrigger_delete_delete_661c8', table='datasources_source', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='regionmappingevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3340b5b7ed0ab1dcd5d4e20bdaceb5c53ce0b549', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_621a3', table='datasources_regionmappingevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='regionmapping',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "datasources_regionmappingevent" ("code", "id", "label", "mapped_by", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "series_id") VALUES (NEW."code", NEW."id", NEW."label", NEW."mapped_by", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."region_id", NEW."series_id"); RETURN NULL;', hash='0d0dcae7b9c3dc21d80718bb5ccc325bf17a374e', operation='INSERT', pgid='pgtrigger_insert_insert_a2c2b', table='datasources_regionmapping', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='regionmapping',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "datasources_regionmappingevent" ("code", "id", "label", "mapped_by", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "series_id") VALUES (NEW."code", NEW."id", NEW."label", NEW."mapped_by", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."region_id", NEW."series_id"); RETURN NULL;', hash='e0a1c38164a1a528c06bea742f3f63beaf317c15', operation='UPDATE', pgid='pgtrigger_update_update_c7ea3', table='datasources_regionmapping', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='regionmapping',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "datasources_regionmappingevent" ("code", "id", "label", "mapped_by", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "series_id") VALUES (OLD."code", OLD."id", OLD."label", OLD."mapped_by", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."region_id", OLD."series_id"); RETURN NULL;', hash='e9197b12d2df227e280464d3adec9e5637326fc8', operation='DELETE', pgid='pgtrigger_delete_delete_78ea3', table='datasources_regionmapping', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seriesevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f31d41744f87a4b1b4dd498f4ee38d2cba9a88fa', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_db8c3', table='datasources_seriesevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='series',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "datasources_seriesevent" ("code_system", "factor", "held_since", "hold_reason", "id", "interval", "is_active", "is_population", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "query", "rse_series_id", "source_id", "source_unit", "stale_after", "unit", "years_back") VALUES (NEW."code_system", NEW."factor", NEW."held_since", NEW."hold_reason", NEW."id", NEW."interval", NEW."is_active", NEW."is_population", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."query", NEW."rse_series_id", NEW."source_id", NEW."source_unit", NEW."stale_after", NEW."unit", NEW."years_back"); RETURN NULL;', hash='668b20d6f60e92a65710695509617da519945c9f', operation='INSERT', pgid='pgtrigger_insert_insert_9ec42', table='datasources_series', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='series',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."code_system" IS DISTINCT FROM (NEW."code_system") OR OLD."factor" IS DISTINCT FROM (NEW."factor") OR OLD."held_since" IS DISTINCT FROM (NEW."held_since") OR OLD."hold_reason" IS DISTINCT FROM (NEW."hold_reason") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."interval" IS DISTINCT FROM (NEW."interval") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_population" IS DISTINCT FROM (NEW."is_population") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."query" IS DISTINCT FROM (NEW."query") OR OLD."rse_series_id" IS DISTINCT FROM (NEW."rse_series_id") OR OLD."source_id" IS DISTINCT FROM (NEW."source_id") OR OLD."source_unit" IS DISTINCT FROM (NEW."source_unit") OR OLD."stale_after" IS DISTINCT FROM (NEW."stale_after") OR OLD."unit" IS DISTINCT FROM (NEW."unit") OR OLD."years_back" IS DISTINCT FROM (NEW."years_back"))', func='INSERT INTO "datasources_seriesevent" ("code_system", "factor", "held_since", "hold_reason", "id", "interval", "is_active", "is_population", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "query", "rse_series_id", "source_id", "source_unit", "stale_after", "unit", "years_back") VALUES (NEW."code_system", NEW."factor", NEW."held_since", NEW."hold_reason", NEW."id", NEW."interval", NEW."is_active", NEW."is_population", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."query", NEW."rse_series_id", NEW."source_id", NEW."source_unit", NEW."stale_after", NEW."unit", NEW."years_back"); RETURN NULL;', hash='24f9ebb166e37bc97fcfe1acb1887303480c39ad', operation='UPDATE', pgid='pgtrigger_update_update_3df61', table='datasources_series', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='series',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "datasources_seriesevent" ("code_system", "factor", "held_since", "hold_reason", "id", "interval", "is_active", "is_population", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "query", "rse_series_id", "source_id", "source_unit", "stale_after", "unit", "years_back") VALUES (OLD."code_system", OLD."factor", OLD."held_since", OLD."hold_reason", OLD."id", OLD."interval", OLD."is_active", OLD."is_population", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."query", OLD."rse_series_id", OLD."source_id", OLD."source_unit", OLD."stale_after", OLD."unit", OLD."years_back"); RETURN NULL;', hash='9df364c1ce6a05c92dfaacc57b8de2690a896451', operation='DELETE', pgid='pgtrigger_delete_delete_5d678', table='datasources_series', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sourceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5df132de752e8ff4aabffcb54e10b9d852b33fcb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2ebcc', table='datasources_sourceevent', when='BEFORE')),
        ),
    ])
