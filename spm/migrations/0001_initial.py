import core.fields
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.migration_batches import together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('core', '0001_initial'),
        ('datasources', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = together([
        migrations.CreateModel(
            name='Domain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=4, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('short_name', models.CharField(max_length=30, verbose_name='short name')),
                ('legal_basis', models.CharField(max_length=200, verbose_name='legal basis')),
            ],
            options={
                'verbose_name': 'SPM domain',
                'verbose_name_plural': 'SPM domains',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='DomainEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(max_length=4, verbose_name='code')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('short_name', models.CharField(max_length=30, verbose_name='short name')),
                ('legal_basis', models.CharField(max_length=200, verbose_name='legal basis')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='spm.domain')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ServiceKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, verbose_name='code')),
                ('name', models.CharField(max_length=250, verbose_name='name')),
                ('level', models.CharField(choices=[('province', 'Province'), ('regency', 'Regency or city')], default='province', max_length=10, verbose_name='level of government')),
                ('technical_standard', models.CharField(max_length=200, verbose_name='technical standard')),
                ('legal_basis', models.CharField(max_length=200, verbose_name='legal basis')),
                ('zero_need', models.CharField(choices=[('met', 'met: counts 100'), ('excluded', 'excluded: leaves the mean')], default='met', help_text='Printed beside the index wherever it was used.', max_length=8, verbose_name='when nobody has to be served')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('domain', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='spm.domain', verbose_name='domain')),
                ('need_series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='datasources.series', verbose_name='series that the need is proposed from')),
            ],
            options={
                'verbose_name': 'kind of service',
                'verbose_name_plural': 'kinds of service',
                'ordering': ['domain__code', 'code'],
            },
        ),
        migrations.CreateModel(
            name='GapPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', core.fields.PeriodField(verbose_name='month')),
                ('added_recipients', models.PositiveIntegerField(default=0, verbose_name='more recipients')),
                ('added_elements', models.JSONField(blank=True, default=dict, verbose_name='more of the quality elements')),
                ('index_before', models.DecimalField(decimal_places=30, max_digits=40, verbose_name='index before')),
                ('index_after', models.DecimalField(decimal_places=30, max_digits=40, verbose_name='index after')),
                ('cost_rupiah', core.fields.RupiahField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='cost at the realised unit cost (Rp)')),
                ('note', models.CharField(max_length=500, verbose_name='note')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='made')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.region', verbose_name='region')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='spm.servicekind', verbose_name='kind of service')),
            ],
            options={
                'verbose_name': 'plan to close a gap',
                'verbose_name_plural': 'plans to close gaps',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='GapPlanEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('period', core.fields.PeriodField(verbose_name='month')),
                ('added_recipients', models.PositiveIntegerField(default=0, verbose_name='more recipients')),
                ('added_elements', models.JSONField(blank=True, default=dict, verbose_name='more of the quality elements')),
                ('index_before', models.DecimalField(decimal_places=30, max_digits=40, verbose_name='index before')),
                ('index_after', models.DecimalField(decimal_places=30, max_digits=40, verbose_name='index after')),
                ('cost_rupiah', core.fields.RupiahField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='cost at the realised unit cost (Rp)')),
                ('note', models.CharField(max_length=500, verbose_name='note')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='made')),
                ('made_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='spm.gapplan')),
                ('region', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.region', verbose_name='region')),
                ('service', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='spm.servicekind', verbose_name='kind of service')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IndexVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(unique=True, verbose_name='valid from')),
                ('recipients_weight', models.DecimalField(decimal_places=4, max_digits=5, verbose_name='weight of the recipients')),
                ('quality_weight', models.DecimalField(decimal_places=4, max_digits=5, verbose_name='weight of the quality')),
                ('legal_basis', models.CharField(max_length=200, verbose_name='legal basis')),
            ],
            options={
                'verbose_name': 'version of the index',
                'verbose_name_plural': 'versions of the index',
                'ordering': ['-valid_from'],
                'constraints': [models.CheckConstraint(condition=models.Q(('recipients_weight', django.db.models.expressions.CombinedExpression(models.Value(1), '-', models.F('quality_weight'))), ('recipients_weight__range', (0, 1))), name='spm_indexversion_weights', violation_error_message='The two weights add up to 1.')],
            },
        ),
        migrations.CreateModel(
            name='IndexCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='category')),
                ('lowest', models.DecimalField(decimal_places=3, max_digits=6, verbose_name='from')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='categories', to='spm.indexversion')),
            ],
            options={
                'verbose_name': 'category of the index',
                'verbose_name_plural': 'categories of the index',
                'ordering': ['-lowest'],
                'constraints': [models.UniqueConstraint(fields=('version', 'lowest'), name='spm_indexcategory_once')],
            },
        ),
        migrations.CreateModel(
            name='IndexCategoryEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=60, verbose_name='category')),
                ('lowest', models.DecimalField(decimal_places=3, max_digits=6, verbose_name='from')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='spm.indexcategory')),
                ('version', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='spm.indexversion')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IndexValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('service', 'kind of service'), ('domain', 'domain'), ('region', 'all domains')], max_length=8)),
                ('period', core.fields.PeriodField(verbose_name='month')),
                ('recipients', models.DecimalField(decimal_places=30, max_digits=40, null=True)),
                ('recipients_uncapped', models.DecimalField(decimal_places=30, max_digits=40, null=True)),
                ('quality', models.DecimalField(decimal_places=30, max_digits=40, null=True)),
                ('index', models.DecimalField(decimal_places=30, max_digits=40, null=True)),
                ('must_be_served', models.BigIntegerField(null=True)),
                ('served', models.BigIntegerField(null=True)),
                ('is_over', models.BooleanField(default=False)),
                ('zero_need', models.PositiveSmallIntegerField(default=0)),
                ('entered', models.PositiveSmallIntegerField(default=1)),
                ('expected', models.PositiveSmallIntegerField(default=1)),
                ('domain', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='spm.domain')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.region')),
                ('service', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='spm.servicekind')),
            ],
            options={
                'verbose_name': 'index value',
                'verbose_name_plural': 'index values',
                'ordering': ['period', 'region', 'level'],
                'indexes': [models.Index(fields=['period', 'level', 'region'], name='spm_indexvalue_period')],
                'constraints': [models.UniqueConstraint(fields=('level', 'region', 'period', 'domain', 'service'), name='spm_indexvalue_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('index__isnull', True), ('index__range', (0, 100)), _connector='OR'), name='spm_indexvalue_range')],
            },
        ),
        migrations.CreateModel(
            name='IndexVersionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('recipients_weight', models.DecimalField(decimal_places=4, max_digits=5, verbose_name='weight of the recipients')),
                ('quality_weight', models.DecimalField(decimal_places=4, max_digits=5, verbose_name='weight of the quality')),
                ('legal_basis', models.CharField(max_length=200, verbose_name='legal basis')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='spm.indexversion')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='QualityElement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('goods', 'goods or services'), ('staff', 'staff'), ('guideline', 'technical guideline or procedure')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('unit', models.CharField(max_length=40, verbose_name='unit')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='elements', to='spm.servicekind', verbose_name='kind of service')),
            ],
            options={
                'verbose_name': 'quality element',
                'verbose_name_plural': 'quality elements',
                'ordering': ['service', 'kind', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('service', 'name', 'valid_from'), name='spm_qualityelement_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['goods', 'staff', 'guideline'])), name='spm_qualityelement_kind'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='spm_qualityelement_dates', violation_error_message='The last day cannot be before the first.')],
            },
        ),
        migrations.CreateModel(
            name='QualityElementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('goods', 'goods or services'), ('staff', 'staff'), ('guideline', 'technical guideline or procedure')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('unit', models.CharField(max_length=40, verbose_name='unit')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='spm.qualityelement')),
                ('service', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='spm.servicekind', verbose_name='kind of service')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Achievement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('period', core.fields.PeriodField(verbose_name='month')),
                ('must_be_served', models.PositiveIntegerField(verbose_name='must be served')),
                ('served', models.PositiveIntegerField(verbose_name='served')),
                ('unserved_reason', models.CharField(blank=True, max_length=1000, verbose_name='why some were not served yet')),
                ('proposed_need', models.PositiveIntegerField(blank=True, null=True, verbose_name='proposed need')),
                ('need_reason', models.CharField(blank=True, max_length=1000, verbose_name='why the need is another one')),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                ('need_source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='datasources.observation')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.region', verbose_name='region')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='achievements', to='spm.servicekind', verbose_name='kind of service')),
            ],
            options={
                'verbose_name': 'SPM achievement',
                'verbose_name_plural': 'SPM achievements',
                'ordering': ['service', 'region__kemendagri_code', 'period'],
                'indexes': [models.Index(fields=['period', 'region'], name='spm_achievement_period')],
                'constraints': [models.UniqueConstraint(fields=('service', 'region', 'period'), name='spm_achievement_once'), models.CheckConstraint(condition=models.Q(('proposed_need__isnull', True), ('must_be_served', models.F('proposed_need')), models.Q(('need_reason', ''), _negated=True), _connector='OR'), name='spm_achievement_need_reason', violation_error_message='The need is another one than the reference data propose: say why.'), models.CheckConstraint(condition=models.Q(('served__gte', models.F('must_be_served')), models.Q(('unserved_reason', ''), _negated=True), _connector='OR'), name='spm_achievement_unserved_reason', violation_error_message='Say why some were not served yet.')],
            },
        ),
        migrations.CreateModel(
            name='QualityFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('required', core.fields.FigureField(decimal_places=6, max_digits=24, verbose_name='required')),
                ('fulfilled', core.fields.FigureField(decimal_places=6, max_digits=24, verbose_name='fulfilled')),
                ('achievement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quality', to='spm.achievement')),
                ('element', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='spm.qualityelement', verbose_name='quality element')),
            ],
            options={
                'verbose_name': 'figure of a quality element',
                'verbose_name_plural': 'figures of quality elements',
                'ordering': ['achievement', 'element'],
                'constraints': [models.UniqueConstraint(fields=('achievement', 'element'), name='spm_qualityfigure_once'), models.CheckConstraint(condition=models.Q(('required__gte', 0), ('fulfilled__gte', 0)), name='spm_qualityfigure_positive', violation_error_message='A figure of a quality element is zero or more.')],
            },
        ),
        migrations.CreateModel(
            name='QualityFigureEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('required', core.fields.FigureField(decimal_places=6, max_digits=24, verbose_name='required')),
                ('fulfilled', core.fields.FigureField(decimal_places=6, max_digits=24, verbose_name='fulfilled')),
                ('achievement', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='spm.achievement')),
                ('element', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='spm.qualityelement', verbose_name='quality element')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='spm.qualityfigure')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ServiceKindEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(max_length=8, verbose_name='code')),
                ('name', models.CharField(max_length=250, verbose_name='name')),
                ('level', models.CharField(choices=[('province', 'Province'), ('regency', 'Regency or city')], default='province', max_length=10, verbose_name='level of government')),
                ('technical_standard', models.CharField(max_length=200, verbose_name='technical standard')),
                ('legal_basis', models.CharField(max_length=200, verbose_name='legal basis')),
                ('zero_need', models.CharField(choices=[('met', 'met: counts 100'), ('excluded', 'excluded: leaves the mean')], default='met', help_text='Printed beside the index wherever it was used.', max_length=8, verbose_name='when nobody has to be served')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('domain', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='spm.domain', verbose_name='domain')),
                ('need_series', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='datasources.series', verbose_name='series that the need is proposed from')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='spm.servicekind')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StageItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.PositiveSmallIntegerField(choices=[(1, 'data collection'), (2, 'computing the need'), (3, 'planning'), (4, 'carrying out')], verbose_name='stage')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('name', models.CharField(max_length=250, verbose_name='what')),
                ('legal_basis', models.CharField(max_length=200, verbose_name='legal basis')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
            ],
            options={
                'verbose_name': 'item of a stage',
                'verbose_name_plural': 'items of the stages',
                'ordering': ['stage', 'order', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('stage', 'name', 'valid_from'), name='spm_stageitem_once'), models.CheckConstraint(condition=models.Q(('stage__range', (1, 4))), name='spm_stageitem_stage')],
            },
        ),
        migrations.CreateModel(
            name='StageItemEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('stage', models.PositiveSmallIntegerField(choices=[(1, 'data collection'), (2, 'computing the need'), (3, 'planning'), (4, 'carrying out')], verbose_name='stage')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('name', models.CharField(max_length=250, verbose_name='what')),
                ('legal_basis', models.CharField(max_length=200, verbose_name='legal basis')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='spm.stageitem')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StageProgress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='fiscal year')),
                ('note', models.CharField(max_length=500, verbose_name='what shows it')),
                ('done_on', models.DateField(verbose_name='done on')),
                ('done_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='spm.stageitem')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='spm.servicekind')),
            ],
            options={
                'verbose_name': 'progress of a stage',
                'verbose_name_plural': 'progress of the stages',
                'ordering': ['service', 'fiscal_year', 'item'],
                'constraints': [models.UniqueConstraint(fields=('service', 'fiscal_year', 'item'), name='spm_stageprogress_once')],
            },
        ),
        migrations.CreateModel(
            name='StageProgressEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='fiscal year')),
                ('note', models.CharField(max_length=500, verbose_name='what shows it')),
                ('done_on', models.DateField(verbose_name='done on')),
                ('done_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='spm.stageitem')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='spm.stageprogress')),
                ('service', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='spm.servicekind')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AchievementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('period', core.fields.PeriodField(verbose_name='month')),
                ('must_be_served', models.PositiveIntegerField(verbose_name='must be served')),
                ('served', models.PositiveIntegerField(verbose_name='served')),
                ('unserved_reason', models.CharField(blank=True, max_length=1000, verbose_name='why some were not served yet')),
                ('proposed_need', models.PositiveIntegerField(blank=True, null=True, verbose_name='proposed need')),
                ('need_reason', models.CharField(blank=True, max_length=1000, verbose_name='why the need is another one')),
                ('changed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                ('need_source', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='datasources.observation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='spm.achievement')),
                ('region', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.region', verbose_name='region')),
                ('service', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='spm.servicekind', verbose_name='kind of service')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='domain',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_domainevent" ("code", "id", "legal_basis", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name") VALUES (NEW."code", NEW."id", NEW."legal_basis", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."short_name"); RETURN NULL;', hash='96f084236aac9832fb4db90b3f7b0f95fc17d263', operation='INSERT', pgid='pgtrigger_insert_insert_e3d0d', table='spm_domain', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='domain',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "spm_domainevent" ("code", "id", "legal_basis", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name") VALUES (NEW."code", NEW."id", NEW."legal_basis", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."short_name"); RETURN NULL;', hash='b38b419af076880c8473e477911c258d9716385b', operation='UPDATE', pgid='pgtrigger_update_update_4f468', table='spm_domain', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='domain',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_domainevent" ("code", "id", "legal_basis", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name") VALUES (OLD."code", OLD."id", OLD."legal_basis", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."short_name"); RETURN NULL;', hash='8b0b4825f3a6f7fb7d664d0e5958dd6bdeb14c9e', operation='DELETE', pgid='pgtrigger_delete_delete_beb37', table='spm_domain', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indexversion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_indexversionevent" ("id", "legal_basis", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quality_weight", "recipients_weight", "valid_from") VALUES (NEW."id", NEW."legal_basis", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."quality_weight", NEW."recipients_weight", NEW."valid_from"); RETURN NULL;', hash='14ba51105ffe3ba113de23d0bb63a70b8cdc6b82', operation='INSERT', pgid='pgtrigger_insert_insert_3a24d', table='spm_indexversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indexversion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "spm_indexversionevent" ("id", "legal_basis", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quality_weight", "recipients_weight", "valid_from") VALUES (NEW."id", NEW."legal_basis", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."quality_weight", NEW."recipients_weight", NEW."valid_from"); RETURN NULL;', hash='e8a776df687965d52665ed5a172df9670c9d3d3d', operation='UPDATE', pgid='pgtrigger_update_update_e4f83', table='spm_indexversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indexversion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_indexversionevent" ("id", "legal_basis", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quality_weight", "recipients_weight", "valid_from") VALUES (OLD."id", OLD."legal_basis", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."quality_weight", OLD."recipients_weight", OLD."valid_from"); RETURN NULL;', hash='4e4ef9f3535b5d49133336801b437cb3b4b08243', operation='DELETE', pgid='pgtrigger_delete_delete_25eeb', table='spm_indexversion', when='AFTER')),
        ),
        migrations.AddField(
            model_name='servicekind',
            name='agencies',
            field=models.ManyToManyField(blank=True, related_name='spm_services', to='accounts.agency', verbose_name='responsible OPD'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageitem',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_stageitemevent" ("id", "legal_basis", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage", "valid_from", "valid_to") VALUES (NEW."id", NEW."legal_basis", NEW."name", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."stage", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='9e32da71cf93e28db9374e6b57d8709c2f0974ba', operation='INSERT', pgid='pgtrigger_insert_insert_1cd4a', table='spm_stageitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageitem',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "spm_stageitemevent" ("id", "legal_basis", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage", "valid_from", "valid_to") VALUES (NEW."id", NEW."legal_basis", NEW."name", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."stage", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='45a183b6799aef88fef1dd6f2259c0febdecd399', operation='UPDATE', pgid='pgtrigger_update_update_484a4', table='spm_stageitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageitem',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_stageitemevent" ("id", "legal_basis", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage", "valid_from", "valid_to") VALUES (OLD."id", OLD."legal_basis", OLD."name", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."stage", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='fec62f8869f911597d9621de375347518e69873d', operation='DELETE', pgid='pgtrigger_delete_delete_a99b2', table='spm_stageitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='domainevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='41badfa4136b553bae7390a18ed8a3a363e71e2f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7db95', table='spm_domainevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indexcategoryevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cb8d4d0282bd9e44ff56bdc7bc39525d3702b920', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8d779', table='spm_indexcategoryevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indexcategory',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_indexcategoryevent" ("id", "lowest", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version_id") VALUES (NEW."id", NEW."lowest", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."version_id"); RETURN NULL;', hash='ed600fc046adcdee884efae039b08a7c1f966f90', operation='INSERT', pgid='pgtrigger_insert_insert_61655', table='spm_indexcategory', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indexcategory',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "spm_indexcategoryevent" ("id", "lowest", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version_id") VALUES (NEW."id", NEW."lowest", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."version_id"); RETURN NULL;', hash='4f5712fd84cb927f7f3682474202e40aaaef164a', operation='UPDATE', pgid='pgtrigger_update_update_70a1b', table='spm_indexcategory', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indexcategory',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_indexcategoryevent" ("id", "lowest", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version_id") VALUES (OLD."id", OLD."lowest", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."version_id"); RETURN NULL;', hash='13fe1034767d9bc2eb1421d8b9177e05477f751e', operation='DELETE', pgid='pgtrigger_delete_delete_38a00', table='spm_indexcategory', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indexversionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='46a9b5453ed9c67f4241d41f0ae78053a07718eb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7a326', table='spm_indexversionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='qualityfigure',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_qualityfigureevent" ("achievement_id", "element_id", "fulfilled", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "required") VALUES (NEW."achievement_id", NEW."element_id", NEW."fulfilled", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."required"); RETURN NULL;', hash='dbb867484e2db76fd1653487de3160c97d43cd79', operation='INSERT', pgid='pgtrigger_insert_insert_9421b', table='spm_qualityfigure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='qualityfigure',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "spm_qualityfigureevent" ("achievement_id", "element_id", "fulfilled", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "required") VALUES (NEW."achievement_id", NEW."element_id", NEW."fulfilled", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."required"); RETURN NULL;', hash='0fb370a7b667be8b8602e6984eddf6e5c2b5a217', operation='UPDATE', pgid='pgtrigger_update_update_8eeb2', table='spm_qualityfigure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='qualityfigure',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_qualityfigureevent" ("achievement_id", "element_id", "fulfilled", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "required") VALUES (OLD."achievement_id", OLD."element_id", OLD."fulfilled", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."required"); RETURN NULL;', hash='ac7402d1f250be19fb44d4de5af4013c946fd80e', operation='DELETE', pgid='pgtrigger_delete_delete_b5f24', table='spm_qualityfigure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='qualityfigureevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='02d74e9f3c65bd820237107cac0dda7baef1386a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4817f', table='spm_qualityfigureevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='servicekind',
            constraint=models.UniqueConstraint(fields=('level', 'code', 'valid_from'), name='spm_servicekind_once', violation_error_message='This code already has a version from that day.'),
        ),
        migrations.AddConstraint(
            model_name='servicekind',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['province', 'regency'])), name='spm_servicekind_level'),
        ),
        migrations.AddConstraint(
            model_name='servicekind',
            constraint=models.CheckConstraint(condition=models.Q(('zero_need__in', ['met', 'excluded'])), name='spm_servicekind_zero_need'),
        ),
        migrations.AddConstraint(
            model_name='servicekind',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='spm_servicekind_dates', violation_error_message='The last day cannot be before the first.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicekind',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_servicekindevent" ("code", "domain_id", "id", "legal_basis", "level", "name", "need_series_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "technical_standard", "valid_from", "valid_to", "zero_need") VALUES (NEW."code", NEW."domain_id", NEW."id", NEW."legal_basis", NEW."level", NEW."name", NEW."need_series_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."technical_standard", NEW."valid_from", NEW."valid_to", NEW."zero_need"); RETURN NULL;', hash='1e0bce52a97f74b71a4d159cebaf44d16e1a7ba2', operation='INSERT', pgid='pgtrigger_insert_insert_9ee54', table='spm_servicekind', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicekind',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "spm_servicekindevent" ("code", "domain_id", "id", "legal_basis", "level", "name", "need_series_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "technical_standard", "valid_from", "valid_to", "zero_need") VALUES (NEW."code", NEW."domain_id", NEW."id", NEW."legal_basis", NEW."level", NEW."name", NEW."need_series_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."technical_standard", NEW."valid_from", NEW."valid_to", NEW."zero_need"); RETURN NULL;', hash='7fc72746b5a9a2727c881da1a75ffeba15c7cb5f', operation='UPDATE', pgid='pgtrigger_update_update_69c46', table='spm_servicekind', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicekind',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_servicekindevent" ("code", "domain_id", "id", "legal_basis", "level", "name", "need_series_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "technical_standard", "valid_from", "valid_to", "zero_need") VALUES (OLD."code", OLD."domain_id", OLD."id", OLD."legal_basis", OLD."level", OLD."name", OLD."need_series_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."technical_standard", OLD."valid_from", OLD."valid_to", OLD."zero_need"); RETURN NULL;', hash='1a0245e0940af7e497cf44e9a34266802b1e194e', operation='DELETE', pgid='pgtrigger_delete_delete_f4003', table='spm_servicekind', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='qualityelementevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fff04d1899de2688b0fcd938cf9b6c82bba42b16', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d09bd', table='spm_qualityelementevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='qualityelement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_qualityelementevent" ("id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id", "unit", "valid_from", "valid_to") VALUES (NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."service_id", NEW."unit", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='a1dcd664f8913567f53685c20919a7dfed216446', operation='INSERT', pgid='pgtrigger_insert_insert_2840d', table='spm_qualityelement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='qualityelement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "spm_qualityelementevent" ("id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id", "unit", "valid_from", "valid_to") VALUES (NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."service_id", NEW."unit", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='530a1f014f372e078fb38a397c0e1d9ec2e4a969', operation='UPDATE', pgid='pgtrigger_update_update_2e6e5', table='spm_qualityelement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='qualityelement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_qualityelementevent" ("id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id", "unit", "valid_from", "valid_to") VALUES (OLD."id", OLD."kind", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."service_id", OLD."unit", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='1d5d79bae541f1e99c0c8a02ca04fae6eb37e2b4', operation='DELETE', pgid='pgtrigger_delete_delete_43678', table='spm_qualityelement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gapplanevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e2fac7086987a605c948bbac83e18d8fc6bee0d9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fc4bb', table='spm_gapplanevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gapplan',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_gapplanevent" ("added_elements", "added_recipients", "cost_rupiah", "id", "index_after", "index_before", "made_at", "made_by_id", "note", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "service_id") VALUES (NEW."added_elements", NEW."added_recipients", NEW."cost_rupiah", NEW."id", NEW."index_after", NEW."index_before", NEW."made_at", NEW."made_by_id", NEW."note", NEW."period", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."region_id", NEW."service_id"); RETURN NULL;', hash='0c9c8650d443a61e215dd6fe61e28f4a6661d9a8', operation='INSERT', pgid='pgtrigger_insert_insert_e727b', table='spm_gapplan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gapplan',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "spm_gapplanevent" ("added_elements", "added_recipients", "cost_rupiah", "id", "index_after", "index_before", "made_at", "made_by_id", "note", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "service_id") VALUES (NEW."added_elements", NEW."added_recipients", NEW."cost_rupiah", NEW."id", NEW."index_after", NEW."index_before", NEW."made_at", NEW."made_by_id", NEW."note", NEW."period", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."region_id", NEW."service_id"); RETURN NULL;', hash='73860b03cac347ad31564e575542b2e33d966a5e', operation='UPDATE', pgid='pgtrigger_update_update_3fd4c', table='spm_gapplan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gapplan',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_gapplanevent" ("added_elements", "added_recipients", "cost_rupiah", "id", "index_after", "index_before", "made_at", "made_by_id", "note", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "service_id") VALUES (OLD."added_elements", OLD."added_recipients", OLD."cost_rupiah", OLD."id", OLD."index_after", OLD."index_before", OLD."made_at", OLD."made_by_id", OLD."note", OLD."period", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."region_id", OLD."service_id"); RETURN NULL;', hash='2f77a782d1f9b7ac18d7bf55206d3c2faf46a039', operation='DELETE', pgid='pgtrigger_delete_delete_7a133', table='spm_gapplan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='achievementevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ec33dce4651aeeba805d57eb4e64b0a7934d5e1f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_527da', table='spm_achievementevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='achievement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_achievementevent" ("changed_by_id", "id", "must_be_served", "need_reason", "need_source_id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_need", "region_id", "served", "service_id", "unserved_reason", "updated_at", "version") VALUES (NEW."changed_by_id", NEW."id", NEW."must_be_served", NEW."need_reason", NEW."need_source_id", NEW."period", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_need", NEW."region_id", NEW."served", NEW."service_id", NEW."unserved_reason", NEW."updated_at", NEW."version"); RETURN NULL;', hash='eddcad2b4b6d132f9590c8a85ca5935c36cc2a66', operation='INSERT', pgid='pgtrigger_insert_insert_18a08', table='spm_achievement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='achievement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "spm_achievementevent" ("changed_by_id", "id", "must_be_served", "need_reason", "need_source_id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_need", "region_id", "served", "service_id", "unserved_reason", "updated_at", "version") VALUES (NEW."changed_by_id", NEW."id", NEW."must_be_served", NEW."need_reason", NEW."need_source_id", NEW."period", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_need", NEW."region_id", NEW."served", NEW."service_id", NEW."unserved_reason", NEW."updated_at", NEW."version"); RETURN NULL;', hash='69ab029b5547769c48d3cf0fed31746c1f3e7695', operation='UPDATE', pgid='pgtrigger_update_update_510f5', table='spm_achievement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='achievement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_achievementevent" ("changed_by_id", "id", "must_be_served", "need_reason", "need_source_id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_need", "region_id", "served", "service_id", "unserved_reason", "updated_at", "version") VALUES (OLD."changed_by_id", OLD."id", OLD."must_be_served", OLD."need_reason", OLD."need_source_id", OLD."period", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_need", OLD."region_id", OLD."served", OLD."service_id", OLD."unserved_reason", OLD."updated_at", OLD."version"); RETURN NULL;', hash='9f1441a66c1c0f8c2773b3263cef05fc4574bada', operation='DELETE', pgid='pgtrigger_delete_delete_cdd55', table='spm_achievement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicekindevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b9a18971bb6d24a72b857ca18f4ae8bc4a66021a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6bd60', table='spm_servicekindevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageitemevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8e83c9d682887a7ae050d7eadcbcf45191ebab22', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_80bbf', table='spm_stageitemevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageprogress',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_stageprogressevent" ("done_by_id", "done_on", "fiscal_year", "id", "item_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id") VALUES (NEW."done_by_id", NEW."done_on", NEW."fiscal_year", NEW."id", NEW."item_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."service_id"); RETURN NULL;', hash='6740480e24029bbf171f126269d18bbfb4bb284a', operation='INSERT', pgid='pgtrigger_insert_insert_89cc8', table='spm_stageprogress', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageprogress',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "spm_stageprogressevent" ("done_by_id", "done_on", "fiscal_year", "id", "item_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id") VALUES (NEW."done_by_id", NEW."done_on", NEW."fiscal_year", NEW."id", NEW."item_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."service_id"); RETURN NULL;', hash='4e1d3562ecceed566b5bac9e41e950f192f03202', operation='UPDATE', pgid='pgtrigger_update_update_44f65', table='spm_stageprogress', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageprogress',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "spm_stageprogressevent" ("done_by_id", "done_on", "fiscal_year", "id", "item_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id") VALUES (OLD."done_by_id", OLD."done_on", OLD."fiscal_year", OLD."id", OLD."item_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."service_id"); RETURN NULL;', hash='18f4e48a7377a03cd76ab638932d90f3e32cc90f', operation='DELETE', pgid='pgtrigger_delete_delete_d711b', table='spm_stageprogress', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageprogressevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5dfc6359c64f212bafc5610a98dce6d1f273b0fe', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5c97d', table='spm_stageprogressevent', when='BEFORE')),
        ),
    ])
