"""The start-up check as a system check: `manage.py check --database default`."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

from servicedesk.startup import bypass


@register(Tags.database)
def policies_bind_the_application(databases: Sequence[str] | None = None, **_: Any) -> list[Error]:
    """The application's user must not be able to step around row level security."""
    if not databases or "default" not in databases or settings.TESTING:
        return []
    reason = bypass()
    return [Error(reason, hint="ops/roles.sql", id="servicedesk.E001")] if reason else []
