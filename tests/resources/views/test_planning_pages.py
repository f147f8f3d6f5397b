"""Planning by hand, by rotation, by a copied week, and the dealer's own settings: through the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from resources.models import DutySettings
from tests import factories
from tests.resources.roster import Roster, around_now, log

DAY = around_now(10)


@pytest.fixture
def roster(people):
    return Roster(people, now=timezone.now())


def soup(response, status=200):
    assert response.status_code == status
    return BeautifulSoup(response.content, "html.parser")


def problems(page):
    return [item.get_text(" ", strip=True) for item in page.select(".field-error, .error-summary li")]


def typed(roster, who, **more):
    facts = {"day": DAY.isoformat(), "kind": "day", "person": roster.key(who), "starts": "", "ends": "", "deputy": "", "leader": "", "phone": "", "note": ""}  # fmt: skip
    return facts | more


def test_a_shift_is_put_on_the_roster(people, roster, sign_in):
    answer = sign_in(people.dispatcher).post(
        "/duty/shifts/new/", typed(roster, "technician", kind="night", deputy=roster.key("owner"))
    )
    assert (answer.status_code, answer.url) == (302, f"/duty/?month={DAY:%Y-%m}")
    assert roster.standing() == [(f"{DAY:%m-%d}", "night", "陈志强", "黄总")]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"deputy": "technician"}, "同一人不能同时担任主值和副值。"),
        ({"kind": "custom"}, "自定时间的班次要填起止两个时间。"),
        ({"starts": "25点"}, "请按 08:30 的格式填写时间。"),
        ({"phone": "12"}, "请填手机号(11 位)"),
        ({"day": ""}, "日期: 请填写。"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(people, roster, sign_in, more, words):
    if "deputy" in more:
        more = {"deputy": roster.key(more["deputy"])}
    page = soup(
        sign_in(people.dispatcher).post("/duty/shifts/new/", typed(roster, "technician", note="钥匙在门卫", **more)),
        422,
    )
    assert [line for line in problems(page) if words in line], problems(page)
    assert page.select_one("[name=note]").get_text(strip=True) == "钥匙在门卫"
    assert page.select_one("[name=person] option[selected]")["value"] == roster.key("technician")
    assert roster.standing() == []


def test_hours_that_somebody_has_are_refused_with_his_name(people, roster, sign_in):
    roster.add("owner", DAY, "day")
    page = soup(sign_in(people.dispatcher).post("/duty/shifts/new/", typed(roster, "technician")), 422)
    assert any("黄总" in line and f"{DAY:%m-%d} 08:00" in line for line in problems(page))


def test_a_shift_is_changed_and_a_stale_page_shows_both(people, roster, sign_in):
    shift = roster.add("technician", DAY, "day")
    url, client = reverse("resources:shift_edit", args=[shift.public_id]), sign_in(people.dispatcher)
    form = soup(client.get(url))
    assert form.select_one("[name=version]")["value"] == "1" and form.select_one("[name=starts]").get("value") is None
    assert client.post(url, typed(roster, "owner", version="1")).status_code == 302
    assert roster.standing() == [(f"{DAY:%m-%d}", "day", "黄总", "")]
    late = soup(client.post(url, typed(roster, "admin", version="1")), 409)
    assert "周岚" in late.get_text() and "黄总" in late.get_text()
    assert roster.standing() == [(f"{DAY:%m-%d}", "day", "黄总", "")]


def test_a_shift_is_removed(people, roster, sign_in):
    shift = roster.add("technician", DAY, "day")
    url = reverse("resources:shift_remove", args=[shift.public_id])
    assert sign_in(people.technician).post(url, {"version": "1"}).status_code == 403
    assert sign_in(people.dispatcher).post(url, {"version": "7"}).status_code == 409
    assert sign_in(people.dispatcher).post(url, {"version": "1"}).status_code == 302
    assert roster.standing() == []


def rotation(roster, *names, **more):
    return {"people": [roster.key(name) for name in names], "kinds": ["day", "night"], "first": DAY.isoformat(),
            "last": (DAY + timedelta(days=1)).isoformat(), "days_each": 1, **more}  # fmt: skip


def test_a_rotation_is_previewed_and_then_written(people, roster, sign_in):
    roster.add("owner", DAY, "day")
    client, data = sign_in(people.dispatcher), rotation(roster, "technician", "second_technician")
    page = soup(client.get("/duty/rotation/", data))
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in page.select("tbody tr")]
    assert [row[2] for row in rows] == ["陈志强", "刘建军", "陈志强", "刘建军"]
    assert rows[0][4].startswith("黄总") and [row[4] for row in rows[1:]] == ["新增"] * 3
    assert roster.standing() == [(f"{DAY:%m-%d}", "day", "黄总", "")]
    form = page.select_one("#write")
    answer = client.post(form["action"], {"seen": form.select_one("[name=seen]")["value"]})
    assert answer.status_code == 302
    assert [row[1:3] for row in roster.standing()] == [
        ("day", "黄总"),
        ("night", "刘建军"),
        ("day", "陈志强"),
        ("night", "刘建军"),
    ]
    assert log()[-1] == ("rotated", "李静", 3)


def test_the_same_person_twice_has_its_own_message(people, roster, sign_in):
    page = soup(
        sign_in(people.dispatcher).get("/duty/rotation/", rotation(roster, "technician", "owner", "technician")), 422
    )
    assert any("轮班顺序里陈志强出现了两次,每人只选一次。" in line for line in problems(page))
    assert not page.select("#write")
    chosen = [select.select_one("[selected]") for select in page.select("[name=people]")]
    assert [option["value"] for option in chosen if option] == [
        roster.key(name) for name in ("technician", "owner", "technician")
    ]


def test_a_preview_that_is_old_is_shown_anew(people, roster, sign_in):
    client, data = sign_in(people.dispatcher), rotation(roster, "technician")
    form = soup(client.get("/duty/rotation/", data)).select_one("#write")
    roster.add("owner", DAY, "day")
    page = soup(client.post(form["action"], {"seen": form.select_one("[name=seen]")["value"]}), 422)
    assert any("值班表在此期间有改动" in line for line in problems(page))
    assert len(roster.standing()) == 1


def test_a_week_is_copied(people, roster, sign_in):
    monday = DAY - timedelta(days=DAY.weekday())
    roster.add("technician", monday, "night")
    client = sign_in(people.dispatcher)
    target = monday + timedelta(days=7)
    page = soup(client.get("/duty/copy/", {"of": DAY.isoformat(), "into": target.isoformat(), "weeks": 2}))
    form = page.select_one("#write")
    assert client.post(form["action"], {"seen": form.select_one("[name=seen]")["value"]}).status_code == 302
    days = [monday + timedelta(days=7 * n) for n in range(3)]
    assert [row[0] for row in roster.standing()] == [f"{day:%m-%d}" for day in days]


def test_planning_is_the_desks(people, roster, sign_in):
    for url in ("/duty/shifts/new/", "/duty/rotation/", "/duty/copy/", "/duty/settings/"):
        assert sign_in(people.technician).get(url).status_code == 403, url
        assert sign_in(people.office).get(url).status_code == 403, url
    assert sign_in(people.dispatcher).get("/duty/settings/").status_code == 403


SETTINGS = {
    "day_from": "08:30", "day_to": "1730", "night_from": "17:30", "night_to": "8点半", "whole_from": "08:30", "whole_to": "08:30",
    "shows_public": "on",
}  # fmt: skip


def test_the_administrator_sets_hours_and_who_sees_it(people, sign_in):
    client = sign_in(people.admin)
    page = soup(client.get("/duty/settings/"))
    assert page.select_one("[name=version]")["value"] == "0" and "0731-88880000" in page.get_text()
    assert page.select_one("[name=shows_makers]").has_attr("checked") and not page.select_one(
        "[name=shows_public]"
    ).has_attr("checked")
    assert client.post("/duty/settings/", SETTINGS | {"version": "0"}).status_code == 302
    (kept,) = factories.rows(DutySettings)
    assert [f"{at:%H:%M}" for at in (*kept.hours_of("day"), *kept.hours_of("night"))] == [
        "08:30",
        "17:30",
        "17:30",
        "08:30",
    ]
    assert (kept.shows_public, kept.shows_makers) == (True, False)
    assert client.post("/duty/settings/", SETTINGS | {"version": "0"}).status_code == 409
    assert soup(client.post("/duty/settings/", SETTINGS | {"version": "1", "day_from": "x"}), 422)
