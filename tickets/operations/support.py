"""The manufacturer's side of an escalation: accept, forward, pass on, answer, merge, publish (domain.md 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from core import rights
from core.calendars import local_date
from core.errors import NotFound, Refused
from core.tenancy import Tier, Viewer
from partners.enums import Department
from partners.queries import deputies
from tickets import notices
from tickets.calculations import escalation_limits
from tickets.enums import SUPPORTING
from tickets.models import Escalation, EscalationAnswer, PublishedCase
from tickets.operations.escalate import end_flag, facts_of, name_person, step, wait
from tickets.operations.steps import authored, columns_of, fits, said
from tickets.queries import cases, escalations


@transaction.atomic
def accept(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> Escalation:
    """受理: the viewer looks after it from now on; the time for the answer begins. The dealer is told who it is.

    Errors: NotFound, not_allowed, wrong_state (a colleague was faster), stale.
    """
    escalation = escalations.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "escalation.accept", escalation)
    escalation.accepted_at, escalation.accepted_by = now, viewer.name
    escalation.named_id, escalation.named = viewer.person_id, viewer.name
    escalation.due_at = escalation_limits.due(_who(viewer), "answer", now)
    step(viewer, escalation, "accept", now=now)
    notices.escalation_told(viewer, escalation, escalation.dealer_id, "accepted", now)
    notices.watch_answer(viewer, escalation, viewer.org, now)
    return escalation


@transaction.atomic
def forward(
    *, viewer: Viewer, public_id: str, expected_version: int | None, to: str, note: str, now: datetime
) -> Escalation:
    """转总部: the office gives it to one person whom headquarters shows as a contact; on leave, to his deputy.

    to: public id of the contact. It then waits for headquarters. Errors: NotFound, not_allowed, wrong_state, stale,
    Refused("colleague_unknown", field="to"), ("text_too_long", field="note").
    """
    escalation = escalations.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "escalation.forward", escalation)
    shown = deputies.contacts(viewer, escalation.manufacturer_id)
    person = deputies.named(shown, to, local_date(now))
    name_person(escalation, person)
    escalation.department = escalation.department or Department.AFTER_SALES
    wait(escalation, "hq", now)
    step(viewer, escalation, "forward", now=now, text=fits(note, 200, field="note"), facts=facts_of(person))
    notices.escalation_came(viewer, escalation, escalation.manufacturer_id, now)
    notices.escalation_told(viewer, escalation, escalation.dealer_id, "forwarded", now)
    notices.watch_acceptance(viewer, escalation, escalation.manufacturer_id, now)
    return escalation


@transaction.atomic
def pass_on(
    *, viewer: Viewer, public_id: str, expected_version: int | None, to: str, note: str, now: datetime
) -> Escalation:
    """转给同事: to one colleague of the own organisation, at HQ also of another department; it waits for his acceptance.

    to: public id of the person. Errors: NotFound, not_allowed, wrong_state, stale, Refused("colleague_unknown", field="to").
    """
    escalation = escalations.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "escalation.pass_on", escalation)
    person = deputies.colleague(viewer, to, local_date(now))
    before = escalation.department
    name_person(escalation, person)
    if viewer.tier is Tier.HQ:
        escalation.department = escalation.department or before or Department.AFTER_SALES
    wait(escalation, _who(viewer), now)
    step(viewer, escalation, "pass_on", now=now, text=fits(note, 200, field="note"), facts=facts_of(person))
    notices.escalation_came(viewer, escalation, viewer.org, now)
    notices.watch_acceptance(viewer, escalation, viewer.org, now)
    return escalation


@dataclass(frozen=True)
class Reply:
    """An answer: what it is and what to do, and the next step with who does it until when. next_on: today or later."""

    text: str
    next_step: str
    next_person: str
    next_on: date | None


@transaction.atomic
def answer(
    *, viewer: Viewer, public_id: str, expected_version: int | None, reply: Reply, now: datetime
) -> EscalationAnswer:
    """答复: never text alone; the dealer confirms or sends back.

    Errors: NotFound, not_allowed, wrong_state, stale, Refused("answer_missing", field="text"), ("next_step_missing"), ("next_person_missing"),
    ("next_on_missing"), ("next_on_past"), ("text_too_long").
    """
    escalation = escalations.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "escalation.answer", escalation)
    said(reply.text, field="text", code="answer_missing")
    if reply.next_on is None:
        raise Refused("next_on_missing", field="next_on")
    if reply.next_on < local_date(now):
        raise Refused("next_on_past", field="next_on")
    said(reply.next_step, field="next_step", code="next_step_missing")
    said(reply.next_person, field="next_person", code="next_person_missing")
    made = EscalationAnswer(
        escalation=escalation,
        text=fits(reply.text, 1000, field="text"),
        next_step=fits(reply.next_step, 200, field="next_step"),
        next_person=fits(reply.next_person, 60, field="next_person"),
        next_on=reply.next_on,
        **authored(viewer, now),
        department=viewer.department if viewer.department in Department.values else "",
        **columns_of(escalation.ticket),
    )
    made.save(force_insert=True)
    escalation.answered_at, escalation.answered_by_hq = now, viewer.tier is Tier.HQ
    facts = {"next_step": made.next_step, "next_person": made.next_person, "next_on": f"{made.next_on}"}
    step(viewer, escalation, "answer", now=now, text=made.text, facts=facts)
    notices.escalation_told(viewer, escalation, escalation.dealer_id, "answered", now)
    return made


@transaction.atomic
def merge(
    *, viewer: Viewer, public_id: str, expected_version: int | None, target: str, reason: str, now: datetime
) -> Escalation:
    """合并: another escalation of the same dealer is about the same; its answer counts for both.

    target: public id. Errors: NotFound, reason_missing, Refused("escalation_target", field="target"), not_allowed, wrong_state, stale.
    """
    escalation = escalations.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "escalation.merge", escalation)
    other = next((row for row in escalations.mergeable(viewer, escalation) if row.public_id == target), None)
    if other is None or other.state not in SUPPORTING:
        raise Refused("escalation_target", field="target")
    escalation.end_reason, escalation.closed_at, escalation.merged_into = said(reason), now, other
    step(viewer, escalation, "merge", now=now, text=escalation.end_reason, facts={"into": other.number})
    end_flag(viewer, escalation)
    notices.escalation_told(viewer, escalation, escalation.dealer_id, "merged", now)
    return escalation


@dataclass(frozen=True)
class Case:
    """A case as everybody of the manufacturer's network may read it: no names of dealers or customers, no numbers."""

    product_type: str
    model: str
    fault: str
    cause: str
    cure: str


