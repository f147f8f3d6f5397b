"""Jobs with real commits: claim, lease, retry, cancel, progress, and whose eyes they see with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core import jobs, tenancy
from core.errors import Refused
from core.models.job import Job, JobState
from notices.models import Notice
from partners.models import Organisation, Person
from tests import factories
from tests.people import act, refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kinds() -> Iterator[Callable[[str, Callable[[jobs.Run], None]], None]]:
    """`kinds("test.thing", handler)`: a kind of job for this test only."""
    before = dict(jobs._handlers)
    yield jobs._handlers.__setitem__
    jobs._handlers.clear()
    jobs._handlers.update(before)


def enqueue(viewer: tenancy.Viewer, kind: str = "test.thing", **more: Any) -> Job:
    def write(viewer: tenancy.Viewer) -> Job:
        return jobs.enqueue(kind, viewer=viewer, now=timezone.now(), **more)

    row: Job = act(write, viewer=viewer)
    return row


def now_is(row: Job, **columns: Any) -> None:
    """Set what only time would set."""
    with factories.writing():
        Job._base_manager.filter(pk=row.pk).update(**columns)


def write_down(run: jobs.Run, what: str = "done") -> None:
    """An effect that the test can count: a notice to the job's person."""
    with run.step():
        Notice.objects.create(
            organisation_id=run.viewer.org,
            person_id=run.viewer.person_id,
            kind=what,
            params={},
            created_at=timezone.now(),
        )


def effects() -> list[str]:
    return [notice.kind for notice in factories.rows(Notice, kind__in=["done", "half", "other"])]


# ── the normal way ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_job_is_done_once_and_says_how(people, kinds):
    def work(run: jobs.Run) -> None:
        run.progress(1, 2, "第一步")
        write_down(run)
        run.result(url="/somewhere/")

    kinds("test.thing", work)
    row = enqueue(people.technician, title="试验", of=2, answer=42)
    assert (jobs.drain(), jobs.drain(), effects()) == (1, 0, ["done"])
    row = factories.again(row)
    assert (row.state, row.attempts, row.done, row.of, row.progress_text) == (JobState.DONE, 1, 1, 2, "第一步")
    assert (row.payload, row.result_url, row.locked_until) == ({"answer": 42}, "/somewhere/", None)
    assert row.finished_at is not None


def test_a_kind_that_nobody_does_is_not_written(people):
    with pytest.raises(LookupError):
        enqueue(people.technician, "test.unknown")
    assert factories.rows(Job) == []


def test_the_bell_rings_after_the_commit_and_not_at_a_rollback(people, kinds, monkeypatch):
    kinds("test.thing", lambda run: None)
    rung: list[int] = []
    monkeypatch.setattr(jobs, "_bell", lambda: rung.append(len(factories.rows(Job))))
    with tenancy.acting(people.technician):
        jobs.enqueue("test.thing", viewer=people.technician, now=timezone.now())
        assert rung == []
    assert rung == [1]
    with transaction.atomic():
        tenancy.enter(people.technician)
        jobs.enqueue("test.thing", viewer=people.technician, now=timezone.now())
        transaction.set_rollback(True)
    assert (rung, len(factories.rows(Job))) == ([1], 1)


def test_a_job_waits_for_its_time(people, kinds):
    kinds("test.thing", write_down)
    row = enqueue(people.technician, run_at=timezone.now() + timedelta(hours=1))
    assert jobs.drain() == 0
    now_is(row, run_at=timezone.now())
    assert (jobs.drain(), effects()) == (1, ["done"])


def test_eight_workers_do_each_job_once(people, kinds):
    kinds("test.thing", write_down)
    for _ in range(40):
        enqueue(people.technician)
    start, counts = threading.Barrier(8), []

    def work() -> None:
        start.wait()
        counts.append(jobs.drain())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(counts), len(effects())) == (40, 40)
    assert {row.state for row in factories.rows(Job)} == {JobState.DONE}


