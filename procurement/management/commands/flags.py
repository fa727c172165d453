"""Red flags on the command line: the portal's own packages, or a file of OCDS compiled releases."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from procurement.choices import FlagSubject
from procurement.models import OutsideDataset
from procurement.red_flags import external_data
from procurement.red_flags import services as flag_services
from procurement.red_flags.rules import ALL_FLAGS, CARDINAL_CODES, RULES, SETTINGS, check_parameters

ROLES = {FlagSubject.BUYER: "buyer", FlagSubject.ENTITY: "procuringEntity", FlagSubject.TENDERER: "tenderer"}


class Command(BaseCommand):
    help = (
        "Raise the red flags on the portal's packages and keep them; with --ocds, on a file of OCDS compiled releases "
        "(JSON Lines or JSON) without keeping anything: one JSON line per flag, "
        '{"ocid": …, "code": …, "value": …} of a contracting process or {"party": …, "role": …, "code": …, "value": …}.'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ocds", metavar="FILE", type=Path, help="compiled releases of another portal")
        parser.add_argument(
            "--codes", help="only these, separated by commas; with --ocds Cardinal's R-codes by default"
        )
        parser.add_argument(
            "--all", action="store_true", help="with --ocds: also the portal's own K-codes that can be told"
        )
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="CODE.NAME=VALUE",
            help="another parameter, e.g. R048.minimum_packages=1, or a setting of all flags by Cardinal's name for "
            "it, e.g. exclusions.procurement_method_details=Random Selection",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["ocds"] is None:
            done = flag_services.run()
            for code, count in done.raised.items():
                self.stdout.write(f"{code} {count}")
            self.stderr.write(f"{sum(done.raised.values())} flags in {done.seconds:.1f} s")
            return
        codes = self._codes(options)
        parameters = self._parameters(options["set"])
        try:
            file = options["ocds"].open("rb")
        except OSError as error:
            raise CommandError(f"{options['ocds']}: {error.strerror}") from error
        with file, transaction.atomic():
            dataset = self._dataset(options["ocds"])
            read = external_data.load(dataset, file)
            for number, why in read.refused:
                self.stderr.write(f"{options['ocds'].name}:{number}: {why}")
            settings = parameters.pop(ALL_FLAGS, {})
            for row in flag_services.raised_by(codes, dataset=dataset, parameters=parameters, settings=settings):
                subject = (
                    {"ocid": row.key}
                    if row.subject == "package"
                    else {"party": row.key, "role": ROLES[FlagSubject(row.subject)]}
                )
                self.stdout.write(json.dumps(subject | {"code": row.code, "value": row.value}, ensure_ascii=False))
            transaction.set_rollback(True)
        self.stderr.write(
            f"{read.releases} compiled releases read, {read.refused_count} refused,"
            f" {read.joined} joined with others of the same process"
        )

    def _codes(self, options: dict[str, Any]) -> list[str]:
        if options["codes"]:
            codes = [code.strip().upper() for code in options["codes"].split(",")]
            if unknown := [code for code in codes if code not in RULES or RULES[code].own_only]:
                raise CommandError(f"no such flag for OCDS: {', '.join(unknown)}")
            return codes
        return [code for code, rule in RULES.items() if not rule.own_only] if options["all"] else CARDINAL_CODES

    def _parameters(self, given: list[str]) -> dict[str, dict[str, Any]]:
        parameters: dict[str, dict[str, Any]] = {}
        for text in given:
            name, _equals, value = text.partition("=")
            code, _dot, parameter = (ALL_FLAGS, "", name) if name in SETTINGS else name.partition(".")
            if code != ALL_FLAGS and code not in RULES:
                raise CommandError(f"no such flag: {code}")
            known = (SETTINGS if code == ALL_FLAGS else RULES[code].parameters).get(parameter)
            try:
                read = value if known and known.is_text else float(value) if "." in value else int(value)
            except ValueError as error:
                raise CommandError(f"{text}: not a number") from error
            if problem := check_parameters(code, {parameter: read}):
                raise CommandError(f"{text}: {problem}")
            parameters.setdefault(code, {})[parameter] = read
        return parameters

    def _dataset(self, path: Path) -> OutsideDataset:
        """Lives only within this transaction, which is rolled back."""
        somebody, _created = User.objects.get_or_create(
            username="flags-command", defaults={"full_name": "flags", "is_active": False}
        )
        digest = hashlib.sha256(str(path).encode()).hexdigest()
        return OutsideDataset.objects.create(name=path.name, file_name=path.name, sha256=digest, loaded_by=somebody)
