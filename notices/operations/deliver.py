"""Deliveries on their way: what a worker takes in hand, what it writes down afterwards, and what is tried again."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from core import rights
from core.errors import Refused
from core.jobs import Standing
from core.models import public_id as random_name
from core.tenancy import Viewer
from notices.calculations.messages import Message, Part
from notices.calculations.timing import PATIENT, TRIES, pause_after, rest_after
from notices.enums import MAIL_CODE, TEST, TO_LEAVE, ChannelKind, DeliveryState, Problem
from notices.models import Channel, Delivery
from notices.operations.send import send
from notices.queries import channels, deliveries, preferences
from partners.enums import Role
from partners.models import Person
from partners.queries import people

KIND = "notices.deliver"  # the worker's job, one standing row for each channel and shard

#: how long a worker has a message in hand; when it was killed, another one takes it then. A try lasts 8 s at most
IN_HAND = timedelta(seconds=45)
#: what still has not left so long after it should have is only noise
TOO_OLD = timedelta(hours=48)
#: a robot of 企业微信 or 钉钉 is silenced when it says more than 20 things a minute
ROBOT_PAUSE = timedelta(seconds=4)
#: messages that one worker takes at a time; more than that of a robot's go together into one post
AT_ONCE = 50
#: how many notices fit into one post: 企业微信 takes 2,048 bytes
TOGETHER = {ChannelKind.WECOM: 5, ChannelKind.DINGTALK: 20, ChannelKind.FEISHU: 20}
MOST_TOGETHER = 50


def lane(organisation_id: int, tier: str, channel_id: int, kind: str, shard: int = 0) -> Standing:
    """The job by which a channel's messages leave. shard: a number of its own for each worker that may send by it side by side."""
    return Standing(organisation_id, tier, f"{channel_id}:{shard}", {"channel": channel_id, "kind": kind})


@dataclass(frozen=True)
class Claim:
    """What a worker has in hand, and the way it goes. key, secret: of a robot."""

    channel_id: int
    kind: ChannelKind
    organisation: str
    messages: tuple[Message, ...]
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Failure:
    """A message that did not leave. detail: what the other side said.

    of_channel: it says nothing about this message, the next one would fare the same. final: trying again cannot help.
    """

    problem: Problem
    detail: str = ""
    of_channel: bool = True
    final: bool = False


@transaction.atomic
def claim(*, viewer: Viewer, channel_id: int, now: datetime, most: int = AT_ONCE) -> Claim | None:
    """Take what is due by a channel in hand, urgent ones first; None when nothing may leave by it now.

    One worker at a time looks at a channel, which its row's lock sees to; what it takes is its own for `IN_HAND`. What goes to the same
    person, or to a group, goes together in one message. After a failure one message goes first, to try. What is too old, was begun ten
    times, or has no receiver any more, is given up here.
    """
    channel = channels.lock_by_id(viewer, channel_id)
    if channel is None or not channel.is_open(now):
        return None
    due = _due(viewer, channel, now, most)
    for row in due:
        if row.attempts >= TRIES or row.due_at < now - TOO_OLD:
            _give_up(row, Problem.TRIED_OFTEN if row.attempts >= TRIES else Problem.OLD)
    receivers = {} if channel.is_robot else _receivers(viewer, channel, due)
    bundles = _bundles(channel, [row for row in due if row.state != DeliveryState.GIVEN_UP])
    if channel.is_robot or channel.failures:
        bundles = bundles[:1]
    for bundle in bundles:
        name = bundle[0].message_id or random_name()
        for row in bundle:
            row.message_id, row.attempts, row.next_at = name, row.attempts + 1, now + IN_HAND
    changed = [row for row in due if row.state == DeliveryState.GIVEN_UP] + [
        row for bundle in bundles for row in bundle
    ]
    columns = ["state", "attempts", "next_at", "message_id", "target", "problem"]
    Delivery.objects.visible_to(viewer).bulk_update(changed, columns)
    if channel.is_robot and bundles:
        channel.ready_at = now + ROBOT_PAUSE
        channel.save(update_fields=["ready_at"])
    messages = tuple(_message(bundle, receivers) for bundle in bundles)
    return Claim(channel.pk, ChannelKind(channel.kind), viewer.org_name, messages, channel.key, channel.secret)


