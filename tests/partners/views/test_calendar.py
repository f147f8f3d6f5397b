"""The page of public holidays."""

from __future__ import annotations

import pytest

from core.models import CalendarYear
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

NOTICE = """2027年1月1日(周五)至3日(周日)放假
2027-02-05–2027-02-11 春节
4月5日 清明"""


def test_everybody_reads_the_shipped_year(people, sign_in):
    page = sign_in(people.technician).get("/calendar/").content.decode()
    assert "10-01–10-07" in page
    assert "10-10" in page and "尚未录入" in page
    assert sign_in(people.admin).get("/calendar/2027/").status_code == 403


def test_the_notice_is_pasted_as_it_is(people, sign_in):
    client = sign_in(people.platform)
    answer = client.post("/calendar/2027/", {"off": NOTICE, "work": "1月9日、1月10日上班"})
    assert (answer.status_code, answer["Location"]) == (302, "/calendar/")
    (row,) = factories.rows(CalendarYear)
    assert [f"{day:%m-%d}" for day in row.off] == [
        "01-01", "01-02", "01-03", *(f"02-{n:02}" for n in range(5, 12)), "04-05",
    ]  # fmt: skip
    assert [f"{day:%m-%d}" for day in row.work] == ["01-09", "01-10"]
    assert "2027-02-05–2027-02-11" in client.get("/calendar/2027/").content.decode()


def test_a_line_that_is_no_day_is_named_and_nothing_is_lost(people, sign_in):
    answer = sign_in(people.platform).post("/calendar/2027/", {"off": "2027-01-01\n春节再说", "work": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "春节再说" in page and "2027-01-01\n春节再说" in page
    assert factories.rows(CalendarYear) == []


def test_the_platform_is_told_that_a_year_is_missing(people, sign_in):
    page = sign_in(people.platform).get("/").content.decode()
    assert "/calendar/" in page
