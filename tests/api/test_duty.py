"""The duty roster by API: who is on duty, shifts, gaps, requests to swap."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from core.calendars import local
from tests.resources.roster import Roster, around_now

TODAY = around_now()
DAY = around_now(10)


@pytest.fixture
def roster(people):
    return Roster(people, now=timezone.now())


def moment(text):
    """An instant of an answer on the clock in China."""
    return f"{local(datetime.fromisoformat(text)):%Y-%m-%d %H:%M}"


def clock(text):
    return moment(text)[11:]


def body(roster, who, **more):
    return {"day": DAY.isoformat(), "kind": "night", "person": roster.key(who)} | more


def test_who_is_on_duty_now_is_told_to_the_dealer_and_its_partners(people, roster, call):
    roster.add("technician", TODAY, "custom", starts="00:00", ends="00:00", deputy="owner")
    (own,) = call(people.accountant).get("duty/now").json()["items"]
    assert (own["main"], own["phone"], own["deputy"]) == ("陈志强", people.person("technician").phone, "黄总")
    (seen,) = call(people.office).get("duty/now").json()["items"]
    assert (seen["dealer"], seen["main"], seen["shown"], seen["hotline"]) == (
        "长沙瑞启",
        "陈志强",
        True,
        "0731-88880000",
    )
    (other,) = call(people.stranger).get("duty/now").json()["items"]
    assert (other["main"], other["phone"]) == ("", "")
    assert call(people.platform).get("duty/now").status_code == 403


def test_a_shift_is_added_read_changed_in_part_and_removed(people, roster, call):
    program = call(people.dispatcher)
    made = program.post("duty/shifts", body(roster, "technician", note="钥匙在门卫"))
    assert made.status_code == 201 and made["Location"].endswith(made.json()["id"])
    url = f"duty/shifts/{made.json()['id']}"
    read = program.get(url)
    assert (read.json()["person_name"], clock(read.json()["starts_at"]), read["ETag"]) == (
        "陈志强",
        "20:00",
        made["ETag"],
    )
    assert program.patch(url, {"person": roster.key("owner")}).status_code == 428
    changed = program.patch(url, {"person": roster.key("owner")}, If_Match=read["ETag"])
    assert (changed.json()["person_name"], changed.json()["note"], changed.json()["kind"]) == (
        "黄总",
        "钥匙在门卫",
        "night",
    )
    assert program.patch(url, {"note": ""}, If_Match=read["ETag"]).status_code in (409, 412)
    assert program.send("DELETE", url, If_Match=changed["ETag"]).status_code == 204
    assert program.get(url).status_code == 404


def test_a_shift_with_hours_of_its_own_keeps_them_when_something_else_is_changed(people, roster, call):
    shift = roster.add("technician", DAY, "custom", starts="10:00", ends="11:30")
    changed = call(people.dispatcher).patch(f"duty/shifts/{shift.public_id}", {"note": "钥匙在门卫"}, If_Match='"1"')
    assert (changed.status_code, changed.json()["note"]) == (200, "钥匙在门卫")
    assert (clock(changed.json()["starts_at"]), clock(changed.json()["ends_at"])) == ("10:00", "11:30")


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"deputy": "technician"}, "deputy", "duty_same_person"),
        ({"kind": "custom"}, "starts", "duty_hours_missing"),
        ({"person": "stranger"}, "person", "invalid_choice"),
    ],
)
def test_what_is_wrong_names_its_field(people, roster, call, more, field, code):
    given = {name: roster.key(value) if name in ("deputy", "person") else value for name, value in more.items()}
    answer = call(people.dispatcher).post("duty/shifts", body(roster, "technician") | given)
    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


def test_hours_that_somebody_has_are_refused(people, roster, call):
    roster.add("owner", DAY, "night")
    answer = call(people.dispatcher).post("duty/shifts", body(roster, "technician"))
    assert answer.status_code == 422 and "黄总" in str(answer.json()["errors"])
    assert call(people.technician).post("duty/shifts", body(roster, "technician")).status_code == 403


def test_the_list_is_cut_by_days(people, roster, call):
    for number in range(3):
        roster.add("technician", DAY + timedelta(days=number), "day")
    first = (DAY + timedelta(days=1)).isoformat()
    rows = call(people.technician).get(f"duty/shifts?first={first}&last={first}").json()["items"]
    assert [(row["day"], row["person_name"]) for row in rows] == [(first, "陈志强")]
    assert call(people.stranger).get("duty/shifts").json()["items"] == []


def test_gaps_are_told_to_the_minute(people, roster, call):
    for number in range(-1, 32):
        roster.add(
            "technician",
            TODAY + timedelta(days=number),
            "custom",
            starts="00:00",
            ends="23:30" if number == 4 else "00:00",
        )
    (gap,) = call(people.technician).get("duty/gaps").json()["gaps"]
    day = TODAY + timedelta(days=4)
    assert (moment(gap["starts_at"]), moment(gap["ends_at"])) == (
        f"{day} 23:30", f"{day + timedelta(days=1)} 00:00",
    )  # fmt: skip


def test_a_swap_is_asked_and_agreed(people, roster, call):
    shift = roster.add("technician", DAY, "night")
    url = f"duty/shifts/{shift.public_id}/swap"
    asked = call(people.technician).post(url, {"colleague": roster.key("second_technician"), "note": "有事"})
    assert (asked.status_code, asked.json()["state"], asked.json()["asked_to"]) == (201, "asked", "刘建军")
    swap = f"duty/swaps/{asked.json()['id']}"
    assert call(people.second_technician).post(url, {"colleague": roster.key("owner")}).status_code == 403
    assert call(people.accountant).get(swap).status_code == 404
    assert call(people.technician).post(f"{swap}/agree").status_code == 403
    agreed = call(people.second_technician).post(f"{swap}/agree")
    assert (agreed.status_code, agreed.json()["state"], agreed.json()["answered_by"]) == (200, "agreed", "刘建军")
    assert call(people.second_technician).post(f"{swap}/decline").status_code == 409
    assert roster.standing() == [(f"{DAY:%m-%d}", "night", "刘建军", "")]
    assert [row["id"] for row in call(people.technician).get("duty/swaps").json()["items"]] == [asked.json()["id"]]


def test_the_desk_decides_with_a_reason(people, roster, call):
    swap = f"duty/swaps/{roster.ask(roster.add('technician', DAY, 'night')).public_id}"
    answer = call(people.dispatcher).post(f"{swap}/reject")
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "reason"
    assert call(people.dispatcher).post(f"{swap}/reject", {"reason": "人手不够"}).json()["state"] == "rejected"
