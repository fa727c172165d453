"""Sessions in the database with their owner and browser beside them, so that a person can see and end them.

Django's documented way:
https://docs.djangoproject.com/en/5.2/topics/http/sessions/#extending-database-backed-session-engines
"""

import datetime as dt
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.utils import timezone
from django.utils.crypto import salted_hmac

FACTS_KEY = "signed_in_from"


def handle_of(session_key: str) -> str:
    """A session's name on a page. Its key opens the account, and a page that shows it hands it to whoever sits at
    another browser of the person."""
    return salted_hmac("accounts.sessions.handle", session_key, algorithm="sha256").hexdigest()[:32]


class SessionStore(DatabaseSessionStore):
    seen_at: dt.datetime | None = None  # when the browser was last heard of, a minute more or less
    ends_at: dt.datetime | None = None

    @property
    def key_salt(self) -> str:
        """What is signed belongs to this one session: copied into another row of the table, it opens nothing."""
        return f"accounts.sessions.{self.session_key}"

    @classmethod
    def get_model_class(cls) -> Any:
        from accounts.models import Session

        return Session

    def _get_session_from_db(self) -> Any:
        row: Any = super()._get_session_from_db()  # type: ignore[misc]  # Django's own; the stubs lack it
        self.seen_at = row.seen_at if row else None
        self.ends_at = row.expire_date if row else None
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        facts = data.get(FACTS_KEY, {})
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.address = facts.get("address")
        row.browser = facts.get("browser", "")[:200]
        row.started_at = dt.datetime.fromisoformat(facts["at"]) if "at" in facts else None
        row.seen_at = timezone.now()
        return row
