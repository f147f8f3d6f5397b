"""From the rows of a slip to what its paper prints (表7-27): the one source for the kept files and for the preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage

from core.calendars import local_date
from core.signatures import Strokes
from core.tenancy import Viewer
from equipment.enums import PartSource, Responsibility
from partners.models import Organisation
from tickets import rules
from tickets.documents.slip_paper import (
    DEFAULT_COPIES,
    Charges,
    CustomerAnswer,
    DealerHead,
    FaultLine,
    Machine,
    PartLine,
    SlipPaper,
    TechnicianSign,
    Trip,
)
from tickets.enums import FROZEN, Copy, PaperColour, SignatureKind, SlipState, Treatment, WarrantyTick
from tickets.models import FaultLineMachine, PrintSettings, Slip, TicketMachine
from tickets.queries import print_shop, slips, tickets
from tickets.queries.slips import Fault

# The paper is Chinese in every language of the product (domain.md 4.4, 8.1 and 3).
RESPONSIBILITIES: Mapping[str, str] = {
    Responsibility.MANUFACTURE: "制造",
    Responsibility.DESIGN: "设计",
    Responsibility.MATERIAL: "材料/外购件",
    Responsibility.TRANSPORT: "运输",
    Responsibility.INSTALLATION: "安装",
    Responsibility.OPERATION: "使用操作",
    Responsibility.MAINTENANCE: "维护保养",
    Responsibility.OVERLOAD: "超工况",
    Responsibility.WEAR: "自然磨损",
    Responsibility.HUMAN: "人为/私拆",
    Responsibility.FORCE_MAJEURE: "不可抗力",
    Responsibility.TO_APPRAISE: "待鉴定",
}
TREATMENTS: Mapping[str, str] = {
    Treatment.ADJUST: "调整",
    Treatment.REPAIR: "维修",
    Treatment.REPLACE_PART: "更换零件",
    Treatment.REPLACE_ASSEMBLY: "更换总成",
    Treatment.REPLACE_MACHINE: "换机",
    Treatment.RETURN_TO_FACTORY: "返厂",
    Treatment.ADVISE: "指导",
}
SOURCES: Mapping[str, str] = {
    PartSource.MAKER_FREE: "厂家调拨",
    PartSource.CONSIGNED: "寄售",
    PartSource.BOUGHT_GENUINE: "自购原厂",
    PartSource.BOUGHT_URGENT: "紧急自购",
    PartSource.CUSTOMER: "客户自备",
}
WARRANTY: Mapping[str, bool | None] = {WarrantyTick.YES: True, WarrantyTick.NO: False, WarrantyTick.OPEN: None}


def paper_of(viewer: Viewer, slip: Slip) -> SlipPaper:
    """Everything the slip prints, the same for all its copies; which copy shows what is `slip_pdf`'s matter.

    slip: visible to the viewer, its ticket along. Before signing it is a preview: no hash, no code, room for a pen.
    In warranty the fees print as 0.00 (三包免费). The maker's copy shows the customer's phone only for a ticket that the maker referred.
    """
    ticket = slip.ticket
    dealer = Organisation.objects.visible_to(viewer).one(id=slip.dealer_id)
    lines = slips.faults(viewer, slip)
    machines, places = _machines(slip, lines, tickets.machines(viewer, ticket))
    reported = lines[0].row.reported if lines else ticket.fault
    is_frozen = slip.state in FROZEN and slip.frozen_at is not None
    return SlipPaper(
        dealer=head_of(dealer, print_shop.settings(viewer)),
        number=slip.number,
        paper_number=slip.paper_number,
        ticket_number=ticket.number,
        customer_name=slip.customer_name,
        address=slip.address,
        contact=slip.contact,
        phone=slip.phone,
        machines=machines,
        in_warranty=WARRANTY[slip.in_warranty],
        conditions=tuple(slip.conditions),
        conditions_text=slip.conditions_note,
        first_arrival=slip.arrived_at,
        last_departure=slip.left_at,
        people=slip.people,
        hours=slip.hours,
        km=slip.km,
        nights=slip.nights,
        reported_fault=reported,
        faults=tuple(_fault(line, reported, places) for line in lines),
        other_services=slip.other_service,
        charges=Charges(parts=slip.parts_fee, labour=slip.labour_fee, free=slip.in_warranty == WarrantyTick.YES),
        parts=_parts(viewer, slip),
        trips=_trips(viewer, slip),
        answer=_answer(slip),
        technician=_technician(viewer, slip),
        remote=slip.is_remote,
        from_paper=slip.from_paper,
        void_reason=slip.void_reason if slip.state == SlipState.VOID else None,
        content_hash=slip.content_hash,
        verify_url=f"{settings.SITE_URL}/p/{slip.proof_code}" if is_frozen else "",
        maker_sees_phone=rules.maker_sees_phone(ticket),
    )


def head_of(dealer: Organisation, look: PrintSettings, *, logo: bytes | None = None) -> DealerHead:
    """Head and foot of a dealer's paper with what he has chosen; purposes of the copies stay as in domain.md 8.2.

    logo: one that is not saved yet, in place of the saved one.
    """
    chosen = {
        Copy.DEALER: (look.dealer_copy, look.dealer_colour),
        Copy.CUSTOMER: (look.customer_copy, look.customer_colour),
        Copy.MAKER: (look.maker_copy, look.maker_colour),
    }
    copies = {
        copy: replace(DEFAULT_COPIES[copy], name=name, colour=PaperColour(colour))
        for copy, (name, colour) in chosen.items()
    }
    return DealerHead(
        name=dealer.name,
        address=dealer.address,
        hotline=dealer.service_phone,
        logo=logo or (_logo(look.logo.name) if look.logo and look.logo.name else None),
        copies=copies,
        foot_line=look.foot_line,
    )


def _logo(name: str) -> bytes | None:
    """The logo's bytes; a file that is gone leaves the paper without it."""
    try:
        with default_storage.open(name, "rb") as file:
            content: bytes = file.read()
            return content
    except (OSError, ValueError):
        return None


