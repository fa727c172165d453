"""A report on paper: whose it is stands at its head, and there is a place to sign; on the screen neither shows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from tests import factories


@pytest.mark.django_db
def test_letterhead_and_signature_block(operator: User, head: User, client_of: Callable[[User], Client]) -> None:
    report = factories.report_of(factories.ProgramFactory(), operator)
    for address in (report.get_absolute_url(), report.program.get_absolute_url()):
        page = client_of(head).get(address).content.decode()
        assert 'class="letterhead print-only"' in page
        assert f"Kepala {report.program.agency}" in page
        assert page.index("letterhead") < page.index("<h1>") < page.index("signature-block")


def test_they_are_for_paper_only() -> None:
    styles = (Path(settings.BASE_DIR) / "static/css/portal.css").read_text()
    assert ".print-only { display: none; }" in styles
