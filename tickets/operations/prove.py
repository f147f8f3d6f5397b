"""Proofs of dates on a ticket (domain.md 4.5): an invoice, an acceptance sheet, the meter, each with the photo that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from core import rights
from core.calendars import local_date
from core.errors import Refused
from core.tenancy import Viewer
from equipment.enums import EvidenceKind
from tickets.enums import EntryKind, PhotoSlot
from tickets.models import Evidence, TicketMachine
from tickets.operations import judge
from tickets.operations.photos import Shot, add_photo
from tickets.operations.steps import chosen, columns_of, fits, write_entry
from tickets.queries import tickets, warranty


@dataclass(frozen=True)
class Proof:
    """What a paper or photo proves. machine: public id of its file. day: the date that stands on it; hours: of the meter instead.

    photo: of the paper, with the sender's random key (`op`).
    """

    machine: str
    kind: str
    photo: bytes
    op: str
    day: date | None = None
    hours: Decimal | None = None
    note: str = ""
    source: str = "desktop"


@transaction.atomic
def prove(*, viewer: Viewer, public_id: str, proof: Proof, now: datetime) -> Evidence:
    """Add a proof to an open ticket (public_id is the ticket's); one of the same kind for the machine is replaced. Warranty is judged anew.

    Errors: NotFound for a machine that is not on the ticket; Refused("day_missing"), ("in_future"), ("hours_missing"); those of
    `add_photo`; not_allowed; wrong_state (409) once the slip is handed in.
    """
    ticket = tickets.lock(viewer, public_id, version=None)
    rights.require(viewer, "ticket.prove", ticket)
    machine = TicketMachine.objects.visible_to(viewer).filter(ticket=ticket).one(machine__public_id=proof.machine)
    kind = chosen(EvidenceKind, proof.kind, field="kind")
    if kind is EvidenceKind.METER:
        if proof.hours is None or not 0 <= proof.hours < 10**7:
            raise Refused("hours_missing", field="hours")
    elif proof.day is None:
        raise Refused("day_missing", field="day")
    elif proof.day > local_date(now):
        raise Refused("in_future", field="day")
    slot = PhotoSlot.NAMEPLATE if kind is EvidenceKind.NAMEPLATE else PhotoSlot.PROOF
    shot = Shot(data=proof.photo, op=proof.op, slot=slot, source=proof.source)
    photo = add_photo(viewer=viewer, public_id=public_id, shot=shot, now=now)
    Evidence.objects.visible_to(viewer).filter(machine=machine, kind=kind).delete()
    made = Evidence(
        ticket=ticket,
        machine=machine,
        kind=kind,
        day=None if kind is EvidenceKind.METER else proof.day,
        hours=proof.hours if kind is EvidenceKind.METER else None,
        photo=photo,
        note=fits(proof.note, 200, field="note"),
        author_name=viewer.name,
        recorded_at=now,
        **columns_of(ticket),
    )
    made.save(force_insert=True)
    what = made.day.isoformat() if made.day else str(made.hours)
    write_entry(viewer, ticket, EntryKind.FACT, verb="proved", facts={"kind": kind.value, "what": what}, now=now)
    judge.of_ticket(viewer, ticket, now=now)
    return made


@transaction.atomic
def withdraw_proof(*, viewer: Viewer, public_id: str, now: datetime) -> Evidence:
    """Take a proof away from an open ticket; its photo stays. Errors: NotFound; not_allowed; wrong_state (409)."""
    found = warranty.proof(viewer, public_id)
    ticket = tickets.lock(viewer, found.ticket.public_id, version=None)
    rights.require(viewer, "ticket.prove", ticket)
    facts = {"kind": found.kind}
    found.delete()
    write_entry(viewer, ticket, EntryKind.FACT, verb="proof_withdrawn", facts=facts, now=now)
    judge.of_ticket(viewer, ticket, now=now)
    return found
