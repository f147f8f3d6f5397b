"""The month, a shift, one's own duty, the log, paper and workbook: what each reader finds there."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.calendars import local
from resources.operations.shifts import change_shift
from tests.people import act
from tests.resources.roster import Roster, around_now, log
from tests.tickets.documents.papers import text_of

TODAY = around_now()


@pytest.fixture
def roster(people):
    return Roster(people, now=timezone.now())


def soup(response, status=200):
    assert response.status_code == status
    return BeautifulSoup(response.content, "html.parser")


def words(node):
    return node.get_text(" ", strip=True)


def month_of(day):
    return f"/duty/?month={day:%Y-%m}"


def shift_url(shift):
    return reverse("resources:shift", args=[shift.public_id])


def test_the_month_shows_who_is_on_duty_now_and_who_is_next(people, roster, sign_in):
    roster.add("technician", TODAY - timedelta(days=1), "custom", starts="00:00", ends="00:00")
    running = roster.add("second_technician", TODAY, "custom", starts="00:00", ends="00:00", deputy="technician")
    roster.add("owner", TODAY + timedelta(days=1), "custom", starts="00:00", ends="00:00")
    page = soup(sign_in(people.dispatcher).get("/duty/"))
    line = words(page.select_one(".page-sub"))
    assert line.startswith(f"值班 刘建军 {people.person('second_technician').phone}")
    assert f"副值 陈志强 {people.person('technician').phone}" in line and "下一班 黄总" in line
    today = page.select_one("#today")
    assert today["aria-current"] == "date"
    (cell,) = today.select("a.shift")
    assert (cell["href"], words(cell.select_one(".shift-who"))) == (shift_url(running), "刘建军 / 陈志强")
    assert "running" in cell["class"] and "mine" not in cell["class"]


def test_a_month_of_the_past_and_nonsense_in_the_address(people, roster, sign_in):
    roster.add("technician", "2026-10-01", "night")
    client = sign_in(people.technician)
    page = soup(client.get("/duty/?month=2026-10"))
    (cell,) = page.select("a.shift")
    assert "mine" in cell["class"] and words(cell.select_one(".num")) == "20:00–08:00"
    marks = {
        words(day.b): words(day.select_one(".mark-off, .mark-work"))
        for day in page.select(".day:has(.mark-off, .mark-work)")
    }
    assert marks == dict.fromkeys(["10-1", "2", "3", "4", "5", "6", "7"], "休") | {"10": "班"}
    for nonsense in ("2026-13", "9999-01", "x", "2026-1-1"):
        assert words(soup(client.get(f"/duty/?month={nonsense}")).h1) == f"值班表 {TODAY:%Y-%m}"


def test_gaps_of_the_next_30_days_are_shown_and_filled_by_a_press(people, roster, sign_in):
    for day in range(-1, 32):
        if day != 5:
            roster.add("technician", TODAY + timedelta(days=day), "custom", starts="00:00", ends="00:00")
    roster.add("technician", TODAY + timedelta(days=5), "custom", starts="08:00", ends="00:00")
    gap = TODAY + timedelta(days=5)
    page = soup(sign_in(people.dispatcher).get("/duty/"))
    assert words(page.select_one(".note.warning strong")) == "未来 30 天有 1 个空档"
    (line,) = page.select(".gaps li")
    assert words(line.span) == f"{gap:%m-%d} 00:00 – 08:00"
    filled = soup(sign_in(people.dispatcher).get(line.a["href"]))
    assert [filled.select_one(f"[name={name}]")["value"] for name in ("day", "starts", "ends")] == [
        gap.isoformat(),
        "00:00",
        "08:00",
    ]
    assert filled.select_one("[name=kind][checked]")["value"] == "custom"
    bars = {words(bar.select_one(".num")): words(bar.select_one(".hours-words")) for bar in page.select(".hours ol li")}
    assert bars[f"{gap:%m-%d}"] == "无人值班: 00:00–08:00" and bars[f"{TODAY + timedelta(days=6):%m-%d}"] == "已排满"
    assert not soup(sign_in(people.technician).get("/duty/")).select(".gaps a, .day-add")


def test_who_has_no_roster_yet_is_led_to_the_rotation(people, sign_in):
    page = soup(sign_in(people.dispatcher).get("/duty/"))
    assert words(page.select_one(".page-sub")) == "还没有安排值班。"
    assert page.select_one(".empty a")["href"] == reverse("resources:rotation")
    assert not page.select(".note.warning")
    assert not soup(sign_in(people.technician).get("/duty/")).select(".empty a")


def test_a_shift_has_its_people_its_note_and_what_was_done_to_it(people, roster, sign_in):
    shift = roster.add(
        "technician", TODAY + timedelta(days=3), "night", deputy="second_technician", note="钥匙在门卫", leader="owner"
    )
    page = soup(sign_in(people.technician).get(shift_url(shift)))
    facts = {words(dt): words(dt.find_next("dd")) for dt in page.select("dl.kv dt")}
    assert facts == {"副值": "刘建军", "带班": "黄总", "交接说明": "钥匙在门卫"}
    assert "李静" in words(page.select_one(".timeline"))
    assert page.find("a", href=reverse("resources:swap_ask", args=[shift.public_id]))
    assert not page.find("a", href=reverse("resources:shift_edit", args=[shift.public_id]))
    desk = soup(sign_in(people.dispatcher).get(shift_url(shift)))
    assert desk.find("a", href=reverse("resources:shift_edit", args=[shift.public_id]))
    assert not desk.find("a", href=reverse("resources:swap_ask", args=[shift.public_id]))
    assert sign_in(people.stranger).get(shift_url(shift)).status_code == 404


def test_ones_own_duty_is_what_one_is_on_with_a_way_to_swap(people, roster, sign_in):
    mine = roster.add("technician", TODAY + timedelta(days=3), "day")
    asked = roster.add("technician", TODAY + timedelta(days=4), "day")
    roster.add("owner", TODAY + timedelta(days=5), "day")
    swap = roster.ask(asked)
    page = soup(sign_in(people.technician).get("/duty/mine/"))
    assert [row.a["href"] for row in page.select("ul.duty-rows")[1].select("li")] == [shift_url(mine), shift_url(asked)]
    assert [a["href"] for a in page.select(".duty-rows a.button")] == [
        reverse("resources:swap_ask", args=[mine.public_id])
    ]
    assert page.find("a", href=reverse("resources:swap", args=[swap.public_id]))
    assert words(soup(sign_in(people.accountant).get("/duty/mine/")).select_one(".empty")) == "没有给您排班。"


def test_a_change_is_undone_from_the_log(people, roster, sign_in):
    roster.add("technician", TODAY + timedelta(days=3), "day")
    client = sign_in(people.dispatcher)
    page = soup(client.get("/duty/changes/"))
    url = page.select_one(".timeline form")["action"]
    answer = client.post(url)
    assert (answer.status_code, answer.url) == (302, month_of(TODAY + timedelta(days=3)))
    assert roster.standing() == [] and [verb for verb, _who, _n in log()] == ["added", "undone"]
    assert not soup(sign_in(people.technician).get("/duty/changes/")).select(".timeline form")
    assert sign_in(people.technician).post(url).status_code == 403


def test_the_log_is_paged(people, roster, sign_in):
    shift = roster.add("technician", TODAY + timedelta(days=3), "day")
    for number in range(50):
        act(
            change_shift, viewer=people.dispatcher, public_id=shift.public_id, expected_version=None, now=timezone.now(),
            facts=roster.facts("technician", TODAY + timedelta(days=3), note=f"{number}"),
        )  # fmt: skip
    client = sign_in(people.dispatcher)
    first = soup(client.get("/duty/changes/"))
    assert len(first.select(".timeline > li")) == 50
    older = soup(client.get("/duty/changes/" + first.select_one("a[rel=next]")["href"]))
    assert len(older.select(".timeline > li")) == 1 and older.select_one("a[rel=prev]")


def test_the_month_is_printed_on_one_sheet_with_the_24_hour_number(people, roster, sign_in):
    roster.add("technician", "2026-10-01", "night", deputy="second_technician", leader="owner")
    answer = sign_in(people.technician).get("/duty/roster.pdf?month=2026-10")
    assert answer["Content-Type"] == "application/pdf"
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = text_of(content)
    for expected in (
        "长沙瑞启机电设备(示例) · 值班表 2026-10",
        "24小时电话 0731-88880000",
        "夜 陈志强",
        "20:00–08:00 · 带班 黄总",
        people.person("technician").phone,
    ):
        assert expected in text, expected


def test_the_month_is_exported_one_shift_a_row(people, roster, sign_in):
    shift = roster.add("technician", "2026-10-01", "night", deputy="second_technician", note="=1+1")
    roster.add("technician", "2026-11-01", "day")
    answer = sign_in(people.technician).get("/duty/roster.xlsx?month=2026-10")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    head, row = list(sheet.iter_rows(values_only=True))[-2:]
    found = dict(zip(head, row, strict=True))
    assert (found["日期"], found["班次"], found["主值"], found["副值"]) == ("2026-10-01", "夜班", "陈志强", "刘建军")
    assert found["从"] == f"{local(shift.starts_at):%Y-%m-%d %H:%M}"
    note = next(cell for cells in sheet.iter_rows() for cell in cells if cell.value == "=1+1")
    assert note.data_type == "s"  # a text, no formula


def test_office_and_headquarters_have_a_page_of_their_dealers(people, roster, sign_in):
    roster.add("technician", TODAY, "custom", starts="00:00", ends="00:00")
    page = soup(sign_in(people.office).get("/duty/partners/"))
    rows = [[words(cell) for cell in row.select("th, td")] for row in page.select("tbody tr")]
    assert [row[:3] for row in rows] == [["长沙瑞启", "陈志强", people.person("technician").phone]]
    assert rows[0][-1] == "0731-88880000"
    assert sign_in(people.dispatcher).get("/duty/partners/").status_code == 403
    assert sign_in(people.office).get("/duty/").status_code == 403
