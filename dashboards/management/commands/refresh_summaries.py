"""Bring the dashboards' summaries up to date by hand: after a bulk load past the triggers, or to look into a doubt."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from dashboards.summaries import refresh as summaries


class Command(BaseCommand):
    help = "Refresh the summaries: what was noted as changed, or with --all everything from the raw rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="work everything out again")

    def handle(self, *args: Any, **options: Any) -> None:
        count = summaries.refresh_everything() if options["all"] else summaries.refresh()
        self.stdout.write(str(count))
