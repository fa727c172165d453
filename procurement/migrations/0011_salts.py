"""A random number beside each identity hash that is there: the two are sealed together."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("procurement", "0010_sealed_identities")]

    operations = [
        migrations.RunSQL(
            "UPDATE procurement_interest SET party_identity_salt = replace(gen_random_uuid()::text, '-', '')"
            " WHERE party_identity_hash <> '' AND party_identity_salt = ''",
            migrations.RunSQL.noop,
        )
    ]