@transaction.atomic
def note_sent(*, viewer: Viewer, channel_id: int, message_id: str, now: datetime) -> None:
    """A message has left: its channel works."""
    Channel.objects.visible_to(viewer).filter(id=channel_id).update(last_success_at=now, failures=0, rests_until=None)
    mine = Delivery.objects.visible_to(viewer).filter(channel_id=channel_id, message_id=message_id)
    mine.exclude(state=DeliveryState.SENT).update(state=DeliveryState.SENT, sent_at=now, problem="", detail="")


@transaction.atomic
def note_failed(*, viewer: Viewer, channel_id: int, message_id: str, failure: Failure, now: datetime) -> None:
    """A message did not leave: it is tried again after a pause, or given up; its channel rests when it was the channel's fault.

    With the fifth failure in a row the organisation's administrators are told, once.
    """
    channel = channels.lock_by_id(viewer, channel_id)
    mine = list(
        Delivery.objects.visible_to(viewer)
        .filter(channel_id=channel_id, message_id=message_id, state__in=TO_LEAVE)
        .select_for_update(of=["self"])
        .order_by("id")
    )
    for row in mine:
        row.problem, row.detail = failure.problem, failure.detail[:160]
        over = failure.final or row.attempts >= TRIES or row.kind == TEST
        row.state = DeliveryState.GIVEN_UP if over else DeliveryState.FAILED
        row.next_at = now if over else now + pause_after(row.attempts, random.uniform(0.8, 1.2))
    Delivery.objects.visible_to(viewer).bulk_update(mine, ["state", "next_at", "problem", "detail"])
    if channel is None or not failure.of_channel:
        return
    channel.failures += 1
    channel.rests_until = now + rest_after(channel.failures)
    channel.last_failure_at, channel.last_problem, channel.last_detail = now, failure.problem, failure.detail[:160]
    channel.save(update_fields=["failures", "rests_until", "last_failure_at", "last_problem", "last_detail"])
    if channel.failures == PATIENT:
        _tell_administrators(viewer, channel, now)


@transaction.atomic
def put_back(*, viewer: Viewer, channel_id: int, message_ids: Iterable[str], now: datetime) -> None:
    """What was in hand and not tried is due again at once."""
    mine = Delivery.objects.visible_to(viewer).filter(channel_id=channel_id, message_id__in=list(message_ids))
    mine.filter(state__in=TO_LEAVE).update(next_at=now, attempts=F("attempts") - 1)


def give_up_all(viewer: Viewer, channel: Channel) -> None:
    """What waits for a channel that is removed will never leave."""
    waiting = Delivery.objects.visible_to(viewer).filter(channel=channel, state__in=TO_LEAVE)
    waiting.update(state=DeliveryState.GIVEN_UP, problem=Problem.NOBODY)


@transaction.atomic
def forget_old(*, viewer: Viewer, now: datetime, most: int = 500) -> int:
    """Throw away deliveries of more than 90 days ago, some at a time; returns how many. The notices themselves stay."""
    rows = Delivery.objects.visible_to(viewer).filter(organisation_id=viewer.org).order_by("id")
    oldest = list(rows.values_list("id", "created_at")[:most])
    gone = [pk for pk, created_at in oldest if created_at < now - deliveries.KEPT]
    return Delivery.objects.visible_to(viewer).filter(id__in=gone).delete()[0] if gone else 0


@transaction.atomic
def retry(*, viewer: Viewer, public_id: str, now: datetime) -> Delivery:
    """Let a message that was given up, or that waits after a failure, leave now, with those that left together with it.

    Errors: not_allowed, NotFound, Refused("channel_paused"), Refused("delivery_done", 409).
    """
    rights.require(viewer, "delivery.retry")
    found = deliveries.one(viewer, public_id)
    channels.lock_by_id(viewer, found.channel_id)  # channel before delivery, as everywhere
    found = deliveries.lock(viewer, public_id)
    if not found.channel.active:
        raise Refused("channel_paused")
    if not deliveries.may_retry(found):
        raise Refused("delivery_done", status=409)
    mine = Delivery.objects.visible_to(viewer).filter(organisation_id=viewer.org, channel_id=found.channel_id)
    together = mine.filter(message_id=found.message_id) if found.message_id else mine.filter(id=found.pk)
    together.exclude(state=DeliveryState.SENT).update(state=DeliveryState.WAITING, attempts=0, due_at=now, next_at=now)
    Channel.objects.visible_to(viewer).filter(id=found.channel_id).update(rests_until=None)
    return found


