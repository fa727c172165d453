"""The same sending ten times at once, each in a process-like thread and transaction of its own."""

import threading

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from dashboards.models import Briefing
from evidence.choices import PaperKind, SignatureState
from evidence.signatures import services
from kaltim_portal.stand_ins import esign
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_owner")]


def test_ten_sendings_at_once_sign_once(bsre: esign.EsignWorld, briefing: Briefing, signer: User) -> None:
    row = services.prepare(kind=PaperKind.BRIEFING, key=str(briefing.pk), by=signer)
    clients = [factories.signed_in(signer) for _number in range(10)]
    answers: list[int] = []

    def send(client: Client) -> None:
        try:
            typed = {"passphrase": esign.PASSPHRASE, "form_key": "k" * 22}
            answers.append(client.post(f"/tanda-tangan/{row.pk}/", typed).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row.refresh_from_db()
    assert answers == [302] * 10
    assert row.state == SignatureState.SIGNED
    assert sum("sign/pdf" in path for path in bsre.requests) == 1
