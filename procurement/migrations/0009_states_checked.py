"""Hold the states of issued files, data sets of others and requests to those that there are."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0008_clearance'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditexport',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('ready', 'ready'), ('failed', 'failed')], default='waiting', max_length=8),
        ),
        migrations.AlterField(
            model_name='outsidedataset',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('ready', 'ready'), ('failed', 'failed')], default='waiting', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='auditexport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'ready', 'failed'])), name='procurement_auditexport_state'),
        ),
        migrations.AddConstraint(
            model_name='outsidedataset',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'ready', 'failed'])), name='procurement_outsidedataset_state'),
        ),
        migrations.AddConstraint(
            model_name='privacyrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'granted', 'refused'])), name='procurement_privacyrequest_state'),
        ),
    ]
