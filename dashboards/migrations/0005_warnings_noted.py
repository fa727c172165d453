"""The overview counts early warnings: a new or silenced one makes cached pages old."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("dashboards", "0004_briefings"),
    ]

    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER dashboards_note AFTER INSERT OR UPDATE OR DELETE ON dashboards_earlywarning
            FOR EACH STATEMENT EXECUTE FUNCTION dashboards_note_page()
            """,
            "DROP TRIGGER IF EXISTS dashboards_note ON dashboards_earlywarning",
        ),
    ]
