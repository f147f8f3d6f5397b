"""照顾性保修 and 三包起算日变更: asked by office or dealer, answered by HQ, with four eyes (domain.md 4.4, 4.6 W5)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from core import rights
from core.calendars import local_date
from core.errors import Refused
from core.tenancy import Viewer
from equipment.enums import EvidenceKind, WarrantyBasis
from tickets import notices
from tickets.enums import GOODWILL_CAUSES, EntryKind, RequestKind, RequestState, WarrantyOutcome
from tickets.models import Ticket, TicketMachine, WarrantyRequest
from tickets.operations import judge
from tickets.operations.steps import columns_of, said, write_entry
from tickets.queries import tickets, warranty

#: papers that prove another start of the period
SHIPPING = {
    EvidenceKind.SHIPPED.value,
    EvidenceKind.ARRIVAL.value,
    EvidenceKind.ACCEPTANCE.value,
    EvidenceKind.INVOICE.value,
}


@transaction.atomic
def propose_goodwill(
    *, viewer: Viewer, public_id: str, maker_percent: int, reason: str, now: datetime
) -> WarrantyRequest:
    """The office proposes that the manufacturer pays though period or cause says no; HQ answers. The customer pays the rest.

    Possible when the report is over by no more than the policy's days of goodwill, or in the period with a cause 安装 or 使用操作.
    Errors: Refused("goodwill_not_possible"), ("percent_wrong"), ("reason_missing"), ("request_open", 409), not_allowed, NotFound.
    """
    ticket = tickets.lock(viewer, public_id, version=None)
    rights.require(viewer, "ticket.ask_goodwill", ticket)
    if not goodwill_possible(ticket):
        raise Refused("goodwill_not_possible", status=409)
    if not 1 <= maker_percent <= 100:
        raise Refused("percent_wrong", field="maker_percent")
    return _ask(viewer, ticket, RequestKind.GOODWILL, reason, now, maker_percent=maker_percent)


@transaction.atomic
def ask_start(
    *, viewer: Viewer, public_id: str, machine: str, start_on: date, reason: str, now: datetime
) -> WarrantyRequest:
    """The dealer applies for another start of a machine's period, with a paper that proves when it went out (库存超期).

    machine: public id of its file. Errors: Refused("shipping_proof_missing"), ("start_wrong"), ("reason_missing"), ("request_open", 409),
    ("maker_not_asked", 409) while the ticket is not shared; not_allowed; NotFound.
    """
    ticket = tickets.lock(viewer, public_id, version=None)
    rights.require(viewer, "ticket.ask_start", ticket)
    if not ticket.shared_with_maker:
        raise Refused("maker_not_asked", status=409)
    rows = TicketMachine.objects.visible_to(viewer).filter(ticket=ticket)
    on_ticket = rows.one(machine__public_id=machine)
    if not any(
        proof.machine_id == on_ticket.id and proof.kind in SHIPPING for proof in warranty.evidence(viewer, ticket)
    ):
        raise Refused("shipping_proof_missing", field="machine")
    known = [one.facts for one in warranty.judgements(ticket) if one.facts.machine == on_ticket.machine_id]
    made_on = known[0].dates.get(WarrantyBasis.EX_FACTORY) if known else None
    if start_on > local_date(ticket.round_started_at) or (made_on is not None and start_on < made_on):
        raise Refused("start_wrong", field="start_on")
    return _ask(viewer, ticket, RequestKind.START, reason, now, machine=on_ticket, start_on=start_on)


@transaction.atomic
def answer_request(
    *, viewer: Viewer, public_id: str, granted: bool, answer: str, expected_version: int | None, now: datetime
) -> WarrantyRequest:
    """HQ agrees or declines (public_id is the request's); whoever asked does not answer. An agreed one changes the ticket's result.

    A slip that is signed stays as it is: the claim will carry the decision. Errors: Refused("decline_reason_missing") for a refusal without reason,
    ("four_eyes", 403), wrong_state (409) when it is answered, stale (409), not_allowed, NotFound.
    """
    rights.require_ever(viewer, "ticket.answer_request")
    found = WarrantyRequest.objects.visible_to(viewer).select_related("ticket").one(public_id=public_id)
    ticket = tickets.lock(viewer, found.ticket.public_id, version=None)
    request = WarrantyRequest.objects.visible_to(viewer).select_for_update(of=("self",)).one(public_id=public_id)
    rights.require(viewer, "ticket.answer_request", ticket)
    if request.state != RequestState.ASKED:
        raise Refused("wrong_state", status=409)
    if expected_version is not None and expected_version != request.version:
        raise Refused("wrong_state", status=409)
    if request.asked_by_org == viewer.org and request.asked_by_id == viewer.person_id:
        raise Refused("four_eyes", status=403)
    words = answer.strip()[:300] if granted else said(answer, field="answer", code="decline_reason_missing")
    request.state = RequestState.GRANTED if granted else RequestState.DECLINED
    request.answer, request.answered_by, request.answered_by_id = words, viewer.name, viewer.person_id
    request.answered_at = now
    request.version += 1
    request.save()
    verb = "request_granted" if granted else "request_declined"
    write_entry(viewer, ticket, EntryKind.FACT, verb=verb, facts={"request": request.kind}, text=words, now=now)
    if granted:
        judge.of_granted(viewer, ticket, now=now)
    notices.warranty_told(viewer, ticket, request, now)
    return request


def goodwill_possible(ticket: Ticket) -> bool:
    """Whether goodwill can be proposed for what was found: over by no more than the days of the policy, or a cause of 4.4's table."""
    return any(
        one.goodwill_possible
        or (one.outcome == WarrantyOutcome.OUT_CAUSE and one.facts.responsibility in GOODWILL_CAUSES)
        for one in warranty.judgements(ticket)
    )


def _ask(
    viewer: Viewer,
    ticket: Ticket,
    kind: RequestKind,
    reason: str,
    now: datetime,
    *,
    machine: TicketMachine | None = None,
    maker_percent: int | None = None,
    start_on: date | None = None,
) -> WarrantyRequest:
    made = WarrantyRequest(
        ticket=ticket,
        machine=machine,
        kind=kind,
        maker_percent=maker_percent,
        start_on=start_on,
        reason=said(reason)[:300],
        asked_by=viewer.name,
        asked_by_id=viewer.person_id,
        asked_by_org=viewer.org,
        asked_at=now,
        **columns_of(ticket),
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as problem:
        if "one_open_warranty_request" not in str(problem):
            raise
        raise Refused("request_open", status=409) from problem
    write_entry(
        viewer, ticket, EntryKind.FACT, verb="request_asked", facts={"request": kind.value}, text=made.reason, now=now
    )
    notices.warranty_told(viewer, ticket, made, now)
    return made
