"""Groups of three letters: what the search finds mistyped words by. A trusted extension: the owner may create it."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0006_structure")]
    operations = [TrigramExtension()]
