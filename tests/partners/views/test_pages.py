"""Every page of partners opens for whom it is made, and for nobody else."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from partners.operations.organisations import Card, add_unlisted_maker
from tests import factories
from tests.factories import NOW
from tests.people import act

ADMINS = ("admin", "hq_admin", "office_admin", "platform")
EVERYBODY = (*ADMINS, "dispatcher", "technician", "reviewer", "quality", "office")

#: address name -> who may open it
PAGES = {
    "me": EVERYBODY,
    "own_organisation": EVERYBODY,
    "tasks": EVERYBODY,
    "partnerships": EVERYBODY,
    "dictionaries": EVERYBODY,
    "people": ADMINS,
    "invite": ADMINS,
    "access": ADMINS,
    "failed_jobs": ADMINS,
    "organisations": ("platform",),
    "organisation_add": ("platform",),
    "propose": ("platform",),
    "unlisted_makers": ("admin", "dispatcher", "technician"),
    "unlisted_maker_add": ("admin",),
}


def title_of(response):
    return BeautifulSoup(response.content, "html.parser").h1.get_text(strip=True)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_those_it_is_made_for_and_refuses_all_others(people, sign_in, name):
    for who in EVERYBODY:
        response = sign_in(getattr(people, who)).get(reverse(f"partners:{name}"))
        assert response.status_code == (200 if who in PAGES[name] else 403), (name, who)
        assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_is_sent_to_the_door_and_comes_back(client, people, name):
    url = reverse(f"partners:{name}")
    response = client.get(url)
    assert response.status_code == 302
    assert response["Location"] == f"/sign-in/?next={url.replace('/', '%2F')}"


def test_a_list_of_people_shows_ones_own_and_nobody_elses(people, sign_in):
    response = sign_in(people.admin).get(reverse("partners:people"))
    page = response.content.decode()
    assert "陈志强" in page and people.person("technician").phone in page
    assert "张磊" not in page and "吴丽" not in page


def test_the_list_of_people_is_narrowed_by_words_and_state(people, sign_in):
    factories.person(people.cs01, "technician", name="王海涛", account=None)
    client = sign_in(people.admin)
    page = client.get(reverse("partners:people"), {"q": "刘"}).content.decode()
    assert "刘建军" in page and "陈志强" not in page
    page = client.get(reverse("partners:people"), {"state": "invited"}).content.decode()
    assert "王海涛" in page and "陈志强" not in page


def test_htmx_gets_the_list_alone_and_back_gets_the_page(people, sign_in):
    client = sign_in(people.admin)
    fragment = client.get(reverse("partners:people"), headers={"HX-Request": "true"})
    assert b"<html" not in fragment.content and b'id="list"' in fragment.content
    whole = client.get(reverse("partners:people"), headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert b"<html" in whole.content
    assert "HX-Request" in whole["Vary"]


def test_pages_of_one_record_open(people, sign_in):
    technician, admin = people.person("technician"), sign_in(people.admin)
    for name in ("person", "person_edit", "person_deactivate"):
        assert title_of(admin.get(reverse(f"partners:{name}", args=[technician.public_id]))), name
    assert (
        title_of(admin.get(reverse("partners:partnership", args=[people.partnership.public_id])))
        == "长沙瑞启 × 示范机电"
    )
    assert title_of(admin.get(reverse("partners:organisation", args=[people.cs01.public_id]))) == people.cs01.name
    assert title_of(admin.get(reverse("partners:organisation_edit", args=[people.cs01.public_id])))
    assert admin.get(reverse("partners:dictionary", args=["industry"])).status_code == 200


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("person", "technician"),
        ("person_edit", "technician"),
        ("person_deactivate", "technician"),
        ("organisation", "cs01"),
        ("organisation_edit", "cs01"),
        ("partnership", "partnership"),
        ("partnership_assign", "partnership"),
        ("partnership_terms", "partnership"),
    ],
)
def test_a_foreign_object_answers_like_a_missing_one(people, sign_in, name, thing):
    row = people.person(thing) if thing == "technician" else getattr(people, thing)
    client = sign_in(people.stranger_admin)
    foreign = client.get(reverse(f"partners:{name}", args=[row.public_id]))
    missing = client.get(reverse(f"partners:{name}", args=["2" * 16]))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content.replace(row.public_id.encode(), b"2" * 16) == missing.content


@pytest.mark.parametrize(
    "name", ["person_link", "person_reactivate", "organisation_close", "partnership_confirm", "switch"]
)
def test_a_foreign_object_is_not_written_either(people, sign_in, name):
    thing = {"person": people.person("technician"), "organisation": people.cs01, "partnership": people.partnership}
    row = thing.get(name.split("_")[0], people.person("technician"))
    response = sign_in(people.stranger_admin).post(reverse(f"partners:{name}", args=[row.public_id]), {"version": 1})
    assert response.status_code == 404


def test_a_partners_card_is_no_page_of_ones_own(people, sign_in):
    assert sign_in(people.admin).get(reverse("partners:organisation", args=[people.sf.public_id])).status_code == 403


def test_an_unknown_address_answers_404_in_the_same_words(people, sign_in):
    response = sign_in(people.admin).get("/no/such/page/")
    assert response.status_code == 404
    assert title_of(response)


def test_an_unlisted_manufacturer_has_a_page_for_its_dealer_alone(people, sign_in):
    maker = act(add_unlisted_maker, viewer=people.admin, code="WZ", card=Card(name="未知厂家"), now=NOW)
    url = reverse("partners:organisation", args=[maker.public_id])
    assert title_of(sign_in(people.dispatcher).get(url)) == "未知厂家"
    for name in ("stranger", "reviewer", "platform"):
        assert sign_in(getattr(people, name)).get(url).status_code == 404, name
