"""预授权: the dealer asks before something out of the ordinary is done, the office or headquarters answers (domain.md 4.5, 9.1)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction

from core import rights
from core.calendars import local_date
from core.errors import Refused
from core.money import LIMIT
from core.numbering import next_number
from core.tenancy import Viewer
from partners.queries import partnerships
from settlement import notices
from settlement.calculations.cards import MOST_KM
from settlement.enums import AuthorisationKind
from settlement.models import PreAuthorisation
from settlement.models.authorisation import ANSWERED
from settlement.queries import authorisations
from tickets.enums import RequestState
from tickets.operations.share_ticket import share
from tickets.operations.steps import chosen, fits, said
from tickets.queries import tickets

#: days that a pre-authorisation may hold at most (our own)
MOST_DAYS = 366


@transaction.atomic
def ask(
    *,
    viewer: Viewer,
    ticket_public_id: str,
    kind: str,
    amount: Decimal | None,
    km: Decimal | None,
    reason: str,
    now: datetime,
) -> PreAuthorisation:
    """Ask for a pre-authorisation on a ticket, which is shared with the manufacturer by that; it gets its number (YS).

    amount: yuan with tax, of the whole; km: one way, wanted for a long trip. Errors: NotFound, not_allowed, wrong_state, partnership_ended,
    Refused("choice_unknown", field="kind"), ("amount_wrong", field="amount"), ("km_wrong", field="km"), ("reason_missing", field="reason"),
    ("text_too_long"), ("authorisation_asked", 409).
    """
    ticket = tickets.lock(viewer, ticket_public_id, version=None)
    rights.require(viewer, "authorisation.ask", ticket)
    what = chosen(AuthorisationKind, kind, field="kind")
    why = fits(reason, 300, field="reason")
    said(why)
    if amount is not None and not 0 < amount < LIMIT:
        raise Refused("amount_wrong", field="amount")
    if (km is None and what is AuthorisationKind.LONG_TRIP) or (km is not None and not 0 < km <= MOST_KM):
        raise Refused("km_wrong", field="km")
    tie = partnerships.require_holding(viewer, dealer_id=ticket.dealer_id, manufacturer_id=ticket.manufacturer_id)
    if not ticket.shared_with_maker:
        share(viewer, ticket, tie.office_id, now=now)
    made = PreAuthorisation(
        dealer_id=ticket.dealer_id, manufacturer_id=ticket.manufacturer_id, office_id=tie.office_id, shared_with_maker=True, ticket=ticket,
        round=ticket.round, kind=what, amount=amount, km=km, reason=why, asked_at=now, asked_by=viewer.name, asked_by_id=viewer.person_id,
        number=next_number(series="YS", dealer_id=viewer.org, dealer_code=viewer.org_code, day=local_date(now)),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Refused("authorisation_asked", status=409) from None
    notices.authorisation_told(viewer, made, tie.office_id or made.manufacturer_id, "asked", now)
    return made


@transaction.atomic
def grant(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    amount: Decimal | None,
    valid_until: date,
    answer: str,
    now: datetime,
) -> PreAuthorisation:
    """Agree, up to an amount (None = as it comes by the rate card) and for jobs finished until a day; the dealer is told.

    Errors: NotFound, not_allowed, wrong_state, stale, Refused("amount_wrong", field="amount"), ("authorisation_day_wrong", field="valid_until"),
    ("text_too_long").
    """
    found = _locked(viewer, public_id, "authorisation.grant", expected_version)
    today = local_date(now)
    if amount is not None and not 0 < amount < LIMIT:
        raise Refused("amount_wrong", field="amount")
    if not today <= valid_until <= today + timedelta(days=MOST_DAYS):
        raise Refused("authorisation_day_wrong", field="valid_until", most=MOST_DAYS)
    found.granted_amount, found.valid_until = amount, valid_until
    return _answered(viewer, found, RequestState.GRANTED, fits(answer, 300, field="answer"), now)


@transaction.atomic
def decline(
    *, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime
) -> PreAuthorisation:
    """Do not agree; the dealer is told why. Errors: NotFound, not_allowed, wrong_state, stale, Refused("reason_missing", field="reason")."""
    found = _locked(viewer, public_id, "authorisation.decline", expected_version)
    return _answered(viewer, found, RequestState.DECLINED, said(reason), now)


def _locked(viewer: Viewer, public_id: str, action: str, version: int | None) -> PreAuthorisation:
    rights.require_ever(viewer, action)
    found = authorisations.lock(viewer, public_id, version=version)
    rights.require(viewer, action, found)
    return found


def _answered(
    viewer: Viewer, found: PreAuthorisation, state: RequestState, answer: str, now: datetime
) -> PreAuthorisation:
    found.state, found.answer, found.answered_at = state, answer, now
    found.answered_by, found.answered_by_id = viewer.name, viewer.person_id
    found.version += 1
    found.save(update_fields=ANSWERED)
    notices.authorisation_told(viewer, found, found.dealer_id, state.value, now)
    return found
