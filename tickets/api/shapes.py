"""Tickets and photos as they are answered: the facts of the pages, seen as the rights table says, without words around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from core import rights
from core.phones import mask_phone
from core.rights import Sight
from core.tenancy import Tier, Viewer
from tickets.enums import (
    CityTier,
    ClockBucket,
    ClockEnd,
    ClockKind,
    ClockState,
    EntryKind,
    FollowUpResult,
    LateReason,
    PhotoSlot,
    PhotoSource,
    SlipState,
    Source,
    TicketState,
    Transport,
    Urgency,
    WarrantyOutcome,
)
from tickets.explain import timeline
from tickets.explain import warranty as warranty_words
from tickets.models import Assignment, Clock, Photo, Slip, Ticket, TicketMachine, Trip
from tickets.queries import clocks, slips, tickets, warranty

# ── the schema ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


class TicketRow(serializers.Serializer[Any]):
    """A ticket in a list."""

    id = serializers.CharField()
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=TicketState.choices)
    state_label = serializers.CharField()
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    reported_at = serializers.DateTimeField()
    customer = serializers.CharField()
    city = serializers.CharField()
    machine = serializers.CharField()
    fault = serializers.CharField()
    lead = serializers.CharField(help_text="The technician who goes.")
    partner = serializers.CharField(help_text="For a dealer the manufacturer, for the others the dealer.")
    appointment_at = serializers.DateTimeField(allow_null=True)
    wait_reason = serializers.CharField()
    is_rework = serializers.BooleanField()
    warranty = serializers.ChoiceField(
        choices=WarrantyOutcome.choices, allow_blank=True, help_text="Computed; empty: not judged."
    )
    url = serializers.CharField()


class MachineOnTicket(serializers.Serializer[Any]):
    """A machine on a ticket, as the ticket keeps it."""

    id = serializers.CharField(allow_null=True, help_text="Of the machine's file; null for office and HQ.")
    product_type = serializers.CharField()
    model = serializers.CharField()
    serial_number = serializers.CharField()
    ex_factory_on = serializers.DateField(allow_null=True)
    batch = serializers.CharField()


class CrewMember(serializers.Serializer[Any]):
    """Somebody who is sent."""

    name = serializers.CharField()
    phone = serializers.CharField(allow_null=True, help_text="For the dealer only.")
    is_lead = serializers.BooleanField()


class TripShape(serializers.Serializer[Any]):
    """A trip to the site."""

    round = serializers.IntegerField()
    sequence = serializers.IntegerField()
    set_out_at = serializers.DateTimeField(allow_null=True)
    arrived_at = serializers.DateTimeField(allow_null=True)
    left_at = serializers.DateTimeField(allow_null=True)
    km = serializers.DecimalField(max_digits=7, decimal_places=1, allow_null=True, help_text="One way.")
    nights = serializers.IntegerField()
    transport = serializers.ChoiceField(choices=Transport.choices, allow_blank=True)
    people = serializers.ListField(child=serializers.CharField())


class ClockShape(serializers.Serializer[Any]):
    """A promise of one round, and how it stands."""

    round = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ClockKind.choices)
    state = serializers.ChoiceField(choices=ClockState.choices)
    ended = serializers.ChoiceField(
        choices=ClockEnd.choices, allow_blank=True, help_text="Why it stopped without being met."
    )
    bucket = serializers.ChoiceField(choices=ClockBucket.choices, allow_blank=True, help_text="What is counted apart.")
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True, help_text="Null while a pause is open.")
    met_at = serializers.DateTimeField(allow_null=True)
    used_minutes = serializers.IntegerField(
        allow_null=True, help_text="Until it was met, in the open hours of the promise."
    )
    late_reason = serializers.ChoiceField(choices=LateReason.choices, allow_blank=True, help_text="Of a late arrival.")
    late_note = serializers.CharField()


class SlipOfTicket(serializers.Serializer[Any]):
    """A slip of a ticket, void ones too."""

    id = serializers.CharField()
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=SlipState.choices)
    round = serializers.IntegerField()
    url = serializers.CharField()


class PhotoShape(serializers.Serializer[Any]):
    """A photo; its file stands at `file`."""

    id = serializers.CharField()
    slot = serializers.ChoiceField(choices=PhotoSlot.choices)
    source = serializers.ChoiceField(choices=PhotoSource.choices)  # type: ignore[assignment]  # the record\'s own word
    round = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    taken_at = serializers.DateTimeField(allow_null=True)
    recorded_at = serializers.DateTimeField()
    file = serializers.CharField()
    thumbnail = serializers.CharField()


class StoryLine(serializers.Serializer[Any]):
    """One line of the story."""

    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=EntryKind.choices)
    verb = serializers.CharField()
    who = serializers.CharField()
    text = serializers.CharField()
    said = serializers.CharField()
    internal = serializers.BooleanField()


class TicketShape(TicketRow):
    """A ticket with everything on it. Absent entries are not for this viewer."""

    version = serializers.IntegerField()
    warranty_sentence = serializers.CharField(help_text="Why, in one sentence.")
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]  # the record\'s own word
    round = serializers.IntegerField()
    recorded_by = serializers.CharField()
    industry = serializers.CharField()
    province = serializers.CharField()
    dispatched_at = serializers.DateTimeField(allow_null=True)
    arrived_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    follow_up = serializers.ChoiceField(choices=FollowUpResult.choices, allow_blank=True)
    end_reason = serializers.CharField()
    shared_with_maker = serializers.BooleanField()
    customer_id = serializers.CharField(required=False, help_text="For the dealer only.")
    district = serializers.CharField(required=False)
    address = serializers.CharField(required=False)
    contact = serializers.CharField(required=False)
    reporter = serializers.CharField(required=False)
    phone = serializers.CharField(required=False, help_text="Masked for office and HQ.")
    cost = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True, required=False)
    machines = MachineOnTicket(many=True)
    crew = CrewMember(many=True)
    trips = TripShape(many=True)
    city_tier = serializers.ChoiceField(choices=CityTier.choices, allow_blank=True, help_text="Of the site.")
    late_unexplained = serializers.BooleanField(help_text="The arrival was late; the slip waits for the reason.")
    clocks = ClockShape(many=True)
    slips = SlipOfTicket(many=True)
    photos = PhotoShape(many=True)
    story = StoryLine(many=True)
    verbs = serializers.ListField(child=serializers.CharField(), help_text="What the viewer may do now.")


# ── the shapes ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def ticket_row(names: Mapping[int, str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """How a row of `queries.lists.listing` is answered. names: of the other side's organisations."""
    labels = {state.value: str(state.label) for state in TicketState}
    address = reverse("api:ticket", args=["-"])[:-1]

    def shape(row: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": row["public_id"],
            "number": row["number"],
            "state": row["state"],
            "state_label": labels[row["state"]],
            "urgency": row["urgency"],
            "reported_at": row["reported_at"].isoformat(),
            "customer": row["customer_name"],
            "city": row["city"],
            "machine": row["model_summary"],
            "fault": row["fault"],
            "lead": row["lead_name"],
            "partner": names.get(row["partner_id"], ""),
            "appointment_at": iso(row["appointment_at"]),
            "wait_reason": row["wait_reason"],
            "is_rework": row["is_rework"],
            "warranty": row["warranty"],
            "url": address + row["public_id"],
        }

    return shape