@transaction.atomic
def publish_case(*, viewer: Viewer, public_id: str, case: Case, now: datetime) -> PublishedCase:
    """HQ shows a solved escalation to all its offices and dealers, in words of its own.

    Errors: NotFound, not_allowed, wrong_state, Refused("case_missing", field=…), ("case_names_somebody", field=…) when a name or number of the
    case's dealer or customer stands in it, ("text_too_long").
    """
    escalation = escalations.one(viewer, public_id)
    rights.require(viewer, "escalation.publish", escalation)
    lengths = {"product_type": 40, "model": 60, "fault": 200, "cause": 500, "cure": 1000}
    values: dict[str, Any] = {name: fits(getattr(case, name), length, field=name) for name, length in lengths.items()}
    for name in ("product_type", "fault", "cure"):
        if not values[name]:
            raise Refused("case_missing", field=name)
    for name, text in values.items():
        if any(word in text for word in cases.names_in(viewer, escalation)):
            raise Refused("case_names_somebody", field=name)
    made = PublishedCase(manufacturer_id=viewer.org, published_at=now, published_by=viewer.name, **values)
    made.save(force_insert=True)
    return made


@transaction.atomic
def withdraw_case(*, viewer: Viewer, public_id: str, now: datetime) -> PublishedCase:
    """Take a published case back. Errors: NotFound, not_allowed."""
    rights.require_ever(viewer, "case.withdraw")
    case = PublishedCase.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    rights.require(viewer, "case.withdraw", case)
    if not case.active:
        raise NotFound
    case.active, case.version = False, case.version + 1
    case.save()
    return case


def _who(viewer: Viewer) -> str:
    return "hq" if viewer.tier is Tier.HQ else "office"
