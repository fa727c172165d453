
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('procurement', '0006_flags_listed'),
        ('programs', '0004_deviating_values'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='package',
            index=models.Index(condition=models.Q(('lacks_declarations', True)), fields=['fiscal_year', 'agency', '-ceiling_rupiah'], name='procurement_package_largest_of'),
        ),
    ]