def ticket_shape(viewer: Viewer, ticket: Ticket, names: Mapping[int, str]) -> dict[str, Any]:
    """One ticket for one viewer, as its page shows it."""
    partner = ticket.manufacturer_id if viewer.tier is Tier.DEALER else ticket.dealer_id
    row = {name: getattr(ticket, name) for name in _ROW} | {"partner_id": partner}
    found: dict[str, Any] = ticket_row(names)(row) | {
        "version": ticket.version,
        "warranty_sentence": warranty_words.short(warranty.judgements(ticket)),
        "source": ticket.source,
        "round": ticket.round,
        "recorded_by": ticket.recorded_by,
        "industry": ticket.industry,
        "province": ticket.province,
        "dispatched_at": iso(ticket.dispatched_at),
        "arrived_at": iso(ticket.arrived_at),
        "finished_at": iso(ticket.finished_at),
        "closed_at": iso(ticket.closed_at),
        "follow_up": ticket.follow_up,
        "end_reason": ticket.end_reason,
        "shared_with_maker": ticket.shared_with_maker,
    }
    if viewer.tier is Tier.DEALER:
        found["customer_id"] = ticket.customer.public_id
    if rights.sight(viewer, "ticket.site", ticket) is Sight.FULL:
        found |= {name: getattr(ticket, name) for name in ("district", "address", "contact", "reporter")}
    sight = rights.sight(viewer, "ticket.phone", ticket)
    if sight is not Sight.HIDDEN:
        found["phone"] = ticket.phone if sight is Sight.FULL else mask_phone(ticket.phone)
    if rights.sight(viewer, "ticket.money", ticket) is Sight.FULL:
        found["cost"] = None if ticket.cost is None else str(ticket.cost)
    return found | {
        "machines": [_machine(viewer, item) for item in tickets.machines(viewer, ticket)],
        "crew": [_member(viewer, item) for item in tickets.crew(viewer, ticket)],
        "trips": [_trip(item) for item in tickets.trips(viewer, ticket)],
        "city_tier": ticket.city_tier,
        "late_unexplained": ticket.late_unexplained,
        "clocks": [_clock(item) for item in clocks.of_ticket(viewer, ticket.pk)],
        "slips": [_slip(item) for item in slips.of_ticket(viewer, ticket)],
        "photos": [photo_shape(item) for item in tickets.photos(viewer, ticket)],
        "story": _story(viewer, ticket),
        "verbs": [rule.action.split(".")[1] for rule in rights.buttons(viewer, "ticket", ticket)],
    }


