"""Writing notices: sending them, and noting that they were read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core.models import Job, JobState
from core.tenancy import Viewer
from notices.models import Notice
from notices.operations.outgoing import Said, write_deliveries
from partners.models import Person


@dataclass(frozen=True)
class Message:
    """One thing that some people of the organisation are told.

    kind: registered with `notices.queries.kinds`. params: its values, plain JSON. url: the page it leads to. urgent: a breach, which passes
    quiet hours and gathering.
    """

    person_ids: Collection[int]
    kind: str
    params: dict[str, Any]
    url: str
    urgent: bool = False


def send(
    *,
    viewer: Viewer,
    person_ids: Iterable[int],
    kind: str,
    params: dict[str, Any],
    url: str,
    now: datetime,
    urgent: bool = False,
) -> int:
    """Tell people of the viewer's own organisation one thing; returns how many were told. See `Message` and `send_all`."""
    return send_all(viewer=viewer, messages=[Message(set(person_ids), kind, params, url, urgent)], now=now)


@transaction.atomic
def send_all(*, viewer: Viewer, messages: Sequence[Message], now: datetime) -> int:
    """Tell people of the viewer's own organisation things, with as many statements for a hundred as for one; returns how many notices.

    Who is not (or no longer) an active person of the organisation, and the sender himself, gets nothing.
    Effects: a notice for each, at once; and in the same transaction what is to leave by mail, SMS and robots (`write_deliveries`).
    """
    asked = {person_id for message in messages for person_id in message.person_ids}
    if not asked:
        return 0
    colleagues = Person.objects.visible_to(viewer).filter(organisation_id=viewer.org, active=True)
    known = dict(colleagues.filter(id__in=asked - {viewer.person_id}).order_by("id").values_list("id", "phone"))
    told = [
        (message, {person_id: phone for person_id, phone in known.items() if person_id in message.person_ids})
        for message in messages
        if message.person_ids
    ]
    written = Notice.objects.bulk_create(
        Notice(
            organisation_id=viewer.org,
            person_id=person_id,
            kind=message.kind,
            params=message.params,
            url=message.url,
            urgent=message.urgent,
            created_at=now,
        )
        for message, phones in told
        for person_id in phones
    )
    leaving = [(Said(message.kind, message.params, message.url, message.urgent), phones) for message, phones in told]
    write_deliveries(viewer, leaving, now=now)
    return len(written)


SHORT = timedelta(seconds=10)  # who waits so long has gone on to something else


def tell_job_ended(*, job: Job, viewer: Viewer, state: JobState, now: datetime) -> None:
    """To who asked for a task: it is ready, or it stopped. A short one that went well needs no words."""
    if job.person_id is None or not job.title or (state == JobState.DONE and now - job.created_at < SHORT):
        return
    kind = "job_done" if state == JobState.DONE else "job_failed"
    office = replace(viewer, person_id=None)  # the product tells it, not the person himself
    params = {"title": job.title}
    url = f"/tasks/{job.public_id}/"
    send(viewer=office, person_ids=[job.person_id], kind=kind, params=params, url=url, now=now)


@transaction.atomic
def mark_read(*, viewer: Viewer, public_ids: Iterable[str], now: datetime) -> int:
    """Note that the viewer has read these notices of his; returns how many were unread. Others' ids change nothing."""
    mine = Notice.objects.visible_to(viewer).filter(person_id=viewer.person_id or 0, read_at=None)
    return mine.filter(public_id__in=list(public_ids)).update(read_at=now)


@transaction.atomic
def mark_all_read(*, viewer: Viewer, now: datetime) -> int:
    """Note that the viewer has read everything sent to him until now; returns how many were unread."""
    mine = Notice.objects.visible_to(viewer).filter(person_id=viewer.person_id or 0, read_at=None)
    return mine.filter(created_at__lte=now).update(read_at=now)
