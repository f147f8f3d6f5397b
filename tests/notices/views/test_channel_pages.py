"""The administrator's pages: what is configured, what works, tests with their result, what was sent to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from core import jobs
from notices.enums import ChannelKind, DeliveryState
from notices.models import Channel, Delivery
from notices.queries import channels
from tests import factories
from tests.notices.conftest import KEY

LIST, DELIVERIES = "/channels/", "/deliveries/"


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def of(channel, verb=""):
    return reverse(f"notices:channel{'_' + verb if verb else ''}", args=[channel.public_id])


def form(**more):
    base = channels.base_of("wecom")
    return {"kind": "wecom", "name": "调度群", "address": f"{base}{KEY}", "groups": "trial", "quiet": "on",
            "quiet_from": "22:00", "quiet_to": "07:00", **more}  # fmt: skip


def test_the_list_has_mail_sms_and_robots_with_their_state(outside, sign_in):
    robot = outside.robot(name="调度群")
    with factories.writing():
        Channel._plain.filter(pk=robot.pk).update(
            failures=6, last_failure_at=timezone.now(), last_problem="gone", last_detail="93000 invalid",
            rests_until=timezone.now() + timedelta(minutes=4),
        )  # fmt: skip
    page = soup(sign_in(outside.people.admin).get(LIST))
    rows = {
        row.th.get_text(" ", strip=True).split()[0]: row.get_text(" ", strip=True) for row in page.select("tbody tr")
    }
    assert list(rows) == ["邮件", "短信", "调度群"]
    assert "未使用" in rows["邮件"]
    assert "失败后暂停" in rows["调度群"] and "机器人已不存在" in rows["调度群"] and "(93000 invalid)" in rows["调度群"]
    assert "已连续失败 6 次。" in rows["调度群"] and "重试。" in rows["调度群"]


def test_what_the_installation_does_not_have_is_said_and_is_no_choice(outside, sign_in, settings):
    settings.NOTICES_MAIL, settings.SMS_GATEWAY = False, None
    client = sign_in(outside.people.admin)
    page = soup(client.get(LIST))
    assert [note.get_text(" ", strip=True).split(",")[0] for note in page.select(".note.info")] == [
        "本平台尚未配置:邮件", "本平台尚未配置:短信",
    ]  # fmt: skip
    assert factories.rows(Channel) == []
    mine = soup(client.get("/me/notices/"))
    assert len(mine.select(".note.info")) == 2 and mine.select("input[type=checkbox]") == []
    theirs = soup(sign_in(outside.people.technician).get("/me/notices/"))
    assert theirs.select(".note.info") == [] and "既不" not in theirs.get_text()
    assert "本平台不发邮件和短信" in theirs.get_text()


def test_a_robot_is_added_tested_changed_paused_and_removed(outside, sign_in):
    client = sign_in(outside.people.admin)
    answer = client.post("/channels/add/", form())
    robot = outside.channel
    assert answer["Location"] == of(robot)
    assert (robot.name, robot.key, robot.groups, str(robot.quiet_from)) == ("调度群", KEY, ["trial"], "22:00:00")

    assert "还没有测试过" in client.get(of(robot)).content.decode()
    client.post(of(robot, "test"))
    waiting = soup(client.get(of(robot)))
    assert waiting.find(id="test-result")["hx-get"] == of(robot, "test")
    jobs.drain()
    done = soup(client.get(of(robot, "test"), headers={"HX-Request": "true"})).find(id="test-result")
    assert "对方已接收" in done.get_text() and not done.has_attr("hx-get")
    outside.of(ChannelKind.WECOM).says(200, {"errcode": 93000, "errmsg": "invalid webhook url"})
    client.post(of(robot, "test"))
    jobs.drain()
    assert "机器人已不存在,或地址不完整。 (93000 invalid webhook url)" in client.get(of(robot)).content.decode()

    client.post(of(robot, "edit"), form(name="新群", address="", quiet="", version=1))
    assert (outside.channel.name, outside.channel.key, outside.channel.quiet) == ("新群", KEY, None)
    assert client.post(of(robot, "edit"), form(name="又", address="", version=1)).status_code == 409
    client.post(of(robot, "pause"))
    assert "已暂停" in client.get(of(robot)).content.decode()
    client.post(of(robot, "resume"))
    assert outside.channel.active
    assert "删除机器人" in client.get(of(robot, "remove")).content.decode()
    client.post(of(robot, "remove"))
    assert client.get(of(robot)).status_code == 404
    assert (outside.channel.key, outside.channel.secret) == ("", "")


def test_no_page_ever_shows_key_or_secret(outside, sign_in):
    robot = outside.robot(ChannelKind.FEISHU, secret="sehr-geheim-42")
    client = sign_in(outside.people.admin)
    client.post(of(robot, "test"))
    jobs.drain()
    pages = (LIST, of(robot), of(robot, "edit"), of(robot, "remove"), DELIVERIES, "/tasks/failed/", "/notices/")
    for url in pages:
        text = client.get(url).content.decode()
        assert KEY not in text and "sehr-geheim-42" not in text, url
    assert "…1234" in client.get(of(robot)).content.decode()


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"address": "https://evil.example/?key=abcdefgh"}, "address", "这种机器人的地址以"),
        ({"address": ""}, "address", "请填写"),
        ({"name": ""}, "name", "请填写"),
        ({"groups": "system"}, "groups", "选"),
        ({"quiet_from": ""}, "quiet_from", "请填写"),
        ({"quiet_from": "25:00"}, "quiet_from", ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(outside, sign_in, change, field, words):
    answer = sign_in(outside.people.admin).post("/channels/add/", form(**change))
    assert answer.status_code == 422
    page = soup(answer)
    assert words in page.find(id=f"id_{field}_field").get_text()
    if field != "name":
        assert page.find("input", {"name": "name"})["value"] == "调度群"
    assert factories.rows(Channel) == []


def test_only_administrators_come_here(outside, sign_in):
    robot = outside.robot()
    outside.tell("technician")
    client = sign_in(outside.people.dispatcher)
    for url in (
        LIST,
        "/channels/add/",
        of(robot),
        of(robot, "edit"),
        of(robot, "remove"),
        of(robot, "test"),
        DELIVERIES,
    ):
        assert client.get(url).status_code == 403, url
    for verb in ("test", "pause", "resume", "remove"):
        assert client.post(of(robot, verb)).status_code == 403
    assert client.post(reverse("notices:delivery_retry", args=[outside.deliveries[0].public_id])).status_code == 403


def test_a_foreign_channel_answers_like_a_missing_one(outside, sign_in):
    robot = outside.robot()
    client = sign_in(outside.people.stranger_admin)
    for verb in ("", "edit", "remove", "test"):
        answers = [client.get(of(robot, verb)), client.get(of(Channel(public_id="2" * 16), verb))]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content.replace(robot.public_id.encode(), b"2" * 16) == answers[1].content
    assert KEY not in client.get(LIST).content.decode() and robot.public_id not in client.get(LIST).content.decode()


def test_the_navigation_leads_administrators_there(outside, sign_in):
    assert soup(sign_in(outside.people.admin).get("/me/")).select('a[href="/channels/"]')
    assert not soup(sign_in(outside.people.technician).get("/me/")).select('a[href="/channels/"]')


def test_deliveries_say_to_whom_and_whether_and_never_what(outside, sign_in):
    outside.robot(name="调度群")
    outside.prefers("technician", mail="chen@example.com")
    outside.mails.refuse["chen@example.com"] = "550 no such user"
    outside.tell("technician", params={"title": "GEHEIM"}, urgent=True)
    outside.leave()
    client = sign_in(outside.people.admin)
    page = soup(client.get(DELIVERIES))
    rows = [row.get_text(" ", strip=True) for row in page.select("tbody tr")]
    assert len(rows) == 2 and "GEHEIM" not in page.get_text()
    (mail,) = [row for row in rows if "邮件" in row]
    assert "陈志强 · chen@example.com" in mail and "已放弃" in mail and "收件地址不被接受。 (550 no such user)" in mail
    assert "紧急" in mail and "提醒" in mail
    (robot,) = [row for row in rows if row is not mail]
    assert "企业微信机器人 调度群" in robot and "已发送" in robot


def test_deliveries_are_narrowed_by_state_and_channel(outside, sign_in):
    robot = outside.robot()
    outside.robot(ChannelKind.FEISHU)
    outside.tell("technician")
    outside.leave()
    outside.of(ChannelKind.WECOM).says(500)
    outside.later()
    outside.tell("technician")
    outside.leave()
    client = sign_in(outside.people.admin)

    def count(**params):
        return len(soup(client.get(DELIVERIES, params)).select("tbody tr"))

    assert (count(), count(state="sent"), count(state="failed"), count(state="given_up")) == (4, 3, 1, 0)
    assert (count(channel=robot.public_id), count(channel=robot.public_id, state="sent")) == (2, 1)
    assert count(channel="2" * 16) == count() == count(state="nonsense")


def test_the_button_tries_again_and_comes_back_to_the_list(outside, sign_in):
    outside.robot()
    outside.tell("technician")
    with factories.writing():
        Delivery._plain.update(state=DeliveryState.GIVEN_UP, attempts=10)
    client = sign_in(outside.people.admin)
    button = soup(client.get(f"{DELIVERIES}?state=given_up")).select_one("tbody form")
    answer = client.post(button["action"], {"next": button.find("input", {"name": "next"})["value"]})
    assert answer["Location"] == f"{DELIVERIES}?state=given_up"
    outside.leave()
    assert outside.states == [DeliveryState.SENT]
    assert client.post(button["action"])["Location"] == DELIVERIES, "too late is no fault"
