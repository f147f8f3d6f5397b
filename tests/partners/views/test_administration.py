"""What administrators do on their pages: people, organisations, partnerships, words."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from core.models import DictionaryEntry
from partners.models import Organisation, Partnership, Person
from partners.operations import handing_over
from partners.operations.handing_over import OpenWork
from tests import factories


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def link_in(response):
    return re.search(r"http://testserver(/link/[\w-]+/)", response.content.decode()).group(1)


def address(name, row=None):
    return reverse(f"partners:{name}", args=[row.public_id] if row else [])


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_invitation_is_shown_once_as_text_and_code_and_works(people, sign_in):
    client = sign_in(people.admin)
    response = client.post(
        address("invite"), {"name": "王海涛", "phone": "139 0000 0001", "roles": ["technician", "storekeeper"]}
    )
    assert response.status_code == 200
    page = soup(response)
    assert page.find(attrs={"data-copy": True}) and page.find("svg", class_="qr")
    visitor = Client()
    body = {"phone": "13900000001", "password": "Quite-New-Word-9", "again": "Quite-New-Word-9"}
    assert visitor.post(link_in(response), body).status_code == 302
    assert visitor.get("/me/").status_code == 200
    person = factories.rows(Person, name="王海涛")[0]
    assert person.roles == ["technician", "storekeeper"] and person.account_id
    assert "http://testserver/link/" not in client.get(address("person", person)).content.decode()


def test_a_second_press_makes_no_second_person(people, sign_in):
    client = sign_in(people.admin)
    body = {"name": "王海涛", "phone": "13900000001", "roles": ["technician"]}
    assert client.post(address("invite"), body).status_code == 200
    response = client.post(address("invite"), body)
    assert response.status_code == 422
    assert soup(response).find(attrs={"data-error-summary": True})
    assert len(factories.rows(Person, phone="13900000001")) == 1


def test_what_was_typed_is_kept_when_something_is_missing(people, sign_in):
    response = sign_in(people.admin).post(address("invite"), {"name": "王海涛", "phone": "12", "city": "永州市"})
    assert response.status_code == 422
    page = soup(response)
    assert page.find("input", {"name": "name"})["value"] == "王海涛"
    assert page.find("input", {"name": "city"})["value"] == "永州市"
    assert {a["href"] for a in page.find(attrs={"data-error-summary": True}).find_all("a")} >= {"#id_roles"}


def test_only_roles_of_the_own_tier_are_offered(people, sign_in):
    page = soup(sign_in(people.office_admin).get(address("invite")))
    assert [box["value"] for box in page.find_all("input", {"name": "roles"})] == [
        "admin",
        "office_manager",
        "office_engineer",
    ]
    response = sign_in(people.office_admin).post(
        address("invite"), {"name": "甲", "phone": "13900000001", "roles": ["technician"]}
    )
    assert response.status_code == 422


def test_a_person_is_changed_and_a_stale_page_is_told(people, sign_in):
    client, technician = sign_in(people.admin), people.person("technician")
    body = {"name": "陈志强", "phone": technician.phone, "roles": ["technician"], "city": "株洲市", "version": "1"}
    assert client.post(address("person_edit", technician), body)["Location"] == address("person", technician)
    assert factories.again(technician).city == "株洲市"
    response = client.post(address("person_edit", technician), body | {"city": "湘潭市"})
    assert response.status_code == 409
    assert "株洲市" in response.content.decode() and "湘潭市" in response.content.decode()
    resend = {
        field["name"]: field["value"]
        for field in soup(response).main.form.find_all("input")
        if field["name"] != "roles"
    }
    assert client.post(address("person_edit", technician), resend | {"roles": ["technician"]}).status_code == 302
    assert factories.again(technician).city == "湘潭市", "his own version, knowingly"


def test_a_stale_page_of_an_organisation_or_partnership_shows_both_versions(people, sign_in):
    for name, row, body, who in (
        ("organisation_edit", people.cs01, {"name": "甲", "version": "1"}, "admin"),
        ("partnership_assign", people.partnership, {"level": "2", "version": "1"}, "hq_admin"),
    ):
        client = sign_in(getattr(people, who))
        assert client.post(address(name, row), body).status_code == 302
        response = client.post(address(name, row), body | {"name": "乙", "level": "3"})
        assert response.status_code == 409 and soup(response).main.form


def test_a_reset_link_is_made_and_works(people, sign_in):
    technician = people.person("technician")
    response = sign_in(people.admin).post(address("person_link", technician))
    body = {"phone": technician.phone, "password": "Quite-New-Word-9", "again": "Quite-New-Word-9"}
    assert Client().post(link_in(response), body).status_code == 302
    assert sign_in(people.dispatcher).post(address("person_link", technician)).status_code == 403


def test_a_person_leaves_and_comes_back(people, sign_in):
    client, technician = sign_in(people.admin), people.person("technician")
    assert client.post(address("person_deactivate", technician), {"version": "1"}).status_code == 302
    assert factories.again(technician).active is False
    assert client.post(address("person_deactivate", technician), {"version": "2"}).status_code == 409
    assert client.post(address("person_reactivate", technician), {"version": "2"}).status_code == 302
    assert factories.again(technician).active is True


def test_open_work_is_shown_and_handed_over(people, sign_in, monkeypatch):
    handed = []
    work = OpenWork("未结工单", lambda viewer, person: 2, lambda viewer, person, to, now: handed.append(to.name))
    monkeypatch.setattr(handing_over, "_kinds", [work])
    client, technician = sign_in(people.admin), people.person("technician")
    page = client.get(address("person_deactivate", technician)).content.decode()
    assert "未结工单" in page and "刘建军" in page and "张磊" not in page
    assert client.post(address("person_deactivate", technician), {"version": "1"}).status_code == 422
    body = {"version": "1", "hand_over_to": people.person("second_technician").public_id}
    assert client.post(address("person_deactivate", technician), body).status_code == 302
    assert handed == ["刘建军"]


def test_the_platform_invites_an_administrator_into_another_organisation(people, sign_in):
    url = f"{address('invite')}?organisation={people.hf01.public_id}"
    client = sign_in(people.platform)
    assert people.hf01.name in client.get(url).content.decode()
    assert client.post(url, {"name": "新管理员", "phone": "13900000001", "roles": ["admin"]}).status_code == 200
    assert factories.rows(Person, name="新管理员")[0].organisation_id == people.hf01.pk
    assert sign_in(people.admin).get(url).status_code == 404


# ── organisations ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_platform_adds_an_organisation_and_sends_the_invitation_on(people, sign_in):
    body = {
        "kind": "office", "parent": people.sf.public_id, "code": "sf-ah", "name": "安徽办事处", "admin_name": "宋涛", "admin_phone": "13900000001",
    }  # fmt: skip
    client = sign_in(people.platform)
    assert link_in(client.post(address("organisation_add"), body))
    office = factories.rows(Organisation, code="SF-AH")[0]
    assert office.parent_id == people.sf.pk
    response = client.post(address("organisation_add"), body | {"admin_phone": "1"})
    assert response.status_code == 422
    response = client.post(address("organisation_add"), body)
    assert response.status_code == 422, "the code is taken"


def test_the_own_organisation_is_changed(people, sign_in):
    client = sign_in(people.admin)
    body = {"name": "长沙瑞启(示例)", "service_phone": "0731-12345678", "version": "1"}
    assert client.post(address("organisation_edit", people.cs01), body)["Location"] == "/organisation/"
    assert "0731-12345678" in client.get("/organisation/").content.decode()
    assert sign_in(people.dispatcher).post(address("organisation_edit", people.cs01), body).status_code == 403


def test_the_platform_closes_and_reopens_an_organisation(people, sign_in):
    client, stranger = sign_in(people.platform), Client()
    from tests.people import sign_in as sign_in_as

    sign_in_as(stranger, people.stranger)
    assert client.post(address("organisation_close", people.hf01), {"version": "1"}).status_code == 302
    assert stranger.get("/me/").status_code == 302
    assert client.post(address("organisation_reopen", people.hf01), {"version": "2"}).status_code == 302
    assert stranger.get("/me/").status_code == 200


def test_a_dealer_enters_a_manufacturer_that_is_not_on_the_platform(people, sign_in):
    client = sign_in(people.admin)
    assert client.post(address("unlisted_maker_add"), {"code": "wz", "name": "未知厂家"}).status_code == 302
    assert "未知厂家" in client.get(address("unlisted_makers")).content.decode()
    assert client.post(address("unlisted_maker_add"), {"code": "wz", "name": "未知厂家"}).status_code == 422
    assert (
        sign_in(people.stranger_admin)
        .post(address("unlisted_maker_add"), {"code": "wz", "name": "未知厂家"})
        .status_code
        == 302
    )
    assert "未知厂家" not in sign_in(people.platform).get(address("organisations")).content.decode()


# ── partnerships ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_partnership_is_proposed_and_confirmed_by_both(people, sign_in):
    body = {
        "dealer": people.cs01.public_id, "manufacturer": people.hc.public_id, "sharing": "full", "scheme": "per_slip",
        "office": people.hc_ah.public_id, "level": "1", "districts": "湖南 合肥市",
    }  # fmt: skip
    response = sign_in(people.platform).post(address("propose"), body)
    assert response.status_code == 302
    made = factories.rows(Partnership, manufacturer=people.hc, dealer=people.cs01)[0]
    assert made.districts == ["430000", "340100"]
    dealer = sign_in(people.admin)
    page = dealer.get(address("partnership", made))
    assert soup(page).find(class_="next") and "湖南省、合肥市" in page.content.decode()
    assert dealer.post(address("partnership_confirm", made), {"version": "1"}).status_code == 302
    assert not soup(dealer.get(address("partnership", made))).find(class_="next")
    assert (
        sign_in(people.other_hq_admin).post(address("partnership_confirm", made), {"version": "2"}).status_code == 302
    )
    assert factories.again(made).holds


def test_an_unknown_place_is_told_at_its_field(people, sign_in):
    body = {"office": "", "level": "", "districts": "湖南 香格里", "version": "1"}
    response = sign_in(people.hq_admin).post(address("partnership_assign", people.partnership), body)
    assert (
        response.status_code == 422 and "香格里" in soup(response).find(attrs={"data-error-summary": True}).get_text()
    )


def test_a_manufacturer_sees_its_own_offices_to_choose_from(people, sign_in):
    page = soup(sign_in(people.hq_admin).get(address("partnership_assign", people.partnership)))
    values = [option["value"] for option in page.find("select", {"name": "office"}).find_all("option")]
    assert values == ["", people.sf_hn.public_id]


def test_terms_are_changed_ended_and_proposed_anew_by_the_platform(people, sign_in):
    client, row = sign_in(people.platform), people.partnership
    assert (
        client.post(
            address("partnership_terms", row), {"sharing": "on_demand", "scheme": "", "version": "1"}
        ).status_code
        == 302
    )
    assert not factories.again(row).holds
    assert client.post(address("partnership_end", row), {"version": "2"}).status_code == 302
    assert "结束" in client.get(address("partnership", row)).content.decode()
    assert (
        client.post(address("partnership_terms", row), {"sharing": "full", "scheme": "", "version": "3"}).status_code
        == 302
    )
    assert factories.again(row).ended_at is None
    assert sign_in(people.admin).post(address("partnership_end", row), {"version": "4"}).status_code == 403


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_platform_adds_and_changes_words(people, sign_in):
    client = sign_in(people.platform)
    url = reverse("partners:dictionary", args=["industry"])
    assert client.post(url, {"label": "造船"})["Location"] == url
    assert client.post(url, {"label": "造船"}).status_code == 422
    entry = factories.rows(DictionaryEntry, kind="industry", code="造船")[0]
    word = reverse("partners:word", args=["industry", entry.pk])
    assert client.post(word, {"label": "船舶", "position": "3"}).status_code == 302
    changed = factories.again(entry)
    assert (changed.label, changed.position, changed.active) == ("船舶", 3, False)
    assert client.get(reverse("partners:word", args=["symptom", entry.pk])).status_code == 404
    assert client.get(reverse("partners:dictionary", args=["nonsense"])).status_code == 404


@pytest.mark.parametrize("name", ["admin", "hq_admin", "technician"])
def test_all_others_read_words_only(people, sign_in, name):
    client = sign_in(getattr(people, name))
    url = reverse("partners:dictionary", args=["industry"])
    assert "矿山" in client.get(url).content.decode()
    assert soup(client.get(url)).main.find("form") is None
    assert client.post(url, {"label": "造船"}).status_code == 403
