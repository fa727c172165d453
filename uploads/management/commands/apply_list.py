"""Take a list over from the command line: the rows as `preview_list` says them, then what was done."""

from argparse import ArgumentParser
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from uploads import command_line, services
from uploads.choices import UploadState


class Command(BaseCommand):
    help = "Take a list over, whole or not at all; with refused rows or great losses only with --reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        command_line.add_arguments(parser)
        parser.add_argument("--reason", default="", help="why refused rows may stay out, or why so much may go")

    def handle(self, *args: Any, **options: Any) -> None:
        command_line.preview(options, self.stdout.write)
        user = command_line.person(options)
        with options["file"].open("rb") as opened, pghistory.context(command="apply_list", user=user.pk):
            try:
                upload = services.receive(
                    file=File(opened, options["file"].name),
                    agency=command_line.agency_of(options["agency"], user, options["year"]),
                    fiscal_year=options["year"],
                    by=user,
                    options=command_line.given(options),
                    enqueue=False,
                )
                services.read(upload.pk)
                services.request_apply(pk=upload.pk, by=user, reason=options["reason"], enqueue=False)
            except (ValidationError, PermissionDenied) as error:
                said = " ".join(getattr(error, "messages", [str(error)]))
                raise CommandError(said, returncode=command_line.UNREADABLE) from error
            services.apply(upload.pk)
        upload.refresh_from_db()
        if upload.state != UploadState.APPLIED:
            raise CommandError(upload.problem or str(upload.get_state_display()), returncode=command_line.UNREADABLE)
