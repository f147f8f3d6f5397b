"""What a web, worker or beat process checks before it serves anybody."""

from __future__ import annotations

import os
import sys
import time


def verify_configuration() -> None:
    """End the process with one line when no servers are configured: only manage.py may start its own."""
    if not any(os.environ.get(name) for name in ("DATABASE_URL", "DATABASE_URL_FILE")):
        sys.exit(
            "configuration: DATABASE_URL is not set (.env.example lists all settings; `make demo` starts its own servers)"
        )


# Roles that step around row level security and whose rights the application's user could take, and tables it could act as owner of.
_BYPASS = """
SELECT 'role ' || rolname FROM pg_catalog.pg_roles
 WHERE (rolsuper OR rolbypassrls) AND pg_catalog.pg_has_role(current_user, oid, 'MEMBER')
UNION ALL
(SELECT 'table ' || relname FROM pg_catalog.pg_class
  WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND pg_catalog.pg_has_role(current_user, relowner, 'MEMBER')
  ORDER BY 1 LIMIT 1)
"""


def bypass() -> str:
    """How the application's database user could step around the policies, as one line; empty when it cannot."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        user = cursor.fetchone()[0]
        cursor.execute(_BYPASS)
        found = [name for (name,) in cursor.fetchall()]
    if not found:
        return ""
    return f"the database user {user} of DATABASE_URL could step around row level security ({', '.join(found)}): make the users with ops/roles.sql"


def verify_database_user(patience: float = 20.0) -> None:
    """End the process with one line when the policies would not bind the application. Waits for a PostgreSQL that is just starting.

    patience: seconds until an unreachable PostgreSQL ends the process, so that its supervisor tries again.
    """
    from django.conf import settings
    from django.db import OperationalError, connection

    if settings.TESTING:
        return  # the test server has app_fixture by intention (ops/roles_test.sql)
    deadline = time.monotonic() + patience
    while True:
        try:
            reason = bypass()
            break
        except OperationalError as error:
            connection.close()
            if time.monotonic() > deadline:
                sys.exit(f"PostgreSQL does not answer: {str(error).strip().splitlines()[-1]}")
            time.sleep(0.25)
    connection.close()  # a process that forks afterwards must not share it
    if reason:
        sys.exit(f"configuration: {reason}")
