"""接收转派: the dealer has spoken with a referred customer; and the customer whom he knows already (domain.md 6)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import jobs, transitions
from core.errors import Refused
from core.tenancy import Viewer
from equipment.operations.merging import merge_customers
from tickets import notices
from tickets.models import Ticket
from tickets.queries import referrals
from tickets.workflow import REFERRAL

ACCEPTED = "tickets.referral_accepted"


def note_accepted(viewer: Viewer, ticket: Ticket, *, now: datetime) -> None:
    """接收转派: the dealer has spoken with the customer of a referred ticket. Called by the step that says so, the ticket locked.

    The manufacturer is told; when the case was with another dealer before, his ticket ends as 已改派. While another dealer is chosen
    already, the referral stays as it is.
    """
    if ticket.referral_id is None:
        return
    referral = referrals.lock_by_id(viewer, ticket.referral_id)
    if referral is None or REFERRAL.find(referral.state, "accept") is None:
        return
    transitions.step(REFERRAL, referral, "accept")
    referral.accepted_at, referral.accepted_by = now, viewer.name
    referral.save()
    ticket.transfer_asked_at = None
    jobs.for_partner(ACCEPTED, viewer=viewer, receiver=referral.manufacturer_id, now=now, referral=referral.pk)
    if referral.sender_id != referral.manufacturer_id:
        notices.referral_told(viewer, referral, referral.sender_id, "accepted", now)


@transaction.atomic
def use_known_customer(*, viewer: Viewer, ticket: Ticket, customer: str, now: datetime) -> None:
    """The referred customer is one whom the dealer knows: what was made of the referral's copy is merged into him.

    ticket: locked. customer: public id of one of those who were offered. Errors: Refused("choice_unknown", field="customer").
    """
    found = next((one for one in referrals.known_customers(viewer, ticket) if one.public_id == customer), None)
    if found is None:
        raise Refused("choice_unknown", field="customer")
    merge_customers(viewer=viewer, kept=found.public_id, gone=ticket.customer.public_id, now=now)
    ticket.customer = found
