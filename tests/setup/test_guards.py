"""The guards of tests/conftest.py do fail what they guard against."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path
from django.utils import timezone

from tests.conftest import check_page

PAGES = {
    "style": '<p style="color: red">x</p>',
    "handler": "<button onclick='go()'>x</button>",
    "script": "<script>go()</script>",
    "tag": "<p>{{ ticket.number }}</p>",
    "component": "<c-chip>x</c-chip>",
    "good": '<script type="module" src="/static/app.js"></script><script type="application/json">{"a": 1}</script><p>x</p>',
}


def page(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(PAGES[name])


page.public = True  # type: ignore[attr-defined]
urlpatterns = [path("<str:name>", page)]


@pytest.mark.parametrize("name", [name for name in PAGES if name != "good"])
def test_a_page_that_strict_csp_would_break_fails(name):
    with pytest.raises(pytest.fail.Exception, match=r"has an? "):
        check_page(PAGES[name], name)


def test_a_good_page_passes():
    check_page(PAGES["good"], "good")


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_the_client_itself_looks_at_every_page(client):
    with pytest.raises(pytest.fail.Exception, match="GET /style has an inline style"):
        client.get("/style")


def test_an_unknown_template_variable_fails():
    with pytest.raises(pytest.fail.Exception, match="nobody_gave_this"):
        Template("{{ nobody_gave_this }}").render(Context({}))


@pytest.mark.django_db
def test_a_query_without_an_order_comes_back_in_any_order():
    from core.models import Job

    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE app_fixture")
        rows = [Job(kind=str(n), organisation_id=1, tier="dealer", run_at=now, created_at=now) for n in range(8)]
        Job._plain.bulk_create(rows)
        unordered = {tuple(Job._plain.values_list("kind", flat=True)) for _ in range(12)}
        ordered = {tuple(Job._plain.order_by("id").values_list("kind", flat=True)) for _ in range(3)}
        cursor.execute("RESET ROLE")
    assert len(unordered) > 1
    assert ordered == {tuple("01234567")}


@pytest.mark.django_db(transaction=True)
def test_what_a_committing_test_writes(request):
    _write_a_job("left behind")


@pytest.mark.django_db(transaction=True)
def test_is_gone_in_the_next_but_the_dictionaries_stay():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE app_fixture")
        cursor.execute("SELECT count(*) FROM core_job WHERE kind = 'left behind'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) > 50 FROM core_dictionaryentry")
        assert cursor.fetchone() == (True,)


def _write_a_job(kind: str) -> None:
    from core.models import Job

    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE app_fixture")
        Job._plain.create(kind=kind, organisation_id=1, tier="dealer", run_at=now, created_at=now)
