"""Django's sessions in the database, read by one plain statement: every page begins with it."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils import timezone

STATEMENT = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(DatabaseStore):
    """As Django's, without building a query and a row object at each request."""

    def load(self) -> dict[str, Any]:
        """The session's values; empty, and without a key, when it has ended or never was."""
        with connection.cursor() as cursor:
            cursor.execute(STATEMENT, [self.session_key, timezone.now()])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return {}
        values: dict[str, Any] = self.decode(found[0])
        return values
