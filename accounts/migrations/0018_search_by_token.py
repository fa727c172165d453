"""A token may be made for the search."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0017_drafts'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='apitoken',
            name='accounts_apitoken_resources',
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.CheckConstraint(condition=models.Q(('resources__contained_by', ['agency', 'nomenclature', 'service', 'spm-index', 'series', 'observation', 'program', 'report', 'package', 'search']), ('resources__len__gt', 0)), name='accounts_apitoken_resources'),
        ),
    ]