def _due(viewer: Viewer, channel: Channel, now: datetime, most: int) -> list[Delivery]:
    """What is due, and with each message all that left together with it: a message id always names the same ones."""
    rows = Delivery.objects.visible_to(viewer).filter(channel=channel, state__in=TO_LEAVE)
    due = list(rows.filter(next_at__lte=now).order_by("-urgent", "next_at", "id")[:most])
    begun = {row.message_id for row in due if row.message_id}
    if begun:
        due += rows.filter(message_id__in=begun).exclude(id__in=[row.pk for row in due]).order_by("id")
    return due


def _give_up(row: Delivery, problem: Problem) -> None:
    row.state, row.problem = DeliveryState.GIVEN_UP, problem


@dataclass(frozen=True)
class _Receiver:
    language: str
    code: str


def _receivers(viewer: Viewer, channel: Channel, rows: Iterable[Delivery]) -> dict[int, _Receiver]:
    """Whom messages go to, by person, as they are now; what has no receiver any more is given up.

    An address that was changed meanwhile is the new one's: nothing ever goes to a former one.
    """
    waiting = [row for row in rows if row.state != DeliveryState.GIVEN_UP]
    ids = {row.person_id for row in waiting if row.person_id}
    colleagues = Person.objects.visible_to(viewer).filter(organisation_id=viewer.org, active=True, id__in=ids)
    found = {person.pk: person for person in colleagues.order_by("id")}
    mail = preferences.of_people(viewer, ids) if channel.kind == ChannelKind.MAIL else {}
    receivers = {}
    for row in waiting:
        person, chosen = found.get(row.person_id or 0), mail.get(row.person_id or 0)
        row.target = "" if person is None else person.phone if chosen is None else chosen.confirmed_mail
        code = preferences.code_for(chosen.mail, chosen.mail_nonce) if chosen and chosen.mail_nonce else ""
        if person is not None and chosen is not None and row.kind == MAIL_CODE:
            row.target = chosen.mail if code else ""
        if person is None or not row.target:
            _give_up(row, Problem.NOBODY)
        else:
            receivers[person.pk] = _Receiver(person.language, code)
    return receivers


def _bundles(channel: Channel, rows: Iterable[Delivery]) -> list[list[Delivery]]:
    """What goes together: as it was begun before; else all of one receiver, but urgent ones to people and tests alone."""
    most = TOGETHER.get(ChannelKind(channel.kind), MOST_TOGETHER)
    found: dict[tuple[object, ...], list[Delivery]] = {}
    for row in rows:
        alone = row.kind in (TEST, MAIL_CODE) or (row.urgent and not channel.is_robot)
        key: tuple[object, ...] = (row.message_id,) if row.message_id else ("", row.person_id, row.pk if alone else 0)
        found.setdefault(key, []).append(row)
    return [
        bundle[start : start + (len(bundle) if key[0] else most)]
        for key, bundle in found.items()
        for start in range(0, len(bundle), len(bundle) if key[0] else most)
    ]


def _message(bundle: Sequence[Delivery], receivers: dict[int, _Receiver]) -> Message:
    first = bundle[0]
    receiver = receivers.get(first.person_id or 0, _Receiver("", ""))
    parts = tuple(Part(row.kind, row.params, row.url, row.urgent, row.created_at) for row in bundle)
    return Message(first.message_id, first.target, receiver.language, parts, receiver.code)


def _tell_administrators(viewer: Viewer, channel: Channel, now: datetime) -> None:
    kind = "robot_fails" if channel.is_robot else f"{channel.kind}_fails"
    url = f"/channels/{channel.public_id}/"
    admins = people.ids_with_role(viewer, Role.ADMIN)
    send(viewer=viewer, person_ids=admins, kind=kind, params={"name": channel.name}, url=url, now=now)
