"""Ways from a ticket's page into settlement."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from core import rights
from core.tenancy import Viewer
from equipment.queries.sections import Link
from tickets.models import Ticket


def ask_authorisation(viewer: Viewer, ticket: Ticket) -> Link | None:
    """To ask for a pre-authorisation on this ticket."""
    if not rights.may(viewer, "authorisation.ask", ticket):
        return None
    url = reverse("settlement:authorisation_new", args=[ticket.public_id])
    return Link(_("Ask for a pre-authorisation"), url, "shield-check")
