"""Slips as they are answered: the dealer's people all of it, the manufacturer's what their copy of the paper shows."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from core import rights
from core.phones import mask_phone
from core.rights import Sight
from core.tenancy import Tier, Viewer
from equipment.enums import PartSource, Responsibility
from tickets import rules
from tickets.api.shapes import iso, money_text
from tickets.enums import FROZEN, Rating, SignatureKind, SlipState, Treatment, WarrantyOutcome, WarrantyTick
from tickets.explain import warranty as warranty_words
from tickets.models import FaultLineMachine, PartLine, Slip
from tickets.queries import slips, warranty
from tickets.queries.slips import Fault


class SlipRow(serializers.Serializer[Any]):
    """A slip in a list."""

    id = serializers.CharField()
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=SlipState.choices)
    finished_at = serializers.DateTimeField()
    customer = serializers.CharField()
    machine = serializers.CharField()
    technician = serializers.CharField()
    rating = serializers.ChoiceField(choices=Rating.choices, allow_blank=True)
    is_remote = serializers.BooleanField()
    from_paper = serializers.BooleanField()
    warranty = serializers.ChoiceField(
        choices=WarrantyOutcome.choices, allow_blank=True, help_text="Computed; empty: not judged."
    )
    url = serializers.CharField()


class CoveredMachine(serializers.Serializer[Any]):
    """A machine that a fault line covers, as it was when the slip was completed."""

    id = serializers.CharField(required=False, help_text="Of the machine's file; for the dealer only.")
    product_type = serializers.CharField()
    model = serializers.CharField()
    serial_number = serializers.CharField()
    ex_factory_on = serializers.DateField(allow_null=True)
    batch = serializers.CharField()
    unknown_reason = serializers.CharField()


class FaultShape(serializers.Serializer[Any]):
    """A fault line."""

    machines = CoveredMachine(many=True)
    reported = serializers.CharField()
    symptom = serializers.CharField()
    fault_part = serializers.CharField()
    diagnosis = serializers.CharField()
    cause = serializers.CharField()
    responsibility = serializers.ChoiceField(choices=Responsibility.choices, allow_blank=True)
    solution = serializers.CharField()
    treatment = serializers.ChoiceField(choices=Treatment.choices, allow_blank=True)
    standard_hours = serializers.DecimalField(max_digits=5, decimal_places=1, allow_null=True)


class PartShape(serializers.Serializer[Any]):
    """A part that was fitted."""

    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    quantity = serializers.DecimalField(max_digits=8, decimal_places=2)
    source = serializers.ChoiceField(choices=PartSource.choices, allow_blank=True)  # type: ignore[assignment]  # the record's own word
    new_serial = serializers.CharField()
    old_serial = serializers.CharField()
    return_old = serializers.BooleanField()
    causal = serializers.BooleanField()
    supply_number = serializers.CharField()
    unit_price = serializers.DecimalField(
        max_digits=14, decimal_places=2, allow_null=True, required=False, help_text="For the dealer only."
    )


class SlipShape(serializers.Serializer[Any]):
    """A service slip, form 7-27. Absent entries are not for this viewer."""

    id = serializers.CharField()
    number = serializers.CharField(help_text="Empty while it is a draft.")
    state = serializers.ChoiceField(choices=SlipState.choices)
    state_label = serializers.CharField()
    version = serializers.IntegerField()
    round = serializers.IntegerField()
    is_remote = serializers.BooleanField()
    from_paper = serializers.BooleanField(help_text="Written by hand, entered afterwards (补录).")
    paper_number = serializers.CharField(help_text="Printed on the form, for the dealer only.", required=False)
    ticket = serializers.CharField()
    ticket_number = serializers.CharField()
    customer_name = serializers.CharField()
    in_warranty = serializers.ChoiceField(choices=WarrantyTick.choices, help_text="The technician's tick.")
    warranty = serializers.ChoiceField(
        choices=WarrantyOutcome.choices, allow_blank=True, help_text="Computed; empty: not judged."
    )
    warranty_sentence = serializers.CharField(help_text="Why, in one sentence.")
    warranty_reason = serializers.CharField(help_text="Why the tick contradicts it.")
    conditions = serializers.ListField(child=serializers.CharField())
    conditions_note = serializers.CharField()
    arrived_at = serializers.DateTimeField(allow_null=True)
    left_at = serializers.DateTimeField(allow_null=True)
    technician = serializers.CharField()
    rating = serializers.ChoiceField(choices=Rating.choices, allow_blank=True)
    opinion = serializers.CharField()
    signature_kind = serializers.ChoiceField(choices=SignatureKind.choices, allow_blank=True)
    refusal_reason = serializers.CharField()
    finished_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    frozen_at = serializers.DateTimeField(allow_null=True)
    content_hash = serializers.CharField()
    void_reason = serializers.CharField()
    voided_at = serializers.DateTimeField(allow_null=True)
    voided_by = serializers.CharField()
    address = serializers.CharField(required=False)
    contact = serializers.CharField(required=False)
    signer = serializers.CharField(required=False)
    phone = serializers.CharField(required=False, help_text="Masked as on the manufacturer's copy.")
    technician_phone = serializers.CharField(required=False)
    people = serializers.IntegerField(allow_null=True, required=False)
    hours = serializers.DecimalField(max_digits=5, decimal_places=1, allow_null=True, required=False)
    km = serializers.DecimalField(max_digits=7, decimal_places=1, allow_null=True, required=False)
    nights = serializers.IntegerField(required=False)
    other_service = serializers.CharField(required=False)
    times_reason = serializers.CharField(required=False)
    parts_fee = serializers.DecimalField(max_digits=14, decimal_places=2, required=False)
    labour_fee = serializers.DecimalField(max_digits=14, decimal_places=2, required=False)
    faults = FaultShape(many=True)
    parts = PartShape(many=True)
    files = serializers.CharField(allow_null=True, help_text="Where the kept files of a frozen slip stand.")
    verbs = serializers.ListField(child=serializers.CharField(), help_text="What the viewer may do now.")


class SlipFileShape(serializers.Serializer[Any]):
    """A file to take."""

    copy = serializers.ChoiceField(choices=["dealer", "customer", "maker", "triplicate"])
    url = serializers.CharField()


class FilesShape(serializers.Serializer[Any]):
    """The kept files of a slip."""

    state = serializers.ChoiceField(choices=["ready", "making", "failed", "none"])
    job = serializers.CharField(allow_null=True, help_text="The task that makes them, when it is one's own.")
    printed = serializers.IntegerField()
    files = SlipFileShape(many=True)


def slip_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `queries.slip_list.listing`."""
    return {
        "id": row["public_id"],
        "number": row["number"],
        "state": row["state"],
        "finished_at": row["finished_at"].isoformat(),
        "customer": row["customer_name"],
        "machine": row["machine"],
        "technician": row["shown_technician"],
        "rating": row["rating"],
        "is_remote": row["is_remote"],
        "from_paper": row["from_paper"],
        "warranty": row["warranty"],
        "url": reverse("api:slip", args=[row["public_id"]]),
    }


