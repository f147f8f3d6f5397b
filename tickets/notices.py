"""Which messages tickets send, and to whom: new job, handed back, refused, signed, reminders (domain.md 20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core import jobs
from core.calendars import local
from core.tenancy import Tier, Viewer
from notices.operations.send import Message, send, send_all
from notices.queries.kinds import Group, Spec
from partners.enums import Role
from partners.models import Organisation
from partners.queries import people
from tickets.calculations.promise import BREACH
from tickets.enums import REFERRED as BY_REFERRAL
from tickets.enums import ClockKind, PauseReason, RequestKind, RequestState, SlipState
from tickets.models import Clock, Escalation, GoodsReturn, LapsedSignature, Referral, Slip, Ticket, WarrantyRequest

NEW_JOB = "ticket_new_job"
REFUSED = "ticket_refused"
HANDED_BACK = "ticket_handed_back"
DISPATCH_ENDED = "ticket_dispatch_ended"
SIGNED = "slip_signed"
NOT_SIGNED = "slip_not_signed"
REMOTE = "slip_remote"
LAPSED = "slip_signature_lapsed"
REPORTED = "ticket_reported_by_customer"
COMPLAINT = "ticket_complaint"
UNSIGNED = "slip_unsigned"
PART_LATE = "ticket_part_late"

JOBS = Group("jobs", _("Jobs for me"))
DESK = Group("tickets", _("Tickets that need the desk"))
SLIPS = Group("slips", _("Slips that were signed"), frozenset())
REMINDERS = Group("reminders", _("Reminders"))
PROMISES = Group("promises", _("Promises that are due"))
SUPPORT = Group("support", _("Referrals and support"))

WARRANTY_ASKED = "warranty_asked"
WARRANTY_ANSWERED = "warranty_answered"
TELL_WARRANTY = "tickets.warranty_told"

REFERRED = "ticket_referred"
BREACH_OF_REFERRAL = "referral_breach"
TELL_BREACH = "tickets.breach_told"
PAUSED_LONG = "ticket_paused_long"
YEAR_MISSING = "calendar_year_missing"
TRANSFERRED = "ticket_transferred"

#: what the two sides of a referral and of an escalation tell each other: code of the job's payload -> kind of notice
OF_REFERRAL = {code: f"referral_{code}" for code in ("accepted", "asked", "redirected", "insisted")}
OF_ESCALATION = {
    code: f"escalation_{code}"
    for code in (
        "came", "accepted", "forwarded", "answered", "merged", "withdrawn", "solved", "sent_back", "not_accepted", "not_answered",
    )
}  # fmt: skip
TELL_REFERRAL, TELL_ESCALATION, WATCH_ESCALATION = (
    "tickets.referral_told",
    "tickets.escalation_told",
    "tickets.escalation_due",
)

#: registered in `tickets.apps`; put together when they are read, in the reader's language
KINDS: Mapping[str, Spec] = {
    NEW_JOB: Spec(_("New job %(number)s: %(customer)s, %(city)s"), JOBS, todo=_("Accept the job")),
    DISPATCH_ENDED: Spec(_("You are not sent to %(number)s any more: %(customer)s"), JOBS, to_one=True),
    REFUSED: Spec(_("%(who)s refused %(number)s (%(customer)s): %(reason)s"), DESK, todo=_("Send another technician")),
    HANDED_BACK: Spec(
        _("%(who)s handed %(number)s (%(customer)s) back: %(reason)s"), DESK, todo=_("Send another technician")
    ),
    SIGNED: Spec(_("%(customer)s signed slip %(slip)s"), SLIPS),
    NOT_SIGNED: Spec(_("%(customer)s did not sign slip %(slip)s: %(reason)s"), DESK, todo=_("Call the customer")),
    REMOTE: Spec(_("%(number)s (%(customer)s) is solved by phone, slip %(slip)s"), SLIPS),
    LAPSED: Spec(
        _("The signature of %(customer)s given without signal did not take effect: %(reason)s"),
        JOBS,
        todo=_("Have it signed again"),
    ),
    REPORTED: Spec(_("New report by QR code %(number)s: %(customer)s"), DESK, todo=_("Call the customer")),
    COMPLAINT: Spec(_("Complaint about %(number)s (%(customer)s): %(text)s"), DESK, todo=_("Call the customer")),
    UNSIGNED: Spec(
        _("%(number)s (%(customer)s): left %(left)s, the slip is still not signed"),
        REMINDERS,
        todo=_("Get the signature"),
    ),
    PART_LATE: Spec(
        _("%(number)s (%(customer)s) has been waiting for a part since %(since)s: %(reason)s"),
        REMINDERS,
        todo=_("Look after the part"),
    ),
    "clock_response_50": Spec(
        _("%(number)s (%(customer)s): half of the time to answer is used, answer by %(due)s"),
        PROMISES,
        todo=_("Call the customer"),
    ),
    "clock_response_80": Spec(
        _("%(number)s (%(customer)s): answer by %(due)s, four fifths of the time are used"),
        PROMISES,
        todo=_("Call the customer"),
    ),
    "clock_response_100": Spec(
        _("%(number)s (%(customer)s): nobody has answered, it was due %(due)s"), PROMISES, todo=_("Call the customer")
    ),
    "clock_arrival_50": Spec(
        _("%(number)s (%(customer)s): half of the time to be on site is used, due %(due)s"),
        PROMISES,
        todo=_("Get somebody there"),
    ),
    "clock_arrival_80": Spec(
        _("%(number)s (%(customer)s): on site by %(due)s, four fifths of the time are used"),
        PROMISES,
        todo=_("Get somebody there"),
    ),
    "clock_arrival_100": Spec(
        _("%(number)s (%(customer)s): nobody is on site, it was due %(due)s"), PROMISES, todo=_("Get somebody there")
    ),
    "clock_solve_50": Spec(
        _("%(number)s (%(customer)s): half of the time to solve it is used, due %(due)s"),
        PROMISES,
        todo=_("Finish the job"),
    ),
    "clock_solve_80": Spec(
        _("%(number)s (%(customer)s): solve it by %(due)s, four fifths of the time are used"),
        PROMISES,
        todo=_("Finish the job"),
    ),
    "clock_solve_100": Spec(
        _("%(number)s (%(customer)s): not solved, it was due %(due)s"), PROMISES, todo=_("Finish the job")
    ),
    PAUSED_LONG: Spec(
        _("%(number)s (%(customer)s): the clocks have stood still since %(since)s: %(reason)s"),
        REMINDERS,
        todo=_("Let them go on, or agree on a time"),
    ),
    YEAR_MISSING: Spec(_("The public holidays of %(year)s are not entered yet"), REMINDERS, todo=_("Enter the year")),
    BREACH_OF_REFERRAL: Spec(
        _("%(dealer)s is late with %(number)s (%(customer)s), which was referred: %(what)s, due %(due)s"),
        PROMISES,
        todo=_("Call the dealer"),
    ),
    REFERRED: Spec(
        _("%(maker)s refers %(customer)s, %(city)s to you: %(number)s. Call the customer."),
        SUPPORT,
        todo=_("Call the customer"),
    ),
    TRANSFERRED: Spec(
        _("%(number)s (%(customer)s): another dealer has accepted the referral, your ticket ends"), SUPPORT
    ),
    OF_REFERRAL["accepted"]: Spec(_("%(dealer)s has accepted the referral %(customer)s"), SUPPORT),
    OF_REFERRAL["asked"]: Spec(
        _("%(dealer)s asks for a transfer of %(customer)s: %(reason)s"), SUPPORT, todo=_("Decide")
    ),
    OF_REFERRAL["redirected"]: Spec(
        _("%(customer)s: another dealer is asked; your time runs on until he accepts"), SUPPORT
    ),
    OF_REFERRAL["insisted"]: Spec(_("%(customer)s stays with you: %(reason)s"), SUPPORT),
    OF_ESCALATION["came"]: Spec(
        _("%(dealer)s asks for support: %(number)s, %(model)s, %(why)s"), SUPPORT, todo=_("Accept the request")
    ),
    OF_ESCALATION["accepted"]: Spec(
        _("%(number)s (%(customer)s): %(who)s looks after your request for support"), SUPPORT
    ),
    OF_ESCALATION["forwarded"]: Spec(
        _("%(number)s (%(customer)s): your request for support went to headquarters, %(who)s"), SUPPORT
    ),
    OF_ESCALATION["answered"]: Spec(
        _("%(number)s (%(customer)s): your request for support is answered. Confirm or send it back."),
        SUPPORT,
        todo=_("Confirm or send back"),
    ),
    OF_ESCALATION["merged"]: Spec(
        _("%(number)s (%(customer)s): your request for support was merged into another: %(reason)s"), SUPPORT
    ),
    OF_ESCALATION["withdrawn"]: Spec(_("%(dealer)s has withdrawn %(number)s: %(reason)s"), SUPPORT),
    OF_ESCALATION["solved"]: Spec(_("%(dealer)s: %(number)s is solved"), SUPPORT),
    OF_ESCALATION["sent_back"]: Spec(_("%(dealer)s: %(number)s is not solved, sent back"), SUPPORT),
    OF_ESCALATION["not_accepted"]: Spec(
        _("Not accepted in time: %(number)s of %(dealer)s, %(model)s; it names %(who)s"),
        SUPPORT,
        todo=_("Accept the request"),
    ),
    OF_ESCALATION["not_answered"]: Spec(
        _("Not answered in time: %(number)s of %(dealer)s, %(model)s; %(who)s looks after it"),
        SUPPORT,
        todo=_("Answer the request"),
    ),
    WARRANTY_ASKED: Spec(
        _("%(who)s asks about the warranty of %(number)s (%(customer)s): %(what)s"),
        SUPPORT,
        todo=_("Answer the request"),
    ),
    WARRANTY_ANSWERED: Spec(
        _("%(who)s answered about the warranty of %(number)s (%(customer)s): %(what)s, %(answer)s"), SUPPORT
    ),
}


def _page(ticket: Ticket) -> str:
    return f"/tickets/{ticket.public_id}/"


def _facts(ticket: Ticket) -> dict[str, str]:
    return {"number": ticket.number, "customer": ticket.customer_name, "city": ticket.city}


def tell_new_job(viewer: Viewer, ticket: Ticket, person_ids: list[int], now: datetime) -> None:
    """To those who are sent."""
    send(viewer=viewer, person_ids=person_ids, kind=NEW_JOB, params=_facts(ticket), url=_page(ticket), now=now)


def tell_dispatch_ended(viewer: Viewer, ticket: Ticket, person_ids: list[int], now: datetime) -> None:
    """To those who are not sent any more; the page of the ticket is closed to them, so it leads home."""
    send(viewer=viewer, person_ids=person_ids, kind=DISPATCH_ENDED, params=_facts(ticket), url="/", now=now)


def tell_refused(viewer: Viewer, ticket: Ticket, reason: str, now: datetime) -> None:
    """To the dispatchers: the technician refused the job."""
    _tell_desk(viewer, ticket, REFUSED, {"who": viewer.name, "reason": reason}, now)


def tell_handed_back(viewer: Viewer, ticket: Ticket, reason: str, now: datetime) -> None:
    """To the dispatchers: the technician gave the job back."""
    _tell_desk(viewer, ticket, HANDED_BACK, {"who": viewer.name, "reason": reason}, now)


def tell_signed(viewer: Viewer, ticket: Ticket, slip: Slip, now: datetime) -> None:
    """To the dispatchers: the customer has signed or has not, or the job was solved by phone."""
    kind = REMOTE if slip.is_remote else NOT_SIGNED if slip.state == SlipState.REFUSED else SIGNED
    _tell_desk(viewer, ticket, kind, {"slip": slip.number, "reason": slip.refusal_reason}, now)


def tell_lapsed(viewer: Viewer, ticket: Ticket, lapsed: LapsedSignature, now: datetime) -> None:
    """To the one who sent it and to the lead technician: it has to be signed again."""
    people_told = sorted({person for person in (viewer.person_id, ticket.lead_person_id) if person is not None})
    facts = {**_facts(ticket), "reason": lapsed.reason}
    page = f"/slips/{lapsed.slip.public_id}/"
    send(viewer=viewer, person_ids=people_told, kind=LAPSED, params=facts, url=page, now=now)


def tell_reported(viewer: Viewer, ticket: Ticket, now: datetime) -> None:
    """To the dispatchers: a customer reported by himself, nobody has spoken with him yet."""
    _tell_desk(viewer, ticket, REPORTED, {}, now)


def tell_complaint(viewer: Viewer, ticket: Ticket, text: str, now: datetime) -> None:
    """To the dispatchers: the customer complains."""
    _tell_desk(viewer, ticket, COMPLAINT, {"text": text}, now)


def tell_clocks(viewer: Viewer, rung: Sequence[tuple[Ticket, Clock, int]], now: datetime) -> None:
    """Warnings of promises: to who is sent, to the dispatchers and to the owner (domain.md 5.2). rung: with the threshold in percent."""
    if not rung:
        return
    desk = people.ids_with_role(viewer, Role.DISPATCHER, Role.ADMIN, Role.OWNER)
    messages = [
        Message(
            person_ids={*desk, *ticket.crew_ids},
            kind=f"clock_{clock.kind}_{threshold}",
            params=_facts(ticket) | {"due": f"{local(clock.due_at):%m-%d %H:%M}" if clock.due_at else ""},
            url=_page(ticket),
            urgent=threshold == BREACH,  # a breach waits for nobody's night
        )
        for ticket, clock, threshold in rung
    ]
    send_all(viewer=viewer, messages=messages, now=now)
    for ticket, clock, threshold in rung:
        if threshold == BREACH and ticket.source in BY_REFERRAL and ticket.shared_with_maker:
            receiver = ticket.office_id or ticket.manufacturer_id
            jobs.for_partner(TELL_BREACH, viewer=viewer, receiver=receiver, now=now, clock=clock.pk)


def tell_breach(viewer: Viewer, clock: Clock, now: datetime) -> None:
    """To the office, or to headquarters where no office is named: a referred customer waits longer than was promised (domain.md 5.2)."""
    roles = (
        (Role.OFFICE_MANAGER, Role.OFFICE_ENGINEER) if viewer.tier is Tier.OFFICE else (Role.CALL_CENTRE, Role.REVIEWER)
    )
    ticket = clock.ticket
    with override("zh-hans"):  # words of the trade; the sentence around them is the reader's
        what = str(ClockKind(clock.kind).label)
    due = f"{local(clock.due_at):%m-%d %H:%M}" if clock.due_at else ""
    params = _facts(ticket) | {"dealer": _name(viewer, ticket.dealer_id), "what": what, "due": due}
    told = people.ids_with_role(viewer, *roles)
    send(
        viewer=viewer,
        person_ids=told,
        kind=BREACH_OF_REFERRAL,
        params=params,
        url=_page(ticket),
        now=now,
        urgent=True,
    )


def tell_paused_long(viewer: Viewer, ticket: Ticket, since: datetime, reason: str, now: datetime) -> None:
    """To the dispatchers: the clocks have stood still for two days."""
    with override("zh-hans"):
        why = str(PauseReason(reason).label)
    facts = _facts(ticket) | {"since": f"{local(since):%m-%d %H:%M}", "reason": why}
    told = people.ids_with_role(viewer, Role.DISPATCHER, Role.ADMIN)
    send(viewer=viewer, person_ids=told, kind=PAUSED_LONG, params=facts, url=_page(ticket), now=now)


def tell_unsigned(viewer: Viewer, ticket: Ticket, left_at: datetime, now: datetime) -> None:
    """To the lead technician and the dispatchers: a day has passed since the site was left."""
    told = set(people.ids_with_role(viewer, Role.DISPATCHER, Role.ADMIN)) | {ticket.lead_person_id or 0}
    facts = _facts(ticket) | {"left": f"{local(left_at):%m-%d %H:%M}"}
    send(viewer=viewer, person_ids=told, kind=UNSIGNED, params=facts, url=_page(ticket), now=now)


def tell_part_late(viewer: Viewer, ticket: Ticket, since: datetime, now: datetime) -> None:
    """To the dispatchers and the storekeepers: more than three days without the part."""
    told = people.ids_with_role(viewer, Role.DISPATCHER, Role.ADMIN, Role.STOREKEEPER)
    facts = _facts(ticket) | {"since": f"{local(since):%m-%d}", "reason": ticket.wait_reason}
    send(viewer=viewer, person_ids=told, kind=PART_LATE, params=facts, url=_page(ticket), now=now)


def warranty_told(viewer: Viewer, ticket: Ticket, request: WarrantyRequest, now: datetime) -> None:
    """A request about the warranty was asked or answered: dealer, office and HQ are told, the others by a job of their own."""
    sides = {ticket.dealer_id, *((ticket.office_id, ticket.manufacturer_id) if ticket.shared_with_maker else ())}
    for side in sorted(side for side in sides if side is not None):
        if side == viewer.org:
            tell_warranty(viewer, request, now)
        else:
            jobs.for_partner(TELL_WARRANTY, viewer=viewer, receiver=side, now=now, request=request.pk)


def tell_warranty(viewer: Viewer, request: WarrantyRequest, now: datetime) -> None:
    """To those of the viewer's organisation who work on it: the desk, the office's people, HQ's reviewers."""
    roles = {
        Tier.DEALER: (Role.DISPATCHER, Role.ADMIN),
        Tier.OFFICE: (Role.OFFICE_MANAGER, Role.OFFICE_ENGINEER),
        Tier.HQ: (Role.REVIEWER,),
    }
    told = people.ids_with_role(viewer, *roles[viewer.tier])
    with override("zh-hans"):  # words of the trade; the sentence around them is the reader's
        what = {"what": str(RequestKind(request.kind).label), "answer": str(RequestState(request.state).label)}
    kind = WARRANTY_ASKED if request.state == RequestState.ASKED else WARRANTY_ANSWERED
    ticket = request.ticket
    params = _facts(ticket) | {"who": request.answered_by or request.asked_by} | what
    send(viewer=viewer, person_ids=told, kind=kind, params=params, url=_page(ticket), now=now)