# ── lost workers ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_lost_workers_job_is_taken_over_when_its_lease_runs_out(people, kinds):
    kinds("test.thing", write_down)
    row = enqueue(people.technician)
    assert jobs._claim("lost:1:1") is not None  # and is never heard of again
    assert jobs.drain() == 0
    now_is(row, locked_until=timezone.now() - timedelta(seconds=1))
    assert (jobs.drain(), effects()) == (1, ["done"])
    row = factories.again(row)
    assert (row.state, row.attempts) == (JobState.DONE, 2)


def test_a_worker_that_lost_its_lease_stops_at_its_next_progress_and_ends_nothing(people, kinds):
    def slow(run: jobs.Run) -> None:
        if run.job.attempts == 1:
            now_is(run.job, locked_until=timezone.now() - timedelta(seconds=1))
            assert jobs.drain() == 1  # another worker does it meanwhile
            run.progress(1, 2)
            write_down(run, "other")
        write_down(run)

    kinds("test.thing", slow)
    row = enqueue(people.technician)
    jobs.drain()
    assert effects() == ["done"]
    row = factories.again(row)
    assert (row.state, row.attempts) == (JobState.DONE, 2)


def test_progress_renews_the_lease_and_everybody_sees_it(people, kinds):
    seen: list[Any] = []

    def work(run: jobs.Run) -> None:
        now_is(run.job, locked_until=timezone.now() + timedelta(seconds=1))
        run.progress(3, 10, "半路")
        row = factories.again(run.job)
        seen.append((row.done, row.of, row.progress_text, row.locked_until > timezone.now() + timedelta(seconds=20)))

    kinds("test.thing", work)
    enqueue(people.technician)
    jobs.drain()
    assert seen == [(3, 10, "半路", True)]


def test_a_job_that_kills_every_worker_fails_in_the_end(people, kinds):
    kinds("test.thing", write_down)
    row = enqueue(people.technician)
    for _ in range(jobs.MAX_ATTEMPTS):
        assert jobs._claim("lost:1:1") is not None
        now_is(row, locked_until=timezone.now() - timedelta(seconds=1))
    assert (jobs.drain(), effects()) == (1, [])
    row = factories.again(row)
    assert (row.state, "job" in row.last_error.lower() or row.last_error != "") == (JobState.FAILED, True)


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_fault_is_tried_again_with_growing_pauses_and_then_fails_visibly(people, kinds):
    def broken(run: jobs.Run) -> None:
        raise RuntimeError("no paper in the tray")

    kinds("test.thing", broken)
    row = enqueue(people.technician)
    pauses = []
    for attempt in range(1, jobs.MAX_ATTEMPTS + 1):
        begin = timezone.now()
        assert jobs.drain() == 1
        row = factories.again(row)
        assert (row.attempts, "no paper" in row.last_error) == (attempt, True)
        if attempt < jobs.MAX_ATTEMPTS:
            assert row.state == JobState.WAITING
            pauses.append((row.run_at - begin).total_seconds())
            assert jobs.drain() == 0
            now_is(row, run_at=timezone.now())
    assert row.state == JobState.FAILED
    assert all(0.8 * 2**n <= pause <= 1.2 * 2**n + 1 for n, pause in enumerate(pauses, start=1))


def test_what_a_step_wrote_before_a_fault_stays_and_the_step_at_fault_leaves_nothing(people, kinds):
    def half(run: jobs.Run) -> None:
        write_down(run, "half")
        with run.step():
            Notice.objects.create(
                organisation_id=run.viewer.org, person_id=1, kind="other", params={}, created_at=timezone.now()
            )
            raise RuntimeError

    kinds("test.thing", half)
    enqueue(people.technician)
    jobs.drain()
    assert effects() == ["half"]


def test_a_refusal_fails_at_once(people, kinds):
    def refuse(run: jobs.Run) -> None:
        raise Refused("wrong_state", status=409)

    kinds("test.thing", refuse)
    row = enqueue(people.technician)
    jobs.drain()
    assert (factories.again(row).state, factories.again(row).attempts) == (JobState.FAILED, 1)


