"""Collect and compile the strings; `--check` fails when one has no Indonesian, or says it twice."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kaltim_portal import translations


class Command(BaseCommand):
    help = "Update locale/id from the sources, or check that it is complete."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail on a string without a whole translation"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            gaps = translations.missing()
            if gaps:
                listed = "\n".join(f"  {gap}" for gap in gaps)
                raise CommandError(
                    f"{len(gaps)} strings whose translation is missing, not whole, or says itself twice:\n{listed}"
                )
            return
        count, open_count = translations.update()
        translations.compile_catalogues()
        self.stdout.write(f"{count} strings, {open_count} without translation")