def tell_year_missing(viewer: Viewer, year: int, now: datetime) -> None:
    """To the platform's administrators: clocks in office hours need the year."""
    told = people.ids_with_role(viewer, Role.ADMIN)
    url = f"/calendar/{year}/"
    send(viewer=viewer, person_ids=told, kind=YEAR_MISSING, params={"year": str(year)}, url=url, now=now)


def _tell_desk(viewer: Viewer, ticket: Ticket, kind: str, extra: dict[str, str], now: datetime) -> None:
    if viewer.tier is not Tier.DEALER:
        return
    desk = people.ids_with_role(viewer, Role.DISPATCHER, Role.ADMIN)
    send(viewer=viewer, person_ids=desk, kind=kind, params=_facts(ticket) | extra, url=_page(ticket), now=now)


# ── referrals and escalations: what goes to the other side is a job there, which tells its own people ────────────────────────────


def tell_referred(viewer: Viewer, ticket: Ticket, now: datetime) -> None:
    """To the dispatchers: the manufacturer has referred a customer."""
    _tell_desk(viewer, ticket, REFERRED, {"maker": _name(viewer, ticket.manufacturer_id)}, now)


def tell_transferred(viewer: Viewer, ticket: Ticket, now: datetime) -> None:
    """To the dispatchers: another dealer has accepted the case."""
    _tell_desk(viewer, ticket, TRANSFERRED, {}, now)


