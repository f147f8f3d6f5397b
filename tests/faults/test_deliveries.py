"""kill -9 of the worker while mails leave, and FLUSHDB: every message arrives, a repeat has the same id, none is forgotten."""

from __future__ import annotations

from collections import defaultdict

import pytest
import redis
from django.conf import settings
from django.utils import timezone

from core import tick
from notices.enums import DeliveryState
from tests.faults.conftest import Workers, kill, record, wait_for
from tests.notices.conftest import Outside
from tests.notices.conftest import outside as outside  # noqa: PLC0414  # the fixture, by its own name

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers, pytest.mark.slow]

PEOPLE, KILLS = 60, 5


def test_killed_workers_and_an_emptied_redis_lose_no_message(outside: Outside, monkeypatch, tmp_path):
    monkeypatch.setenv("EMAIL_URL", f"smtp+plain://127.0.0.1:{outside.mails.port}")
    outside.mails.takes = 0.01  # so that a kill finds one on its way
    members = outside.members(PEOPLE)
    outside.tell(*members)
    workers = Workers(tmp_path / "worker.log")
    try:
        for turn in range(KILLS):
            outside.later()  # what the killed one had in hand comes back; 45 s without this
            assert tick.tick(timezone.now())
            victim, wanted = workers.fork(), (turn + 1) * PEOPLE // (KILLS + 2)
            wait_for(lambda wanted=wanted: len(outside.mails.received) >= wanted, 20, "mails")
            kill(victim)
            with redis.Redis.from_url(settings.REDIS_URL) as line:
                line.flushdb()  # this slot only: the other runs on the same Redis keep theirs
        assert set(outside.states) > {DeliveryState.SENT}, "some still wait"
        outside.later()
        heir = workers.fork()
        wait_for(lambda: tick.tick(timezone.now()) and set(outside.states) == {DeliveryState.SENT}, 30, "all sent")
        kill(heir)
    finally:
        workers.end()
    ids = defaultdict(list)
    for address, mail in zip(outside.mails.to, outside.mails.received, strict=True):
        ids[address].append(str(mail["Message-ID"]))
    repeats = sum(len(found) - 1 for found in ids.values())
    record(
        "deliveries",
        {
            "fault": "kill -9 worker, FLUSHDB",
            "messages": PEOPLE,
            "kills": KILLS,
            "arrived": len(ids),
            "repeats": repeats,
        },
    )
    assert set(ids) == {f"p{person.pk}@example.com" for person in members}
    assert all(len(set(found)) == 1 for found in ids.values()), "a repeat has the same id"
    assert repeats <= KILLS