def slip_shape(viewer: Viewer, slip: Slip) -> dict[str, Any]:
    """One slip for one viewer."""
    ticket = slip.ticket
    dealer = viewer.tier is Tier.DEALER
    reads_paper = dealer or rights.may(viewer, "slip.maker_copy", slip)
    found: dict[str, Any] = {
        "id": slip.public_id,
        "number": slip.number,
        "state": slip.state,
        "state_label": str(SlipState(slip.state).label),
        "version": slip.version,
        "round": slip.round,
        "is_remote": slip.is_remote,
        "from_paper": slip.from_paper,
        "ticket": ticket.public_id,
        "ticket_number": ticket.number,
        "customer_name": slip.customer_name,
        "in_warranty": slip.in_warranty,
        "warranty": slip.warranty,
        "warranty_sentence": warranty_words.short(warranty.judgements(slip)),
        "warranty_reason": slip.warranty_reason,
        "conditions": list(slip.conditions),
        "conditions_note": slip.conditions_note,
        "arrived_at": iso(slip.arrived_at),
        "left_at": iso(slip.left_at),
        "technician": slip.technician or ticket.lead_name,
        "rating": slip.rating,
        "opinion": slip.opinion,
        "signature_kind": slip.signature_kind,
        "refusal_reason": slip.refusal_reason,
        "finished_at": iso(slip.finished_at),
        "completed_at": iso(slip.completed_at),
        "frozen_at": iso(slip.frozen_at),
        "content_hash": slip.content_hash,
        "void_reason": slip.void_reason,
        "voided_at": iso(slip.voided_at),
        "voided_by": slip.voided_by,
    }
    if rights.sight(viewer, "ticket.site", ticket) is Sight.FULL:
        found |= {name: getattr(slip, name) for name in ("address", "contact", "signer")}
    if rights.sight(viewer, "ticket.phone", ticket) is not Sight.HIDDEN:
        whole = dealer or (reads_paper and rules.maker_sees_phone(ticket))
        found["phone"] = slip.phone if whole else mask_phone(slip.phone)
    if reads_paper:
        found |= {name: getattr(slip, name) for name in ("technician_phone", "people", "nights", "other_service")}
        found |= {name: None if getattr(slip, name) is None else str(getattr(slip, name)) for name in ("hours", "km")}
        if rights.sight(viewer, "ticket.money", ticket) is Sight.FULL:
            found |= {name: money_text(getattr(slip, name)) for name in ("parts_fee", "labour_fee")}
    if dealer:
        found |= {"times_reason": slip.times_reason, "paper_number": slip.paper_number}
    files = {row.id: row.machine.public_id for row in slips.machines(viewer, slip)} if dealer else {}
    return found | {
        "faults": [_fault(line, files) for line in slips.faults(viewer, slip)],
        "parts": [_part(line, dealer=dealer) for line in slips.parts(viewer, slip)],
        "files": reverse("api:slip_files", args=[slip.public_id]) if slip.state in FROZEN else None,
        "verbs": [
            verb
            for verb in ("save", "complete", "correct", "sign", "sign_on_paper", "refuse", "void", "print")
            if rights.may(viewer, f"slip.{verb}", slip)
        ],
    }