def referral_told(viewer: Viewer, referral: Referral, receiver: int, what: str, now: datetime) -> None:
    """Tell a partner something about a referral; what: a code of OF_REFERRAL."""
    jobs.for_partner(TELL_REFERRAL, viewer=viewer, receiver=receiver, now=now, referral=referral.pk, what=what)


def tell_referral(viewer: Viewer, referral: Referral, what: str, now: datetime) -> None:
    """To the people of the viewer's organisation whose business it is: who sent it, the hotline; at the dealer's the desk."""
    if viewer.tier is Tier.DEALER:
        told, url = people.ids_with_role(viewer, Role.DISPATCHER, Role.ADMIN), "/tickets/?state=new"
    else:
        roles = (
            (Role.CALL_CENTRE, Role.REVIEWER) if viewer.tier is Tier.HQ else (Role.OFFICE_MANAGER, Role.OFFICE_ENGINEER)
        )
        told, url = people.ids_with_role(viewer, *roles), f"/referrals/{referral.public_id}/"
        if referral.sender_id == viewer.org and referral.sent_by_id:
            told = sorted({*told, referral.sent_by_id})
    reason = referral.ask_reason if what == "asked" else referral.decision
    params = {"customer": referral.customer_name, "dealer": _name(viewer, referral.dealer_id), "reason": reason}
    send(viewer=viewer, person_ids=told, kind=OF_REFERRAL[what], params=params, url=url, now=now)


