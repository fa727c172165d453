"""The link with which a person signs in for the first time, for whoever sits at the server's own console.

The first administrator needs it, and a portal without a mail server.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.sign_in.services import check_may_invite, link_of
from core import audit


class Command(BaseCommand):
    help = "Print the link for somebody's first sign-in. It opens once, within a week."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError("There is no account with this user name.")
        try:
            check_may_invite(user, None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        audit.record("account.invited", user, by=None)
        self.stdout.write(link_of(user))