def _machines(
    slip: Slip, lines: list[Fault], on_ticket: list[TicketMachine]
) -> tuple[tuple[Machine, ...], dict[int, int]]:
    """The machines in the order of the fault lines, and the place of each on the paper by its id on the ticket.

    What was completed prints as it was then; a draft shows what the ticket knows now, and machines that no line covers yet.
    """
    found: list[Machine] = []
    places: dict[int, int] = {}
    for item in (item for line in lines for item in line.covered):
        if item.ticket_machine_id not in places:
            was_kept = slip.state != SlipState.DRAFT and bool(item.model)
            found.append(_machine(item if was_kept else item.ticket_machine))
            places[item.ticket_machine_id] = len(found)
    if slip.state == SlipState.DRAFT:
        for machine in on_ticket:
            if machine.id not in places:
                found.append(_machine(machine))
                places[machine.id] = len(found)
    return tuple(found), places


def _machine(facts: FaultLineMachine | TicketMachine) -> Machine:
    return Machine(
        kind=facts.product_type,
        model=facts.model,
        serial_number=facts.serial_number,
        made_on=facts.ex_factory_on,
        made_on_unknown=facts.unknown_reason,
    )


def _fault(line: Fault, reported: str, places: Mapping[int, int]) -> FaultLine:
    row = line.row
    return FaultLine(
        diagnosis=row.diagnosis,
        solution=row.solution,
        machines=tuple(places[item.ticket_machine_id] for item in line.covered),
        reported=row.reported if row.reported != reported else "",
        fault_code="/".join(filter(None, [row.fault_part, row.symptom])),
        treatment=TREATMENTS.get(row.treatment, ""),
        responsibility=RESPONSIBILITIES.get(row.responsibility, ""),
        cause=row.cause,
        standard_hours=row.standard_hours,
    )


def _parts(viewer: Viewer, slip: Slip) -> tuple[PartLine, ...]:
    return tuple(
        PartLine(
            code=part.code,
            name=part.name,
            quantity=part.quantity,
            unit=part.unit,
            source=SOURCES.get(part.source, ""),
            new_serial=part.new_serial or part.supply_number,
            old_serial=part.old_serial,
            main_damage=part.causal,
            returns_old=part.return_old,
        )
        for part in slips.parts(viewer, slip)
    )


def _trips(viewer: Viewer, slip: Slip) -> tuple[Trip, ...]:
    if slip.is_remote:
        return ()
    return tuple(
        Trip(
            arrived_at=trip.arrived_at,
            left_at=trip.left_at,
            people=tuple(trip.people),
            km=trip.km,
            nights=trip.nights,
        )
        for trip in tickets.trips(viewer, slip.ticket)
        if trip.round == slip.round and trip.arrived_at is not None
    )


def _answer(slip: Slip) -> CustomerAnswer:
    kind = SignatureKind(slip.signature_kind)
    return CustomerAnswer(
        kind=kind,
        rating=int(slip.rating) if slip.rating else None,
        comment=slip.opinion,
        name=slip.signer,
        strokes=_strokes(slip.strokes),
        reason=slip.refusal_reason,
        on=local_date(slip.frozen_at) if slip.frozen_at and kind is not SignatureKind.REMOTE else None,
    )


def _technician(viewer: Viewer, slip: Slip) -> TechnicianSign:
    return TechnicianSign(
        name=slip.technician or slip.ticket.lead_name,
        phone=slip.technician_phone or slips.lead_phone(viewer, slip.ticket),
        strokes=_strokes(slip.technician_strokes),
        on=local_date(slip.frozen_at) if slip.frozen_at else None,
    )


def _strokes(kept: Any) -> Strokes | None:  # Any: JSON as `core.signatures.read_strokes` wrote it
    if not kept:
        return None
    return tuple(tuple((float(x), float(y), float(t)) for x, y, t in stroke) for stroke in kept)
