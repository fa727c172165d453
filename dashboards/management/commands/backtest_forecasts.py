"""Print how the forecasts behind the early warnings do on generated years, whose end is known."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.forecasting.back_tests import SEED, YEARS, ForecastTest, generated_back_tests

HEAD = ("series", "shape", "after", "years", "claimed", "inside", "error", "simple", "precision", "recall")
WIDTHS = (10, 11, 5, 5, 7, 7, 7, 7, 9, 7)


class Command(BaseCommand):
    help = (
        "Back-test of the forecasts on generated years: by series, shape and month the share of years claimed "
        "and found inside the interval, the mean error in points beside that of the best simple candidate, and "
        "of the warnings how many were right (precision) and how many missed targets they told of (recall). "
        "Shares are of one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="a JSON object a line")
        parser.add_argument("--seed", type=int, default=SEED, help="of the generated years")
        parser.add_argument("--years", type=int, default=YEARS, help="generated years of each series and shape")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["json"]:
            self.stdout.write(_row(HEAD))
        for test in generated_back_tests(options["seed"], max(options["years"], 1)):
            self.stdout.write(json.dumps(test.line()) if options["json"] else _row(_cells(test)))


def _cells(test: ForecastTest) -> list[str]:
    return [
        "–" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
        for value in test.line().values()
    ]


def _row(cells: Any) -> str:
    return " ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()
