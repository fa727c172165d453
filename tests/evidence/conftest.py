"""A time-stamping authority of our own, and a folder that stands for a place outside the house."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pghistory
import pytest

from accounts.models import User
from accounts.proofs import record_roles
from core import chain
from core.models import ChainBlock
from kaltim_portal.stand_ins import timestamps
from tests import factories
from tests.conftest import served

KEEPER = "inspektorat@kaltim.test"


@pytest.fixture(autouse=True)
def _by_the_portal() -> Iterator[None]:
    """Whatever the portal writes says who did it."""
    with pghistory.context(task="test"):
        yield


@pytest.fixture(autouse=True)
def _roles_by_the_portal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever gets or loses a role here does so by an administrator: with an act in the trail."""
    made = factories.member

    def member(*args: Any, **values: Any) -> User:
        user = made(*args, **values)
        record_roles(user, actor=user)
        return user

    monkeypatch.setattr(factories, "member", member)
    left = factories.leave

    def leave(user: User) -> None:
        left(user)
        record_roles(user, actor=user)

    monkeypatch.setattr(factories, "leave", leave)


@pytest.fixture(scope="session")
def authority() -> timestamps.TestAuthority:
    return timestamps.TestAuthority()


@pytest.fixture
def tsa(settings: Any, tmp_path: Path, authority: timestamps.TestAuthority) -> Iterator[timestamps.TimestampWorld]:
    world = timestamps.TimestampWorld(authority=authority)
    roots = tmp_path / "roots.pem"
    roots.write_bytes(authority.root_pem)
    settings.TIMESTAMP_ROOTS = str(roots)
    for address in served(world, settings):
        settings.TIMESTAMP_AUTHORITY_URL = f"{address}tsa"
        yield world


@pytest.fixture
def outside(settings: Any, tmp_path: Path) -> Path:
    """Mail and folder, without an authority."""
    (tmp_path / "elsewhere").mkdir()
    settings.CHAIN_HEAD_FOLDER = str(tmp_path / "elsewhere")
    settings.CHAIN_HEAD_MAIL_TO = [KEEPER]
    return tmp_path / "elsewhere"


@pytest.fixture
def sealed(db: None) -> ChainBlock:
    factories.cleared_package()
    block = chain.seal()
    assert block is not None
    return block
