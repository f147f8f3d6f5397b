"""/healthz tells that the process lives, /readyz whether everything it needs is there. Neither tells a secret."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from servicedesk import health

REAL = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_healthz_needs_no_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_healthz_is_answered_whatever_the_host_and_without_redirect(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz", HTTP_HOST="10.0.0.7").status_code == 200


@REAL
def test_readyz_is_ok_when_all_is_there(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    body = response.json()
    assert body["status"] == "ok"
    assert {name: part["ok"] for name, part in body["parts"].items()} == {
        "postgresql": True, "redis": True, "migrations": True, "jobs": True,
    }  # fmt: skip
    assert body["parts"]["jobs"]["oldest_waiting_s"] == 0


@REAL
def test_readyz_tells_a_missing_redis_but_not_where_it_should_be(client, settings):
    settings.REDIS_URL = "unix:///nowhere/secret-place.sock?db=0"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"]["redis"]["ok"] is False
    assert b"secret-place" not in response.content


@REAL
def test_readyz_tells_a_missing_postgresql_but_not_where_it_should_be(client):
    connection.close()
    place = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = "/nowhere/secret-place"
    try:
        response = client.get("/readyz")
    finally:
        connection.close()
        connection.settings_dict["HOST"] = place
    assert response.status_code == 503
    assert response.json()["parts"]["postgresql"]["ok"] is False
    assert b"secret-place" not in response.content


@REAL
def test_readyz_counts_migrations_that_are_not_applied(client):
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core' AND name LIKE '0001%' RETURNING name, applied")
        name, applied = cursor.fetchone()
        try:
            response = client.get("/readyz")
        finally:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('core', %s, %s)", [name, applied]
            )
    assert response.status_code == 503
    assert response.json()["parts"]["migrations"]["missing"] == 1


@REAL
def test_readyz_fails_when_a_due_job_waits_too_long(client):
    from core.models import Job

    late = timezone.now() - timedelta(seconds=health.JOB_PATIENCE + 60)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE app_fixture")
        Job._plain.create(kind="x", organisation_id=1, tier="dealer", run_at=late, created_at=late)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"]["jobs"]["oldest_waiting_s"] >= health.JOB_PATIENCE + 60


@REAL
def test_the_start_refuses_a_user_who_could_step_around_the_policies():
    from servicedesk.startup import bypass

    assert bypass() == (
        "the database user servicedesk_app of DATABASE_URL could step around row level security (role app_fixture):"
        " make the users with ops/roles.sql"
    )
