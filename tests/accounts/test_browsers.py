"""Devices by a name that their owner knows."""

import pytest

from accounts.browsers import in_words
from accounts.models import Session, User
from tests import factories

APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"{WINDOWS} {KIT} Chrome/142.0.0.0 Safari/537.36", "Chrome di Windows"),
        (f"{WINDOWS} {KIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge di Windows"),
        (f"{WINDOWS[:-1]}; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox di Windows"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {KIT} Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome di Android"),
        (
            f"Mozilla/5.0 (Linux; Android 14) {KIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            "Samsung Internet di Android",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {APPLE} Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari di iPhone",
        ),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/18.1 Safari/605.1.15", "Safari di macOS"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "–"),
    ],
)
def test_in_words(agent: str, name: str) -> None:
    assert in_words(agent) == name


def test_the_account_page_names_the_device(operator: User) -> None:
    client = factories.signed_in(operator)
    Session.objects.filter(user_id=operator.pk).update(browser=f"{WINDOWS} {KIT} Chrome/142.0.0.0 Safari/537.36")
    page = client.get("/akun/").content.decode()
    assert "> Chrome di Windows" in page
