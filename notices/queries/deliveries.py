"""Reading what has left or is to leave: for the administrator, who sees to whom and whether, not what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.tenancy import TenantQuerySet, Viewer
from notices.enums import TEST, TO_LEAVE, DeliveryState
from notices.models import Channel, Delivery
from notices.queries import kinds
from notices.queries.channels import failure_words
from partners.models import Person

KEPT = timedelta(days=90)

#: the newest first
ORDERS = {"new": ("-id",)}

CHIPS = {
    DeliveryState.WAITING: "waiting",
    DeliveryState.FAILED: "warning",
    DeliveryState.SENT: "good",
    DeliveryState.GIVEN_UP: "bad",
}


@dataclass(frozen=True)
class DeliveryFilter:
    """What narrows the list. channel: public id."""

    state: str = ""
    channel: str = ""


def listing(viewer: Viewer, narrowed: DeliveryFilter) -> TenantQuerySet[Delivery]:
    """The organisation's deliveries that fit, in no order yet."""
    rows: TenantQuerySet[Delivery] = Delivery.objects.visible_to(viewer).filter(organisation_id=viewer.org)
    if narrowed.state:
        rows = rows.filter(state=narrowed.state)
    if narrowed.channel:
        rows = rows.filter(channel__public_id=narrowed.channel, channel__organisation_id=viewer.org)
    return rows.select_related("channel").defer("channel__key", "channel__secret")


def one(viewer: Viewer, public_id: str) -> Delivery:
    """A delivery. Errors: NotFound."""
    rows: TenantQuerySet[Delivery] = Delivery.objects.visible_to(viewer).filter(organisation_id=viewer.org)
    return rows.one(public_id=public_id)


def lock(viewer: Viewer, public_id: str) -> Delivery:
    """A delivery with its channel, locked. Errors: NotFound."""
    rows: TenantQuerySet[Delivery] = Delivery.objects.visible_to(viewer).filter(organisation_id=viewer.org)
    return rows.select_related("channel").select_for_update(of=["self"]).one(public_id=public_id)


def last_test(viewer: Viewer, channel: Channel) -> Delivery | None:
    """The latest test of a channel."""
    rows = Delivery.objects.visible_to(viewer).filter(organisation_id=viewer.org, channel=channel, kind=TEST)
    return rows.order_by("-id").first()


def to_leave(viewer: Viewer, channel: Channel) -> int:
    """How many messages of a channel still have to leave; counted up to 1,000."""
    rows = Delivery.objects.visible_to(viewer).filter(organisation_id=viewer.org, channel=channel, state__in=TO_LEAVE)
    return rows.order_by().values("id")[:1_000].count()


@dataclass(frozen=True)
class Row:
    """A delivery in finished words. to: whom. about: group of its kind. when: when it left, or when it will."""

    public_id: str
    created_at: datetime
    channel: Any
    to: str
    about: Any
    urgent: bool
    state: Any
    family: str
    tries: int
    when: datetime | None
    why: str
    may_retry: bool


def rows_of(viewer: Viewer, found: Sequence[Delivery]) -> dict[int, Row]:
    """Deliveries in words, by id. One statement, for the names of people."""
    ids = {delivery.person_id for delivery in found if delivery.person_id}
    people = Person.objects.visible_to(viewer).filter(organisation_id=viewer.org, id__in=ids)
    names = dict(people.order_by("id").values_list("id", "name")) if ids else {}
    return {delivery.pk: _row(delivery, names) for delivery in found}


def _row(delivery: Delivery, names: dict[int, str]) -> Row:
    state = DeliveryState(delivery.state)
    name = names.get(delivery.person_id or 0, "")
    return Row(
        public_id=delivery.public_id,
        created_at=delivery.created_at,
        channel=delivery.channel.get_kind_display(),
        to=" · ".join(part for part in (name, delivery.target) if part),
        about=kinds.group_of(delivery.kind).label,
        urgent=delivery.urgent,
        state=state.label,
        family=CHIPS[state],
        tries=delivery.attempts,
        when=delivery.sent_at if state == DeliveryState.SENT else delivery.next_at if state in TO_LEAVE else None,
        why="" if state == DeliveryState.SENT else failure_words(delivery.problem, delivery.detail),
        may_retry=may_retry(delivery),
    )


def may_retry(delivery: Delivery) -> bool:
    """Whether trying now makes sense: it was given up, or waits after a failure, and its channel works. Needs the channel."""
    return delivery.channel.active and delivery.state in (DeliveryState.GIVEN_UP, DeliveryState.FAILED)
