"""The worker: `celery -A servicedesk worker`. Jobs are rows in PostgreSQL; Celery only wakes the worker (reliability.md 5)."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init

from servicedesk.startup import verify_configuration

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")

app = Celery("servicedesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["core"], related_name="jobs")

# Without gossip and mingle a worker survives every loss of Redis (7 of 7 kills, reliability.md 12).
WORKER_OPTIONS = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Settings' LOGGING stays in force: Celery would replace it."""


@worker_init.connect
def start_polling(**_: Any) -> None:
    """Poll the job table from the start, with or without Redis."""
    verify_configuration()
    from core import jobs

    jobs.start_polling()
