"""Accounts that a command makes say so in their history: the hash chain takes what doesn't for made past the portal."""

import pytest
from django.core.management import call_command

from accounts.models import User


@pytest.mark.django_db
def test_the_first_administrators_account_says_where_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "kata-sandi-uji-2026")
    call_command("createsuperuser", username="pertama", full_name="Pertama", email="p@kaltim.test", interactive=False)
    user = User.objects.get(username="pertama")
    contexts = [event.pgh_context.metadata for event in user.pgh_event_model.objects.filter(pgh_obj_id=user.pk)]
    assert contexts and all(context["task"] == "createsuperuser" for context in contexts)
