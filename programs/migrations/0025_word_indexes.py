"""Words of names, wherever they stand: see `core.word_index`."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0007_trigrams"),
        ('accounts', '0018_search_by_token'),
        ('core', '0007_trigrams'),
        ('datasources', '0002_long_work'),
        ('programs', '0024_remarks_hold_nothing_up'),
        ('spm', '0003_methods_and_coverage'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='indicator',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), name='gin_trgm_ops'), name='programs_indicator_words'),
        ),
        migrations.AddIndex(
            model_name='nomenclature',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), name='gin_trgm_ops'), name='programs_nomenclature_words'),
        ),
        migrations.AddIndex(
            model_name='program',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), name='gin_trgm_ops'), name='programs_program_words'),
        ),
        migrations.AddIndex(
            model_name='subactivity',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), name='gin_trgm_ops'), name='programs_subactivity_words'),
        ),
    ]
