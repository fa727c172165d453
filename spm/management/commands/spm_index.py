"""Work out the SPM index of the figures in a file, so that others can check how the portal counts."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from spm.index import ZeroNeedPolicy
from spm.index_explanation import bands_of, version_of, weights_of
from spm.index_of_file import FileProblem, IndexRules, parsed, worked_out
from spm.models import ServiceKind

UNREADABLE = 2
LARGEST_BYTES = 50 * 1024 * 1024


class Command(BaseCommand):
    help = "The SPM index of the figures in a JSON file, as one JSON object; writes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--from", dest="file", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            given = parsed(_read(options["file"]))
        except FileProblem as error:
            raise CommandError(str(error), returncode=UNREADABLE) from error
        version = version_of(given.month.year)
        if version is None:
            said = f"Tidak ada versi indeks yang berlaku untuk {given.month.year}."
            raise CommandError(said, returncode=UNREADABLE)
        policies = dict(ServiceKind.objects.of_level().of_year(given.month.year).values_list("code", "zero_need"))
        rules = IndexRules(
            weights_of(version),
            bands_of(version),
            lambda service: ZeroNeedPolicy(policies.get(service, ZeroNeedPolicy.MET)),
        )
        self.stdout.write(json.dumps(worked_out(given, rules), ensure_ascii=False))


def _read(path: Path) -> Any:
    """Raises FileProblem."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise FileProblem("Berkas lebih besar dari 50 MB.")
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise FileProblem(f"Berkas tidak terbaca: {path}") from error
    except (ValueError, RecursionError) as error:
        raise FileProblem("Berkas bukan JSON yang sah.") from error