def test_a_failed_job_is_retried_from_its_beginning(people, kinds):
    kinds("test.thing", lambda run: (_ for _ in ()).throw(Refused("wrong_state")))
    row = enqueue(people.technician)
    jobs.drain()
    kinds("test.thing", write_down)
    act(jobs.retry, viewer=people.technician, public_id=row.public_id, now=timezone.now())
    waiting = factories.again(row)
    assert (waiting.state, waiting.attempts, waiting.last_error) == (JobState.WAITING, 0, "")
    assert (jobs.drain(), effects(), factories.again(row).state) == (1, ["done"], JobState.DONE)
    with refused("job_not_failed"):
        act(jobs.retry, viewer=people.technician, public_id=row.public_id, now=timezone.now())


def test_a_kind_without_handler_fails_visibly_after_its_tries(people):
    row = factories.job(people.person("technician"), "gone.kind", attempts=jobs.MAX_ATTEMPTS - 1)
    assert jobs.drain() == 1
    assert (factories.again(row).state, "gone.kind" in factories.again(row).last_error) == (JobState.FAILED, True)


# ── cancelling ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def cancel(row: Job, viewer: tenancy.Viewer) -> None:
    act(jobs.cancel, viewer=viewer, public_id=row.public_id, now=timezone.now())


def test_a_waiting_job_is_cancelled_at_once(people, kinds):
    kinds("test.thing", write_down)
    row = enqueue(people.technician)
    cancel(row, people.technician)
    assert (jobs.drain(), effects(), factories.again(row).state) == (0, [], JobState.CANCELLED)


def test_a_running_job_stops_at_its_next_progress_and_keeps_what_is_finished(people, kinds):
    def work(run: jobs.Run) -> None:
        write_down(run, "half")
        cancel(run.job, people.technician)
        run.progress(1, 2)
        write_down(run)

    kinds("test.thing", work)
    row = enqueue(people.technician)
    jobs.drain()
    assert (effects(), factories.again(row).state) == (["half"], JobState.CANCELLED)


def test_another_person_or_dealer_neither_cancels_nor_retries(people, kinds):
    kinds("test.thing", write_down)
    row = enqueue(people.technician)
    with refused("not_allowed"):
        cancel(row, people.second_technician)
    for name in ("stranger", "office", "reviewer"):
        with refused("not_found"):
            cancel(row, getattr(people, name))
    assert factories.again(row).state == JobState.WAITING


# ── whose eyes ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_job_sees_and_writes_with_its_dealers_rights_whatever_it_asks(people, kinds):
    factories.customer(people.cs01)
    foreign = factories.customer(people.hf01)
    found: dict[str, Any] = {}

    def curious(run: jobs.Run) -> None:
        from equipment.models import Customer

        with run.step():
            found["who"] = (run.viewer.org, run.viewer.person_id, run.viewer.name)
            rows = Customer.objects.unscoped("the test asks for all")
            found["seen"] = sorted(rows.values_list("dealer_id", flat=True))
            found["changed"] = rows.filter(pk=foreign.pk).update(name="gestohlen")
        try:
            with run.step():
                Customer.objects.create(dealer=people.hf01, name="untergeschoben")
        except Exception as problem:  # noqa: BLE001  # whatever the database says
            found["error"] = str(problem)

    kinds("test.thing", curious)
    enqueue(people.technician)
    jobs.drain()
    assert found["who"] == (people.cs01.pk, people.technician.person_id, "陈志强")
    assert (found["seen"], found["changed"]) == ([people.cs01.pk], 0)
    assert "row-level security" in found["error"]


def test_outside_its_steps_a_job_reads_no_tenant_table_at_all(people, kinds):
    def careless(run: jobs.Run) -> None:
        list(Notice.objects.unscoped("the test reads without a role").order_by("id"))

    kinds("test.thing", careless)
    row = enqueue(people.technician)
    jobs.drain()
    assert "permission denied" in factories.again(row).last_error


