"""Devices of the former library are moved by a migration, which runs as the owner of the tables."""

from base64 import b32decode
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Notice, User
from tests.accounts.authenticator import SECRET, code_of
from tests.accounts.test_sign_in import sign_in

pytestmark = pytest.mark.usefixtures("as_owner")


def test_old_devices_are_moved_by_the_migration(operator: User) -> None:
    """A TOTP device of the former library opens the account as before; its owner is told to make new codes."""
    key = b32decode(SECRET).hex()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE otp_totp_totpdevice (id int, user_id int, key text, confirmed bool)")
        cursor.execute("INSERT INTO otp_totp_totpdevice VALUES (1, %s, %s, true)", [operator.pk, key])
        cursor.execute("CREATE TABLE authtoken_token (user_id int)")
        cursor.execute("INSERT INTO authtoken_token VALUES (%s)", [operator.pk])
    module = import_module("accounts.migrations.0003_second_factors_moved")
    module.move(None, SimpleNamespace(connection=connection))
    client = Client()
    sign_in(client, operator)
    assert client.post("/masuk/kode/", {"code": code_of()}).headers["Location"] == "/"
    assert Notice.objects.filter(user=operator).count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('otp_totp_totpdevice')")
        assert cursor.fetchone() == (None,)
