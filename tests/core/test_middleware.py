"""One transaction per request, refusals in one place, and what survives a rollback."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError, ProgrammingError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from core import access, tenancy
from core.errors import NotFound, Refused
from core.models import AccessRecord
from partners.access import public
from partners.models import Person
from servicedesk.urls import handler404, handler500, urlpatterns
from tests import factories
from tests.people import sees


def change(request: HttpRequest) -> HttpResponse:
    """Renames everybody whom the viewer sees, then ends as the address asks."""
    Person.objects.visible_to(request.viewer).update(name="GEAENDERT")  # type: ignore[attr-defined]
    ends = {
        "403": Refused("not_allowed", status=403),
        "404": NotFound(),
        "409": Refused("wrong_state", status=409),
        "422": Refused("name_missing", field="name"),
        "stale": Refused("stale", status=409, who="张工", when="10:42"),
        "500": RuntimeError("boom"),
        "away": OperationalError("server closed the connection unexpectedly"),
        "broken": None,
    }
    look, how = request.GET["how"].startswith("look "), request.GET["how"].removeprefix("look ")
    if look:
        access.remember(request, access.Action.PHONE_SHOWN, "BX-1")
    if how == "return422":
        return HttpResponse(status=422)
    if how == "broken":
        with connection.cursor() as cursor:
            cursor.execute("SELECT no_such_function()")
    if how == "constraint":
        first, second = Person.objects.visible_to(request.viewer).order_by("id")[:2]  # type: ignore[attr-defined]
        first.phone = second.phone
        first.save()
    if how in ends:
        raise ends[how]  # type: ignore[misc]
    return HttpResponse("fine")


@public
def away(request: HttpRequest) -> HttpResponse:
    """A page of strangers whose database goes away."""
    raise OperationalError("connection refused")


urlpatterns = [*urlpatterns, path("change/", change), path("away/", away)]

pytestmark = pytest.mark.urls(__name__)

KEPT = "周岚"  # the administrator's name as long as nothing was committed


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def ask(client, how, **headers):
    return client.get("/change/", {"how": how}, headers=headers)


def name_now(people):
    return factories.again(people.person("admin")).name


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ("403", 403),
        ("404", 404),
        ("409", 409),
        ("422", 422),
        ("stale", 409),
        ("constraint", 409),
        ("return422", 422),
        ("500", 500),
        ("broken", 500),
        ("away", 503),
    ],
)
def test_from_400_on_nothing_is_kept(people, sign_in, how, status):
    response = ask(sign_in(people.admin), how)
    assert response.status_code == status
    assert name_now(people) == KEPT


def test_below_400_all_is_kept(people, sign_in):
    assert ask(sign_in(people.admin), "fine").status_code == 200
    assert name_now(people) == "GEAENDERT"
    assert factories.again(people.person("stranger_admin")).name == "丁勇", "and only what the viewer sees"


@pytest.mark.parametrize("how", ["403", "409", "422", "constraint", "404", "stale"])
def test_a_refusal_is_a_page_in_the_readers_words(people, sign_in, how):
    page = BeautifulSoup(ask(sign_in(people.admin), how).content, "html.parser")
    assert page.h1 is not None and page.html["lang"] == "zh-Hans"
    assert "boom" not in page.get_text() and "not_allowed" not in page.get_text()


@pytest.mark.parametrize("how", ["403", "409", "422", "constraint", "stale"])
def test_a_refusal_is_a_fragment_for_htmx(people, sign_in, how):
    response = ask(sign_in(people.admin), how, **{"HX-Request": "true"})
    assert b"<html" not in response.content and b'role="alert"' in response.content


def test_a_refusal_is_a_problem_in_json(people, sign_in):
    response = ask(sign_in(people.admin), "422", Accept="application/json")
    assert response.json() == {"code": "name_missing", "field": "name", "message": "请填写姓名或名称。"}


def test_a_fault_shows_a_number_and_no_inside(people, sign_in):
    page = BeautifulSoup(ask(sign_in(people.admin), "500").content, "html.parser")
    assert "boom" not in page.get_text()
    assert page.find(class_="hint").get_text(strip=True)


def test_a_database_that_is_away_asks_for_patience(people, sign_in):
    response = ask(sign_in(people.admin), "away")
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert b"data-come-back" in response.content
    response = sign_in(people.admin).post("/change/?how=away")
    assert b"data-come-back" not in response.content, "a form is not sent again by itself"


def test_a_database_that_is_away_is_told_to_strangers_too(people, client):
    assert client.get("/away/").status_code == 503


@pytest.mark.django_db(transaction=True)
def test_a_database_that_cannot_be_reached_at_all_gives_the_same_page_and_works_again_by_itself(client):
    place = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        response = client.get("/sign-in/")
    finally:
        connection.close()
        connection.settings_dict["HOST"] = place
    assert response.status_code == 503 and b"<h1>" in response.content
    assert client.get("/sign-in/").status_code == 200


# ── what survives ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["look fine", "look 500", "look 409"])
def test_an_unmasking_is_kept_however_the_request_ends(people, sign_in, how):
    ask(sign_in(people.office), how)
    (record,) = factories.rows(AccessRecord)
    assert (record.action, record.thing, record.person_name) == ("phone_shown", "BX-1", "郭伟")
    assert record.organisation_id == people.sf_hn.pk
    assert [row.pk for row in sees(people.office_admin, AccessRecord)] == [record.pk]
    assert sees(people.admin, AccessRecord) == []


def test_a_stranger_leaves_no_record(db):
    request = RequestFactory().get("/")
    request.viewer, request.survivors = None, []
    access.remember(request, access.Action.REFUSED, "x")
    assert request.survivors == []


def test_access_records_are_only_added(people):
    with tenancy.acting(people.admin):
        AccessRecord.objects.create(organisation_id=people.cs01.pk, action="refused", at=factories.NOW)
    for write in (lambda rows: rows.update(thing=""), lambda rows: rows.delete()):
        with pytest.raises(ProgrammingError, match="permission denied"), tenancy.acting(people.admin):
            write(AccessRecord.objects.visible_to(people.admin))


assert handler404
assert handler500
