"""Words of names, wherever they stand, and the beginning of a NIB: see `core.word_index`."""


import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0007_trigrams"),
        ('accounts', '0019_preferences'),
        ('procurement', '0036_above_only_with_a_reason'),
        ('programs', '0025_word_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='package',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), name='gin_trgm_ops'), name='procurement_package_words'),
        ),
        migrations.AddIndex(
            model_name='supplier',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), name='gin_trgm_ops'), name='procurement_supplier_words'),
        ),
        migrations.AddIndex(
            model_name='supplier',
            index=models.Index(fields=['business_number'], name='procurement_supplier_nib', opclasses=['varchar_pattern_ops']),
        ),
    ]
