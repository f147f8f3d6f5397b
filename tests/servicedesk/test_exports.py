"""Lists as Excel: what is seen, nothing else, safe to open, large ones as a task in flat memory."""

from __future__ import annotations

import io

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.storage import default_storage

from core import exports, jobs
from core.models import Job as JobRow
from tests import factories
from tests.people import sign_in
from tests.tickets.driver import Job
from tickets.enums import TicketState


@pytest.fixture
def some(people):
    job = Job(people).to(TicketState.DONE)
    Job(people)
    factories.customer(people.cs01, name='=HYPERLINK("http://x")', contact="+86", phone="13800001111")
    factories.customer(people.hf01, name="别家(示例)")
    return job


def cells(content: bytes) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


@pytest.mark.parametrize("name", ["tickets", "slips", "customers", "machines"])
def test_the_sheet_holds_what_the_page_shows(people, some, client, name):
    sign_in(client, people.dispatcher)
    page = {"tickets": "/tickets/?state=all", "slips": "/slips/", "customers": "/customers/", "machines": "/machines/"}
    soup = BeautifulSoup(client.get(page[name]).content, "html.parser")
    form = soup.find("form", attrs={"data-download": True})
    response = client.post(form["action"])
    assert response["Content-Disposition"].startswith("attachment")
    rows = cells(response.content)
    assert list(rows[0]) == [th.get_text(strip=True).rstrip("↑↓") for th in soup.select("thead th")]
    assert len(rows) - 1 == len(soup.select("tbody tr")) > 0
    assert "别家" not in str(rows)


def test_a_cell_is_never_a_formula(people, some, client):
    sign_in(client, people.dispatcher)
    book = openpyxl.load_workbook(io.BytesIO(client.post("/exports/customers/").content))
    found = [cell for row in book.active for cell in row if str(cell.value).startswith("=")]
    assert [cell.data_type for cell in found] == ["s"]


def test_filters_and_rights_are_those_of_the_page(people, some, client):
    sign_in(client, people.dispatcher)
    assert len(cells(client.post("/exports/tickets/?state=finished").content)) == 2
    assert client.post("/exports/nothing/").status_code == 404
    assert client.get("/exports/tickets/").status_code == 405
    sign_in(client, people.reviewer)
    assert client.post("/exports/customers/").status_code == 403
    assert len(cells(client.post("/exports/tickets/?state=all").content)) == 3
    sign_in(client, people.stranger)
    assert len(cells(client.post("/exports/tickets/?state=all").content)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_long_list_is_a_task(people, some, client, monkeypatch):
    monkeypatch.setattr(exports, "DIRECT", 1)
    monkeypatch.setattr(exports, "CHUNK", 1)
    sign_in(client, people.dispatcher)
    response = client.post("/exports/tickets/?state=all")
    (row,) = factories.rows(JobRow, kind=exports.EXPORT)
    assert response["Location"] == f"/tasks/{row.public_id}/"
    jobs.drain()
    row = factories.again(row)
    assert (row.state, row.done, row.of) == ("done", 2, 2)
    with default_storage.open(row.result_file) as file:
        rows = cells(file.read())
    assert len(rows) == 3 and rows[0][0] == "报修单"
    default_storage.delete(row.result_file)
