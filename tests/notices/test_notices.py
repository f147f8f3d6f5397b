"""Notices: sent within an organisation, read by one person, put into words when they are read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext_lazy, override

from core import tenancy
from notices.models import Notice
from notices.operations.send import mark_all_read, mark_read, send
from notices.queries import inbox, kinds
from tests import factories
from tests.factories import NOW
from tests.people import act


@pytest.fixture
def kind(monkeypatch):
    monkeypatch.setitem(kinds._kinds, "test_kind", kinds.Spec(gettext_lazy("%(title)s is ready."), kinds.SYSTEM))
    return "test_kind"


def tell(viewer, *persons, kind="test_kind", url="/me/"):
    ids = [person.pk for person in persons]
    return act(send, viewer=viewer, person_ids=ids, kind=kind, params={"title": "BX-1"}, url=url, now=NOW)


def unread(viewer):
    with tenancy.acting(viewer):
        return inbox.unread_count(viewer)


def test_a_notice_reaches_active_people_of_the_own_organisation_only(people, kind):
    gone = factories.person(people.cs01, "technician", active=False)
    told = tell(
        people.dispatcher,
        people.person("technician"),
        people.person("dispatcher"),
        people.person("stranger"),
        people.person("reviewer"),
        gone,
    )
    assert told == 1
    assert [row.person_id for row in factories.rows(Notice)] == [people.person("technician").pk]


def test_nobody_to_tell_is_no_error(people):
    assert act(send, viewer=people.dispatcher, person_ids=[], kind="x", params={}, url="", now=NOW) == 0


def test_one_reads_ones_own_notices_and_nobody_elses(people, kind):
    tell(people.dispatcher, people.person("technician"))
    (notice,) = factories.rows(Notice)
    arguments = {"public_ids": [notice.public_id], "now": NOW}
    assert act(mark_read, viewer=people.second_technician, **arguments) == 0
    assert unread(people.technician) == 1 and unread(people.second_technician) == 0
    assert act(mark_read, viewer=people.technician, **arguments) == 1
    assert act(mark_read, viewer=people.technician, **arguments) == 0, "twice is harmless"
    assert unread(people.technician) == 0


def test_reading_all_leaves_what_came_later(people, kind):
    tell(people.dispatcher, people.person("technician"))
    factories.notice(people.person("technician"), kind, created_at=NOW + timedelta(seconds=1))
    assert act(mark_all_read, viewer=people.technician, now=NOW) == 1
    assert unread(people.technician) == 1


def test_the_words_are_the_readers(kind):
    with override("en"):
        assert kinds.words("test_kind", {"title": "BX-1"}) == "BX-1 is ready."
    with override("zh-hans"):
        assert kinds.words("test_kind", {"title": "BX-1"}) == "BX-1 已完成。"
    assert kinds.words("test_kind", {}).startswith("–")
    assert kinds.words("unknown_kind", {"number": "BX-1", "nothing": ""}) == "BX-1"


def test_a_kind_has_one_sentence():
    with pytest.raises(ValueError, match="two sentences"):
        kinds.register({"job_done": "another"})


def test_the_list_shows_ones_own_and_opening_marks_it_read(people, sign_in, kind):
    tell(people.dispatcher, people.person("technician"))
    factories.notice(people.person("stranger"), kind, params={"title": "GEHEIM"})
    client = sign_in(people.technician)
    page = BeautifulSoup(client.get("/notices/").content, "html.parser")
    (item,) = page.select(".notices li")
    assert "BX-1" in item.get_text() and "unread" in item["class"]
    assert page.find(id="unread").get_text() == "1"
    response = client.get(item.a["href"])
    assert response["Location"] == "/me/"
    page = BeautifulSoup(client.get("/notices/").content, "html.parser")
    assert "unread" not in page.select_one(".notices li").get("class", [])
    assert page.find(id="unread").has_attr("hidden")


def test_a_foreign_notice_answers_like_a_missing_one(people, sign_in, kind):
    foreign = factories.notice(people.person("second_technician"), kind)
    client = sign_in(people.technician)
    answers = [client.get(reverse("notices:open", args=[key])) for key in (foreign.public_id, "2" * 16)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content.replace(foreign.public_id.encode(), b"2" * 16) == answers[1].content


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", ""])
def test_a_notice_leads_nowhere_outside(people, sign_in, kind, url):
    notice = factories.notice(people.person("technician"), kind, url=url)
    assert sign_in(people.technician).get(reverse("notices:open", args=[notice.public_id]))["Location"] == "/notices/"


def test_all_are_read_at_once(people, sign_in, kind):
    tell(people.dispatcher, people.person("technician"))
    client = sign_in(people.technician)
    assert client.post("/notices/read/")["Location"] == "/notices/"
    assert client.get("/notices/count/").json() == {"unread": 0}


def test_the_bell_asks_cheaply(people, sign_in, kind):
    client = sign_in(people.technician)
    for _ in range(3):
        factories.notice(people.person("technician"), kind)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get("/notices/count/").json() == {"unread": 3}
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 5, statements  # session, account and viewer, role in, count, role out


def test_a_long_list_is_cut_into_pages(people, sign_in, kind):
    for number in range(31):
        factories.notice(people.person("technician"), kind, params={"title": f"N{number:02d}"})
    client = sign_in(people.technician)
    first = BeautifulSoup(client.get("/notices/").content, "html.parser")
    assert len(first.select(".notices li")) == 30 and "N30" in first.select_one(".notices li").get_text()
    older = first.find("a", rel="next")["href"]
    second = BeautifulSoup(client.get(f"/notices/{older}").content, "html.parser")
    assert [item.get_text(strip=True)[-20:] for item in second.select(".notices li")] != []
    assert "N00" in second.select_one(".notices li").get_text()
