"""Reading what a customer's link or code has opened (reliability.md 1)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection
from django.utils.crypto import salted_hmac

from core import tenancy
from core.errors import NotFound
from core.tenancy import Link, Tier, Viewer
from core.typed import digits
from equipment.models import Machine
from partners.enums import BY_LINK
from partners.models import Organisation
from partners.queries import viewers
from tickets.enums import LinkKind, LinkState
from tickets.models import FaultLine, PartLine, PublicLink, Slip, Ticket

#: longer than any token of ours: such an address is not worth a question to the database
LONGEST = 64


@dataclass(frozen=True)
class Opened:
    """A link that was found: who looks by it, and how it stands."""

    viewer: Viewer
    kind: LinkKind
    state: LinkState
    link_id: int = 0


def resolve(kind: LinkKind, token: str, now: datetime) -> Opened | None:
    """What a token opens, or None. One statement, as the login user; the caller enters the viewer."""
    if not token or len(token) > LONGEST:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM resolve_link(%s, %s, %s)", [kind.value, token, now])
        row = cursor.fetchone()
    if row is None:
        return None
    dealer_id, machine_id, ticket_id, slip_id, link_id, state = row
    link = Link(machine=machine_id or 0, ticket=ticket_id or 0, slip=slip_id or 0)
    return Opened(Viewer(tier=Tier.OUTSIDE, org=dealer_id, link=link), kind, LinkState(state), link_id or 0)


@contextmanager
def as_dealer(viewer: Viewer, name: str) -> Iterator[Viewer]:
    """For a moment the dealer behind the link, under its tier's role and with no right but the customer's (`BY_LINK`).

    name: of the customer, for the log. Errors: NotFound when the dealer is not active any more.
    """
    tenancy.leave()
    try:
        dealer = viewers.of_organisation(viewer.org)
        if dealer is None:
            raise NotFound
        mine = replace(dealer, roles=frozenset({BY_LINK}), name=name[:60], org_name="客户", link=viewer.link)
        with tenancy.acting(mine):
            yield mine
    finally:
        if not connection.needs_rollback:
            tenancy.enter(viewer)


def makers(viewer: Viewer) -> list[Organisation]:
    """The manufacturers whose machines the dealer behind the link looks after."""
    with as_dealer(viewer, "") as mine:
        return makers_of(mine)


def makers_of(dealer_viewer: Viewer) -> list[Organisation]:
    """The manufacturers whose machines a dealer looks after, by name."""
    rows = Organisation.objects.visible_to(dealer_viewer).filter(id__in=dealer_viewer.makers, active=True)
    return list(rows.order_by("name", "id"))


def token_hash(token: str) -> str:
    """How a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(nonce: str) -> str:
    """The token of a progress link: 32 characters that nobody can guess without the installation's secret."""
    digest = salted_hmac("tickets.public_link", nonce, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def dealer(viewer: Viewer) -> Organisation:
    """The card of the dealer behind the link: name and 24-hour number."""
    return Organisation.objects.visible_to(viewer).one(id=viewer.org)


def machine(viewer: Viewer) -> Machine:
    """The machine behind its sticker, without customer and manufacturer. Errors: NotFound."""
    return Machine.objects.visible_to(viewer).one()


def ticket(viewer: Viewer) -> Ticket:
    """The ticket behind the link. Errors: NotFound."""
    return Ticket.objects.visible_to(viewer).one()


def slip(viewer: Viewer) -> Slip | None:
    """The slip behind the link, or None while there is none; its ticket along."""
    found = Slip.objects.visible_to(viewer).first() if viewer.link is not None and viewer.link.slip else None
    if found is not None:
        found.ticket = ticket(viewer)
    return found


def faults(viewer: Viewer) -> list[FaultLine]:
    """The fault lines of the slip behind the link, in order."""
    return list(FaultLine.objects.visible_to(viewer).order_by("sequence"))


def parts(viewer: Viewer) -> list[PartLine]:
    """The parts of the slip behind the link, in order."""
    return list(PartLine.objects.visible_to(viewer).order_by("sequence"))


def progress_link(viewer: Viewer, found: Ticket) -> PublicLink | None:
    """The ticket's link to its progress, or None; for the dealer."""
    return PublicLink.objects.visible_to(viewer).filter(ticket=found, kind=LinkKind.PROGRESS).first()


def link_of_report(viewer: Viewer, op: str) -> PublicLink | None:
    """The link of the report that came in with this form, or None."""
    return PublicLink.objects.visible_to(viewer).filter(op=op).first() if op else None


def endings(phone: str) -> frozenset[str]:
    """Which four digits prove that somebody knows this number: its last ones, with and without an extension."""
    plain = phone.strip()
    head = plain.rsplit("-", 1)[0] if plain.count("-") >= 2 and plain.startswith("0") else plain
    return frozenset(found[-4:] for found in (digits(plain), digits(head)) if len(found) >= 7)


def enter(opened: Opened) -> None:
    """From here on the transaction sees what the link has opened and nothing else (role app_outside)."""
    tenancy.enter(opened.viewer)