def photo_shape(photo: Photo) -> dict[str, Any]:
    """A photo as it is answered."""
    return {
        "id": photo.public_id,
        "slot": photo.slot,
        "source": photo.source,
        "round": photo.round,
        "width": photo.width,
        "height": photo.height,
        "taken_at": iso(photo.taken_at),
        "recorded_at": photo.recorded_at.isoformat(),
        "file": reverse("api:photo_file", args=[photo.public_id]),
        "thumbnail": reverse("api:photo_thumbnail", args=[photo.public_id]),
    }


def money_text(value: Any) -> str | None:
    """Yuan as text with two decimals; None stays."""
    return None if value is None else f"{value:.2f}"


_ROW = (
    "public_id", "number", "state", "urgency", "reported_at", "customer_name", "city", "model_summary", "fault", "lead_name",
    "appointment_at", "wait_reason", "is_rework", "warranty",
)  # fmt: skip


def iso(moment: datetime | None) -> str | None:
    """A moment as ISO 8601 with its zone; None stays."""
    return moment.isoformat() if moment else None


def _machine(viewer: Viewer, item: TicketMachine) -> dict[str, Any]:
    return {
        "id": item.machine.public_id if viewer.tier is Tier.DEALER else None,
        "product_type": item.product_type,
        "model": item.model,
        "serial_number": item.serial_number,
        "ex_factory_on": item.ex_factory_on.isoformat() if item.ex_factory_on else None,
        "batch": item.batch,
    }


def _member(viewer: Viewer, item: Assignment) -> dict[str, Any]:
    return {"name": item.name, "phone": item.phone if viewer.tier is Tier.DEALER else None, "is_lead": item.is_lead}


def _trip(item: Trip) -> dict[str, Any]:
    return {
        "round": item.round,
        "sequence": item.sequence,
        "set_out_at": iso(item.set_out_at),
        "arrived_at": iso(item.arrived_at),
        "left_at": iso(item.left_at),
        "km": None if item.km is None else str(item.km),
        "nights": item.nights,
        "transport": item.transport,
        "people": list(item.people),
    }


def _clock(item: Clock) -> dict[str, Any]:
    return {
        "round": item.round,
        "kind": item.kind,
        "state": item.state,
        "ended": item.ended,
        "bucket": item.bucket,
        "started_at": item.started_at.isoformat(),
        "due_at": iso(item.due_at),
        "met_at": iso(item.met_at),
        "used_minutes": item.used_minutes,
        "late_reason": item.late_reason,
        "late_note": item.late_note,
    }


def _slip(item: Slip) -> dict[str, Any]:
    return {
        "id": item.public_id,
        "number": item.number,
        "state": item.state,
        "round": item.round,
        "url": reverse("api:slip", args=[item.public_id]),
    }


def _story(viewer: Viewer, ticket: Ticket) -> list[dict[str, Any]]:
    entries = tickets.timeline(viewer, ticket)
    lines: Sequence[timeline.Line] = timeline.lines(entries, viewer.org_name)
    return [
        {
            "at": line.at.isoformat(),
            "kind": entry.kind,
            "verb": entry.verb,
            "who": line.who,
            "text": line.text,
            "said": line.said,
            "internal": line.internal,
        }
        for entry, line in zip(entries, lines, strict=True)
    ]
