"""At every minute one person is on main duty: the database's constraint as a sentence that says who has the hours already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, connection, transaction

from core.errors import Refused
from core.tenancy import Viewer
from resources.calculations.hours import Span
from resources.queries import roster
from resources.queries.words import shift_words


@contextmanager
def keeping_apart(
    viewer: Viewer, span: Span | None = None, *, but: int | None = None, otherwise: str = "duty_preview_old"
) -> Iterator[None]:
    """A savepoint for writing shifts. span: the hours of the one that is written, so that the sentence can name who has them; but: its id.

    Errors: Refused("duty_taken", field="day") with who has which hours; Refused(otherwise) for several at once, or when who was in
    the way is gone again.
    """
    # one writer at a time: several that wait for each other's constraint would be a deadlock
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('resources.duty'), %s)", [viewer.org % 2**31])
    try:
        with transaction.atomic():
            yield
    except IntegrityError as problem:
        name = getattr(getattr(problem.__cause__, "diag", None), "constraint_name", None)
        if name != "duty_shift_no_overlap":
            raise
        other = roster.in_the_way(viewer, span, but=but) if span else None
        if other is None:
            raise Refused(otherwise) from problem
        raise Refused("duty_taken", field="day", who=other.person.name, hours=shift_words(other)) from problem
