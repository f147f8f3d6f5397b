"""The worker: `celery -A servicedesk worker`. Jobs are rows in PostgreSQL; Celery only wakes the worker (reliability.md 5 and 12)."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import structlog
from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init, worker_process_init, worker_shutting_down
from kombu.exceptions import KombuError, OperationalError
from kombu.pools import producers

from servicedesk.startup import verify_configuration, verify_database_user

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")

log = structlog.get_logger(__name__)

app = Celery("servicedesk")
app.config_from_object("django.conf:settings", namespace="CELERY")

# Without gossip and mingle a worker survives every loss of Redis (7 of 7 kills, reliability.md 12).
WORKER_OPTIONS = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
POLL_PAUSE, TICK_PAUSE = 2.0, 5.0  # seconds

# A publisher's line that fails at once (2 ms refused, 0.3 s hung) instead of after 6-7 s.
_QUICK = {
    "max_retries": 0, "interval_start": 0, "interval_step": 0, "interval_max": 0, "socket_connect_timeout": 0.3, "socket_timeout": 0.3,
}  # fmt: skip
_stopping = multiprocessing.Event()  # made before the pool forks: set in the parent, read by every process
_line: Any = None  # Any: kombu has no types


def ring() -> None:
    """Wake a worker. Never raises and never waits: without Redis the workers find the job by themselves within 2 s."""
    global _line
    try:
        if _line is None:
            _line = app.connection_for_write(transport_options=_QUICK)
        with producers[_line].acquire(block=False) as producer:
            drain.apply_async(producer=producer, retry=False, expires=30)
    except (KombuError, OperationalError, OSError) as error:
        log.warning("bell_unheard", error=type(error).__name__)


@app.task(name="core.drain", ignore_result=True)
def drain() -> int:
    """Do what is due, job by job until the worker is asked to stop; returns how many jobs were done."""
    from core import jobs

    done = 0
    while not _stopping.is_set() and jobs.drain(limit=1):
        done += 1
    return done


@app.task(name="core.tick", ignore_result=True)
def tick() -> None:
    """Ring what is due; beat sends this every 5 s, and every worker does it by itself when beat is gone."""
    from django.utils import timezone

    from core.tick import tick as ring_due
    from servicedesk import life

    ring_due(timezone.now())
    life.sign(life.TICK)


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Settings' LOGGING stays in force: Celery would replace it."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
@beat_init.connect
def verify(**_: Any) -> None:
    """Refuse a half configuration and a database user whom the policies do not bind."""
    verify_configuration()
    verify_database_user()


@worker_init.connect
def import_before_the_fork(**_: Any) -> None:
    """WeasyPrint and its like take seconds to import: once, in the memory that all processes of the pool share."""
    import core.printing  # noqa: F401


@worker_shutting_down.connect
def finish_the_job_at_hand(**_: Any) -> None:
    """Begin no further job: a queue may be longer than the patience of whoever stops us."""
    _stopping.set()


@worker_process_init.connect
def start_polling(**_: Any) -> None:
    """Each process of the pool looks for due jobs by itself, with or without Redis. After the fork: a thread does not survive one."""
    threading.Thread(target=poll, name="poll", daemon=True).start()
    threading.Thread(target=_warm, name="warm", daemon=True).start()


def _warm() -> None:
    """Make the first paper as quick as the next; cutting the fonts takes 15 s, once on a machine."""
    from core import printing

    try:
        printing.warm()
    except Exception:  # a worker without fonts still sends notices; the job that prints says what is missing
        log.exception("warm_failed")


def poll(stop: threading.Event | None = None) -> None:
    """Look every 2 s for jobs and every 5 s for what is due, until `stop` is set. Survives a missing PostgreSQL."""
    from django.db import Error, close_old_connections, connection

    from servicedesk import life

    stop = stop or threading.Event()
    last_tick = 0.0
    sign_of_life = Path(tempfile.gettempdir()) / "servicedesk-poll"  # docker-compose.yml looks at its age
    while not stop.wait(POLL_PAUSE):
        try:
            sign_of_life.touch()
            life.sign(life.WORKER)
            close_old_connections()
            drain()
            if time.monotonic() - last_tick >= TICK_PAUSE:
                last_tick = time.monotonic()
                tick()
        except Error as error:
            log.warning("poll_failed", error=type(error).__name__)
            connection.close()
        except Exception:  # the poller must live: it is what is left when all else fails
            log.exception("poll_failed")
