"""/metrics for Prometheus: requests, jobs, database, backup. No label holds anything of a tenant: routes, states and statuses only.

Several web processes: each writes its counters into files of one folder (servicedesk/metrics_folder.py), and whichever process is asked adds them up. Jobs, database and backup are asked for when somebody looks.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from core import tenancy
from servicedesk import archive, keeping, life, metrics_folder

PATH = "/metrics"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")

requests = Counter("servicedesk_requests", "Answered requests", ["route", "method", "status"])
seconds = Histogram(
    "servicedesk_request_seconds",
    "Time until the answer was ready",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10),
)


class Metrics:
    """Counts and times what lies below; answers /metrics itself, before host check, session and transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == PATH and may_look(request):
            response = HttpResponse(figures(), content_type=CONTENT_TYPE_LATEST)
            response["Cache-Control"] = "no-store"
            return response
        began = time.perf_counter()
        response = self.get_response(request)  # /metrics is no route: 404 for everybody else
        if match := request.resolver_match:
            route = match.view_name
        else:
            route = "static" if request.path.startswith(settings.STATIC_URL) and response.status_code < 400 else "none"
        method = request.method if request.method in _METHODS else "other"
        requests.labels(route, method, str(response.status_code)).inc()
        seconds.labels(route).observe(time.perf_counter() - began)
        return response


def may_look(request: HttpRequest) -> bool:
    """Whoever knows METRICS_TOKEN, and this machine itself; not what a proxy on this machine passes on."""
    given = request.META.get("HTTP_AUTHORIZATION", "")
    if settings.METRICS_TOKEN and secrets.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        return True
    if given or any(name in request.META for name in _FORWARDED):
        return False
    try:
        return ip_address(str(request.META.get("REMOTE_ADDR", ""))).is_loopback
    except ValueError:
        return False


def figures() -> bytes:
    """Everything in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Installation())
    if os.environ.get(metrics_folder.VARIABLE):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(REGISTRY) + generate_latest(registry)


class _Installation(Collector):
    """What is asked for at each look. A database that is away is a figure, not a fault."""

    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        up = GaugeMetricFamily("servicedesk_database_up", "1 when PostgreSQL answers")
        try:
            connection.close_if_unusable_or_obsolete()
            with tenancy.acting(tenancy.system()):
                jobs = keeping.jobs_of(tenancy.system(), now)
        except DatabaseError:
            connection.close()
            up.add_metric([], 0)
        else:
            up.add_metric([], 1)
            states = GaugeMetricFamily("servicedesk_jobs", "Jobs by state", labels=["state"])
            for state, number in jobs.by_state.items():
                states.add_metric([state], number)
            yield states
            yield _gauge(
                "servicedesk_oldest_job_seconds", "How long the oldest due job has been waiting", jobs.oldest_wait(now)
            )
        yield up
        alive = GaugeMetricFamily("servicedesk_sign_of_life_seconds", "Since the last sign of life", labels=["who"])
        for who in (life.WORKER, life.TICK):
            if (age := life.age(who)) is not None:
                alive.add_metric([who], age)
        yield alive
        if last := archive.latest(settings.BACKUP_FOLDER):
            yield _gauge("servicedesk_backup_age_seconds", "Age of the last backup", last.age(now).total_seconds())
        free = GaugeMetricFamily("servicedesk_disk_free_bytes", "Free space", labels=["of"])
        for of, disk in zip(("files", "backups"), (settings.FILES_FOLDER, settings.BACKUP_FOLDER), strict=True):
            free.add_metric([of], keeping.disk(disk).free)
        yield free


def _gauge(name: str, words: str, value: float) -> Metric:
    family = GaugeMetricFamily(name, words)
    family.add_metric([], value)
    return family
