"""The administrator's page of the installation: numbers for the platform, nothing for anybody else."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from core.models import JobState
from servicedesk import archive, life
from tests import factories


def words(response) -> str:
    return BeautifulSoup(response.content, "html.parser").find("main").get_text(" ", strip=True)


def stored_archive(folder: Path, age: timedelta) -> None:
    """An archive of which only the manifest is looked at."""
    facts = {
        "format": archive.FORMAT, "version": "1", "made_at": (timezone.now() - age).isoformat(), "migrations": {}, "bytes": 5 << 20,
        "tables": {"a": {"rows": 40, "sum": "0"}, "b": {"rows": 2, "sum": "0"}}, "files": [{"name": "x", "bytes": 1, "sha256": "0"}],
    }  # fmt: skip
    place = folder / "servicedesk-20261127T081500Z"
    place.mkdir()
    (place / archive.MANIFEST).write_text(json.dumps({**facts, "seal": archive._seal(facts)}))


@pytest.fixture
def page(client, people, sign_in, settings, tmp_path):
    """`page()`: what the platform's administrator reads, in English."""
    settings.BACKUP_FOLDER = tmp_path
    sign_in(people.platform)
    client.cookies["django_language"] = "en"
    return lambda: words(client.get("/keeping/"))


def test_jobs_are_counted_by_state_over_all_organisations(page, people):
    now = timezone.now()
    for name, state, ago in (
        ("dispatcher", JobState.FAILED, 60),
        ("stranger", JobState.FAILED, 60),
        ("stranger", JobState.WAITING, 1200),
    ):
        when = now - timedelta(seconds=ago)
        factories.job(people.person(name), state=state, run_at=when, created_at=when, title="机密的任务")
    text = page()
    assert "Tasks, failed 2" in text
    assert "Tasks, waiting 1" in text
    assert "Oldest waiting task 20 min" in text
    assert "No worker seems to be at work" in text
    assert "机密的任务" not in text


def test_a_sound_installation_has_nothing_to_do(page, tmp_path):
    life.sign(life.WORKER)
    life.sign(life.TICK)
    stored_archive(tmp_path, timedelta(hours=3))
    text = page()
    for trouble in ("No worker", "backup is", "There is no backup", "Migrations are pending"):
        assert trouble not in text
    assert "Age 3 h" in text
    assert "Size 5.0 MB" in text
    assert "2 tables, 42 rows, 1 files" in text
    assert "Migrations none is pending" in text
    assert f"Version {archive.version()}" in text
    assert "none is due" in text


def test_what_needs_somebody_stands_on_top(page, tmp_path):
    cache.clear()
    assert "There is no backup." in page()
    stored_archive(tmp_path, timedelta(days=3))
    text = page()
    assert "The last backup is 3 days old." in text
    assert "not seen for a day" in text


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_pending_migrations_are_counted(page):
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET app = 'gone' WHERE app = 'notices' AND name LIKE '0001%'")
        try:
            text = page()
        finally:
            cursor.execute("UPDATE django_migrations SET app = 'notices' WHERE app = 'gone'")
    assert "Migrations are pending: 1." in text


def test_the_platforms_home_leads_there(client, people, sign_in):
    sign_in(people.platform)
    home = BeautifulSoup(client.get("/").content, "html.parser").find("main")
    assert home.find("a", href="/keeping/")


@pytest.mark.parametrize("name", ["admin", "dispatcher", "technician", "hq_admin", "office_admin"])
def test_nobody_else_may_look(client, people, sign_in, name):
    sign_in(getattr(people, name))
    assert client.get("/keeping/").status_code == 403
    assert b'href="/keeping/"' not in client.get("/", follow=True).content
