"""Sessions in the database with their owner and browser beside them, so that a person can see and end them.

Django's documented way:
https://docs.djangoproject.com/en/5.2/topics/http/sessions/#extending-database-backed-session-engines
"""

import datetime as dt
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

FACTS_KEY = "signed_in_from"


class SessionStore(DatabaseSessionStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from accounts.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        facts = data.get(FACTS_KEY, {})
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.address = facts.get("address")
        row.browser = facts.get("browser", "")[:200]
        row.started_at = dt.datetime.fromisoformat(facts["at"]) if "at" in facts else None
        return row