def escalation_came(viewer: Viewer, escalation: Escalation, receiver: int, now: datetime) -> None:
    """To whom an escalation names, in the viewer's organisation or a partner's."""
    escalation_told(viewer, escalation, receiver, "came", now)


def escalation_told(viewer: Viewer, escalation: Escalation, receiver: int, what: str, now: datetime) -> None:
    """Tell an organisation something about an escalation; what: a code of OF_ESCALATION."""
    if receiver == viewer.org:
        tell_escalation(viewer, escalation, what, now)
    else:
        jobs.for_partner(
            TELL_ESCALATION, viewer=viewer, receiver=receiver, now=now, escalation=escalation.pk, what=what
        )


def watch_acceptance(viewer: Viewer, escalation: Escalation, receiver: int, now: datetime) -> None:
    """Look at the due instant whether it was accepted."""
    _watch(viewer, escalation, receiver, now)


def watch_answer(viewer: Viewer, escalation: Escalation, receiver: int, now: datetime) -> None:
    """Look at the due instant whether it was answered."""
    _watch(viewer, escalation, receiver, now)


def _watch(viewer: Viewer, escalation: Escalation, receiver: int, now: datetime) -> None:
    facts: dict[str, Any] = {"escalation": escalation.pk, "due": escalation.due_at.isoformat()}
    if receiver == viewer.org:
        nobody = replace(viewer, person_id=None)  # the organisation's task, not one of the person's own
        jobs.enqueue(WATCH_ESCALATION, viewer=nobody, now=now, run_at=escalation.due_at, **facts)
    else:
        jobs.for_partner(WATCH_ESCALATION, viewer=viewer, receiver=receiver, now=now, run_at=escalation.due_at, **facts)


