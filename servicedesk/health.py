"""/healthz and /readyz, for load balancers and supervisors: JSON without secrets, without sign-in, not logged."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from core import tenancy
from core.models import Job
from core.models.job import JobState

JOB_PATIENCE = (
    300.0  # seconds a due job may wait until no worker seems to be alive; a month's close keeps one busy for a minute
)

Result = dict[str, Any]  # Any: figures of each part, straight into JSON


class Health:
    """Answers both addresses before anything else: no redirect to https, no host check, no session, no transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return _answer(200, {"status": "ok"})
        if request.path == "/readyz":
            parts = readiness()
            fine = all(part["ok"] for part in parts.values())
            return _answer(200 if fine else 503, {"status": "ok" if fine else "failing", "parts": parts})
        return self.get_response(request)


def _answer(status: int, body: Result) -> HttpResponse:
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    return response


def readiness() -> dict[str, Result]:
    """What the product needs to work, each part with `ok` and its figures; never an address, a name or an error's text."""
    parts = {"postgresql": _timed(_ask_postgresql), "redis": _timed(_ask_redis)}
    if parts["postgresql"]["ok"]:
        parts["migrations"] = _timed(_missing_migrations)
        parts["jobs"] = _timed(_oldest_job) if parts["migrations"]["ok"] else {"ok": False}
    return parts


def _timed(ask: Callable[[], Result]) -> Result:
    begin = time.perf_counter()
    try:
        result: Result = {"ok": True, **ask()}
    except (DatabaseError, redis.RedisError, OSError) as error:
        connection.close()
        result = {"ok": False, "error": type(error).__name__}
    return result | {"ms": round((time.perf_counter() - begin) * 1000, 1)}


def _ask_postgresql() -> Result:
    connection.close_if_unusable_or_obsolete()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {}


def _ask_redis() -> Result:
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.3, socket_timeout=0.5) as line:
        line.ping()
    return {}


@cache
def migrations_of_this_code() -> frozenset[tuple[str, str]]:
    """(app, name) of all migration files; they change with the program only."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _missing_migrations() -> Result:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        missing = migrations_of_this_code() - set(cursor.fetchall())
    return {"ok": not missing, "missing": len(missing)}


def _oldest_job() -> Result:
    now = timezone.now()
    with tenancy.acting(tenancy.system()):
        due = Job.objects.unscoped("age of the queue").filter(state=JobState.WAITING, run_at__lte=now)
        oldest = due.order_by("run_at").values_list("run_at", flat=True).first()
    age = (now - oldest).total_seconds() if oldest else 0.0
    return {"ok": age <= JOB_PATIENCE, "oldest_waiting_s": round(age, 1)}
