"""static/vendor/tabler/tabler.min.css from the whole of Tabler; a test fails when the file is out of date."""

from typing import Any

from django.core.management.base import BaseCommand

from kaltim_portal.stylesheets import pruning


class Command(BaseCommand):
    help = "Write the stylesheet of Tabler without what no page uses."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        pruning.shipped().write_text(pruning.pruned(), encoding="utf-8")
