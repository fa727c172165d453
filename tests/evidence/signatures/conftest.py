"""BSrE's client service of our own, and a briefing to sign."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from core.typesetting import typeset
from dashboards.models import Briefing
from kaltim_portal.stand_ins import esign
from tests import factories
from tests.conftest import served
from tests.private_folder import keep_private_files_in

CONTENT = {"title": "Bahan rapat", "subtitle": "", "as_of": "", "sections": [], "annex": [], "annex_title": "Lampiran"}


@pytest.fixture(scope="session")
def signing_authority() -> esign.SigningAuthority:
    return esign.SigningAuthority()


@pytest.fixture
def bsre(settings: Any, tmp_path: Path, signing_authority: esign.SigningAuthority) -> Iterator[esign.EsignWorld]:
    keep_private_files_in(settings, tmp_path / "files")
    world = esign.EsignWorld(signing_authority)
    roots = tmp_path / "roots.pem"
    roots.write_bytes(signing_authority.roots_pem)
    settings.BSRE_ROOTS = str(roots)
    settings.BSRE_USER, settings.BSRE_PASSWORD = esign.USER, esign.PASSWORD
    for address in served(world, settings):
        settings.BSRE_URL = address
        settings.OUTBOUND_ALLOWED_INTERNAL = []  # the service is reached by its own setting, and nothing else inside is
        settings.BSRE_TIMEOUT_SECONDS = 2.0
        yield world


@pytest.fixture
def signer(db: None) -> User:
    return factories.member(
        Role.GOVERNORS_OFFICE, email="rina.office@kaltimprov.go.id", full_name="Rina Office", nip="198001012005012001"
    )


@pytest.fixture
def briefing(signer: User, tmp_path: Path) -> Briefing:
    template = tmp_path / "paper.typ"
    template.write_text("= Bahan rapat\n#lorem(600)")
    now = timezone.now()
    body = typeset(template, {})
    return Briefing.objects.create(
        fiscal_year=2026,
        week="2026-W48",
        number=1,
        as_of=now,
        content=CONTENT,
        pdf=body,
        sha256="0" * 64,
        issued_by=signer,
    )
