"""The ways by which the newest seal leaves the house, as the settings name them."""

from django.conf import settings

from evidence import head_file
from evidence.choices import DepartureWay


def configured() -> list[tuple[DepartureWay, str]]:
    """(way, where to), in the order in which they are tried and shown."""
    found = [(DepartureWay.FILE, str(file)) for file in [head_file.path()] if file]
    found += [(DepartureWay.MAIL, to) for to in settings.CHAIN_HEAD_MAIL_TO]
    if settings.TIMESTAMP_AUTHORITY_URL:
        found.append((DepartureWay.STAMP, settings.TIMESTAMP_AUTHORITY_URL))
    return [(way, where[:300]) for way, where in found]