def _fault(fault: Fault, files: dict[int, str]) -> dict[str, Any]:
    row = fault.row
    names = ("reported", "symptom", "fault_part", "diagnosis", "cause", "responsibility", "solution", "treatment")
    return {
        "machines": [_covered(item, files) for item in fault.covered],
        **{name: getattr(row, name) for name in names},
        "standard_hours": None if row.standard_hours is None else str(row.standard_hours),
    }


def _covered(item: FaultLineMachine, files: dict[int, str]) -> dict[str, Any]:
    on_ticket = item.ticket_machine
    facts = item if item.model else on_ticket
    found: dict[str, Any] = {
        "product_type": facts.product_type,
        "model": facts.model,
        "serial_number": facts.serial_number,
        "ex_factory_on": facts.ex_factory_on.isoformat() if facts.ex_factory_on else None,
        "batch": facts.batch,
        "unknown_reason": facts.unknown_reason,
    }
    if item.ticket_machine_id in files:
        found["id"] = files[item.ticket_machine_id]
    return found


def _part(part: PartLine, *, dealer: bool) -> dict[str, Any]:
    names = ("code", "name", "unit", "source", "new_serial", "old_serial", "return_old", "causal", "supply_number")
    found = {name: getattr(part, name) for name in names} | {"quantity": str(part.quantity)}
    return found | ({"unit_price": money_text(part.unit_price)} if dealer else {})
