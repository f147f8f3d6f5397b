"""How many statements an operation costs, the same for one machine, line and part as for six (tests/tickets/query_counts.json).

Savepoints are not counted: they cost no table. A figure that falls is written down as it is.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import tenancy
from tests import factories
from tests.tickets.driver import STROKES, T0, Job
from tickets.calculations.slip_input import MachineInput, PartInput
from tickets.enums import Rating, TicketState
from tickets.operations import (
    complete_slip,
    dispatch,
    field_work,
    finish_remote,
    finish_ticket,
    save_slip,
    sign_slip,
    void_slip,
)
from tickets.operations.finish_remote import PhoneResult
from tickets.operations.report_fault import Report, report_fault
from tickets.operations.sign_slip import Answer

ALLOWED: dict[str, int] = json.loads((Path(__file__).parent.parent / "query_counts.json").read_text())["operations"]


def statements(operation: Any, viewer: tenancy.Viewer, **arguments: Any) -> list[str]:
    """The statements of an operation, without savepoints and without those that set the role."""
    with tenancy.acting(viewer), CaptureQueriesContext(connection) as caught:
        operation(viewer=viewer, **arguments)
    found = [query["sql"] for query in caught.captured_queries]
    return [sql for sql in found if "SAVEPOINT" not in sql]


def many_machines(people: Any, count: int) -> dict[str, Any]:
    customer = factories.customer(people.cs01)
    machines = [
        factories.machine(customer, people.sf, model=f"YE3-{n}M-4", serial_number="", ex_factory_on=date(2026, 3, 6))
        for n in range(count)
    ]
    return {"customer": customer, "machines": machines}


def full(job: Job, count: int) -> Any:
    """A slip with a line, a part and a plate per machine."""
    on_ticket = job.on_ticket
    return job.written(
        machines=[MachineInput(m.pk, f"S{m.pk}", date(2026, 3, 7)) for m in on_ticket],
        faults=[job.fault_input(machines=(m.pk,)) for m in on_ticket],
        parts=[PartInput(f"P{n}", "轴承", quantity=Decimal(n + 1), source="maker_free") for n in range(count)],
    )


def measure(people: Any, name: str, count: int) -> list[str]:
    facts = many_machines(people, count)
    if name == "report_fault":
        return statements(report_fault, people.dispatcher, report=Report("烫手,有异响"), now=T0, **facts)
    state = {
        "dispatch": TicketState.CONTACTED,
        "accept": TicketState.DISPATCHED,
        "set_out": TicketState.ACCEPTED,
        "arrive": TicketState.EN_ROUTE,
        "finish_remote": TicketState.CONTACTED,
        "cancel_ticket": TicketState.DISPATCHED,
    }.get(name, TicketState.IN_WORK)
    job = Job(people, companions=[people.second_technician] if count > 1 else [], **facts).to(state)
    ticket = {"public_id": job.key, "expected_version": None, "now": job.tick()}
    lead, desk = people.technician, people.dispatcher
    if name == "dispatch":
        crew = {"lead": job.key_of(lead), "companions": [job.key_of(who) for who in job.companions]}
        return statements(dispatch.dispatch, desk, **crew, **ticket)
    if name == "accept":
        return statements(dispatch.accept, lead, **ticket)
    if name == "cancel_ticket":
        return statements(finish_ticket.cancel_ticket, desk, reason="客户撤销", **ticket)
    if name in ("set_out", "arrive"):
        return statements(getattr(field_work, name), lead, **ticket)
    if name == "finish_remote":
        result = PhoneResult("热继整定 2.6A", "整定错误", "operation", "电话指导调整", unknown_reason="没看")
        return statements(finish_remote.finish_remote, desk, result=result, **ticket)
    job.photograph()
    if name == "open_slip":
        return statements(save_slip.open_slip, lead, ticket_public_id=job.key, now=job.clock)
    job.open_slip()
    if name == "leave":
        return statements(field_work.leave, lead, km=Decimal(27), **ticket)
    job.leave()
    slip = {"public_id": job.slip.public_id, "expected_version": job.slip.version, "now": job.clock}
    if name == "save_slip":
        return statements(save_slip.save_slip, lead, written=full(job, count), **slip)
    if name == "complete_slip":
        return statements(complete_slip.complete_slip, lead, written=full(job, count), **slip)
    job.do_slip(complete_slip.complete_slip, lead, written=full(job, count))
    slip = {"public_id": job.slip.public_id, "expected_version": job.slip.version, "now": job.clock}
    if name == "sign_slip":
        answer = Answer(Rating.GOOD, strokes=STROKES, technician_strokes=STROKES)
        return statements(sign_slip.sign_slip, lead, answer=answer, **slip)
    assert name == "void_slip"
    return statements(void_slip.void_slip, desk, reason="写错", **slip)


@pytest.mark.parametrize("name", ALLOWED)
def test_an_operation_costs_what_is_written_down(people, name):
    one, six = measure(people, name, 1), measure(people, name, 6)
    assert (len(one), len(six)) == (ALLOWED[name], ALLOWED[name]), "\n".join(sql[:200] for sql in six)
