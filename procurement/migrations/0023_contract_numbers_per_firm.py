"""A contract's number is the firm's own: two shops number their receipts alike, and blanks in it say nothing."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procurement", "0022_tender_codes")]

    operations = [
        migrations.RemoveConstraint(model_name="contract", name="procurement_contract_number"),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.UniqueConstraint(
                models.F("package"),
                models.F("supplier"),
                django.db.models.functions.text.Lower(
                    django.db.models.functions.text.Replace("number", models.Value(" "), models.Value(""))
                ),
                condition=models.Q(("superseded_at__isnull", True)),
                name="procurement_contract_number",
                violation_error_message="This contract is entered already.",
            ),
        ),
    ]
