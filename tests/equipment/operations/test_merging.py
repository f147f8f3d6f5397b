"""Two customers or two machines that are one: what moves, what stays, and the way back within 7 days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from core.errors import NotFound, Refused
from equipment.models import Customer, Machine, Merge
from equipment.operations import merging
from tests import factories
from tests.people import act, sign_in
from tests.tickets.driver import Job
from tickets.enums import TicketState
from tickets.models import TicketMachine


@pytest.fixture
def job(people):
    return Job(people).to(TicketState.DONE)


@pytest.fixture
def twin(people, job):
    return factories.customer(people.cs01, name="永州远山矿业(新)")


def merge_customers(people, kept, gone, **more):
    return act(
        merging.merge_customers,
        viewer=people.dispatcher,
        kept=kept.public_id,
        gone=gone.public_id,
        now=job_now(),
        **more,
    )


def job_now():
    return factories.NOW


def customer_of(job):
    return factories.rows(Customer, pk=job.ticket.customer_id)[0]


def machine_of(job):
    return factories.rows(Machine, pk=job.on_ticket[0].machine_id)[0]


def undo(people, merge, now=None):
    return act(merging.undo_merge, viewer=people.dispatcher, public_id=merge.public_id, now=now or job_now())


def test_a_customers_machines_and_tickets_move_and_come_back(people, job, twin):
    old, slip = customer_of(job), job.slip
    printed = (slip.customer_name, slip.content_hash)
    merge = merge_customers(people, twin, old)
    assert job.ticket.customer_id == twin.pk
    assert {row.customer_id for row in factories.rows(Machine)} == {twin.pk}
    assert (factories.again(old).active, factories.again(twin).active) == (False, True)
    assert (job.slip.customer_name, job.slip.content_hash) == printed, "what is signed keeps its copy"
    undo(people, merge)
    assert job.ticket.customer_id == old.pk and factories.again(old).active
    with pytest.raises(Refused) as caught:
        undo(people, merge)
    assert caught.value.code == "merge_undone"


def test_after_seven_days_it_stays(people, job, twin):
    merge = merge_customers(people, twin, customer_of(job))
    with pytest.raises(Refused) as caught:
        undo(people, merge, now=job_now() + timedelta(days=7, seconds=1))
    assert caught.value.code == "merge_too_old"
    undo(people, merge, now=job_now() + timedelta(days=7))


def test_a_machine_takes_history_and_number(people, job):
    machine = machine_of(job)
    twin = factories.machine(customer_of(job), people.sf, serial_number="")
    merge = act(
        merging.merge_machines, viewer=people.dispatcher, kept=twin.public_id, gone=machine.public_id, now=job_now()
    )
    number = machine.serial_number
    assert [row.machine_id for row in factories.rows(TicketMachine)] == [twin.pk]
    assert (factories.again(twin).serial_number, factories.again(machine).serial_number) == (number, "")
    undo(people, merge)
    assert [row.machine_id for row in factories.rows(TicketMachine)] == [machine.pk]
    assert (factories.again(twin).serial_number, factories.again(machine).serial_number) == ("", number)


def test_what_is_not_merged(people, job, twin):
    with pytest.raises(Refused) as caught:
        merge_customers(people, twin, twin)
    assert caught.value.code == "merge_same"
    foreign = factories.customer(people.hf01)
    with pytest.raises(NotFound):
        merge_customers(people, twin, foreign)
    with pytest.raises(NotFound):
        merge_customers(people, foreign, twin)
    machine = machine_of(job)
    other_maker = factories.machine(customer_of(job), people.hc)
    with pytest.raises(Refused) as caught:
        act(
            merging.merge_machines,
            viewer=people.dispatcher,
            kept=machine.public_id,
            gone=other_maker.public_id,
            now=job_now(),
        )
    assert caught.value.code == "merge_makers"
    with pytest.raises(Refused) as caught:
        act(
            merging.merge_customers,
            viewer=people.technician,
            kept=twin.public_id,
            gone=customer_of(job).public_id,
            now=job_now(),
        )
    assert caught.value.status == 403
    old = customer_of(job)
    merge_customers(people, twin, old)
    with pytest.raises(Refused) as caught:
        merge_customers(people, twin, old)
    assert caught.value.code == "merge_gone"
    assert len(factories.rows(Merge)) == 1


def test_by_the_pages(people, job, twin, client):
    sign_in(client, people.dispatcher)
    old = customer_of(job)
    page = client.get(f"/customers/{twin.public_id}/merge/", {"other": old.name[:4]})
    assert old.name in page.content.decode()
    response = client.post(f"/customers/{twin.public_id}/merge/", {"gone": old.public_id})
    assert response["Location"] == f"/customers/{twin.public_id}/"
    page = client.get(f"/customers/{twin.public_id}/").content.decode()
    (merge,) = factories.rows(Merge)
    assert f"/merges/{merge.public_id}/undo/" in page and old.name in page and job.ticket.number in page
    assert client.post(f"/merges/{merge.public_id}/undo/")["Location"] == f"/customers/{twin.public_id}/"
    sign_in(client, people.stranger_admin)
    assert client.post(f"/merges/{merge.public_id}/undo/").status_code == 404


def test_a_number_that_exists_already_offers_the_merge(people, job, client):
    sign_in(client, people.dispatcher)
    machine = machine_of(job)
    twin = factories.machine(customer_of(job), people.sf, serial_number="")
    page = client.get(f"/machines/{twin.public_id}/edit/").content.decode()
    form = BeautifulSoup(page, "html.parser").find("main").find("form", method="post")
    data = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        if field.get("type") in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        chosen = field.select_one("option[selected]") if field.name == "select" else None
        data[field["name"]] = (
            chosen["value"] if chosen else field.get("value", "") or (field.text if field.name == "textarea" else "")
        )
    data["serial_number"] = machine.serial_number
    page = client.post(f"/machines/{twin.public_id}/edit/", data).content.decode()
    link = f"/machines/{twin.public_id}/merge/?number={machine.serial_number}"
    assert link in page
    response = client.post(link, {"other": machine.public_id})
    assert response["Location"] == f"/machines/{twin.public_id}/"
    assert factories.again(twin).serial_number == machine.serial_number
