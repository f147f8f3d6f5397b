"""Taking messages in hand, giving them back, trying them again by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from notices.enums import ChannelKind, DeliveryState
from notices.models import Delivery
from notices.operations import deliver
from notices.operations.channels import pause_channel, remove_robot
from tests import factories
from tests.people import act, refused

D = DeliveryState


def claim(outside, now=None, **more):
    return act(
        deliver.claim,
        viewer=outside.people.dispatcher,
        channel_id=outside.channel.pk,
        now=now or timezone.now(),
        **more,
    )


def test_what_one_worker_has_in_hand_another_one_does_not_get(outside):
    members = outside.members(5)
    outside.tell(*members)
    now = timezone.now()
    first, second = claim(outside, now, most=3), claim(outside, now, most=3)
    assert (len(first.messages), len(second.messages)) == (3, 2)
    assert not {message.id for message in first.messages} & {message.id for message in second.messages}
    assert claim(outside, now).messages == ()
    again = claim(outside, now + deliver.IN_HAND + timedelta(seconds=1))
    assert {message.id for message in again.messages} == {m.id for c in (first, second) for m in c.messages}


def test_what_left_together_is_claimed_together_however_few_are_asked_for(outside):
    outside.prefers("technician", mail="chen@example.com")
    for title in "abc":
        outside.tell("technician", params={"title": title})
    now = timezone.now()
    (first,) = claim(outside, now).messages
    later = now + deliver.IN_HAND + timedelta(seconds=1)
    (again,) = claim(outside, later, most=1).messages
    assert again.id == first.id and [part.params["title"] for part in again.parts] == ["a", "b", "c"]


def test_what_was_not_tried_is_due_again_at_once_and_counts_no_try(outside):
    outside.tell(*outside.members(2))
    now = timezone.now()
    had = claim(outside, now)
    ids = [message.id for message in had.messages]
    act(deliver.put_back, viewer=outside.people.dispatcher, channel_id=had.channel_id, message_ids=ids, now=now)
    assert {(row.attempts, row.next_at, row.state) for row in outside.deliveries} == {(0, now, D.WAITING)}
    assert {message.id for message in claim(outside, now).messages} == set(ids)


def test_a_foreign_channel_gives_nothing(outside):
    outside.robot()
    outside.tell("technician")
    stranger = outside.people.stranger
    assert act(deliver.claim, viewer=stranger, channel_id=outside.channel.pk, now=timezone.now()) is None


def test_secrets_do_not_show_in_what_is_claimed(outside):
    outside.robot(ChannelKind.FEISHU, secret="geheim")
    outside.tell("technician")
    had = claim(outside)
    assert had.secret == "geheim" and had.key
    assert "geheim" not in repr(had) and had.key not in repr(had)


@pytest.mark.parametrize("state", [D.WAITING, D.SENT])
def test_what_is_on_its_way_or_there_is_not_tried_again(outside, state):
    outside.robot()
    outside.tell("technician")
    with factories.writing():
        Delivery._plain.update(state=state)
    with refused("delivery_done"):
        act(deliver.retry, viewer=outside.people.admin, public_id=outside.deliveries[0].public_id, now=timezone.now())


def test_the_button_tries_again_what_was_given_up_with_all_that_left_together(outside):
    outside.prefers("technician", mail="chen@example.com")
    outside.mails.refuse["chen@example.com"] = "550 no"
    for title in "ab":
        outside.tell("technician", params={"title": title})
    outside.leave()
    assert outside.states == [D.GIVEN_UP, D.GIVEN_UP]
    outside.mails.refuse.clear()
    with factories.writing():
        Delivery._plain.update(due_at=timezone.now() - timedelta(days=5))
    act(deliver.retry, viewer=outside.people.admin, public_id=outside.deliveries[1].public_id, now=timezone.now())
    assert outside.states == [D.WAITING, D.WAITING]
    outside.leave()
    assert outside.states == [D.SENT, D.SENT] and len(outside.mails.received) == 1


def test_what_waits_for_a_paused_or_removed_channel_is_not_tried_again(outside):
    robot = outside.robot()
    outside.tell("technician")
    admin, key = outside.people.admin, outside.deliveries[0].public_id
    with factories.writing():
        Delivery._plain.update(state=D.GIVEN_UP)
    act(pause_channel, viewer=admin, public_id=robot.public_id, now=timezone.now())
    with refused("channel_paused"):
        act(deliver.retry, viewer=admin, public_id=key, now=timezone.now())
    act(remove_robot, viewer=admin, public_id=robot.public_id, now=timezone.now())
    with refused("channel_paused"):
        act(deliver.retry, viewer=admin, public_id=key, now=timezone.now())


@pytest.mark.parametrize("who", ["dispatcher", "technician"])
def test_only_an_administrator_has_the_button(outside, who):
    outside.robot()
    outside.tell("technician")
    with refused("not_allowed"):
        act(
            deliver.retry, viewer=getattr(outside.people, who), public_id=outside.deliveries[0].public_id,
            now=timezone.now(),
        )  # fmt: skip


def test_another_organisations_delivery_is_not_there(outside):
    outside.robot()
    outside.tell("technician")
    with refused("not_found"):
        act(
            deliver.retry, viewer=outside.people.stranger_admin, public_id=outside.deliveries[0].public_id,
            now=timezone.now(),
        )  # fmt: skip
