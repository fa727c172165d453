"""Check what is sealed against its seals, its history, and the seals that left the house (docs/evidence.md)."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import chain, database_roles


class Command(BaseCommand):
    help = "Find rows that were changed, removed or inserted behind the portal's back; exits with 1 when there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", default="", help="a seal that was written down elsewhere: it must be in the chain"
        )
        parser.add_argument(
            "--seal", action="store_true", help="seal what is not sealed yet, after a check without findings"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        result = chain.verify(options["head"])
        for finding in result.findings:
            self.stdout.write(str(finding))
        if options["seal"] and (not result.findings or (result.blocks == 0 and len(result.findings) == 1)):
            chain.seal()
            result = chain.verify(options["head"])
        for right in database_roles.excess_rights():
            self.stdout.write(self.style.WARNING(f"the portal's role may do more than it must: {right}"))
        self.stdout.write(
            f"{len(result.findings)} findings; {result.blocks} blocks, {result.sealed} rows sealed, "
            f"{result.unsealed} not sealed yet; head {result.head or '-'}"
        )
        if result.findings:
            sys.exit(1)
