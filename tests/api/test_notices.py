"""One's notices and how one is told, by API: the pages' own operations, for oneself only."""

from __future__ import annotations

import re

import pytest

from core import jobs
from notices.models import Notice, Preferences
from tests import factories
from tests.notices.conftest import outside as outside  # noqa: PLC0414  # the fixture, by its own name

PREFERENCES = "notices/preferences"


def unread(call, viewer):
    return [row["words"] for row in call(viewer).get("notices?unread=true").json()["items"]]


def test_a_program_reads_its_persons_notices_and_nobody_elses(people, outside, call):
    outside.tell("technician", params={"title": "BX-1"}, url="/tickets/abc/", urgent=True)
    outside.tell("second_technician", params={"title": "GEHEIM"})
    answer = call(people.technician).get("notices", Accept_Language="en")
    (row,) = answer.json()["items"]
    assert {name: row[name] for name in ("kind", "group", "words", "url", "urgent", "unread")} == {
        "kind": "trial_told", "group": "trial", "words": "BX-1 is ready.", "url": "/tickets/abc/", "urgent": True, "unread": True,
    }  # fmt: skip


def test_notices_are_marked_as_read_by_id_or_all_at_once(people, outside, call):
    for title in ("BX-1", "BX-2", "BX-3"):
        outside.tell("technician", params={"title": title})
    outside.tell("second_technician", params={"title": "BX-9"})
    program = call(people.technician)
    ids = {row["words"][:4]: row["id"] for row in program.get("notices").json()["items"]}
    foreign = factories.rows(Notice, person_id=people.person("second_technician").pk)[0].public_id
    assert program.post("notices/read", {"ids": [ids["BX-1"], foreign, "2" * 16, "\0"]}).json() == {"unread": 2}
    assert unread(call, people.second_technician) == ["BX-9 已完成。"]
    assert unread(call, people.technician) == ["BX-3 已完成。", "BX-2 已完成。"]
    assert program.post("notices/read", {"all": True}).json() == {"unread": 0}


@pytest.mark.parametrize("body", [{"ids": "x"}, {"ids": [1]}, {"ids": ["x"] * 201}, {"ids": None}])
def test_a_body_that_names_no_notices_is_refused(people, call, body):
    answer = call(people.technician).post("notices/read", body)
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "ids"


def test_preferences_are_read_and_changed_in_part(people, outside, call):
    program = call(people.technician)
    before = program.get(PREFERENCES).json()
    assert before["channels"] == ["mail", "sms"] and (before["quiet_from"], before["quiet_to"]) == (
        "22:00:00",
        "07:00:00",
    )
    on = {group["code"]: group["on"] for group in before["groups"]}
    assert on["trial"] == ["mail"] and on["system"] == []
    after = program.patch(PREFERENCES, {"on": {"trial": ["sms"]}, "pace": "gathered"}).json()
    on = {group["code"]: group["on"] for group in after["groups"]}
    assert (on["trial"], on["jobs"], after["pace"], after["quiet_from"]) == (["sms"], ["mail"], "gathered", "22:00:00")
    after = program.patch(PREFERENCES, {"quiet_from": None, "quiet_to": None}).json()
    assert (after["quiet_from"], after["pace"]) == (None, "gathered")
    after = program.patch(PREFERENCES, {"quiet_from": "21:00", "quiet_to": "06:30"}).json()
    assert (after["quiet_from"], after["quiet_to"]) == ("21:00:00", "06:30:00")
    (row,) = factories.rows(Preferences)
    assert row.person_id == people.person("technician").pk


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"on": {"nothing": []}}, "on"),
        ({"on": {"trial": "mail"}}, "on"),
        ({"on": {"trial": ["pigeon"]}}, "on_trial"),
        ({"on": []}, "on"),
        ({"pace": "never"}, "pace"),
        ({"quiet_from": "late"}, "quiet_from"),
        ({"mail": "x@example.com"}, "mail"),
        ([], ""),
    ],
)
def test_what_is_not_offered_is_refused_with_its_field(people, outside, call, body, field):
    answer = call(people.technician).patch(PREFERENCES, body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert factories.rows(Preferences) == []


def test_an_address_is_proved_by_the_code_of_its_mail(people, outside, call):
    program = call(people.technician)
    answer = program.post(f"{PREFERENCES}/mail", {"address": "chen@example.com"}).json()
    assert (answer["mail"], answer["mail_confirmed"]) == ("chen@example.com", False)
    jobs.drain()
    code = re.search(r"\d{6}", str(outside.mails.received[0]["Subject"]))[0]
    wrong = program.post(f"{PREFERENCES}/mail/confirm", {"code": "111111" if code != "111111" else "222222"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "code_wrong")
    assert factories.rows(Preferences)[0].mail_tries == 1
    assert program.post(f"{PREFERENCES}/mail/confirm", {"code": code}).json()["mail_confirmed"] is True
    assert program.send("DELETE", f"{PREFERENCES}/mail").json()["mail"] == ""


def test_a_token_that_may_only_read_changes_nothing(people, outside, call):
    program = call(people.technician, scope="read")
    assert program.get(PREFERENCES).status_code == 200
    for answer in (
        program.patch(PREFERENCES, {"pace": "gathered"}), program.post("notices/read", {"all": True}),
        program.post(f"{PREFERENCES}/mail", {"address": "x@example.com"}),
    ):  # fmt: skip
        assert answer.status_code == 403
    assert factories.rows(Preferences) == []
