"""E-mails leave through the worker: a page neither waits for a mail server nor tells, by how long it takes, whether
there was somebody to write to; and in production the web process has no way out of the house.

A letter may hold a link that opens an account: it waits encrypted, and no log shows it. With the queue away it is sent
at once.
"""

import json
import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from core import queue
from core.encryption import decrypt, encrypt

logger = logging.getLogger(__name__)


def post(addresses: list[str], subject: str, body: str) -> None:
    """After the commit, one message each, so that nobody sees the others."""
    if not addresses:
        return
    sealed = encrypt(json.dumps([addresses, subject, body]))
    if settings.MAIL_THROUGH_WORKER:
        queue.send_after_commit("accounts.tasks.deliver", sealed, if_away=lambda: deliver(sealed))
    else:
        transaction.on_commit(lambda: deliver(sealed))


def deliver(sealed: str) -> None:
    """A mail server that is away is written down, and not waited for once more for each reader: whoever does it in the
    worker's place is a page. The notice in the portal stands."""
    addresses, subject, body = json.loads(decrypt(sealed))
    for number, address in enumerate(addresses, 1):
        try:
            send_mail(subject, body, None, [address])
        except SMTPException as error:
            logger.warning("mail to %s not sent: %s", address.partition("@")[2], error)
        except OSError as error:
            left = len(addresses) - number
            logger.warning("mail to %s not sent, nor to %s others: %s", address.partition("@")[2], left, error)
            return
