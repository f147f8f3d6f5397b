"""What is written with a notice: to whom, by which channel, when it leaves. Nothing is sent here."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from notices.enums import ChannelKind, Pace
from notices.models import Channel, Delivery, Notice
from notices.operations.channels import pause_channel, resume_channel
from notices.operations.send import send
from notices.queries import kinds
from tests import factories
from tests.notices.conftest import QUIETLY
from tests.people import act

NIGHT = datetime(2026, 6, 11, 15, 30, tzinfo=UTC)  # 23:30 in China
MORNING = datetime(2026, 6, 11, 23, 0, tzinfo=UTC)  # 07:00 on the twelfth
EIGHT = datetime(2026, 6, 12, 0, 0, tzinfo=UTC)
QUIET = {"quiet_from": time(22, 0), "quiet_to": time(7, 0)}


def leaves(outside):
    return [(row.channel_id, row.next_at) for row in outside.deliveries]


def test_at_night_the_notice_is_there_at_once_and_the_mail_waits_for_the_morning(outside):
    outside.prefers("technician", mail="chen@example.com", **QUIET)
    outside.robot(**QUIET)
    outside.tell("technician", now=NIGHT)
    assert [row.created_at for row in factories.rows(Notice)] == [NIGHT]
    assert [row.next_at for row in outside.deliveries] == [MORNING, MORNING]
    assert {row.due_at for row in outside.deliveries} == {MORNING}


def test_a_breach_leaves_at_once_also_at_night_and_also_for_who_gathers(outside):
    outside.prefers("technician", mail="chen@example.com", pace=Pace.GATHERED, **QUIET)
    outside.robot(**QUIET)
    outside.tell("technician", now=NIGHT, urgent=True)
    assert [(row.next_at, row.urgent) for row in outside.deliveries] == [(NIGHT, True), (NIGHT, True)]
    assert [row.urgent for row in factories.rows(Notice)] == [True]


def test_who_gathers_gets_it_at_eight(outside):
    outside.prefers("technician", mail="chen@example.com", pace=Pace.GATHERED, **QUIET)
    outside.tell("technician", now=NIGHT)
    assert [row.next_at for row in outside.deliveries] == [EIGHT]


def test_who_never_chose_has_quiet_nights_and_no_mail_before_an_address_is_confirmed(outside):
    outside.tell("technician", now=NIGHT)
    assert outside.deliveries == [] and factories.rows(Channel) == []
    outside.prefers("second_technician", mail="liu@example.com", mail_confirmed_at=None)
    outside.tell("second_technician", now=NIGHT)
    assert outside.deliveries == []


def test_each_person_is_told_by_the_channels_he_chose_for_the_group(outside):
    outside.prefers("technician", mail="chen@example.com", choices={"trial": ["mail", "sms"]})
    outside.prefers("second_technician", mail="liu@example.com", choices={"trial": []})
    outside.prefers("admin", mail="zhou@example.com", choices={"system": ["sms"]})
    outside.tell("technician", "second_technician", "admin")
    ways = {channel.pk: channel.kind for channel in factories.rows(Channel)}
    told = sorted((ways[row.channel_id], row.target) for row in outside.deliveries)
    phone = outside.people.person("technician").phone
    assert told == [("mail", "chen@example.com"), ("mail", "zhou@example.com"), ("sms", phone)]
    outside.tell("admin", kind=QUIETLY)
    assert outside.deliveries[-1].target == outside.people.person("admin").phone


def test_a_group_says_which_channels_are_on_for_who_has_chosen_nothing(outside, monkeypatch):
    loud = kinds.Group("trial", kinds._kinds["trial_told"].group.label, frozenset({ChannelKind.SMS}))
    monkeypatch.setitem(kinds._kinds, "trial_told", kinds.Spec("x", loud))
    outside.tell("technician", "second_technician")
    assert [row.target for row in outside.deliveries] == [
        outside.people.person("technician").phone,
        outside.people.person("second_technician").phone,
    ]


def test_what_the_installation_does_not_have_is_not_written(outside, settings):
    settings.NOTICES_MAIL, settings.SMS_GATEWAY = False, None
    outside.prefers("technician", mail="chen@example.com", choices={"trial": ["mail", "sms"]})
    outside.tell("technician")
    assert outside.deliveries == []


def test_nothing_is_written_for_a_channel_that_is_paused_and_again_when_it_works(outside):
    robot = outside.robot()
    act(pause_channel, viewer=outside.people.admin, public_id=robot.public_id, now=NIGHT)
    outside.tell("technician")
    assert outside.deliveries == []
    act(resume_channel, viewer=outside.people.admin, public_id=robot.public_id, now=NIGHT)
    outside.tell("technician")
    assert len(outside.deliveries) == 1
    outside.prefers("technician", mail="chen@example.com")
    outside.tell("technician")
    with factories.writing():
        Channel._plain.filter(kind="mail").update(active=False)
    before = len(outside.deliveries)
    outside.tell("technician")
    assert len(outside.deliveries) == before + 1, "the robot only"


def test_notice_and_deliveries_are_kept_together_or_not_at_all(outside):
    outside.robot()

    @transaction.atomic
    def tell_and_fail():
        outside.tell("technician")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        tell_and_fail()
    assert factories.rows(Notice) == [] and factories.rows(Delivery) == []


@pytest.mark.parametrize(
    ("has", "expected"),
    [
        ("nothing", 3),  # who is told, notices, channels
        ("robot", 4),  # and deliveries
        ("everything", 5),  # and what they chose
    ],
)
def test_a_notice_costs_as_many_statements_for_thirty_people_as_for_three(outside, settings, has, expected):
    if has != "everything":
        settings.NOTICES_MAIL, settings.SMS_GATEWAY = False, None
    if has != "nothing":
        outside.robot()
    counts = []
    outside.tell()  # who tells is known
    for number in (3, 30):
        members = outside.members(number)
        if has == "everything":
            outside.tell(*members)  # makes the channel
        with CaptureQueriesContext(connection) as queries:
            outside.tell(*members)
        plain = [
            query["sql"]
            for query in queries
            if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))
        ]
        counts.append(len(plain))
    assert counts == [expected, expected]


def test_the_old_form_of_a_kind_is_told_in_the_portal_only(outside, monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.register({"trial_plain": "%(title)s is ready."})
    outside.prefers("technician", mail="chen@example.com")
    outside.robot()
    assert outside.tell("technician", kind="trial_plain") == 1
    assert outside.deliveries == []
    assert kinds.group_of("trial_plain") is kinds.SYSTEM


def test_two_groups_cannot_share_a_code(outside, monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    other = kinds.Group("trial", "other", frozenset())
    with pytest.raises(ValueError, match="said twice"):
        kinds.register({"trial_clash": kinds.Spec("x", other)})


def test_send_in_the_past_is_due_then(outside):
    """Sample data are written with times long past."""
    outside.robot()
    long_ago = NIGHT - timedelta(days=100)
    act(
        send, viewer=outside.people.dispatcher, person_ids=[outside.people.person("technician").pk], kind="trial_told",
        params={}, url="/", now=long_ago,
    )  # fmt: skip
    assert [row.next_at for row in outside.deliveries] == [long_ago]
