"""The service history on the pages of a customer and of a machine, and the whole list behind it."""

from io import StringIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command

from equipment.models import Customer, Machine
from tests import factories
from tests.people import act
from tickets.operations.report_fault import Report, report_fault

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[2] / "data" / "work_orders.csv"
HEADS = "BscStartDate,Asset,OriginalShorttext,PMType,Cost\n"


def history(client, address):
    """The rows of the history as lists of texts."""
    page = BeautifulSoup(client.get(address).content, "lxml")
    rows = page.select("#history tbody tr")
    return [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in rows]


def reported(people, fault, customer=None):
    customer = customer or factories.customer(people.cs01)
    machine = factories.machine(customer, people.sf)
    report = Report(fault=fault, reported_at=factories.NOW)
    act(report_fault, viewer=people.dispatcher, customer=customer, machines=[machine], report=report, now=factories.NOW)
    return customer, machine


def test_a_machine_shows_its_tickets_and_not_those_of_another(people, sign_in):
    customer, machine = reported(people, "一启动就跳闸")
    reported(people, "轴封漏水成线", customer)
    client = sign_in(people.dispatcher)
    assert [row[3] for row in history(client, f"/machines/{machine.public_id}/")] == ["一启动就跳闸"]
    assert {row[3] for row in history(client, f"/customers/{customer.public_id}/")} == {"一启动就跳闸", "轴封漏水成线"}


def test_imported_orders_stand_in_the_history_with_their_cost(people, sign_in):
    call_command("import_work_orders", str(SAMPLE), "--dealer", "CS01", stdout=StringIO())
    (machine,) = factories.rows(Machine, serial_number="A")
    rows = history(sign_in(people.dispatcher), f"/machines/{machine.public_id}/")
    assert [(row[3], row[-1]) for row in rows] == [
        ("REFIT BUCKET TOOTH", "1,157.27"),
        ("SWAP BUCKET", "0.00"),
        ("BUCKET WON'T OPEN", "183.05"),
    ]


def test_a_long_history_leads_to_the_whole_list(people, sign_in, tmp_path):
    path = tmp_path / "long.csv"
    path.write_text(HEADS + "".join(f"2007-01-03,A,GREASE {at},PM01,1\n" for at in range(60)), encoding="utf-8")
    call_command("import_work_orders", str(path), "--dealer", "CS01", stdout=StringIO())
    (customer,) = factories.rows(Customer, name="历史导入")
    client = sign_in(people.dispatcher)
    address = f"/customers/{customer.public_id}/"
    assert len(history(client, address)) == 50
    page = BeautifulSoup(client.get(address).content, "lxml")
    everything = page.select_one("#history .sheet-head a")["href"]
    found = BeautifulSoup(client.get(everything).content, "lxml")
    assert "60" in found.select_one(".filter-line").get_text()
    assert "历史导入" in found.select_one(".pill").get_text()


def test_the_list_cannot_be_narrowed_to_another_dealers_customer(people, sign_in):
    customer, machine = reported(people, "一启动就跳闸")
    client = sign_in(people.stranger)
    assert client.get(f"/tickets/?state=all&customer={customer.public_id}").status_code == 404
    assert client.get(f"/tickets/?state=all&machine={machine.public_id}").status_code == 404


@pytest.mark.parametrize("who", ["office", "reviewer"])
def test_office_and_hq_narrow_nothing_by_a_dealers_files(people, sign_in, who):
    customer, _machine = reported(people, "一启动就跳闸")
    page = sign_in(getattr(people, who)).get(f"/tickets/?state=all&customer={customer.public_id}")
    assert page.status_code == 200
    assert "一启动就跳闸" in page.content.decode()


def test_a_technician_reads_the_history_and_opens_only_his_own(people, sign_in):
    _customer, machine = reported(people, "一启动就跳闸")
    page = BeautifulSoup(sign_in(people.technician).get(f"/machines/{machine.public_id}/").content, "lxml")
    assert "一启动就跳闸" in page.select_one("#history").get_text()
    assert page.select("#history tbody a") == []


def test_the_page_of_a_machine_leads_to_a_new_report_about_it(people, sign_in):
    customer, machine = reported(people, "一启动就跳闸")
    page = BeautifulSoup(sign_in(people.dispatcher).get(f"/machines/{machine.public_id}/").content, "lxml")
    link = page.select_one('a.primary[href^="/tickets/new/"]')["href"]
    assert customer.public_id in link and machine.public_id in link
    assert sign_in(people.dispatcher).get(link).status_code == 200
