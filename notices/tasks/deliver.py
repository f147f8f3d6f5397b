"""Messages leave: the tick wakes a job for each channel that has something due, the job sends it some at a time (reliability.md 5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from time import monotonic
from typing import Protocol

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import jobs
from notices.calculations.messages import Message
from notices.enums import ChannelKind, Problem
from notices.operations import deliver
from notices.operations.deliver import Claim, Failure
from notices.tasks import outage
from notices.tasks.mail import MailLine
from notices.tasks.posts import RobotLine, SmsLine
from partners.enums import TIER_OF_KIND, OrganisationKind

BUDGET = 20.0  # seconds that one job sends; then it is the next one's turn, and the tick wakes it again
FRESH = 20.0  # seconds for which what was claimed is surely still ours; a try takes 8 s at most
SLOW = 8.0  # seconds for one message: who is so slow would hold up all others
SHARE = 200  # messages that are worth a worker of their own, for mail and SMS
MOST_WORKERS = 4
FORGOTTEN_AT_ONCE = 50

UNREACHABLE = (Problem.UNKNOWN, Problem.UNREACHED, Problem.TIMEOUT, Problem.TLS)


class Way(Protocol):
    """A connection to where messages of a kind go. place: the host, for `outage`."""

    place: str

    def send(self, claim: Claim, message: Message) -> Failure | None: ...

    def close(self) -> None: ...


@jobs.handler(deliver.KIND, _("Sending messages"))
def send_due(run: jobs.Run) -> None:
    """Send what is due by one channel; payload: channel = its id, kind = of the channel.

    May run twice, also side by side: what one has in hand the other does not see. A worker that was killed between sending and writing
    it down sends again, with the same message id.
    """
    channel_id, way = int(run.payload["channel"]), _way(ChannelKind(run.payload["kind"]))
    begin, done = monotonic(), 0
    try:
        while monotonic() - begin < BUDGET and not outage.is_out(way.place):
            with run.step():
                claim = deliver.claim(viewer=run.viewer, channel_id=channel_id, now=timezone.now())
            if claim is None or not claim.messages or not _send_all(run, way, claim):
                break
            done += len(claim.messages)
            run.progress(done, done)
    finally:
        way.close()
    with run.step():
        deliver.forget_old(viewer=run.viewer, now=timezone.now(), most=FORGOTTEN_AT_ONCE)


def _way(kind: ChannelKind) -> Way:
    if kind is ChannelKind.MAIL:
        return MailLine()
    return SmsLine() if kind is ChannelKind.SMS else RobotLine(kind)


def _send_all(run: jobs.Run, way: Way, claim: Claim) -> bool:
    """Send what was claimed, in order; False when the channel is to be left alone now. What was not tried is put back."""
    claimed = monotonic()
    for place, message in enumerate(claim.messages):
        begin = monotonic()
        failure = way.send(claim, message)
        slow = monotonic() - begin > SLOW
        _write_down(run, claim, message, failure)
        if slow or (failure is not None and failure.problem in UNREACHABLE):
            outage.note_out(way.place)
        elif failure is None:
            outage.note_up(way.place)
        stopped = slow or (failure is not None and failure.of_channel)
        if stopped or monotonic() - claimed > FRESH:
            _put_back(run, claim, claim.messages[place + 1 :])
            return not stopped
    return True


def _write_down(run: jobs.Run, claim: Claim, message: Message, failure: Failure | None) -> None:
    now = timezone.now()
    with run.step():
        if failure is None:
            deliver.note_sent(viewer=run.viewer, channel_id=claim.channel_id, message_id=message.id, now=now)
        else:
            deliver.note_failed(
                viewer=run.viewer, channel_id=claim.channel_id, message_id=message.id, failure=failure, now=now
            )


def _put_back(run: jobs.Run, claim: Claim, messages: Sequence[Message]) -> None:
    if messages:
        with run.step():
            ids = [message.id for message in messages]
            deliver.put_back(viewer=run.viewer, channel_id=claim.channel_id, message_ids=ids, now=timezone.now())


def wake_channels(now: datetime) -> None:
    """Wake the job of each channel that has something due; several for much mail or many SMS. Called by the tick: one statement when
    nothing is due."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notices_due_channels(%s)", [now])
        found = cursor.fetchall()
    lanes = [
        deliver.lane(org, TIER_OF_KIND[OrganisationKind(org_kind)].value, channel_id, kind, shard)
        for org, org_kind, channel_id, kind, due in found
        for shard in range(_workers(ChannelKind(kind), due))
    ]
    if lanes:
        jobs.wake(deliver.KIND, lanes, now=now)


def _workers(kind: ChannelKind, due: int) -> int:
    if kind not in (ChannelKind.MAIL, ChannelKind.SMS):
        return 1
    return max(1, min(MOST_WORKERS, due // SHARE))