def tell_escalation(viewer: Viewer, escalation: Escalation, what: str, now: datetime) -> None:
    """To the people of the viewer's organisation whose business it is.

    A dealer's: who asked, and the desk. Office and HQ: whom it names, else who may accept it; what is late: their superiors, too.
    """
    late = what in ("not_accepted", "not_answered")
    if viewer.tier is Tier.DEALER:
        told = {escalation.begun_by_id, *people.ids_with_role(viewer, Role.DISPATCHER, Role.ADMIN)}
    else:
        first = (
            (Role.OFFICE_MANAGER, Role.OFFICE_ENGINEER) if viewer.tier is Tier.OFFICE else (Role.REVIEWER, Role.ADMIN)
        )
        above = (Role.OFFICE_MANAGER, Role.ADMIN) if viewer.tier is Tier.OFFICE else (Role.REVIEWER, Role.ADMIN)
        named = {escalation.named_id} if escalation.named_id else set(people.ids_with_role(viewer, *first))
        told = {*named, *(people.ids_with_role(viewer, *above) if late else ())}
    params = {
        "number": escalation.number,
        "customer": escalation.ticket.customer_name,
        "dealer": _name(viewer, escalation.dealer_id),
        "model": escalation.model or escalation.ticket.model_summary,
        "why": escalation.phenomenon[:60],
        "who": escalation.named,
        "reason": escalation.end_reason,
    }
    url = f"/escalations/{escalation.public_id}/"
    ids = [person for person in told if person is not None]
    send(viewer=viewer, person_ids=ids, kind=OF_ESCALATION[what], params=params, url=url, now=now)


