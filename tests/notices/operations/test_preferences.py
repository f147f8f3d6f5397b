"""How one is told is one's own choice; an address is written to only when it is proved."""

from __future__ import annotations

import re
from datetime import time, timedelta

import pytest
from django.utils import timezone

from core import jobs
from notices.enums import DeliveryState, Pace, Problem
from notices.models import Delivery, Preferences
from notices.operations import preferences as change
from notices.operations.preferences import Choice, ask_for_code, choose, confirm_mail, forget_mail
from notices.queries import preferences
from tests import factories
from tests.people import act, refused, sees

ADDRESS = "chen@example.com"


def kept(outside, name="technician"):
    (row,) = [row for row in factories.rows(Preferences) if row.person_id == outside.people.person(name).pk]
    return row


def ask(outside, address=ADDRESS, now=None):
    act(ask_for_code, viewer=outside.people.technician, address=address, now=now or timezone.now())
    jobs.drain()


def code_of(mail):
    return re.search(r"\d{6}", str(mail["Subject"]))[0]


def confirm(outside, code, now=None):
    return act(confirm_mail, viewer=outside.people.technician, code=code, now=now or timezone.now())


def test_a_choice_is_kept_for_oneself(outside):
    choice = Choice(on={"trial": ["sms"]}, quiet=(time(21, 0), time(8, 0)), pace=Pace.GATHERED)
    act(choose, viewer=outside.people.technician, choice=choice)
    row = kept(outside)
    assert (row.choices, row.quiet_from, row.quiet_to, row.pace) == (
        {"trial": ["sms"]},
        time(21, 0),
        time(8, 0),
        "gathered",
    )
    act(choose, viewer=outside.people.technician, choice=Choice(on={}, quiet=None, pace=Pace.AT_ONCE))
    assert (kept(outside).choices, kept(outside).quiet) == ({"trial": ["sms"]}, None)
    assert act(preferences.mine, viewer=outside.people.second_technician).pk is None
    assert sees(outside.people.stranger, Preferences) == []


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (Choice(on={"nothing": []}, quiet=None, pace="at_once"), "on"),
        (Choice(on={"trial": ["pigeon"]}, quiet=None, pace="at_once"), "on"),
        (Choice(on={"trial": ["wecom"]}, quiet=None, pace="at_once"), "on"),
        (Choice(on={}, quiet=None, pace="never"), "pace"),
    ],
)
def test_what_is_not_offered_is_refused(outside, choice, field):
    with refused("choice_unknown", field=field):
        act(choose, viewer=outside.people.technician, choice=choice)


def test_a_channel_that_is_away_for_a_time_keeps_what_was_chosen_for_it(outside, settings):
    act(
        choose,
        viewer=outside.people.technician,
        choice=Choice(on={"trial": ["mail", "sms"]}, quiet=None, pace="at_once"),
    )
    gateway, settings.SMS_GATEWAY = settings.SMS_GATEWAY, None
    act(choose, viewer=outside.people.technician, choice=Choice(on={"trial": []}, quiet=None, pace="at_once"))
    settings.SMS_GATEWAY = gateway
    assert kept(outside).choices == {"trial": ["sms"]}


def test_before_the_code_is_entered_nothing_but_the_code_goes_to_an_address(outside):
    outside.prefers("technician")  # at any hour: by itself it would wait for the morning
    ask(outside)
    outside.tell("technician")
    outside.leave()
    (mail,) = outside.mails.received
    code = code_of(mail)
    assert str(mail["Subject"]).strip() == f"您的验证码是 {code},用于确认这是您的邮箱。"
    assert code not in repr(factories.rows(Delivery)[0].__dict__), "the code is kept nowhere"
    assert kept(outside).confirmed_mail == ""
    with refused("code_wrong", field="code"):
        confirm(outside, "000000" if code != "000000" else "000001")
    confirm(outside, f" {code[:3]} {code[3:]} ")
    assert kept(outside).confirmed_mail == ADDRESS
    outside.tell("technician")
    outside.leave()
    assert outside.mails.to == [ADDRESS, ADDRESS]
    with refused("code_old"):
        confirm(outside, code)


def test_a_code_proves_one_address_and_the_last_one_only(outside):
    ask(outside)
    ask(outside, "other@example.com")
    first, second = (code_of(mail) for mail in outside.mails.received)
    assert outside.mails.to == [ADDRESS, "other@example.com"] and first != second
    with refused("code_wrong"):
        confirm(outside, first)
    confirm(outside, second)
    assert kept(outside).confirmed_mail == "other@example.com"


def test_a_code_that_still_waits_is_given_up_when_another_one_is_asked_for(outside):
    act(ask_for_code, viewer=outside.people.technician, address=ADDRESS, now=timezone.now())
    act(ask_for_code, viewer=outside.people.technician, address="other@example.com", now=timezone.now())
    jobs.drain()
    assert outside.mails.to == ["other@example.com"]
    assert [(row.state, row.problem) for row in factories.rows(Delivery)] == [
        (DeliveryState.GIVEN_UP, Problem.NOBODY), (DeliveryState.SENT, ""),
    ]  # fmt: skip


def test_after_half_an_hour_or_five_wrong_ones_a_code_is_worth_nothing(outside):
    now = timezone.now()
    ask(outside, now=now)
    code = code_of(outside.mails.received[0])
    with refused("code_old"):
        confirm(outside, code, now=now + timedelta(minutes=31))
    for _ in range(5):
        change.count_wrong_code(outside.people.technician)
    with refused("code_old"):
        confirm(outside, code, now=now)


def test_codes_are_not_sent_without_end(outside):
    for place in range(5):
        ask(outside, f"a{place}@example.com")
    with refused("codes_too_many"):
        ask(outside)
    assert len(outside.mails.received) == 5


@pytest.mark.parametrize(
    "address",
    [
        "",
        "chen",
        "chen@",
        "@example.com",
        "chen@example.com\nBcc: x@example.com",
        "a b@example.com",
        "x" * 250 + "@e.cn",
    ],
)
def test_what_is_no_address_is_refused(outside, address):
    with refused("mail_wrong", field="address"):
        ask(outside, address)


def test_without_a_mail_server_no_address_is_taken(outside, settings):
    settings.NOTICES_MAIL = False
    with refused("mail_not_configured"):
        ask(outside)


def test_an_address_is_forgotten(outside):
    outside.prefers("technician", mail=ADDRESS)
    act(forget_mail, viewer=outside.people.technician)
    assert kept(outside).mail == "" and kept(outside).confirmed_mail == ""
