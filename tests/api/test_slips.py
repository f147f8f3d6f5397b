"""Slips and photos by API: from the first draft to the kept files."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.tickets.driver import STROKES, Job, picture
from tickets.enums import SlipState, TicketState


@pytest.fixture
def job(people):
    """A job of this morning, reported and not more."""
    return Job(people, at=timezone.now() - timedelta(hours=5))


def upload(program, key, slot, text, **more):
    data = {"slot": slot, "source": "camera", "photo": SimpleUploadedFile("x.jpg", picture(text), "image/jpeg"), **more}
    return program.client.post(
        f"/api/v1/tickets/{key}/photos", data, headers={"Authorization": f"Bearer {program.secret}"}
    )


FAULT = {
    "reported": "前端有咯咯声,烫手", "diagnosis": "前轴承 6309 内圈剥落,振动 7.1 mm/s", "cause": "轴承早期疲劳",
    "responsibility": "material", "solution": "更换前后轴承", "treatment": "repair",
}  # fmt: skip


def test_from_the_first_draft_to_the_signature(people, call, job):
    job.to(TicketState.IN_WORK)
    program = call(people.technician)
    for slot in ("nameplate", "fault", "after"):
        assert upload(program, job.key, slot, slot).status_code == 201
    opened = program.post(f"tickets/{job.key}/slip")
    assert opened.status_code == 200, opened.content.decode()
    key = opened.json()["id"]
    assert program.post(f"tickets/{job.key}/slip").json()["id"] == key

    incomplete = program.post(f"slips/{key}/complete", {}, If_Match=opened["ETag"])
    assert incomplete.status_code == 422
    assert {"faults.0.diagnosis", "faults.0.cause"} <= {error["field"] for error in incomplete.json()["errors"]}

    machine = job.machines[0].public_id
    draft = {
        "machines": [{"id": machine, "serial_number": "2603B0009", "ex_factory_on": "2025-03-06"}],
        "faults": [FAULT],
        "parts": [{"code": "6309-2RS", "name": "轴承", "quantity": 2, "source": "maker_free", "unit_price": 120}],
        "in_warranty": "yes", "km": 27.5, "people": 1,
    }  # fmt: skip
    saved = program.patch(f"slips/{key}", draft, If_Match=opened["ETag"])
    assert saved.status_code == 200, saved.content.decode()
    assert saved.json()["faults"][0]["diagnosis"] == FAULT["diagnosis"]
    assert saved.json()["faults"][0]["machines"][0]["id"] == machine
    assert saved.json()["parts"][0]["unit_price"] == "120.00"

    kept = program.patch(f"slips/{key}", {"other_service": "培训操作工"}, If_Match=saved["ETag"])
    assert (kept.json()["km"], kept.json()["faults"][0]["cause"]) == ("27.5", "轴承早期疲劳")
    stale = program.patch(f"slips/{key}", {"other_service": "x"}, If_Match=opened["ETag"])
    assert (stale.status_code, stale.json()["who"]) == (412, "陈志强")

    done = program.post(f"slips/{key}/complete", {}, If_Match=kept["ETag"])
    assert done.status_code == 200, done.content.decode()
    assert done.json()["number"].startswith("FW-CS01-")
    assert done.json()["state"] == SlipState.WAIT_SIGN

    empty = program.post(f"slips/{key}/sign", {"rating": "4"}, If_Match=done["ETag"])
    assert (empty.status_code, empty.json()["errors"][0]["field"]) == (422, "strokes")
    signed = program.post(f"slips/{key}/sign", {"rating": "4", "strokes": STROKES}, If_Match=done["ETag"])
    assert signed.status_code == 200, signed.content.decode()
    assert signed.json()["state"] == SlipState.SIGNED
    files = program.get(f"slips/{key}/files").json()
    assert (files["state"], files["files"]) == ("making", [])


def test_a_confirmation_by_name_a_refusal_and_a_void(people, call, job):
    desk = call(people.dispatcher)
    job.to(TicketState.WAIT_SIGN)
    key = job.slip.public_id
    refused = desk.post(f"slips/{key}/refuse", {"reason": "客户不在现场"}, If_Match="*")
    assert refused.status_code == 200, refused.content.decode()
    assert refused.json()["state"] == SlipState.REFUSED
    assert desk.post(f"slips/{key}/void", {"reason": " "}, If_Match="*").json()["errors"][0]["field"] == "reason"
    void = desk.post(f"slips/{key}/void", {"reason": "里程写错"}, If_Match="*")
    assert (void.status_code, void.json()["void_reason"]) == (200, "里程写错")


def test_a_slip_that_waits_can_be_corrected_and_confirmed_by_name(people, call, job):
    program = call(people.technician)
    job.to(TicketState.WAIT_SIGN)
    key = job.slip.public_id
    assert program.post(f"slips/{key}/correct", {"reason": "地址写错"}, If_Match="*").json()["state"] == SlipState.DRAFT
    again = program.post(f"slips/{key}/complete", {}, If_Match="*")
    assert again.status_code == 200, again.content.decode()
    named = program.post(f"slips/{key}/sign", {"rating": "5", "confirmed": True, "signer": "张工"}, If_Match="*")
    assert (named.status_code, named.json()["signature_kind"]) == (200, "typed")


def test_the_list_and_what_the_manufacturer_reads(people, call, job):
    job.to(TicketState.DONE)
    key = job.slip.public_id
    assert [row["id"] for row in call(people.dispatcher).get("slips").json()["items"]] == [key]
    assert call(people.stranger).get("slips").json()["items"] == []
    seen = call(people.reviewer).get(f"slips/{key}").json()
    assert "****" in seen["phone"]
    assert all("unit_price" not in part for part in seen["parts"])
    hidden = call(people.quality).get(f"slips/{key}").json()
    assert {"phone", "address", "contact", "signer", "parts_fee", "labour_fee"} & set(hidden) == set()


def test_wrong_lines_are_named_by_their_place(people, call, job):
    job.to(TicketState.IN_WORK)
    program = call(people.technician)
    key = program.post(f"tickets/{job.key}/slip").json()["id"]
    answer = program.patch(f"slips/{key}", {"faults": [FAULT, {"cause": "x" * 201}], "colour": 1}, If_Match="*")
    assert [error["field"] for error in answer.json()["errors"]] == ["colour"]
    answer = program.patch(f"slips/{key}", {"faults": [FAULT, {"cause": "x" * 201}]}, If_Match="*")
    assert [error["field"] for error in answer.json()["errors"]] == ["faults.1.cause"]


def test_photos_are_sent_once_shown_and_taken_away(people, call, job):
    job.to(TicketState.IN_WORK)
    program = call(people.technician)
    first = upload(program, job.key, "other", "one", op="op-12345678")
    again = upload(program, job.key, "other", "one", op="op-12345678")
    assert first.json() == again.json()
    key = first.json()["id"]
    assert [photo["id"] for photo in program.get(f"tickets/{job.key}/photos").json()] == [key]
    shown = program.get(f"photos/{key}.jpg")
    assert shown["Content-Type"] == "image/jpeg"
    assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8"
    assert call(people.stranger).get(f"photos/{key}.jpg").status_code == 404
    assert program.send("DELETE", f"photos/{key}").status_code == 204
    assert program.get(f"photos/{key}").status_code == 404


def test_what_is_no_picture_is_refused(people, call, job):
    job.to(TicketState.IN_WORK)
    program = call(people.technician)
    data = {"slot": "other", "source": "camera", "photo": SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg")}
    headers = {"Authorization": f"Bearer {program.secret}"}
    answer = program.client.post(f"/api/v1/tickets/{job.key}/photos", data, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "photo")
    missing = program.client.post(
        f"/api/v1/tickets/{job.key}/photos", {"slot": "other", "source": "camera"}, headers=headers
    )
    assert missing.json()["code"] == "image_missing"


def test_tasks_are_polled(people, call, job):
    job.to(TicketState.DONE)
    program = call(people.technician)
    files = program.get(f"slips/{job.slip.public_id}/files").json()
    task = program.get(f"jobs/{files['job']}").json()
    assert (task["state"], task["running"]) == ("waiting", True)
    assert [row["id"] for row in program.get("jobs").json()["items"]] == [files["job"]]
    assert call(people.stranger).get(f"jobs/{files['job']}").status_code == 404


def test_a_slip_signed_without_signal_arrives_once(people, call, job):
    job.to(TicketState.IN_WORK)
    program = call(people.technician)
    for slot in ("nameplate", "fault", "after"):
        upload(program, job.key, slot, slot)
    opened = program.post(f"tickets/{job.key}/slip")
    key = opened.json()["id"]
    machine = {"id": job.machines[0].public_id, "serial_number": "2603B0009", "ex_factory_on": "2025-03-06"}
    body = {
        "op": "op-of-our-own-app", "signed_at": timezone.now().isoformat(),
        "slip": {"machines": [machine], "faults": [FAULT], "parts": [], "in_warranty": "no", "people": 1},
        "answer": {"rating": "5", "strokes": STROKES},
    }  # fmt: skip
    first = program.post(f"slips/{key}/signed", body, If_Match=opened["ETag"])
    assert (first.status_code, first.json()["lapsed"]) == (200, ""), first.content.decode()
    assert first.json()["slip"]["state"] == "signed"
    again = program.post(f"slips/{key}/signed", body, If_Match=opened["ETag"])
    assert (again.status_code, again.json()) == (200, first.json())


def test_a_signature_that_takes_no_effect_says_why(people, call, job):
    job.to(TicketState.IN_WORK)
    program = call(people.technician)
    opened = program.post(f"tickets/{job.key}/slip")
    body = {"op": "op-of-our-own-app", "slip": {"faults": [FAULT]}, "answer": {"rating": "5", "strokes": STROKES}}
    answer = program.post(f"slips/{opened.json()['id']}/signed", body, If_Match=opened["ETag"])
    assert answer.status_code == 200, answer.content.decode()
    assert (answer.json()["slip"]["state"], "照片" in answer.json()["lapsed"]) == ("draft", True)
