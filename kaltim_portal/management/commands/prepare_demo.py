"""Everything between an empty database and the first page of the demo; each step does nothing when it is done."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.utils import timezone

from dashboards.early_warnings import services as warning_services
from dashboards.finding import vocabulary
from dashboards.lights import services as light_services
from dashboards.summaries import refresh as summaries
from evidence import services as evidence_services
from evidence.models import ChainVerification
from kaltim_portal.demo_data import seed, sources
from kaltim_portal.translations import compile_catalogues


class Command(BaseCommand):
    help = "Migrate, compile translations, collect static files, load reference and demo data."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("prepare_demo writes sample data and accounts; it does not run in production.")
        compile_catalogues()
        if not _static_is_fresh():
            call_command("collectstatic", interactive=False, verbosity=0)
        try:
            call_command("migrate", verbosity=0)
        except InconsistentMigrationHistory as error:
            raise CommandError(
                "Data peragaan ini dari versi portal yang lebih lama. Mulai lagi dengan `make demo-reset`."
            ) from error
        call_command("load_reference")
        series = sources.series_of(sources.source())
        sources.pull_all(series)
        seed.seed(series, timezone.localdate())
        summaries.refresh()
        vocabulary.refresh()
        light_services.keep(timezone.localdate())
        warning_services.raise_warnings(timezone.localdate().year, timezone.localdate())
        if not ChainVerification.objects.exists():
            evidence_services.send_head()
            evidence_services.verify()


def _static_is_fresh() -> bool:
    """Whether the collected files are newer than everything they were made from."""
    made = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not made.exists():
        return False
    changed = max(path.stat().st_mtime for path in (settings.BASE_DIR / "static").rglob("*") if path.is_file())
    lock = settings.BASE_DIR / "uv.lock"
    return made.stat().st_mtime > max(changed, lock.stat().st_mtime)
