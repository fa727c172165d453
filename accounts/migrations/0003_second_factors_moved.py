"""TOTP secrets of django-otp become django-allauth's, encrypted; what nothing reads any more goes.

Recovery codes can't be moved (django-allauth derives them from a seed): their owners are told to make new ones. Tokens of
the API stood in clear text and never expired: their owners are told to make new ones too.
"""

import base64
import json

from django.db import migrations

from core.encryption import encrypt

OLD_TABLES = (
    "otp_totp_totpdevice",
    "otp_static_statictoken",
    "otp_static_staticdevice",
    "authtoken_token",
    "axes_accessattemptexpiration",
    "axes_accessattempt",
    "axes_accesslog",
    "axes_accessfailurelog",
)
NEW_CODES = "Buat kode pemulihan baru: kode yang lama tidak berlaku lagi sejak pembaruan portal."
NEW_TOKEN = "Token API yang lama tidak berlaku lagi sejak pembaruan portal. Buat token baru di halaman akun."


def has_table(cursor, name):
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
    return cursor.fetchone()[0]


def move(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if has_table(cursor, "otp_totp_totpdevice"):
            cursor.execute(
                "SELECT DISTINCT ON (user_id) user_id, key FROM otp_totp_totpdevice WHERE confirmed ORDER BY user_id, id DESC"
            )
            for user, key in cursor.fetchall():
                secret = base64.b32encode(bytes.fromhex(key)).decode()
                cursor.execute(
                    "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, 'totp', %s, now())",
                    [user, json.dumps({"secret": encrypt(secret)})],
                )
                tell(cursor, user, NEW_CODES, "/akun/faktor-kedua/")
        if has_table(cursor, "authtoken_token"):
            cursor.execute("SELECT user_id FROM authtoken_token")
            for (user,) in cursor.fetchall():
                tell(cursor, user, NEW_TOKEN, "/akun/token/")
        cursor.execute("UPDATE accounts_user SET email = lower(email) WHERE email <> lower(email)")
        for table in OLD_TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS {table}")


def tell(cursor, user, text, url):
    cursor.execute(
        "INSERT INTO accounts_notice (user_id, text, url, created_at) VALUES (%s, %s, %s, now())", [user, text, url]
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sign_in"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
