"""What taking a list over would do, as JSON: a line per row, then a summary. Writes nothing."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from uploads import command_line


class Command(BaseCommand):
    help = "Say row by row what taking a list over would do; ends with 2 where it can't be read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        command_line.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        command_line.preview(options, self.stdout.write)
