
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_audit_chain'),
        ('datasources', '0001_initial'),
        ('programs', '0004_deviating_values'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='progress',
            name='programs_progress_money',
        ),
        migrations.AddConstraint(
            model_name='progress',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('planned_rupiah__isnull', True), ('planned_rupiah__range', (Decimal('0'), Decimal('100000000000000000'))), _connector='OR'), models.Q(('financial_rupiah__isnull', True), ('financial_rupiah__range', (Decimal('0'), Decimal('100000000000000000'))), _connector='OR')), name='programs_progress_money', violation_error_message='An amount is zero or more.'),
        ),
        migrations.AddConstraint(
            model_name='recipients',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('people__isnull', True), ('people__range', (Decimal('0'), Decimal('100000000'))), _connector='OR'), models.Q(('male__isnull', True), ('male__range', (Decimal('0'), Decimal('100000000'))), _connector='OR'), models.Q(('female__isnull', True), ('female__range', (Decimal('0'), Decimal('100000000'))), _connector='OR'), models.Q(('children__isnull', True), ('children__range', (Decimal('0'), Decimal('100000000'))), _connector='OR'), models.Q(('adults__isnull', True), ('adults__range', (Decimal('0'), Decimal('100000000'))), _connector='OR'), models.Q(('elderly__isnull', True), ('elderly__range', (Decimal('0'), Decimal('100000000'))), _connector='OR'), models.Q(('disabled__isnull', True), ('disabled__range', (Decimal('0'), Decimal('100000000'))), _connector='OR')), name='programs_recipients_people'),
        ),
        migrations.AddConstraint(
            model_name='reportvalue',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('value__isnull', True), ('value__range', (Decimal('-100000000000000000'), Decimal('100000000000000000'))), _connector='OR'), models.Q(('numerator__isnull', True), ('numerator__range', (Decimal('0'), Decimal('100000000000000000'))), _connector='OR'), models.Q(('denominator__isnull', True), ('denominator__range', (Decimal('0'), Decimal('100000000000000000'))), _connector='OR')), name='programs_reportvalue_figures'),
        ),
    ]
