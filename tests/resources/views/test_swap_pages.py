"""Asking for a swap and answering, through the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from resources.models import DutySwap
from tests import factories
from tests.resources.roster import Roster, around_now

DAY = around_now(10)
OTHER = DAY + timedelta(days=2)


@pytest.fixture
def roster(people):
    return Roster(people, now=timezone.now())


@pytest.fixture
def shift(roster):
    return roster.add("technician", DAY, "day")


def soup(response, status=200):
    assert response.status_code == status
    return BeautifulSoup(response.content, "html.parser")


def of(swap, verb=""):
    return reverse(f"resources:swap{'_' + verb if verb else ''}", args=[swap.public_id])


def actions(page):
    return {form.get("action", "").rstrip("/").rsplit("/", 1)[-1] for form in page.select("main form")}


def test_a_colleague_is_asked_to_exchange(people, roster, shift, sign_in):
    theirs = roster.add("second_technician", OTHER, "night")
    client, url = sign_in(people.technician), reverse("resources:swap_ask", args=[shift.public_id])
    offered = [option["value"] for option in soup(client.get(url)).select("[name=other] option")]
    assert offered == ["", theirs.public_id]
    answer = client.post(url, {"colleague": "", "other": theirs.public_id, "note": "孩子开家长会"})
    (swap,) = factories.rows(DutySwap)
    assert (answer.status_code, answer.url) == (302, of(swap))
    assert (swap.asked_to_id, swap.other_id) == (people.person("second_technician").pk, theirs.pk)
    page = soup(client.get(of(swap)))
    assert actions(page) == {"withdraw"} and "孩子开家长会" in page.get_text()


def test_without_a_colleague_nobody_is_asked(people, shift, sign_in):
    url = reverse("resources:swap_ask", args=[shift.public_id])
    page = soup(sign_in(people.technician).post(url, {"colleague": "", "other": "", "note": "有事"}), 422)
    assert page.select_one("[name=note]").get_text(strip=True) == "有事"
    assert factories.rows(DutySwap) == []
    assert sign_in(people.second_technician).get(url).status_code == 403
    assert sign_in(people.stranger).get(url).status_code == 404


def test_the_colleague_agrees_and_the_roster_is_changed(people, roster, shift, sign_in):
    swap = roster.ask(shift)
    client = sign_in(people.second_technician)
    assert actions(soup(client.get(of(swap)))) == {"agree", "decline"}
    assert sign_in(people.technician).post(of(swap, "agree")).status_code == 403
    assert sign_in(people.second_technician).post(of(swap, "agree")).status_code == 302
    assert roster.standing() == [(f"{DAY:%m-%d}", "day", "刘建军", "")]
    assert actions(soup(client.get(of(swap)))) == set()
    assert sign_in(people.second_technician).post(of(swap, "decline")).status_code == 409


@pytest.mark.parametrize(("who", "verb"), [("second_technician", "decline"), ("technician", "withdraw")])
def test_a_request_ends_without_a_change(people, roster, shift, sign_in, who, verb):
    swap = roster.ask(shift)
    assert sign_in(getattr(people, who)).post(of(swap, verb)).status_code == 302
    assert roster.standing() == [(f"{DAY:%m-%d}", "day", "陈志强", "")]


def test_the_desk_decides_with_a_reason(people, roster, shift, sign_in):
    swap = roster.ask(shift)
    client = sign_in(people.dispatcher)
    page = soup(client.get(of(swap)))
    assert actions(page) == {"approve"} and page.select_one("button[formaction]")["formaction"] == of(swap, "reject")
    assert soup(client.post(of(swap, "approve"), {"reason": " "}), 422).select("[name=reason][aria-invalid=true]")
    assert client.post(of(swap, "approve"), {"reason": "陈志强发烧"}).status_code == 302
    assert roster.standing() == [(f"{DAY:%m-%d}", "day", "刘建军", "")]
    assert "陈志强发烧" in soup(client.get(of(swap))).get_text()


def test_the_list_has_what_concerns_the_reader(people, roster, shift, sign_in):
    swap = roster.ask(shift)
    for who, sees in (("technician", True), ("second_technician", True), ("dispatcher", True), ("accountant", False)):
        client = sign_in(getattr(people, who))
        page = soup(client.get("/duty/swaps/"))
        assert bool(page.find("a", href=of(swap))) is sees, who
        assert bool(page.select(".empty")) is not sees
        assert client.get(of(swap)).status_code == (200 if sees else 404)
