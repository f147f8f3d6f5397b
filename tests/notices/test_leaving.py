"""Messages leave the portal: the tick rings, a worker sends, receivers on loopback take them or do not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import jobs, outward, tenancy, tick
from core.models import Job, JobState
from notices.calculations.timing import TRIES
from notices.enums import ChannelKind, DeliveryState, Problem
from notices.models import Channel, Delivery, Notice
from notices.operations import deliver
from notices.operations.channels import remove_robot, send_test
from notices.queries import kinds
from notices.tasks import deliver as tasks
from partners.models import Person
from tests import factories
from tests.notices.conftest import GROUP, KEY, QUIETLY, TO_ONE
from tests.people import act

WECOM, DINGTALK, FEISHU = ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU
D = DeliveryState


def only(rows):
    (row,) = rows
    return row


def subject(mail):
    """The subject as a mail program shows it: unfolded."""
    return str(mail["Subject"]).strip()


# ── mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_mail_says_what_to_do_and_leads_to_the_page(outside):
    outside.prefers("technician", mail="chen@example.com")
    assert outside.tell("technician", params={"title": "BX-1 <b>"}, url="/tickets/abc/") == 1
    assert outside.states == [D.WAITING], "nothing leaves within the request"
    outside.leave()
    mail = only(outside.mails.received)
    assert outside.mails.to == ["chen@example.com"]
    assert subject(mail) == "接单:BX-1 <b> 已完成。"
    assert mail["From"] == "售后服务 <service@example.com>"
    assert mail["To"] == "chen@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = (mail.get_body((kind,)).get_content().replace("\r", "") for kind in ("plain", "html"))
    assert "接单:BX-1 <b> 已完成。\nhttps://service.example.com/tickets/abc/\n" in text
    assert "BX-1 &lt;b&gt; 已完成。" in html and "<b>" not in html
    assert '<a href="https://service.example.com/tickets/abc/">' in html
    row = only(outside.deliveries)
    assert (row.state, row.attempts, row.target) == (D.SENT, 1, "chen@example.com")
    assert mail["Message-ID"] == f"<{row.message_id}@service.example.com>"
    assert outside.channel.last_success_at is not None


def test_a_mail_is_in_its_readers_language(outside):
    outside.prefers("technician", mail="chen@example.com")
    with factories.writing():
        Person._plain.filter(pk=outside.people.person("technician").pk).update(language="en")
    outside.tell("technician")
    outside.leave()
    assert subject(only(outside.mails.received)) == "Accept the job: BX-1 is ready."


@pytest.mark.parametrize(
    "name", ["a\r\nBcc: all@example.com", "a\nBcc: all@example.com\n\nGood bye", "a\u2028Bcc: x", "a\x00b"]
)
def test_nobodys_name_can_write_a_header(outside, name):
    outside.prefers("technician", mail="chen@example.com")
    shown = name.replace("\x00", " ")  # what the database cannot hold never comes so far
    outside.tell("technician", params={"title": shown})
    outside.leave()
    mail = only(outside.mails.received)
    assert mail["Bcc"] is None
    assert outside.mails.to == ["chen@example.com"]
    assert "\n" not in subject(mail) and subject(mail).startswith("接单:a ")


def test_what_is_due_for_one_person_goes_in_one_mail_and_urgent_ones_alone(outside):
    outside.prefers("technician", mail="chen@example.com")
    outside.prefers("second_technician", mail="liu@example.com")
    for title in ("BX-1", "BX-2", "BX-3"):
        outside.tell("technician", "second_technician", params={"title": title})
    outside.tell("technician", params={"title": "BX-9"}, urgent=True)
    outside.leave()
    by_subject = sorted((str(mail["To"]), subject(mail)) for mail in outside.mails.received)
    assert by_subject == [
        ("chen@example.com", "3 条消息,第一条:接单:BX-1 已完成。"),
        ("chen@example.com", "接单:BX-9 已完成。"),
        ("liu@example.com", "3 条消息,第一条:接单:BX-1 已完成。"),
    ]
    assert subject(outside.mails.received[0]) == "接单:BX-9 已完成。", "what is urgent goes first"
    assert set(outside.states) == {D.SENT}
    assert outside.mails.connections == 1, "one connection for all of them"


def test_a_hundred_people_need_one_connection_and_a_statement_or_two_each(outside):
    members = outside.members(100)
    outside.tell(*members)
    tick.tick(timezone.now())
    with CaptureQueriesContext(connection) as queries:
        jobs.drain()
    assert sorted(outside.mails.to) == sorted(f"p{person.pk}@example.com" for person in members)
    assert outside.mails.connections == 1
    assert set(outside.states) == {D.SENT}
    statements = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) < 100 * 5, "role in, channel, delivery, role out for each, and a claim for fifty"


def test_a_server_that_hangs_up_between_two_mails_gets_the_rest_by_a_new_connection(outside):
    outside.mails.most = 1
    for place, name in enumerate(("technician", "second_technician", "admin")):
        outside.prefers(name, mail=f"p{place}@example.com")
    outside.tell("technician", "second_technician", "admin")
    outside.leave()
    assert sorted(outside.mails.to) == ["p0@example.com", "p1@example.com", "p2@example.com"]
    assert outside.mails.connections == 3
    assert outside.channel.failures == 0


def test_an_address_that_is_refused_for_good_is_given_up_and_the_others_go_on(outside):
    outside.mails.refuse["chen@example.com"] = "550 no such user"
    outside.prefers("technician", mail="chen@example.com")
    outside.prefers("second_technician", mail="liu@example.com")
    outside.tell("technician", "second_technician")
    outside.leave()
    assert outside.mails.to == ["liu@example.com"]
    by_target = {row.target: (row.state, row.problem, row.detail) for row in outside.deliveries}
    assert by_target == {
        "chen@example.com": (D.GIVEN_UP, Problem.NO_SUCH_BOX, "550 no such user"),
        "liu@example.com": (D.SENT, "", ""),
    }
    assert outside.channel.failures == 0, "the server works"


def test_a_full_box_is_tried_again_with_the_same_message_id(outside):
    outside.mails.refuse["chen@example.com"] = "452 mailbox full"
    outside.prefers("technician", mail="chen@example.com")
    outside.tell("technician")
    outside.leave()
    row = only(outside.deliveries)
    assert (row.state, row.problem) == (D.FAILED, Problem.NO_SUCH_BOX)
    assert timedelta(seconds=10) < row.next_at - timezone.now() < timedelta(seconds=20)
    outside.mails.refuse.clear()
    outside.later()
    outside.leave()
    assert only(outside.mails.received)["Message-ID"] == f"<{row.message_id}@service.example.com>"
    assert only(outside.deliveries).attempts == 2


def test_a_repeat_is_the_same_message_though_more_became_due_meanwhile(outside):
    outside.mails.data_answer = "451 try later"
    outside.prefers("technician", mail="chen@example.com")
    outside.tell("technician", params={"title": "BX-1"})
    outside.tell("technician", params={"title": "BX-2"})
    outside.leave()
    outside.mails.data_answer = "250 taken"
    outside.tell("technician", params={"title": "BX-3"})
    outside.later()
    outside.leave()
    first, second, third = outside.deliveries
    assert first.message_id == second.message_id != third.message_id
    subjects = {str(mail["Message-ID"]): subject(mail) for mail in outside.mails.received}
    assert subjects == {
        f"<{first.message_id}@service.example.com>": "2 条消息,第一条:接单:BX-1 已完成。",
        f"<{third.message_id}@service.example.com>": "接单:BX-3 已完成。",
    }


def test_who_has_left_and_who_has_another_address_now(outside):
    outside.prefers("technician", mail="chen@example.com")
    outside.prefers("second_technician", mail="old@example.com")
    outside.prefers("admin", mail="zhou@example.com")
    outside.tell("technician", "second_technician", "admin")
    with factories.writing():
        Person._plain.filter(pk=outside.people.person("technician").pk).update(active=False)
    outside.prefers("second_technician", mail="new@example.com")
    outside.prefers("admin", mail="unknown@example.com", mail_confirmed_at=None)
    outside.leave()
    assert outside.mails.to == ["new@example.com"]
    assert [(row.state, row.problem) for row in outside.deliveries] == [
        (D.SENT, "") if row.person_id == outside.people.person("second_technician").pk else (D.GIVEN_UP, Problem.NOBODY)
        for row in outside.deliveries
    ]


# ── SMS ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def wants_sms(outside, name="technician"):
    return outside.prefers(name, choices={"trial": ["sms"]})


def test_an_sms_goes_to_the_gateway_as_its_template_says(outside, settings):
    settings.SMS_GATEWAY = settings.SMS_GATEWAY.__class__(
        url=settings.SMS_GATEWAY.url, token="t0ken", ok=("code", "0"),
        headers={"X-Key": "k-{token}"}, body={"to": ["{phone}"], "params": {"content": "{text}"}, "ref": "{id}"},
    )  # fmt: skip
    wants_sms(outside)
    outside.tell("technician", params={"title": 'BX-1 "{phone}" {token}'}, url="/tickets/abc/")
    outside.leave()
    post = only(outside.sms.received)
    row = only(outside.deliveries)
    phone = outside.people.person("technician").phone
    assert post.json["to"] == [phone] and post.json["ref"] == row.message_id
    assert post.headers["X-Key"] == "k-t0ken" and post.headers["X-Message-ID"] == row.message_id
    assert post.json["params"]["content"].endswith("https://service.example.com/tickets/abc/")
    assert "t0ken" not in post.json["params"]["content"], "what a person wrote is no template"
    assert row.state == D.SENT


def test_a_gateway_that_says_no_in_its_answer_has_failed(outside):
    outside.sms.says(200, {"code": 17, "message": "余额不足"})
    wants_sms(outside)
    outside.tell("technician")
    outside.leave()
    row = only(outside.deliveries)
    assert (row.state, row.problem, row.detail) == (D.FAILED, Problem.REFUSED, "17 余额不足")
    assert outside.channel.failures == 1


def test_several_sms_use_one_connection(outside):
    for name in ("technician", "second_technician", "admin"):
        wants_sms(outside, name)
    outside.tell("technician", "second_technician", "admin")
    outside.leave()
    assert (len(outside.sms.received), outside.sms.connections) == (3, 1)


# ── robots ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

BAD = '<at user_id="all">所有人</at> [x](http://evil) **y** 请打 13874651234,欠 300 元'


def test_wecom_is_told_plain_text_without_numbers_and_money(outside):
    outside.robot(WECOM)
    outside.tell("technician", params={"title": BAD}, url="/tickets/abc/")
    outside.leave()
    post = only(outside.of(WECOM).received)
    assert post.path == f"/wecom?key={KEY}"
    assert post.json == {
        "msgtype": "text",
        "text": {
            "content": '【售后服务】接单:<at user_id="all">所有人</at> [x](http://evil) **y** 请打 ***,欠 *** 已完成。\n'
            "https://service.example.com/tickets/abc/"
        },
    }
    assert post.headers["X-Message-ID"] == only(outside.deliveries).message_id
    assert post.headers["Content-Type"] == "application/json; charset=utf-8"


def test_a_figure_whose_currency_stands_in_the_sentence_is_hidden_too(outside, monkeypatch):
    spec = kinds.Spec("%(number)s: ¥%(amount)s / %(fee)s 元", GROUP)
    monkeypatch.setitem(kinds._kinds, "trial_told", spec)
    outside.robot(WECOM)
    outside.tell("technician", params={"number": "FW-CS01-202606-0001", "amount": "1882.60", "fee": 300})
    outside.leave()
    text = only(outside.of(WECOM).received).json["text"]["content"]
    assert text.startswith("【售后服务】FW-CS01-202606-0001: *** / ***\n")


def test_dingtalk_is_signed_in_the_address(outside):
    outside.robot(DINGTALK, secret="SECgeheim")
    outside.tell("technician", params={"title": BAD})
    outside.leave()
    post = only(outside.of(DINGTALK).received)
    query = {name: values[0] for name, values in parse_qs(urlsplit(post.path).query).items()}
    expected = hmac.new(b"SECgeheim", f"{query['timestamp']}\nSECgeheim".encode(), hashlib.sha256).digest()
    assert query == {"key": KEY, "timestamp": query["timestamp"], "sign": base64.b64encode(expected).decode()}
    assert abs(int(query["timestamp"]) / 1_000 - timezone.now().timestamp()) < 60
    assert post.json["msgtype"] == "text" and "13874651234" not in post.body.decode()


def test_feishu_is_signed_in_the_body_and_gets_text_nodes(outside):
    outside.robot(FEISHU, secret="geheim")
    outside.tell("technician", params={"title": BAD}, url="/tickets/abc/")
    outside.leave()
    body = only(outside.of(FEISHU).received).json
    key = f"{body['timestamp']}\ngeheim".encode()
    assert body["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    assert abs(int(body["timestamp"]) - timezone.now().timestamp()) < 60
    (nodes,) = body["content"]["post"]["zh_cn"]["content"]
    assert [node["tag"] for node in nodes] == ["text", "a"]
    assert nodes[0]["text"].startswith('接单:<at user_id="all">') and "300" not in nodes[0]["text"]
    assert nodes[1]["href"] == "https://service.example.com/tickets/abc/"


def test_a_robot_without_secret_sends_no_signature(outside):
    outside.robot(DINGTALK)
    outside.robot(FEISHU)
    outside.tell("technician")
    outside.leave()
    assert only(outside.of(DINGTALK).received).path == f"/dingtalk?key={KEY}"
    assert set(only(outside.of(FEISHU).received).json) == {"msg_type", "content"}


@pytest.mark.parametrize(
    ("kind", "answer", "problem", "detail"),
    [
        (WECOM, {"errcode": 93000, "errmsg": "invalid webhook url"}, Problem.GONE, "93000 invalid webhook url"),
        (WECOM, {"errcode": 45009, "errmsg": "api freq out of limit"}, Problem.BUSY, "45009 api freq out of limit"),
        (
            DINGTALK,
            {"errcode": 310000, "errmsg": "keywords not in content"},
            Problem.KEYWORD,
            "310000 keywords not in content",
        ),
        (FEISHU, {"code": 19021, "msg": "sign match fail"}, Problem.SIGNATURE, "19021 sign match fail"),
        (FEISHU, {"code": 777, "msg": "new\nkind"}, Problem.REFUSED, "777 new kind"),
        (WECOM, {"hello": 1}, Problem.NONSENSE, ""),
        (WECOM, ["errcode"], Problem.NONSENSE, ""),
        (WECOM, None, Problem.NONSENSE, ""),
    ],
)
def test_an_answer_of_200_with_an_error_code_is_a_failure_with_its_sentence(outside, kind, answer, problem, detail):
    outside.of(kind).says(200, answer)
    outside.robot(kind)
    outside.tell("technician")
    outside.leave()
    row, channel = only(outside.deliveries), outside.channel
    assert (row.state, row.problem, row.detail, row.attempts) == (D.FAILED, problem, detail, 1)
    assert (channel.failures, channel.last_problem, channel.last_detail) == (1, problem, detail)
    outside.of(kind).says(200, {"errcode": 0, "code": 0})
    outside.later()
    outside.leave()
    assert only(outside.deliveries).state == D.SENT
    assert (outside.channel.failures, outside.channel.rests_until) == (0, None)


@pytest.mark.parametrize(
    ("status", "problem", "detail"),
    [
        (302, Problem.REDIRECT, ""),
        (403, Problem.SIGN_IN, "HTTP 403"),
        (429, Problem.BUSY, "HTTP 429"),
        (502, Problem.STATUS, "HTTP 502"),
    ],
)
def test_a_status_is_a_failure_and_a_redirect_is_not_followed(outside, status, problem, detail):
    outside.of(WECOM).says(status, {"errcode": 0}, Location=f"{outside.sms.url}/inside")
    outside.robot()
    outside.tell("technician")
    outside.leave()
    assert (outside.channel.last_problem, outside.channel.last_detail) == (problem, detail)
    assert outside.sms.received == []


def test_what_a_group_is_told_at_once_comes_in_one_message(outside):
    outside.robot(WECOM)
    for number in range(7):
        outside.tell("technician", params={"title": f"BX-{number} " + "很长的名字" * 40})
    outside.leave()
    text = only(outside.of(WECOM).received).json["text"]["content"]
    assert text.startswith("【售后服务】 5 条消息\n1. ") and len(text.encode()) <= 2_048
    assert sorted(outside.states) == [D.SENT] * 5 + [D.WAITING] * 2
    outside.leave()
    assert len(outside.of(WECOM).received) == 1, "a robot says at most 15 things a minute"
    outside.later()
    outside.leave()
    assert set(outside.states) == {D.SENT}


def test_a_robot_tells_what_its_group_chose_and_nothing_that_is_for_one(outside):
    outside.robot(WECOM, groups=())
    outside.robot(FEISHU)
    for kind in (TO_ONE, QUIETLY, "nobody_knows_it"):
        outside.tell("technician", kind=kind)
    outside.tell("technician")
    assert [row.kind for row in outside.deliveries] == ["trial_told"]
    assert outside.by_kind("target") == {FEISHU: "feishu 群"}


def test_a_robot_speaks_for_its_own_organisation_only(outside):
    outside.robot(WECOM)
    outside.tell("stranger_technician", by=outside.people.stranger)
    assert outside.deliveries == []
    assert [row.organisation_id for row in factories.rows(Notice)] == [outside.people.hf01.pk]


def test_a_group_is_told_though_the_only_dispatcher_did_it_himself(outside):
    outside.robot(WECOM)
    assert outside.tell("dispatcher") == 0, "he knows"
    outside.leave()
    assert len(outside.of(WECOM).received) == 1
    assert factories.rows(Notice) == []


# ── failures ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_after_ten_tries_a_message_is_given_up(outside):
    outside.of(WECOM).says(500)
    outside.robot()
    outside.tell("technician")
    for _ in range(TRIES + 3):
        outside.later()
        outside.leave()
    assert len(outside.of(WECOM).received) == TRIES
    row = only(outside.deliveries)
    assert (row.state, row.attempts, row.problem) == (D.GIVEN_UP, TRIES, Problem.STATUS)


def test_after_five_failures_in_a_row_a_robot_rests_for_minutes_and_its_administrator_is_told_once(outside):
    outside.of(WECOM).says(500)
    robot = outside.robot()
    outside.tell("technician")
    for _ in range(7):
        outside.later()
        outside.leave()
    channel = outside.channel
    assert channel.failures == 7 and channel.is_troubled
    assert timedelta(minutes=7) < channel.rests_until - timezone.now() <= timedelta(minutes=8)
    told = [row for row in factories.rows(Notice) if row.kind == "robot_fails"]
    assert [(row.person_id, row.params, row.url) for row in told] == [
        (outside.people.person("admin").pk, {"name": "wecom 群"}, f"/channels/{robot.public_id}/")
    ]
    before = len(outside.of(WECOM).received)
    outside.tell("technician")
    outside.leave()
    assert len(outside.of(WECOM).received) == before, "while it rests nothing is tried"


def test_after_a_failure_one_message_goes_first_and_then_all(outside):
    outside.sms.says(500)
    for name in ("technician", "second_technician", "admin"):
        wants_sms(outside, name)
    outside.tell("technician", "second_technician", "admin")
    outside.leave()
    assert len(outside.sms.received) == 1, "the others would fare the same"
    assert sorted(row.attempts for row in outside.deliveries) == [0, 0, 1]
    outside.later()
    outside.leave()
    assert len(outside.sms.received) == 2
    outside.sms.says(200, {"code": 0})
    outside.later()
    outside.leave()
    assert set(outside.states) == {D.SENT} and len(outside.sms.received) == 5


def test_a_mail_server_that_is_away_disturbs_no_robot(outside, settings):
    settings.EMAIL_PORT = 9
    outside.prefers("technician", mail="chen@example.com")
    outside.robot(WECOM)
    outside.tell("technician")
    outside.leave()
    assert outside.by_kind() == {"mail": D.FAILED, "wecom": D.SENT}
    assert len(outside.of(WECOM).received) == 1


def test_a_mail_server_that_hangs_is_left_alone_by_everybody_and_disturbs_no_robot(outside, settings):
    settings.EMAIL_TIMEOUT = 0.3
    outside.mails.hang.set()
    outside.prefers("technician", mail="chen@example.com")
    outside.prefers("stranger_technician", mail="zhang@example.com")
    outside.robot(WECOM)
    outside.tell("technician")
    outside.tell("stranger_technician", by=outside.people.stranger)
    outside.leave()
    assert outside.mails.connections == 1, "the second organisation's mail does not wait for the same silence"
    assert len(outside.of(WECOM).received) == 1
    assert sorted(outside.states) == [D.FAILED, D.SENT, D.WAITING]
    outside.mails.hang.clear()
    outside.mails.over.set()
    outside.later()
    outside.leave()
    assert outside.mails.received == [], "for 15 s nobody tries"


def test_a_robot_that_hangs_does_not_hold_another_one_back(outside, monkeypatch):
    monkeypatch.setattr(outward, "PATIENCE", 0.3)
    outside.of(WECOM).hang.set()
    outside.robot(WECOM)
    outside.robot(FEISHU)
    outside.tell("technician")
    outside.leave()
    assert len(outside.of(FEISHU).received) == 1
    assert outside.by_kind("problem") == {"wecom": Problem.TIMEOUT, "feishu": ""}


def test_the_address_is_looked_at_again_at_every_message(outside, settings):
    outside.robot(WECOM)
    outside.tell("technician")
    settings.NOTICES_ALLOW_HOSTS = frozenset()
    outside.leave()
    assert outside.of(WECOM).received == []
    assert outside.channel.last_problem == Problem.SCHEME
    settings.NOTICES_ROBOT_URLS = {"wecom": "https://127.0.0.1/wecom?key="}
    outside.later()
    outside.leave()
    assert outside.channel.last_problem == Problem.HOST


def test_a_worker_that_dies_before_it_wrote_down_what_it_sent_sends_it_again_with_the_same_id(outside, monkeypatch):
    for place, name in enumerate(("technician", "second_technician", "admin")):
        outside.prefers(name, mail=f"p{place}@example.com")
    outside.tell("technician", "second_technician", "admin")
    note_sent, told = deliver.note_sent, []

    def dies(**facts):
        told.append(facts["message_id"])
        if len(told) == 2:
            raise SystemExit
        note_sent(**facts)

    monkeypatch.setattr(deliver, "note_sent", dies)
    with pytest.raises(SystemExit):
        outside.leave()
    monkeypatch.setattr(deliver, "note_sent", note_sent)
    assert len(outside.mails.received) == 2 and sorted(outside.states) == [D.SENT, D.WAITING, D.WAITING]
    outside.later()
    outside.leave()
    assert set(outside.states) == {D.SENT}
    ids = [str(mail["Message-ID"]) for mail in outside.mails.received]
    assert len(ids) == 4 and len(set(ids)) == 3 and ids.count(f"<{told[1]}@service.example.com>") == 2


def test_a_lost_job_is_taken_over_and_what_it_had_in_hand_comes_back(outside):
    outside.prefers("technician", mail="chen@example.com")
    outside.tell("technician")
    now = timezone.now()
    assert tick.tick(now)
    with factories.writing():
        Job._plain.filter(kind="notices.deliver").update(
            state=JobState.RUNNING, locked_by="killed", locked_until=now - timedelta(seconds=1), attempts=1
        )
    had = act(deliver.claim, viewer=outside.people.dispatcher, channel_id=outside.channel.pk, now=now)
    assert had is not None and len(had.messages) == 1
    outside.leave()
    assert outside.mails.received == [], "for 45 s it is in somebody's hand"
    outside.later()
    outside.leave()
    assert only(outside.mails.received)["Message-ID"] == f"<{had.messages[0].id}@service.example.com>"


def test_the_tick_wakes_one_job_for_each_channel_and_makes_no_heap_of_them(outside):
    outside.robot(WECOM)
    outside.robot(FEISHU)
    for _ in range(3):
        outside.tell("technician")
        outside.later()
        outside.leave()
    rows = [row for row in factories.rows(Job) if row.kind == "notices.deliver"]
    assert len(rows) == 2 and {row.state for row in rows} == {JobState.DONE}
    assert {row.organisation_id for row in rows} == {outside.people.cs01.pk}
    assert {tuple(sorted(row.payload)) for row in rows} == {("channel", "kind")}
    assert set(outside.states) == {D.SENT}


def test_a_quiet_tick_wakes_nobody(outside, django_assert_num_queries):
    outside.robot(WECOM)
    outside.tell("technician", now=timezone.now() + timedelta(hours=1))
    with tenancy.acting(tenancy.system()), django_assert_num_queries(1):
        tasks.wake_channels(timezone.now())
    assert factories.rows(Job) == []


def test_much_mail_gets_more_workers_and_a_robot_never(outside):
    assert [tasks._workers(ChannelKind.MAIL, due) for due in (1, 199, 400, 700, 1_000)] == [1, 1, 2, 3, 4]
    assert tasks._workers(WECOM, 1_000) == 1


# ── tests, removal, age ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_test_message_is_tried_once_at_once_also_while_the_robot_rests(outside):
    robot = outside.robot(WECOM)
    with factories.writing():
        Channel._plain.filter(pk=robot.pk).update(failures=6, rests_until=timezone.now() + timedelta(minutes=5))
    outside.of(WECOM).says(200, {"errcode": 93000, "errmsg": "invalid"})
    act(send_test, viewer=outside.people.admin, public_id=robot.public_id, now=timezone.now())
    assert jobs.drain() == 1, "woken at once, without the tick"
    assert only(outside.deliveries).state == D.GIVEN_UP
    outside.of(WECOM).says(200, {"errcode": 0})
    act(send_test, viewer=outside.people.admin, public_id=robot.public_id, now=timezone.now())
    jobs.drain()
    text = outside.of(WECOM).received[-1].json["text"]["content"]
    assert text.startswith("【售后服务】这是周岚的测试")
    assert outside.channel.failures == 0


def test_a_robot_that_is_removed_says_nothing_more(outside):
    robot = outside.robot(WECOM)
    outside.tell("technician")
    act(remove_robot, viewer=outside.people.admin, public_id=robot.public_id, now=timezone.now())
    outside.tell("technician")
    outside.leave()
    assert outside.of(WECOM).received == []
    assert outside.states == [D.GIVEN_UP]


def test_what_waited_for_two_days_is_not_sent_any_more(outside):
    outside.robot(WECOM)
    outside.tell("technician", now=timezone.now() - timedelta(hours=49))
    outside.tell("technician", params={"title": "BX-2"})
    outside.leave()
    assert [(row.state, row.problem) for row in outside.deliveries] == [(D.GIVEN_UP, Problem.OLD), (D.SENT, "")]
    assert "BX-1" not in only(outside.of(WECOM).received).body.decode()


def test_after_ninety_days_a_delivery_is_forgotten(outside):
    outside.robot(WECOM)
    outside.tell("technician")
    outside.leave()
    with factories.writing():
        Delivery._plain.update(created_at=timezone.now() - timedelta(days=91))
    outside.tell("technician", params={"title": "BX-2"})
    outside.later()
    outside.leave()
    assert [row.params["title"] for row in outside.deliveries] == ["BX-2"]
    assert len(factories.rows(Notice)) == 2, "the notices stay"


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_log_and_no_row_but_its_own_ever_holds_a_robots_key(outside, caplog):
    caplog.set_level(logging.DEBUG)
    outside.robot(FEISHU, secret="sehr-geheim-42")
    for status in (200, 500, 302):
        outside.of(FEISHU).says(status, {"code": 19021, "msg": "sign match fail"})
        outside.tell("technician")
        outside.later()
        outside.leave()
    outside.of(FEISHU).hang.set()
    outside.later()
    outside.leave()
    said = caplog.text + "".join(str(vars(row)) for model in (Job, Delivery, Notice) for row in factories.rows(model))
    assert KEY not in said and "sehr-geheim-42" not in said


@pytest.mark.django_db(transaction=True)
def test_a_bug_in_a_worker_does_not_write_the_key_down_either(outside, caplog, monkeypatch):
    outside.robot(WECOM)
    outside.tell("technician")

    def fails(*_, **__):
        raise RuntimeError("bug")

    monkeypatch.setattr(outward.Line, "post", fails)
    outside.leave()
    job = only(row for row in factories.rows(Job) if row.kind == "notices.deliver")
    assert (job.state, job.attempts) == (JobState.WAITING, 1)
    assert KEY not in job.last_error and KEY not in caplog.text
    monkeypatch.undo()
