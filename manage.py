#!/usr/bin/env python
"""Django's command line. Starts the project's own PostgreSQL and Redis when no DATABASE_URL is set and the command needs them."""

import os
import sys

from servicedesk import embedded

# Commands that never touch the database (`check` only with --database, `demo` starts its servers itself to show each step).
WITHOUT_DATABASE = {
    "help", "version", "check", "makemessages", "compilemessages", "messages", "collectstatic", "findstatic",
    "diffsettings", "spectacular", "styleguide", "demo", "startapp", "calculate",
}  # fmt: skip


def needs_database(arguments: list[str]) -> bool:
    """Whether the command in sys.argv's form may ask PostgreSQL or Redis."""
    command = arguments[1] if len(arguments) > 1 else "help"
    if command.startswith("-") or {"-h", "--help"} & set(arguments):
        return False
    if command == "check":
        return any(word.startswith("--database") for word in arguments)
    return command not in WITHOUT_DATABASE


def main() -> None:
    """Run the command; the servers, when ours, run until it ends (the hold ends with the process)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
    if not os.environ.get("DATABASE_URL"):
        try:
            if needs_database(sys.argv):
                servers = embedded.hold().servers
                embedded.export(servers)
        except embedded.EmbeddedError as error:
            sys.exit(f"error: {error}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
