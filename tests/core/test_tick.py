"""What is due is rung by one process at a time, and one ringer's fault is not the next one's."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from core import tick
from core.models.job import Job
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 6, 11, 4, 0, tzinfo=UTC)


@pytest.fixture
def ringers(monkeypatch):
    """Ringers of this test only."""
    mine: list[tick.Ringer] = []
    monkeypatch.setattr(tick, "_ringers", mine)
    return mine


def write(now):
    Job.objects.create(kind="test.rung", organisation_id=1, tier="dealer", run_at=now, created_at=now)


def test_everything_due_is_rung_as_the_system_itself(people, ringers):
    roles = []

    @ringers.append
    def ring(now):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            roles.append((cursor.fetchone()[0], now))

    assert tick.tick(NOW) is True
    assert roles == [("app_system", NOW)]


def test_a_ringer_at_fault_leaves_nothing_and_the_next_one_rings(people, ringers):
    @ringers.append
    def broken(now):
        write(now)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    ringers.append(write)
    assert tick.tick(NOW) is True
    assert len(factories.rows(Job, kind="test.rung")) == 1


def test_while_one_process_rings_another_does_not(people, ringers):
    inside, go_on, answers = threading.Event(), threading.Event(), []

    @ringers.append
    def slow(now):
        inside.set()
        assert go_on.wait(20)
        write(now)

    def other():
        answers.append(tick.tick(NOW))
        connection.close()

    first = threading.Thread(target=other)
    first.start()
    assert inside.wait(20)
    assert tick.tick(NOW) is False
    go_on.set()
    first.join(20)
    assert (answers, len(factories.rows(Job, kind="test.rung"))) == ([True], 1)
    with transaction.atomic():
        assert tick.tick(NOW) is True
