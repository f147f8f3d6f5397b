"""From the forms of a slip to what the operations take; what cannot be read stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.tenancy import Viewer
from tickets.calculations.service_hours import Stay, service_hours
from tickets.calculations.slip_checks import SlipFacts
from tickets.calculations.slip_input import FaultInput, MachineInput, PartInput, SlipInput
from tickets.forms.slip import FaultForm, PartLineForm, SlipForms
from tickets.models import Slip, Trip
from tickets.queries import slips


def written_on(slip: Slip, forms: SlipForms) -> SlipInput:
    """What the forms hold. Fields with an unreadable entry keep the stored value, rating and opinion are the customer's."""
    main = forms.main
    kept = {name: main.read(name, getattr(slip, name)) for name in _MAIN}
    rows = forms.content.machines
    ids = {key: row for row, key in forms.content.keys.items()}
    return SlipInput(
        **kept,
        conditions=tuple(main.read("conditions", slip.conditions)),
        parts_fee=main.read("parts_fee", slip.parts_fee) or Decimal(0),
        labour_fee=main.read("labour_fee", slip.labour_fee) or Decimal(0),
        nights=main.read("nights", slip.nights) or 0,
        in_warranty=main.read("in_warranty") or slip.in_warranty,
        rating=slip.rating,
        opinion=slip.opinion,
        machines=[
            MachineInput(
                id=row.id,
                serial_number=form.read("serial_number", row.serial_number),
                ex_factory_on=form.read("ex_factory_on", row.ex_factory_on),
                unknown_reason=form.read("unknown_reason", row.unknown_reason),
            )
            for row, form in zip(rows, forms.machines, strict=True)
            if form.is_bound
        ],
        faults=[_fault(form, ids) for form in forms.faults],
        parts=[_part(form) for form in forms.parts],
    )


def with_defaults(viewer: Viewer, slip: Slip, written: SlipInput, *, now: datetime) -> SlipInput:
    """The same with what may stay empty at handing in: the departure is now, the hours are those of the stays."""
    left = written.left_at or _checked_out(viewer, slip) or now
    filled = replace(written, left_at=left)
    if filled.hours is None:
        filled = replace(filled, hours=proposed_hours(viewer, slip, filled, now=now))
    return filled


def facts_with_defaults(facts: SlipFacts, hours: Decimal | None, *, now: datetime) -> SlipFacts:
    """The facts of a draft as they will be when it is handed in now: what fills itself is not missing."""
    return replace(facts, left_at=facts.left_at or now, hours=facts.hours if facts.hours is not None else hours)


def proposed_hours(
    viewer: Viewer, slip: Slip, written: SlipInput | Slip, *, now: datetime, trips: Sequence[Trip] | None = None
) -> Decimal | None:
    """服务工时 by the times: of all trips where there are several, else of what is on the slip.

    trips: that reached the site in the slip's round, when they are known already.
    """
    people = written.people or 1
    trips = slips.trips(viewer, slip) if trips is None else trips
    stays: list[Stay] = []
    if len(trips) > 1 and not written.times_reason:
        stays = [
            (t.arrived_at, t.left_at or written.left_at or now, max(len(t.people), 1)) for t in trips if t.arrived_at
        ]
    elif written.arrived_at:
        stays = [(written.arrived_at, written.left_at or now, people)]
    return service_hours(stays)


def _checked_out(viewer: Viewer, slip: Slip) -> datetime | None:
    trips = slips.trips(viewer, slip)
    return trips[-1].left_at if trips else None


_MAIN = (
    "contact",
    "phone",
    "address",
    "conditions_note",
    "arrived_at",
    "left_at",
    "times_reason",
    "warranty_reason",
    "people",
    "hours",
    "other_service",
    "km",
)


def _fault(form: FaultForm, ids: dict[str, int]) -> FaultInput:
    keys = form.read("machines", []) if "machines" in form.fields else list(ids)
    names = (
        "reported",
        "symptom",
        "fault_part",
        "diagnosis",
        "cause",
        "responsibility",
        "solution",
        "treatment",
    )
    values: dict[str, Any] = {name: form.read(name, "") for name in names}
    hours = form.read("standard_hours")
    return FaultInput(**values, standard_hours=hours, machines=tuple(ids[key] for key in keys if key in ids))


def _part(form: PartLineForm) -> PartInput:
    names = ("code", "name", "source", "new_serial", "old_serial", "supply_number", "supply_photo")
    values: dict[str, Any] = {name: form.read(name, "") for name in names}
    return PartInput(
        **values,
        unit=form.read("unit", "") or "件",
        quantity=form.read("quantity") or Decimal(1),
        unit_price=form.read("unit_price"),
        return_old=bool(form.read("return_old")),
        causal=bool(form.read("causal")),
    )
