"""The kept files and the nightly closing, as the worker does them, with real commits and real files."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from core import jobs, tick
from core.models.job import Job as JobRow
from core.models.job import JobState
from partners.operations import daily
from tests import factories
from tests.people import sees
from tests.tickets.driver import Job
from tests.tickets.facts import jobs_of, shared_columns
from tickets import tasks
from tickets.documents import slip_pdf
from tickets.enums import Copy, TicketState
from tickets.models import SlipFile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _a_new_day():
    daily._planned.clear()


def kept(job: Job) -> dict[str, SlipFile]:
    return {row.copy: row for row in factories.rows(SlipFile, slip=job.slip)}


def folder_of(job: Job) -> list[str]:
    row = next(row for row in jobs_of("tickets.slip_pdf") if row.payload == {"slip": job.slip.public_id})
    folder = f"slips/{row.public_id}"
    return (
        sorted(f"{folder}/{name}" for name in default_storage.listdir(folder)[1])
        if default_storage.exists(folder)
        else []
    )


def text_of(file: SlipFile) -> bytes:
    with default_storage.open(file.file.name) as opened:
        content: bytes = opened.read()
    assert hashlib.sha256(content).hexdigest() == file.sha256
    assert len(content) == file.size
    return content


def test_three_files_are_made_each_with_its_own_right(people):
    job = Job(people).to(TicketState.DONE)
    assert jobs.drain() == 1
    files = kept(job)
    assert set(files) == {"dealer", "customer", "maker"}
    assert sorted(file.file.name for file in files.values()) == folder_of(job)
    for file in files.values():
        with pikepdf.open(io.BytesIO(text_of(file))) as pdf:
            assert len(pdf.pages) == file.pages == 1
    assert {copy: file.shared_with_maker for copy, file in files.items()} == {
        "dealer": False,
        "customer": False,
        "maker": True,
    }
    assert shared_columns(files["maker"]) == shared_columns(job.ticket)
    assert sees(people.office, SlipFile) == sees(people.reviewer, SlipFile) == [files["maker"]]
    assert sees(people.stranger, SlipFile) == []
    assert len(sees(people.dispatcher, SlipFile)) == 3
    row = jobs_of("tickets.slip_pdf")[0]
    assert (row.state, row.done, row.of) == (JobState.DONE, 3, 3)


def test_of_an_unshared_ticket_nothing_is_shared(people):
    job = Job(people, desk=people.stranger, lead=people.stranger_technician).to(TicketState.DONE)
    jobs.drain()
    assert [file.shared_with_maker for file in kept(job).values()] == [False, False, False]
    job.share()
    assert [file.copy for file in sees(people.other_office, SlipFile)] == ["maker"]


@pytest.mark.parametrize("verb", ["refuse_signature", "finish_remote"])
def test_a_refusal_and_a_remote_slip_have_their_files_too(people, verb):
    job = Job(people).to(TicketState.WAIT_SIGN if verb == "refuse_signature" else TicketState.CONTACTED)
    getattr(job, verb)()
    jobs.drain()
    assert len(kept(job)) == 3


def again(job: Job) -> None:
    """Let the job run once more, as after a worker that was lost at the very end."""
    row = jobs_of("tickets.slip_pdf")[0]
    with factories.writing():
        JobRow._base_manager.filter(pk=row.pk).update(state=JobState.WAITING, run_at=timezone.now())
    assert jobs.drain() == 1


def test_a_second_run_changes_nothing(people):
    job = Job(people).to(TicketState.DONE)
    jobs.drain()
    before, names = kept(job), folder_of(job)
    again(job)
    assert (kept(job), folder_of(job)) == (before, names)


def test_what_a_killed_run_left_behind_is_taken_away_and_what_is_missing_is_made(people):
    job = Job(people).to(TicketState.DONE)
    row = jobs_of("tickets.slip_pdf")[0]
    for name in ("left", "over"):
        default_storage.save(f"slips/{row.public_id}/{name}.pdf", ContentFile(b"half"))
    jobs.drain()
    names = folder_of(job)
    assert sorted(file.file.name for file in kept(job).values()) == names
    assert len(names) == 3 and not any("left" in name or "over" in name for name in names)


def test_a_slip_that_was_voided_meanwhile_gets_no_files(people):
    job = Job(people).to(TicketState.DONE)
    job.void()
    jobs.drain()
    assert (kept(job), folder_of(job), jobs_of("tickets.slip_pdf")[0].state) == ({}, [], JobState.DONE)


def test_a_slip_voided_while_its_files_are_drawn_gets_none_either(people, monkeypatch):
    job = Job(people).to(TicketState.DONE)
    drawn = slip_pdf.slip_files

    def void_meanwhile(paper):
        job.void()
        return drawn(paper)

    monkeypatch.setattr(slip_pdf, "slip_files", void_meanwhile)
    jobs.drain()
    assert (kept(job), folder_of(job), jobs_of("tickets.slip_pdf")[0].state) == ({}, [], JobState.DONE)


def test_files_of_a_slip_that_is_voided_later_stay(people):
    job = Job(people).to(TicketState.DONE)
    jobs.drain()
    job.void()
    assert len(kept(job)) == 3
    again(job)
    assert len(kept(job)) == 3


def test_a_run_whose_files_another_run_cleared_writes_no_rows(people, monkeypatch):
    """The lease was lost while drawing; the run that took over cleared the folder before we could write our rows."""
    job = Job(people).to(TicketState.DONE)
    drawn = slip_pdf.slip_files
    turns = []

    def lose_the_lease(paper):
        turns.append(1)
        made = drawn(paper)
        if len(turns) == 1:
            monkeypatch.setattr(tasks, "_keep", keep_and_be_cleared)
        return made

    keep = tasks._keep
    done = []

    def keep_and_be_cleared(folder, content):
        file = keep(folder, content)
        done.append(file)
        if len(done) == 3:
            for one in done:
                default_storage.delete(one.name)
        return file

    monkeypatch.setattr(slip_pdf, "slip_files", lose_the_lease)
    jobs.drain()
    assert kept(job) == {}
    monkeypatch.undo()
    again(job)
    assert sorted(kept(job)) == ["customer", "dealer", "maker"]


def test_no_file_of_the_customer_tells_what_only_the_staff_may_know(people):
    job = Job(people).to(TicketState.DONE)
    jobs.drain()
    sizes = {copy: len(text_of(file)) for copy, file in kept(job).items()}
    assert sizes["customer"] < sizes["dealer"]
    assert set(sizes) == {copy.value for copy in Copy}


# ── the night ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

NOON = datetime(2026, 6, 11, 4, 0, tzinfo=UTC)
NIGHT = datetime(2026, 6, 11, 18, 30, tzinfo=UTC)  # 02:30 on the twelfth in China


def test_the_tick_plans_one_job_per_dealer_and_night(people):
    for moment in (NOON, NOON + timedelta(seconds=5), NOON + timedelta(hours=9)):
        daily._planned.clear()  # another process each time
        assert tick.tick(moment) is True
    rows = jobs_of(tasks.CLOSE_DUE)
    assert [(row.organisation_id, row.tier, row.run_at, row.person_id) for row in rows] == [
        (people.cs01.pk, "dealer", NIGHT, None),
        (people.hf01.pk, "dealer", NIGHT, None),
    ]
    tick.tick(NOON + timedelta(days=1))
    assert len(jobs_of(tasks.CLOSE_DUE)) == 4


def test_after_half_past_two_the_next_night_is_planned(people):
    tick.tick(NIGHT + timedelta(seconds=1))
    assert {row.run_at for row in jobs_of(tasks.CLOSE_DUE)} == {NIGHT + timedelta(days=1)}


def test_a_quiet_tick_asks_nothing(people, django_assert_num_queries):
    tick.tick(NOON)
    with django_assert_num_queries(0):
        tasks.plan_night(NOON + timedelta(seconds=5))


def test_the_nights_job_closes_for_its_own_dealer(people):
    """Long ago finished, so that the worker's own clock finds it due."""
    job = Job(people, at=datetime(2026, 6, 11, 2, 30, tzinfo=UTC)).to(TicketState.REMOTE_DONE)
    other = Job(people, desk=people.stranger).to(TicketState.REMOTE_DONE)
    assert timezone.now() > job.clock + timedelta(days=31)
    _nightly(people.cs01.pk)
    jobs.drain()
    assert (job.state, other.state) == (TicketState.CLOSED, TicketState.REMOTE_DONE)
    assert jobs_of(tasks.CLOSE_DUE)[0].state == JobState.DONE


def _nightly(organisation_id: int) -> None:
    with factories.writing():
        JobRow.objects.create(
            kind=tasks.CLOSE_DUE, organisation_id=organisation_id, tier="dealer", run_at=NOON, created_at=NOON
        )
