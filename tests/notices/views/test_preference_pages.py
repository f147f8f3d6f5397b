"""How I am told: the page, the code of an address, copying a notice."""

from __future__ import annotations

import re
from datetime import time

from bs4 import BeautifulSoup

from core import jobs
from notices.models import Preferences
from tests import factories
from tests.notices.conftest import TOLD

URL = "/me/notices/"


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def kept(outside):
    (row,) = factories.rows(Preferences)
    return row


def test_the_page_offers_each_group_by_each_channel_and_keeps_the_choice(outside, sign_in):
    client = sign_in(outside.people.technician)
    page = soup(client.get(URL))
    group = page.find(id="id_on_trial_field")
    assert [(box["value"], box.has_attr("checked")) for box in group.select("input")] == [
        ("mail", True),
        ("sms", False),
    ]
    assert page.find("input", {"name": "quiet_from"})["value"] == "22:00"
    data = {"on_trial": ["sms"], "pace": "gathered", "quiet": "on", "quiet_from": "21:30", "quiet_to": "06:00"}
    assert client.post(URL, data)["Location"] == URL
    row = kept(outside)
    assert (row.choices["trial"], row.choices["jobs"], row.pace, row.quiet_from) == (
        ["sms"],
        [],
        "gathered",
        time(21, 30),
    )
    page = soup(client.get(URL))
    assert [box["value"] for box in page.select("#id_on_trial_field input[checked]")] == ["sms"]


def test_no_quiet_hours_at_all(outside, sign_in):
    sign_in(outside.people.technician).post(URL, {"pace": "at_once"})
    assert kept(outside).quiet is None


def test_what_is_wrong_is_said(outside, sign_in):
    client = sign_in(outside.people.technician)
    answer = client.post(URL, {"pace": "never", "quiet": "on", "quiet_from": "", "quiet_to": "x"})
    assert answer.status_code == 422
    page = soup(answer)
    for field in ("pace", "quiet_from", "quiet_to"):
        assert page.select(f"#id_{field}_field.invalid"), field
    assert factories.rows(Preferences) == []


def test_an_address_is_entered_confirmed_and_removed(outside, sign_in):
    client = sign_in(outside.people.technician)
    assert client.post(f"{URL}mail/", {"address": "chen@example.com"})["Location"] == URL
    jobs.drain()
    assert "验证码已发到 chen@example.com" in client.get(URL).content.decode()
    code = re.search(r"\d{6}", str(outside.mails.received[0]["Subject"]))[0]
    wrong = client.post(f"{URL}mail/confirm/", {"code": "111111" if code != "111111" else "222222"})
    assert wrong.status_code == 422 and "验证码不对" in wrong.content.decode()
    assert kept(outside).mail_tries == 1, "counted although the request was rolled back"
    assert client.post(f"{URL}mail/confirm/", {"code": code})["Location"] == URL
    page = client.get(URL).content.decode()
    assert "已确认" in page and "验证码已发到" not in page
    client.post(f"{URL}mail/", {"remove": "1"})
    assert kept(outside).mail == ""


def test_an_address_that_is_none_is_said_at_its_field(outside, sign_in):
    answer = sign_in(outside.people.technician).post(f"{URL}mail/", {"address": "chen"})
    assert answer.status_code == 422 and "这不是有效的邮箱" in answer.content.decode()


def test_the_page_is_ones_own(outside, sign_in):
    outside.prefers("second_technician", mail="liu@example.com")
    assert "liu@example.com" not in sign_in(outside.people.technician).get(URL).content.decode()


def test_me_and_notices_lead_there(outside, sign_in):
    client = sign_in(outside.people.technician)
    for url in ("/me/", "/notices/"):
        assert soup(client.get(url)).select(f'a[href="{URL}"]'), url


def test_each_notice_can_be_copied_into_a_group(outside, sign_in):
    outside.tell("technician", params={"title": "BX-1 <b>"}, url="/tickets/abc/")
    outside.tell("technician", kind=TOLD, params={"title": "BX-2"}, url="", urgent=True)
    page = soup(sign_in(outside.people.technician).get("/notices/"))
    texts = [page.find(id=button["data-copy"]).get_text() for button in page.select("[data-copy]")]
    assert texts == ["BX-2 已完成。", "BX-1 <b> 已完成。\nhttps://service.example.com/tickets/abc/"]
    assert [chip.get_text(strip=True) for chip in page.select(".notices .chip")] == ["紧急"]
