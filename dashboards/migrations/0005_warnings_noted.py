"""The overview counts early warnings: a new or silenced one makes kept pages old."""

from django.db import migrations

from dashboards.summaries import triggers


class Migration(migrations.Migration):

    dependencies = [
        ("dashboards", "0004_briefings"),
    ]

    operations = [
        migrations.RunSQL(
            triggers.of_page("dashboards_earlywarning"),
            f"DROP TRIGGER IF EXISTS {triggers.NAME} ON dashboards_earlywarning",
        ),
    ]
