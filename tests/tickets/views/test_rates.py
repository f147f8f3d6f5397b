"""时效统计 as a page: figures, charts with their words, filters, links, the table as Excel."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from core.calendars import local
from tests import factories
from tests.tickets.driver import Job
from tickets.enums import TicketState

pytestmark = pytest.mark.django_db(transaction=True)
ALLOWED: dict[str, int] = json.loads((Path(__file__).parent.parent / "query_counts.json").read_text())["pages"]
MINUTES = timedelta(minutes=1)


def arrived(people, minutes, at, city="长沙市"):
    made = Job(people, customer=factories.customer(people.cs01, province="湖南省", city=city, district=""), at=at)
    made.to(TicketState.EN_ROUTE).arrive(now=at + minutes * MINUTES)
    return made


@pytest.fixture
def last_month():
    """A moment in the month before this one."""
    return local(timezone.now()).replace(day=1, hour=9, minute=0, second=0, microsecond=0) - timedelta(days=10)


@pytest.fixture
def board(sign_in):
    """`board(viewer, query)`: the page as soup."""

    def get(viewer, query="", **headers):
        answer = sign_in(viewer).get(f"/rates/{query}", **headers)
        assert answer.status_code == 200
        return BeautifulSoup(answer.content, "html.parser")

    return get


def tiles(soup):
    return [tile.b.get_text() for tile in soup.select("section[aria-labelledby=of-arrival] .stat")]


def table(soup):
    return [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in soup.select("#list tbody tr")]


def test_figures_charts_and_table(people, board, last_month):
    for minutes in (60, 120, 300):
        arrived(people, minutes, last_month)
    soup = board(people.dispatcher)
    assert tiles(soup) == ["66.7 %", "1", "2:00", "4:24"]
    assert table(soup)[1] == ["示范机电", "到场", "省会城市", "3", "2", "66.7 %", "2:00", "4:24", "–", "–", "–"]
    drawn = soup.select("section[aria-labelledby=of-arrival] svg")
    assert len(drawn) == 2
    for svg in drawn:
        name, words = (soup.find(id=key) for key in svg["aria-labelledby"].split())
        assert (name.name, words.name) == ("title", "desc")
        assert f"{last_month:%Y-%m}: " in words.get_text()
    numbers = soup.select("section[aria-labelledby=of-arrival] details table")
    assert [len(one.select("tbody tr")) for one in numbers] == [12, 12]
    assert [cell.get_text() for cell in numbers[1].select("tbody tr")[-2].select("td")] == ["2:00", "4:24"]


def test_what_is_answered_at_the_report_counts_apart(people, board, last_month):
    arrived(people, 60, last_month)
    soup = board(people.dispatcher)
    response = soup.find("section", attrs={"aria-labelledby": "of-response"})
    assert response.find("b").get_text() == "–"
    assert "报修时即响应:1 次中 1 次及时" in response.get_text()
    assert response.find("svg") is None


def test_late_arrivals_stand_there_by_reason(people, board, last_month):
    arrived(people, 300, last_month).explain_late(reason="traffic")
    arrived(people, 310, last_month)
    text = board(people.owner).find("section", attrs={"aria-labelledby": "late-title"}).get_text(" ", strip=True)
    assert "堵车、车辆故障: 1" in text and "未填写: 1" in text
    assert "还有 1 次迟到没有填写原因" in text


def test_filters_narrow_and_a_line_leads_to_its_tickets(people, board, last_month, client):
    arrived(people, 60, last_month)
    arrived(people, 600, last_month, "衡阳市")
    this, before = f"{local(timezone.now()):%Y-%m}", f"{last_month:%Y-%m}"
    assert len([row for row in table(board(people.office)) if row[1] == "到场"]) == 2
    found = board(
        people.office, f"?since={before}&until={this}&tier=other&kind=arrival&partner={people.cs01.public_id}"
    )
    assert [row[:4] for row in table(found)] == [["长沙瑞启", "到场", "其他城市", "1"]]
    assert len(found.select("a.pill")) == 5
    url = found.select_one("#list tbody a")["href"]
    assert f"since={before}-01" in url and f"partner={people.cs01.public_id}" in url
    assert len(BeautifulSoup(client.get(url).content, "html.parser").select("#list tbody tr")) == 2
    assert table(board(people.office, f"?since={this}&until={this}")) == []
    turned = board(people.office, f"?since={this}&until={before}&kind=arrival")
    assert len(table(turned)) == 2
    assert len(table(board(people.office, "?since=nonsense&kind=foo"))) == 4  # two cities, answer and arrival


def test_htmx_gets_the_figures_without_the_frame(people, board, last_month):
    arrived(people, 60, last_month)
    soup = board(people.dispatcher, "?kind=arrival", headers={"HX-Request": "true"})
    assert soup.find("html") is None
    assert soup.find(id="rates") is not None and tiles(soup)[0] == "100 %"


def test_nothing_due_says_so(people, board):
    assert "没有到期的服务承诺" in board(people.stranger).find(id="rates").get_text()


def test_the_table_as_excel(people, board, last_month, client):
    arrived(people, 60, last_month)
    soup = board(people.reviewer, "?kind=arrival")
    answer = client.post(soup.select_one("form[data-download]")["action"])
    assert answer.status_code == 200
    head, *rows = openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    assert list(head) == [cell.get_text(strip=True) for cell in soup.select("#list thead th")]
    assert [[value or "–" for value in row] for row in rows] == table(soup)


def test_in_english(people, board, last_month, client):
    arrived(people, 60, last_month)
    board(people.owner)
    client.cookies["django_language"] = "en"
    text = client.get("/rates/").content.decode()
    assert "Promises kept" in text and "nine in ten were faster" in text and "provincial capital" in text


@pytest.mark.parametrize("who", ["technician", "storekeeper", "finance", "quality", "platform"])
def test_it_is_for_those_who_answer_for_it(people, sign_in, who):
    assert sign_in(getattr(people, who)).get("/rates/").status_code == 403


def test_it_costs_the_same_with_more_tickets(people, sign_in, last_month, django_assert_num_queries):
    arrived(people, 60, last_month)
    client = sign_in(people.office)
    client.get("/rates/")
    for minutes in (None, 70, 300):
        if minutes:
            arrived(people, minutes, last_month)
        with django_assert_num_queries(ALLOWED["rates"]):
            client.get("/rates/")


def test_columns_can_be_chosen_and_views_saved(people, board, last_month, client):
    arrived(people, 60, last_month)
    board(people.office)
    menu = client.get("/views/of/rates/?query=kind%3Darrival")
    assert menu.status_code == 200 and "90 百分位" in menu.content.decode()
    soup = BeautifulSoup(client.get("/rates/?kind=arrival&cols=partner&cols=rate").content, "html.parser")
    assert soup.select_one("#list table")["data-hide"] == "c2 c3 c4 c5 c7 c8 c9 c10 c11"
