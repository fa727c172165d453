"""Words that mistyped ones are put right by: see `dashboards.finding.vocabulary`."""


import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0007_trigrams"),
        ('dashboards', '0009_carried_out_with_proof_or_a_reason'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40, unique=True)),
            ],
            options={
                'verbose_name': 'word of the search',
                'verbose_name_plural': 'words of the search',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['word'], name='dashboards_searchword_like', opclasses=['gin_trgm_ops'])],
            },
        ),
    ]
