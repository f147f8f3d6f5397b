"""Reading what was imported before."""

from __future__ import annotations

from collections import Counter

from core import tenancy
from core.tenancy import Tier, Viewer
from equipment.models import Customer, Machine
from partners.enums import OrganisationKind
from partners.models import Organisation
from tickets.models import Ticket


def dealer_ids() -> dict[str, int]:
    """All active dealers by code, for a command that names one; opens its own transaction as the platform."""
    platform = Viewer(tier=Tier.PLATFORM, org=0)
    with tenancy.acting(platform):
        rows = Organisation.objects.visible_to(platform).filter(kind=OrganisationKind.DEALER, active=True)
        return dict(rows.order_by("code").values_list("code", "id"))


def known_keys(viewer: Viewer) -> dict[str, int]:
    """The keys of all imported work orders of the dealer, with the manufacturer they went to."""
    rows = Ticket.objects.visible_to(viewer).exclude(import_key="").order_by("id")
    return dict(rows.values_list("import_key", "manufacturer_id"))


def known_among(viewer: Viewer, keys: list[str]) -> set[str]:
    """Which of these keys belong to a work order that was imported already."""
    rows = Ticket.objects.visible_to(viewer).filter(import_key__in=keys).order_by()
    return set(rows.values_list("import_key", flat=True))


def makers_of(known: dict[str, int], keys: list[str]) -> Counter[int]:
    """How many of these orders belong already to which manufacturer."""
    return Counter(known[key] for key in keys if key in known)


def customer_of_imports(viewer: Viewer, name: str) -> Customer | None:
    """The dealer's customer to whom imported history belongs, or None before the first import."""
    return Customer.objects.visible_to(viewer).filter(name=name).order_by("id").first()


def machines_of_imports(viewer: Viewer, customer: Customer) -> dict[str, Machine]:
    """The machines that earlier imports made, by their number in the old system."""
    rows = Machine.objects.visible_to(viewer).filter(customer=customer).order_by("-id")
    return {machine.serial_number: machine for machine in rows}
