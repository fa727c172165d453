"""Print how the forecasts behind the early warnings do on years whose end is known."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from dashboards.early_warnings.back_tests import back_tests


class Command(BaseCommand):
    help = (
        "Back-test of the forecasts: what, after which month or quarter, how many years, mean error in points, share"
        " inside the interval."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for name, tests in back_tests(timezone.localdate().year):
            for test in tests:
                self.stdout.write(
                    f"{name}: after {test.after}, {test.years} years, error {test.error:.2f}, inside {test.inside:.3f}"
                )
