
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_audit_chain'),
        ('datasources', '0001_initial'),
        ('programs', '0003_findings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='reportvalue',
            index=models.Index(condition=models.Q(('value__isnull', False), ('verdict', 'deviates')), fields=['report', '-distance'], name='programs_reportvalue_far'),
        ),
    ]
