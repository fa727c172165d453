"""The newest seal leaves the house every day, by every way that is set; what fails is tried again and told."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import Notice
from core import chain
from core.choices import Role
from core.models import ChainBlock
from evidence import head_file, services, stamping, tasks
from evidence.models import HeadDeparture
from kaltim_portal.stand_ins import timestamps
from tests import factories
from tests.evidence.conftest import KEEPER

pytestmark = pytest.mark.django_db


def problems() -> dict[str, str]:
    return {row.way: row.problem for row in HeadDeparture.objects.order_by("pk")}


def test_by_mail_file_and_stamp(sealed: ChainBlock, outside: Path, tsa: timestamps.TimestampWorld) -> None:
    assert tasks.send_head() == 3
    assert problems() == {"file": "", "mail": "", "stamp": ""}
    assert [message.to for message in mail.outbox] == [[KEEPER]]
    assert mail.outbox[0].body.count(sealed.hash) == 2
    assert (outside / head_file.NAME).read_text().split()[1:] == ["1", sealed.hash]
    stamp = HeadDeparture.objects.stamps().get()
    assert stamping.check(bytes(stamp.token or b""), sealed.hash) == stamp.stamped_at
    assert chain.verify(sealed.hash).findings == []


def test_openssl_verifies_the_token_without_us(
    sealed: ChainBlock, outside: Path, tsa: timestamps.TimestampWorld, settings: Any
) -> None:
    services.send_head()
    token, seal = outside / f"stempel-1-{sealed.hash}.tsr", outside / "seal.txt"
    seal.write_text(sealed.hash)
    command = ["openssl", "ts", "-verify", "-data", seal, "-in", token, "-CAfile", settings.TIMESTAMP_ROOTS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout, done.stderr


def test_once_a_day(sealed: ChainBlock, outside: Path, tsa: timestamps.TimestampWorld) -> None:
    services.send_head()
    factories.cleared_package()
    chain.seal()
    assert services.send_head() == [], "a newer block waits for tomorrow"
    assert len(mail.outbox) == 1


def test_nothing_set_nothing_sent(sealed: ChainBlock) -> None:
    assert services.send_head() == []


def test_the_log_has_the_seal_as_news(sealed: ChainBlock, caplog: pytest.LogCaptureFixture) -> None:
    """Every day's seal is told there; nothing is wrong, so a log of warnings alone (the demo's) stays quiet."""
    caplog.set_level("INFO", logger="evidence.head")
    services.send_head()
    assert [(record.levelname, record.message) for record in caplog.records if sealed.hash in record.message] == [
        ("INFO", f"chain head {sealed.number} {sealed.hash}")
    ]


def test_without_a_chain(db: None, outside: Path) -> None:
    assert services.send_head() == []


FAULTS = [
    ("unavailable", "HTTP 503"),
    ("busy", "HTTP 429"),
    ("drop", "tidak ada jawaban"),
    ("slow", "tidak ada jawaban"),
    ("html", "jawaban lain (HTTP 200"),
    ("html403", "jawaban lain (HTTP 403"),
    ("wrong_nonce", "permintaan lain"),
    ("wrong_digest", "bukan atas segel ini"),
    ("expired", "kedaluwarsa"),
    ("stranger", "tidak ditandatangani"),
    ("refusal", "tidak memberi stempel"),
]


@pytest.mark.parametrize(("fault", "said"), FAULTS)
def test_an_authority_that_fails_holds_up_nothing_and_is_asked_again(
    fault: str, said: str, sealed: ChainBlock, outside: Path, tsa: timestamps.TimestampWorld
) -> None:
    factories.member(Role.AUDITOR)
    administrator = factories.member(Role.ADMINISTRATOR)
    tsa.fault = fault
    services.send_head()
    services.send_head()
    assert said in HeadDeparture.objects.exclude(problem="").first().problem  # type: ignore[union-attr]
    assert HeadDeparture.objects.arrived().count() == 2, "mail and file went, once"
    assert Notice.objects.filter(user=administrator).count() == 1, "told once a day"
    factories.cleared_package()
    assert chain.seal() is not None, "the sealing goes on"
    tsa.fault = "none"
    services.send_head()
    assert HeadDeparture.objects.stamps().get().seal == sealed.hash
    assert chain.verify().findings == []


def test_an_authority_that_is_away(sealed: ChainBlock, settings: Any, tmp_path: Path) -> None:
    settings.TIMESTAMP_AUTHORITY_URL, settings.TIMESTAMP_ROOTS = "http://127.0.0.1:9/tsa", str(tmp_path / "none.pem")
    settings.OUTBOUND_ALLOWED_INTERNAL = ["127.0.0.1:9"]
    services.send_head()
    assert "tidak ada jawaban" in problems()["stamp"]


def test_an_authority_inside_the_network_has_to_be_allowed(
    sealed: ChainBlock, tsa: timestamps.TimestampWorld, settings: Any
) -> None:
    settings.OUTBOUND_ALLOWED_INTERNAL = []
    services.send_head()
    assert "ke dalam jaringan" in problems()["stamp"]


def test_without_roots_no_stamp_counts(sealed: ChainBlock, tsa: timestamps.TimestampWorld, settings: Any) -> None:
    settings.TIMESTAMP_ROOTS = ""
    services.send_head()
    assert "TIMESTAMP_ROOTS" in problems()["stamp"]


class ServerIsAway(locmem.EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("mail server is away")


def test_mail_and_folder_that_fail(sealed: ChainBlock, outside: Path, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.ServerIsAway"
    outside.rmdir()  # the mount is away: a folder of our own would only look like it
    services.send_head()
    assert set(problems()) == {"mail", "file"} and all(problems().values())
    assert not outside.exists()
    outside.mkdir()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    services.send_head()
    assert HeadDeparture.objects.arrived().count() == 2


def test_half_a_line_is_no_line(outside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full says so by how much it took."""
    head_file.append(1, "a" * 64, timezone.now())
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:20]))
    with pytest.raises(OSError, match="space"):
        head_file.append(2, "b" * 64, timezone.now())
    monkeypatch.undo()
    head_file.append(2, "b" * 64, timezone.now())
    assert [line.number for line in head_file.lines()] == [1, 2]


def test_a_stamp_outlives_a_folder_that_is_away(
    sealed: ChainBlock, tsa: Any, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: Any) -> None:
        raise OSError("away")

    monkeypatch.setattr(head_file, "keep_token", away)
    services.send_head()
    assert HeadDeparture.objects.stamps().count() == 1


def test_what_left_cannot_be_changed(sealed: ChainBlock, outside: Path) -> None:
    services.send_head()
    for act in (lambda: HeadDeparture.objects.update(seal="x"), lambda: HeadDeparture.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