def test_an_offices_job_runs_as_the_office(people, kinds):
    seen: list[Any] = []
    kinds("test.thing", lambda run: seen.append((run.viewer.tier, run.viewer.org_code)))
    enqueue(people.office)
    jobs.drain()
    assert seen == [(tenancy.Tier.OFFICE, "SF-HN")]


def test_who_asked_has_left_the_organisation_finishes_it(people, kinds):
    seen: list[Any] = []
    kinds("test.thing", lambda run: seen.append((run.viewer.person_id, run.viewer.org)))
    enqueue(people.technician)
    with factories.writing():
        Person._base_manager.filter(pk=people.technician.person_id).update(active=False)
    jobs.drain()
    assert seen == [(None, people.cs01.pk)]


def test_a_closed_organisation_has_no_work_done(people, kinds):
    kinds("test.thing", write_down)
    row = enqueue(people.technician)
    with factories.writing():
        Organisation._base_manager.filter(pk=people.cs01.pk).update(active=False)
    jobs.drain()
    assert (factories.again(row).state, effects()) == (JobState.FAILED, [])


def test_the_worker_itself_reads_jobs_and_nothing_else(people):
    from django.db import ProgrammingError

    from tickets.models import Ticket

    with tenancy.acting(tenancy.system()):
        assert list(Job.objects.unscoped("any").order_by("id")) == []
    with pytest.raises(ProgrammingError), tenancy.acting(tenancy.system()):
        list(Ticket.objects.unscoped("the test wants to see the refusal").order_by("id"))


# ── standing jobs ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def wake(people: Any, *names: str, **more: Any) -> int:
    lanes = [jobs.Standing(people.cs01.pk, "dealer", name, {"name": name}) for name in names]
    with tenancy.acting(tenancy.system()):
        return jobs.wake("test.thing", lanes, now=timezone.now(), **more)


def test_a_standing_job_has_one_row_however_often_it_is_woken(people, kinds):
    done = []
    kinds("test.thing", lambda run: done.append(run.payload["name"]))
    assert [wake(people, "a", "b"), wake(people, "a", "b")] == [2, 0], "what waits is left alone"
    assert jobs.drain() == 2
    assert [wake(people, "a"), jobs.drain()] == [1, 1]
    assert sorted(done) == ["a", "a", "b"]
    assert len(factories.rows(Job)) == 2


def test_a_standing_job_that_runs_is_left_alone_and_one_that_failed_begins_anew(people, kinds):
    def fails(run: jobs.Run) -> None:
        assert wake(people, "a") == 0, "it is running"
        raise Refused("wrong_state")

    kinds("test.thing", fails)
    wake(people, "a")
    jobs.drain()
    assert factories.rows(Job)[0].state == JobState.FAILED
    assert wake(people, "a") == 1
    (row,) = factories.rows(Job)
    assert (row.state, row.attempts, row.last_error) == (JobState.WAITING, 0, "")


def test_a_standing_job_is_not_woken_twice_in_its_time(people, kinds):
    kinds("test.thing", lambda run: None)
    begin = timezone.now()
    assert wake(people, "a", not_since=begin) == 1
    jobs.drain()
    assert wake(people, "a", not_since=begin) == 0
    assert wake(people, "a", not_since=timezone.now() + timedelta(seconds=1)) == 1


def test_standing_jobs_of_two_organisations_have_nothing_to_do_with_each_other(people, kinds):
    kinds("test.thing", lambda run: None)
    lanes = [jobs.Standing(org.pk, "dealer", "a", {}) for org in (people.cs01, people.hf01)]
    with tenancy.acting(tenancy.system()):
        assert jobs.wake("test.thing", lanes, now=timezone.now()) == 2
    assert {row.organisation_id for row in factories.rows(Job)} == {people.cs01.pk, people.hf01.pk}


def test_a_kind_that_nobody_does_is_not_woken(people):
    with pytest.raises(LookupError, match=r"test\.nobody"):
        jobs.wake("test.nobody", [], now=timezone.now())