def _name(viewer: Viewer, organisation_id: int) -> str:
    found = Organisation.objects.visible_to(viewer).filter(pk=organisation_id).first()
    return found.label if found else ""


# ── goods that go back to the factory ────────────────────────────────────────────────────────────────────────────────────────────

TELL_RETURN = "tickets.return_told"
RETURNS = Group("returns", _("Goods that go back to the factory"))
_RETURN_WORDS: Mapping[str, tuple[Any, Any]] = {
    "apply": (_("%(number)s: %(who)s applies to send %(machine)s"), _("Agree, or refuse")),
    "agree": (_("%(number)s: %(machine)s may be sent to the factory"), _("Print the papers and send it")),
    "refuse": (_("%(number)s: %(machine)s is not to be sent: %(reason)s"), ""),
    "cancel": (_("%(number)s was cancelled: %(reason)s"), ""),
    "ship": (_("%(number)s: %(machine)s is on its way to the factory"), _("Scan it at the gate")),
    "receive": (_("%(number)s: the factory has received %(machine)s"), ""),
    "inspect": (_("%(number)s: %(machine)s was inspected"), _("Read what was found")),
    "decide": (_("%(number)s: it is decided what becomes of %(machine)s"), _("Read the decision")),
    "quote": (_("%(number)s: an offer to repair %(machine)s"), _("Accept or decline it")),
    "accept": (_("%(number)s: the offer for %(machine)s was accepted"), _("Repair it and send it back")),
    "decline": (_("%(number)s: the offer for %(machine)s was declined"), _("Send it back")),
    "send_back": (_("%(number)s: %(machine)s is on its way back"), _("Take it in")),
    "close": (_("%(number)s is closed, %(machine)s stays at the factory"), ""),
    "take_back": (_("%(number)s: the dealer has %(machine)s again"), ""),
}
RETURN_KINDS: Mapping[str, Spec] = {
    f"return_{verb}": Spec(sentence, RETURNS, todo=todo) for verb, (sentence, todo) in _RETURN_WORDS.items()
}
#: who is told: the dealer's desk and store; at headquarters who takes the next step
_RETURN_TO_DEALER = (Role.ADMIN, Role.DISPATCHER, Role.STOREKEEPER)
_RETURN_TO_HQ = {
    "ship": (Role.PARTS_STORE,),
    "accept": (Role.REVIEWER, Role.PARTS_STORE),
    "decline": (Role.REVIEWER, Role.PARTS_STORE),
    "decide": (Role.PARTS_STORE,),
}
#: steps of headquarters after which a colleague goes on
_RETURN_GOES_ON = ("inspect", "decide")


def return_told(viewer: Viewer, row: GoodsReturn, verb: str, now: datetime) -> None:
    """Tell the other side what has happened, by a job of its own; and the colleague who goes on."""
    receiver = row.manufacturer_id if viewer.tier is Tier.DEALER else row.dealer_id
    jobs.for_partner(TELL_RETURN, viewer=viewer, receiver=receiver, now=now, goods_return=row.pk, what=verb)
    if verb in _RETURN_GOES_ON:
        tell_return(viewer, row, verb, now)


def tell_return(viewer: Viewer, row: GoodsReturn, verb: str, now: datetime) -> None:
    """To those of the viewer's organisation whose business it is."""
    at_hq = _RETURN_TO_HQ.get(verb, (Role.REVIEWER,))
    told = people.ids_with_role(viewer, *(_RETURN_TO_DEALER if viewer.tier is Tier.DEALER else at_hq))
    params = {
        "number": row.number,
        "machine": f"{row.model} {row.serial_number}".strip(),
        "who": _name(viewer, row.dealer_id),
        "reason": row.end_reason,
    }
    url = f"/returns/{row.public_id}/"
    send(viewer=viewer, person_ids=told, kind=f"return_{verb}", params=params, url=url, now=now)
