"""The two halves of a run, each in a session of its own, on the same packages."""

import pytest
from django.db import connection

from procurement.models import Flag
from procurement.red_flags import services as flag_services
from tests.factories import supplier
from tests.procurement.red_flags.cases import award, contract, offer, package

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_owner")]


def test_both_halves_flag_one_package_however_long_one_of_them_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each marks the package as flagged: the second waits for the first, for longer than for a row."""
    there, only = package(state="contracted"), supplier()
    offer(there, only)
    award(there, only, millions=800)
    contract(there, only, millions=850)
    monkeypatch.setitem(flag_services.SQL, "close", "SELECT pg_sleep(0.6)")
    options = connection.settings_dict["OPTIONS"]
    monkeypatch.setitem(options, "options", f"{options['options']} -c lock_timeout=150")
    connection.close()
    try:
        flag_services.run()
    finally:
        connection.close()
    assert {"R018", "K20"} <= set(Flag.objects.filter(package=there).values_list("code", flat=True))
    there.refresh_from_db()
    assert there.is_flagged


def test_flags_are_tried_outside_a_transaction() -> None:
    there, only = package(state="contracted"), supplier()
    offer(there, only)
    assert [flag.process for flag in flag_services.raised_by(["R018"])] == [there.pk]
