"""Accounts that an earlier list left without their zeros: the migration spells them out, so that none counts twice."""

import importlib
from decimal import Decimal

from django.db import connection

from accounts.models import User
from programs.models import AccountRealisation, SubActivity
from tests.uploads.handing_in import Preview, preview
from tests.uploads.test_files import ACCOUNT, made, world

__all__ = ["made", "preview", "world"]
SHORT = "5.1.2.1.1.26"
OTHER = "5.1.02.01.01.0027"


def kept(sub: str, account: str, realised: int) -> None:
    AccountRealisation.objects.create(
        sub_activity=SubActivity.objects.get(sbl_code=sub), account_code=account, realised_rupiah=realised
    )


def spell_out() -> None:
    with connection.cursor() as cursor:
        cursor.execute(importlib.import_module("programs.migrations.0019_accounts_spelt_out").SPELT_OUT)


def test_a_short_account_is_the_one_that_a_list_means(world: User, preview: Preview) -> None:
    kept("1.2.2", SHORT, 70)
    row = {"kode_sbl": "1.2.2", "kode_akun": ACCOUNT, "realisasi": 70}
    assert preview([row]).statuses == ["new"]  # a second account, and 140 in all
    spell_out()
    assert preview([row]).statuses == ["unchanged"]


def test_twins_go_only_where_they_say_the_same(world: User) -> None:
    for account, realised in ((ACCOUNT, 70), (SHORT, 70), (OTHER, 5), ("5.1.2.1.1.27", 6)):
        kept("1.2.2", account, realised)
    spell_out()
    rows = AccountRealisation.objects.filter(sub_activity__sbl_code="1.2.2")
    assert set(rows.values_list("account_code", "realised_rupiah")) == {
        (ACCOUNT, Decimal(70)),
        (OTHER, Decimal(5)),
        ("5.1.2.1.1.27", Decimal(6)),
    }
