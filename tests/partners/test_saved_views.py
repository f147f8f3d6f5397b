"""A list as somebody likes to see it: kept under a name, shared by the administrator, seen by nobody else."""

import io

import openpyxl
import pytest

from partners.models import SavedView
from partners.operations import saved_views as doing
from partners.queries import saved_views
from tests import factories
from tests.people import act, refused
from tests.tickets.driver import Job


def save(who, name="急件", query="state=all&urgency=stopped&cols=number&cols=state", shared=False, list_name="tickets"):
    return act(doing.save_view, viewer=who, list_name=list_name, name=name, query=query, shared=shared)


def names(who, list_name="tickets"):
    return [view.name for view in act(saved_views.of_list, viewer=who, list_name=list_name)]


def test_one_keeps_his_own(people):
    view = save(people.dispatcher, query="state=open&after=123&q=")
    assert view.query == "state=open"
    assert (names(people.dispatcher), names(people.technician), names(people.dispatcher, "slips")) == (["急件"], [], [])
    save(people.dispatcher, query="state=all")
    assert [row.query for row in factories.rows(SavedView)] == ["state=all"]


def test_the_administrator_shares(people):
    save(people.admin, name="本周", shared=True)
    assert (names(people.technician), names(people.stranger), names(people.office)) == (["本周"], [], [])
    with refused("not_allowed"):
        save(people.technician, shared=True)


def test_removed_by_its_owner_a_shared_one_by_the_administrator(people):
    own, shared = save(people.dispatcher), save(people.admin, name="本周", shared=True)
    for who, key, code in ((people.technician, own, "not_found"), (people.technician, shared, "not_allowed"), (people.stranger, shared, "not_found")):  # fmt: skip
        with refused(code):
            act(doing.remove_view, viewer=who, public_id=key.public_id)
    act(doing.remove_view, viewer=people.admin, public_id=shared.public_id)
    act(doing.remove_view, viewer=people.dispatcher, public_id=own.public_id)
    assert factories.rows(SavedView) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"name": "  "}, "name_missing"),
        ({"name": "长" * 31}, "view_too_long"),
        ({"query": "q=" + "a" * 1100}, "view_too_long"),
        ({"list_name": "secrets"}, "not_found"),
    ],
)
def test_what_cannot_be_kept(people, facts, code):
    with refused(code):
        save(people.dispatcher, **facts)


def test_fifty_are_enough(people):
    for number in range(saved_views.MOST):
        save(people.dispatcher, name=f"视图{number}")
    with refused("views_too_many"):
        save(people.dispatcher, name="多一个")


def test_the_page_offers_saves_and_removes(people, sign_in):
    Job(people)
    browser = sign_in(people.dispatcher)
    here = "/tickets/?state=all&cols=number&cols=customer"
    body = {"list": "tickets", "name": "简表", "query": here.partition("?")[2], "next": here}
    assert browser.post("/views/", body).headers["Location"] == here
    page = browser.get(here).content.decode()
    assert 'data-hide="c2 c4 c5 c6 c7 c8 c9"' in page
    assert (
        "简表" in browser.get("/views/of/tickets/?query=state%3Dall", headers={"HX-Request": "true"}).content.decode()
    )
    view = factories.rows(SavedView)[0]
    browser.post(f"/views/{view.public_id}/remove/", {"next": "https://elsewhere.example/"})
    assert factories.rows(SavedView) == []


def test_the_workbook_has_the_columns_that_are_seen(people, sign_in):
    job = Job(people)
    answer = sign_in(people.dispatcher).post("/exports/tickets/?state=all&cols=number&cols=customer")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.iter_rows(values_only=True))
    assert rows == [("报修单", "客户"), (job.ticket.number, job.ticket.customer_name)]
