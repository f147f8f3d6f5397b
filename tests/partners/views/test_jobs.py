"""我的任务: progress, cancel, retry, result; the failed ones for who looks after them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.errors import Refused
from core.models import Job, JobState
from notices.models import Notice
from tests import factories
from tests.people import act


def url(name, job):
    return reverse(f"partners:task_{name}", args=[job.public_id])


def box(response):
    return BeautifulSoup(response.content, "html.parser").find(class_="job-progress")


@pytest.fixture
def running(people):
    now = timezone.now()
    return factories.job(
        people.person("dispatcher"),
        state=JobState.RUNNING,
        done=23,
        of=120,
        run_at=now - timedelta(seconds=23),
        created_at=now,
    )


def test_a_running_task_tells_how_far_it_is_and_asks_again(people, sign_in, running):
    client = sign_in(people.dispatcher)
    page = client.get("/tasks/")
    progress = box(page).find("progress")
    assert (progress["max"], progress["value"]) == ("120", "23")
    assert box(page)["hx-get"] == url("poll", running)
    assert "delay:1s" in box(page)["hx-trigger"]
    assert "已完成 23/120 · 约剩 2 分钟" in box(page).get_text()
    fragment = client.get(url("poll", running), headers={"HX-Request": "true"})
    assert b"<html" not in fragment.content and box(fragment) is not None


def test_one_sees_ones_own_tasks_only(people, sign_in, running):
    assert box(sign_in(people.technician).get("/tasks/")) is None
    assert sign_in(people.technician).get(url("poll", running)).status_code == 403
    assert sign_in(people.stranger_admin).get(url("poll", running)).status_code == 404


def test_a_running_task_is_asked_to_stop(people, sign_in, running):
    client = sign_in(people.dispatcher)
    assert client.post(url("cancel", running))["Location"] == "/tasks/"
    assert factories.again(running).cancel_asked
    assert box(client.get("/tasks/")).find("form") is None


def test_a_failed_task_is_tried_again_by_who_asked_for_it_or_by_the_administrator(people, sign_in):
    for who, back in (("dispatcher", "/tasks/"), ("admin", "/tasks/failed/"), ("platform", "/tasks/failed/")):
        job = factories.job(people.person("dispatcher"), state=JobState.FAILED, last_error="kaputt")
        client = sign_in(getattr(people, who))
        assert client.post(url("retry", job))["Location"] == back
        assert factories.again(job).state == JobState.WAITING
    job = factories.job(people.person("dispatcher"), state=JobState.FAILED)
    assert sign_in(people.technician).post(url("retry", job)).status_code == 403
    assert sign_in(people.stranger_admin).post(url("retry", job)).status_code == 404
    assert sign_in(people.dispatcher).post(url("retry", factories.again(job))).status_code == 302
    assert sign_in(people.dispatcher).post(url("retry", job)).status_code == 409


def test_the_failed_list_shows_the_own_organisation_and_to_the_platform_all(people, sign_in):
    for name in ("dispatcher", "stranger"):
        factories.job(
            people.person(name), "tickets.slip_pdf", state=JobState.FAILED, title=f"TASK-{name}", last_error="kaputt"
        )
    page = sign_in(people.admin).get("/tasks/failed/").content.decode()
    assert "TASK-dispatcher" in page and "TASK-stranger" not in page
    page = sign_in(people.platform).get("/tasks/failed/").content.decode()
    assert page.count("生成服务单打印文件") == 2
    assert "TASK-" not in page and "kaputt" not in page, "titles and faults carry what belongs to the dealer"


def test_the_platform_sees_the_kind_of_a_fault_and_neither_its_values_nor_the_result(people, sign_in):
    fault = "django.db.utils.IntegrityError: duplicate key\nDETAIL:  Key (name)=(永州远山矿业) already exists."
    failed = factories.job(
        people.person("dispatcher"), state=JobState.FAILED, title="FW-CS01-202606-0001", last_error=fault
    )
    page = sign_in(people.platform).get("/tasks/failed/").content.decode()
    assert "django.db.utils.IntegrityError" in page
    assert "永州远山矿业" not in page and "FW-CS01" not in page
    for verb in ("poll", "result"):
        assert sign_in(people.platform).get(url(verb, failed)).status_code == 404


def test_a_result_is_handed_to_who_asked_for_it(people, sign_in):
    name = default_storage.save("tests/result.csv", ContentFile(b"a;b"))
    try:
        job = factories.job(people.person("dispatcher"), state=JobState.DONE, result_file=name)
        response = sign_in(people.dispatcher).get(url("result", job))
        assert b"".join(response.streaming_content) == b"a;b"
        assert "attachment" in response["Content-Disposition"]
        assert sign_in(people.technician).get(url("result", job)).status_code == 403
        assert sign_in(people.stranger).get(url("result", job)).status_code == 404
    finally:
        default_storage.delete(name)
    assert sign_in(people.dispatcher).get(url("result", job)).status_code == 404, "kept 7 days"
    page = factories.job(people.person("dispatcher"), state=JobState.DONE, result_url="/me/")
    assert sign_in(people.dispatcher).get(url("result", page))["Location"] == "/me/"


# ── told when it is over ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def handlers(monkeypatch):
    def fail(run):
        raise Refused("wrong_state")

    monkeypatch.setitem(jobs._handlers, "test.good", lambda run: None)
    monkeypatch.setitem(jobs._handlers, "test.bad", fail)


def enqueue(people, kind, ago):
    now = timezone.now() - timedelta(seconds=ago)
    return act(jobs.enqueue, viewer=people.dispatcher, now=now, title="历史工单导入", kind=kind)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kind", "ago", "told"), [("test.good", 60, ["job_done"]), ("test.good", 0, []), ("test.bad", 0, ["job_failed"])]
)
def test_who_asked_is_told_of_a_long_task_and_of_a_failed_one(people, handlers, kind, ago, told):
    job = enqueue(people, kind, ago)
    assert jobs.drain() == 1
    assert factories.again(job).state == (JobState.FAILED if kind == "test.bad" else JobState.DONE)
    rows = factories.rows(Notice)
    assert [row.kind for row in rows] == told
    assert all(row.person_id == people.dispatcher.person_id and row.url == f"/tasks/{job.public_id}/" for row in rows)
    assert len(factories.rows(Job)) == 1
