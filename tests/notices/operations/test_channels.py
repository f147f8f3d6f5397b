"""Robots are the administrator's; their keys go in and never come out."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.utils import timezone

from notices.enums import ChannelKind
from notices.models import Channel
from notices.operations.channels import (
    RobotFacts,
    add_robot,
    change_robot,
    open_personal,
    pause_channel,
    remove_robot,
    resume_channel,
    send_test,
)
from notices.queries import channels
from tests import factories
from tests.notices.conftest import GROUP, KEY
from tests.people import act, refused, sees

NOW = timezone.now()


def again(row):
    return factories.again(row)


def test_the_key_is_kept_its_end_is_shown_and_pages_never_read_it(outside):
    robot = outside.robot(secret="geheim")
    kept = again(robot)
    assert (kept.key, kept.key_end, kept.groups) == (KEY, "1234", [GROUP.code])
    assert kept.secret == "", "企业微信 does not sign"
    from core import tenancy

    with tenancy.acting(outside.people.admin):
        shown = channels.one(outside.people.admin, robot.public_id)
        assert {"key", "secret"} <= shown.get_deferred_fields()
        assert {"key", "secret"} <= channels.all_of(outside.people.admin)[-1].get_deferred_fields()


@pytest.mark.parametrize("who", ["dispatcher", "technician", "owner", "reviewer", "office"])
def test_only_administrators_have_robots(outside, who):
    robot = outside.robot()
    viewer = getattr(outside.people, who)
    facts = RobotFacts(kind="wecom", name="x", address="x")
    for operation, more in (
        (add_robot, {"facts": facts}),
        (change_robot, {"public_id": robot.public_id, "expected_version": 1, "facts": facts}),
        (pause_channel, {"public_id": robot.public_id}),
        (resume_channel, {"public_id": robot.public_id}),
        (remove_robot, {"public_id": robot.public_id}),
        (send_test, {"public_id": robot.public_id}),
    ):
        with refused("not_allowed"):
            act(operation, viewer=viewer, now=NOW, **more)


def test_another_organisations_robot_is_not_there(outside):
    robot = outside.robot()
    for operation in (pause_channel, resume_channel, remove_robot, send_test):
        with refused("not_found"):
            act(operation, viewer=outside.people.stranger_admin, public_id=robot.public_id, now=NOW)
    assert sees(outside.people.stranger_admin, Channel) == []
    assert sees(outside.people.hq_admin, Channel) == []


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "robot_address"),
        ("https://evil.example/hook?key=abcdefgh-1234", "robot_address"),
        ("{base}", "robot_address"),
        ("{base}short", "robot_address"),
        ("{base}abcdefgh/../../x", "robot_address"),
        ("{base}abcdefgh&key=2", "robot_address"),
        ("{base}abcdefgh 1", "robot_address"),
        ("x{base}abcdefgh", "robot_address"),
    ],
)
def test_an_address_that_is_no_robots_of_this_kind_is_refused(outside, address, code):
    base = channels.base_of("wecom")
    with refused(code, field="address"):
        outside.robot(address=address.format(base=base))
    assert factories.rows(Channel) == []


def test_an_address_is_looked_at_when_it_is_typed(outside, settings):
    settings.NOTICES_ALLOW_HOSTS = frozenset()
    with refused("address_refused", field="address") as _:
        outside.robot()
    with pytest.raises(Exception, match="https"):
        outside.robot()


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"name": " "}, "robot_name_missing", "name"),
        ({"name": "长" * 41}, "text_too_long", "name"),
        ({"groups": ("system",)}, "choice_unknown", "groups"),
        ({"groups": ("nothing",)}, "choice_unknown", "groups"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(outside, facts, code, field):
    with refused(code, field=field):
        outside.robot(**facts)


def test_two_robots_have_two_names_and_a_removed_one_frees_his(outside):
    robot = outside.robot(name="群一")
    with refused("constraint", field="name"):
        outside.robot(ChannelKind.FEISHU, name="群一")
    outside.robot(by=outside.people.stranger_admin, name="群一")
    act(remove_robot, viewer=outside.people.admin, public_id=robot.public_id, now=NOW)
    outside.robot(ChannelKind.FEISHU, name="群一")


def test_a_change_keeps_what_is_left_empty_and_takes_the_secret_away_when_asked(outside):
    robot = outside.robot(ChannelKind.DINGTALK, secret="SECone")
    change = {"viewer": outside.people.admin, "public_id": robot.public_id, "now": NOW}
    act(change_robot, expected_version=1, facts=RobotFacts(kind="dingtalk", name="新群"), **change)
    kept = again(robot)
    assert (kept.name, kept.key, kept.secret, kept.groups, kept.version) == ("新群", KEY, "SECone", [], 2)
    with refused("stale"):
        act(change_robot, expected_version=1, facts=RobotFacts(kind="dingtalk", name="又"), **change)
    act(change_robot, expected_version=2, facts=RobotFacts(kind="dingtalk", name="新群", drop_secret=True), **change)
    assert again(robot).secret == ""


def test_a_new_address_is_tried_at_once(outside):
    robot = outside.robot()
    with factories.writing():
        Channel._plain.filter(pk=robot.pk).update(failures=9, rests_until=NOW)
    facts = RobotFacts(kind="wecom", name="x", address=f"{channels.base_of('wecom')}another-key-1")
    act(change_robot, viewer=outside.people.admin, public_id=robot.public_id, expected_version=1, facts=facts, now=NOW)
    assert (again(robot).failures, again(robot).rests_until, again(robot).key_end) == (0, None, "ey-1")


def test_a_removed_robot_has_no_key_and_is_nowhere(outside):
    robot = outside.robot(ChannelKind.FEISHU, secret="geheim")
    act(remove_robot, viewer=outside.people.admin, public_id=robot.public_id, now=NOW)
    kept = again(robot)
    assert (kept.key, kept.key_end, kept.secret, kept.active) == ("", "", "", False)
    with refused("not_found"):
        act(resume_channel, viewer=outside.people.admin, public_id=robot.public_id, now=NOW)


def test_mail_and_sms_are_made_once_and_only_paused(outside):
    for _ in range(2):
        act(open_personal, viewer=outside.people.admin)
    mail, _sms = sorted(factories.rows(Channel), key=lambda row: row.kind)
    assert [row.kind for row in factories.rows(Channel)] == ["mail", "sms"]
    with refused("channel_of_installation"):
        act(remove_robot, viewer=outside.people.admin, public_id=mail.public_id, now=NOW)
    act(pause_channel, viewer=outside.people.admin, public_id=mail.public_id, now=NOW)
    assert again(mail).active is False
    with pytest.raises(IntegrityError), factories.writing():
        Channel._plain.create(organisation_id=outside.people.cs01.pk, kind="mail")


def test_a_test_by_mail_goes_to_the_administrators_own_confirmed_address(outside):
    act(open_personal, viewer=outside.people.admin)
    mail = next(row for row in factories.rows(Channel) if row.kind == "mail")
    with refused("mail_unconfirmed"):
        act(send_test, viewer=outside.people.admin, public_id=mail.public_id, now=NOW)
    outside.prefers("admin", mail="zhou@example.com")
    act(send_test, viewer=outside.people.admin, public_id=mail.public_id, now=timezone.now())
    from core import jobs

    jobs.drain()
    assert outside.mails.to == ["zhou@example.com"]


def test_a_paused_channel_is_not_tested(outside):
    robot = outside.robot()
    act(pause_channel, viewer=outside.people.admin, public_id=robot.public_id, now=NOW)
    with refused("channel_paused"):
        act(send_test, viewer=outside.people.admin, public_id=robot.public_id, now=NOW)
