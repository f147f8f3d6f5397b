"""Which messages claims, statements, pre-authorisations and old parts send, and to whom (domain.md 20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core import jobs
from core.calendars import local_date
from core.tenancy import Tier, Viewer
from notices.operations.send import send
from notices.queries.kinds import Group, Spec
from partners.enums import Role
from partners.queries import deputies, people
from settlement.calculations.claim_limits import days_late
from settlement.enums import ClaimReminderKind, OldPartDuty
from settlement.models import Claim, OldPart, PreAuthorisation, Statement
from settlement.queries.claim_reminders import Due

TELL_CLAIM = "settlement.claim_told"
TELL_STATEMENT = "settlement.statement_told"
TELL_REVERSAL = "settlement.reversal_told"
TELL_AUTHORISATION = "settlement.authorisation_told"
MONEY = Group("settlement", _("Settlement"))
PARTS = Group("old_parts", _("Old parts"))

#: code of the job's payload -> kind of notice; no amounts, they may leave by mail and robot
OF_CLAIM = {
    code: f"claim_{code}"
    for code in ("submitted", "passed", "appealed", "sent_back", "approved", "refused", "review_late", "silent")
}
#: the same for a pre-authorisation
OF_AUTHORISATION = {code: f"authorisation_{code}" for code in ("asked", "granted", "declined")}
KINDS: dict[str, Spec] = {
    OF_CLAIM["submitted"]: Spec(_("Claim %(number)s for slip %(slip)s waits for review"), MONEY, todo=_("Review it")),
    OF_CLAIM["appealed"]: Spec(_("Appeal against the decision on claim %(number)s"), MONEY, todo=_("Review it")),
    OF_CLAIM["sent_back"]: Spec(
        _("Claim %(number)s was sent back: %(reason)s"), MONEY, todo=_("Complete it and submit it again")
    ),
    OF_CLAIM["approved"]: Spec(_("Claim %(number)s was approved"), MONEY, todo=_("Agree, or appeal")),
    OF_CLAIM["refused"]: Spec(_("Claim %(number)s was refused: %(reason)s"), MONEY, todo=_("Appeal, or charge it")),
    OF_CLAIM["passed"]: Spec(
        _("Claim %(number)s passed the first review and waits for the second one"), MONEY, todo=_("Review it")
    ),
    OF_CLAIM["review_late"]: Spec(
        _("Claim %(number)s waits for review, %(days)s working days late"), MONEY, todo=_("Review it")
    ),
    OF_CLAIM["silent"]: Spec(
        _("Nobody has reviewed claim %(number)s, %(days)s working days late"), MONEY, todo=_("See to it")
    ),
    "claim_unsubmitted": Spec(
        _("The claim for slip %(slip)s is to be submitted by %(day)s"), MONEY, todo=_("Submit it")
    ),
    "claim_again": Spec(
        _("Claim %(number)s was sent back and is to be submitted again by %(day)s"),
        MONEY,
        todo=_("Complete it and submit it again"),
    ),
    OF_AUTHORISATION["asked"]: Spec(
        _("Pre-authorisation %(number)s is asked for on ticket %(ticket)s: %(kind)s"),
        MONEY,
        todo=_("Grant or decline it"),
    ),
    OF_AUTHORISATION["granted"]: Spec(_("Pre-authorisation %(number)s was granted, valid until %(until)s"), MONEY),
    OF_AUTHORISATION["declined"]: Spec(_("Pre-authorisation %(number)s was declined: %(reason)s"), MONEY),
    "claim_owner": Spec(
        _("Claim for slip %(slip)s is above the limit: %(who)s asks for your word"), MONEY, todo=_("Agree, or say no")
    ),
    "claim_owner_agreed": Spec(_("The owner agrees to the claim for slip %(slip)s"), MONEY, todo=_("Submit it")),
    "claim_owner_declined": Spec(
        _("The owner does not agree to the claim for slip %(slip)s: %(reason)s"), MONEY, todo=_("Write on it")
    ),
    "claim_raised": Spec(
        _("%(who)s passes claim %(number)s up to you: it is above his limit"), MONEY, todo=_("Review it")
    ),
    "claim_late": Spec(
        _("The claim for slip %(slip)s waits for you, %(days)s working days late"), MONEY, todo=_("Go on with it")
    ),
}
#: code of the job's payload -> kind of notice
OF_STATEMENT = {
    code: f"statement_{code}"
    for code in (
        "made", "objected", "answered", "confirmed", "notified", "invoiced", "rejected", "reversed", "paid", "void",
    )
}  # fmt: skip
KINDS |= {
    OF_STATEMENT["made"]: Spec(_("Statement %(number)s is there"), MONEY, todo=_("Check it, confirm or object")),
    OF_STATEMENT["objected"]: Spec(_("A line of statement %(number)s is objected to"), MONEY, todo=_("Answer")),
    OF_STATEMENT["answered"]: Spec(_("An objection on statement %(number)s is answered"), MONEY),
    OF_STATEMENT["confirmed"]: Spec(_("Statement %(number)s is confirmed"), MONEY, todo=_("Ask for the invoice")),
    OF_STATEMENT["notified"]: Spec(
        _("The invoice for statement %(number)s is asked for"), MONEY, todo=_("Hand in the invoice")
    ),
    OF_STATEMENT["invoiced"]: Spec(_("The invoice for statement %(number)s is there"), MONEY, todo=_("Verify it")),
    OF_STATEMENT["rejected"]: Spec(
        _("The invoice for statement %(number)s was rejected: %(reason)s"), MONEY, todo=_("Hand in another one")
    ),
    OF_STATEMENT["reversed"]: Spec(
        _("The invoice for statement %(number)s was reversed"), MONEY, todo=_("Hand in another one")
    ),
    OF_STATEMENT["paid"]: Spec(_("Statement %(number)s is paid"), MONEY, todo=_("Look whether the money came")),
    OF_STATEMENT["void"]: Spec(_("Statement %(number)s was made void: %(reason)s"), MONEY),
}
#: who is told of statements, by tier
TOLD_STATEMENT = {Tier.DEALER: (Role.ACCOUNTANT, Role.ADMIN), Tier.HQ: (Role.FINANCE, Role.REVIEWER)}
#: old parts: duty -> kind of notice; `number` and `day` are the first part's and its due day, `n` how many there are
OF_DUTY: dict[OldPartDuty, str] = {
    duty: f"old_parts_{duty.value}" for duty in OldPartDuty if duty is not OldPartDuty.NONE
}
KINDS |= {
    OF_DUTY[OldPartDuty.REMIND]: Spec(
        _("%(n)s old parts are due back soon: %(number)s by %(day)s"), PARTS, todo=_("Pack and send them")
    ),
    OF_DUTY[OldPartDuty.HOLD]: Spec(
        _("%(n)s old parts are overdue, their claims are held: %(number)s was due on %(day)s"), PARTS, todo=_("Send them, or ask for more time")
    ),
    OF_DUTY[OldPartDuty.DEDUCT]: Spec(
        _("%(n)s old parts have been away for more than 60 days and are deducted: %(number)s was due on %(day)s"), PARTS, todo=_("Send them, or ask for more time")
    ),
    OF_DUTY[OldPartDuty.BLOCK]: Spec(
        _("%(n)s old parts have been away for more than 90 days; new claims come back: %(number)s was due on %(day)s"), PARTS, todo=_("Send them, or ask for more time")
    ),
    "old_part_reversed": Spec(
        _("Old part %(number)s: %(finding)s. The next statement takes back what was approved"), MONEY, todo=_("Read the appraisal")
    ),
}  # fmt: skip
#: who of the dealer packs; what costs money is told to those who answer for it, too (settlement/rules.py)
PACKERS = (Role.STOREKEEPER, Role.ADMIN)
#: who is told, by tier: those who can do the next step (settlement/rules.py)
TOLD = {
    Tier.DEALER: (Role.ACCOUNTANT, Role.ADMIN),
    Tier.OFFICE: (Role.OFFICE_MANAGER, Role.OFFICE_ENGINEER),
    Tier.HQ: (Role.REVIEWER,),
}


def claim_told(viewer: Viewer, claim: Claim, receiver: int, what: str, now: datetime) -> None:
    """Tell an organisation something about a claim, another one by a job of its own; what: a code of OF_CLAIM."""
    if receiver == viewer.org:
        tell_claim(viewer, claim, what, now)
    else:
        jobs.for_partner(TELL_CLAIM, viewer=viewer, receiver=receiver, now=now, claim=claim.pk, what=what)


def tell_claim(viewer: Viewer, claim: Claim, what: str, now: datetime) -> None:
    """To those of the viewer's organisation who can do the next step, and who acts for those on leave."""
    days = days_late(claim.due_on, local_date(now))
    params = {"number": claim.number, "slip": claim.slip.number, "reason": claim.reason, "days": days}
    roles = TOLD[viewer.tier] if what != "silent" else (*TOLD[viewer.tier], Role.ADMIN)
    told = deputies.with_deputies(viewer, people.ids_with_role(viewer, *roles), local_date(now))
    send(viewer=viewer, person_ids=told, kind=OF_CLAIM[what], params=params, url=f"/claims/{claim.public_id}/", now=now)


def statement_told(viewer: Viewer, statement: Statement, receiver: int, what: str, now: datetime) -> None:
    """Tell the other side something about a statement; what: a code of OF_STATEMENT."""
    jobs.for_partner(TELL_STATEMENT, viewer=viewer, receiver=receiver, now=now, statement=statement.pk, what=what)


def tell_statement(viewer: Viewer, statement: Statement, what: str, now: datetime) -> None:
    """To those of the viewer's organisation who can do the next step."""
    params = {"number": statement.number, "reason": statement.reason}
    told = people.ids_with_role(viewer, *TOLD_STATEMENT[viewer.tier])
    url = f"/statements/{statement.public_id}/"
    send(viewer=viewer, person_ids=told, kind=OF_STATEMENT[what], params=params, url=url, now=now)


def tell_old_parts_due(viewer: Viewer, duty: OldPartDuty, parts: Sequence[OldPart], now: datetime) -> None:
    """To the dealer's store, and when it costs money to accountant and owner: these parts have this duty by now."""
    first = parts[0]
    roles = PACKERS if duty is OldPartDuty.REMIND else (*PACKERS, Role.ACCOUNTANT, Role.OWNER)
    params = {"n": len(parts), "number": first.number, "day": first.due_on.isoformat()}
    told = people.ids_with_role(viewer, *roles)
    url = f"/old-parts/?due={'soon' if duty is OldPartDuty.REMIND else 'late'}"
    send(viewer=viewer, person_ids=told, kind=OF_DUTY[duty], params=params, url=url, now=now)


def old_part_reversed(viewer: Viewer, part: OldPart, now: datetime) -> None:
    """Tell the dealer, by a job of his own, that an appraisal takes back what was approved."""
    jobs.for_partner(TELL_REVERSAL, viewer=viewer, receiver=part.dealer_id, now=now, part=part.pk)


def tell_reversal(viewer: Viewer, part: OldPart, now: datetime) -> None:
    """To those of the dealer who answer for the money. The finding in words of their notices' language, Chinese by default."""
    told = people.ids_with_role(viewer, *TOLD[Tier.DEALER], Role.STOREKEEPER)
    params = {"number": part.number, "finding": str(part.get_finding_display())}
    send(
        viewer=viewer,
        person_ids=told,
        kind="old_part_reversed",
        params=params,
        url=f"/old-parts/{part.public_id}/",
        now=now,
    )


def tell_dealer_due(viewer: Viewer, due: Due, now: datetime) -> None:
    """Remind those of the dealer who write claims of one that is to be submitted, or waits for them."""
    claim = due.claim
    params = {
        "number": claim.number if claim else "", "slip": due.slip.number, "day": due.due_on.isoformat(),
        "days": days_late(due.due_on, local_date(now)),
    }  # fmt: skip
    kind = OF_REMINDER[due.kind]
    url = f"/claims/{claim.public_id}/" if claim else "/claims/slips/"
    told = people.ids_with_role(viewer, *TOLD[Tier.DEALER])
    send(viewer=viewer, person_ids=told, kind=kind, params=params, url=url, now=now)


#: what the dealer is reminded of -> kind of notice
OF_REMINDER = {
    ClaimReminderKind.SOON: "claim_unsubmitted",
    ClaimReminderKind.LAST: "claim_unsubmitted",
    ClaimReminderKind.AGAIN: "claim_again",
    ClaimReminderKind.LATE: "claim_late",
}


def tell_owner(viewer: Viewer, claim: Claim, now: datetime) -> None:
    """Ask the dealer's owner for his word on a claim above the limit."""
    params = {"slip": claim.slip.number, "who": viewer.name}
    _tell(viewer, claim, people.ids_with_role(viewer, Role.OWNER), "claim_owner", params, now)


def tell_owners_word(viewer: Viewer, claim: Claim, answer: str, now: datetime) -> None:
    """Tell those who write claims what the owner says. answer: why not, "" = he agrees."""
    kind = "claim_owner_declined" if answer else "claim_owner_agreed"
    params = {"slip": claim.slip.number, "reason": answer}
    _tell(viewer, claim, people.ids_with_role(viewer, *TOLD[Tier.DEALER]), kind, params, now)


def tell_raised(viewer: Viewer, claim: Claim, person_ids: list[int], now: datetime) -> None:
    """Tell the reviewers with a higher limit."""
    _tell(viewer, claim, person_ids, "claim_raised", {"number": claim.number, "who": viewer.name}, now)


def _tell(viewer: Viewer, claim: Claim, told: list[int], kind: str, params: dict[str, str], now: datetime) -> None:
    send(viewer=viewer, person_ids=told, kind=kind, params=params, url=f"/claims/{claim.public_id}/", now=now)


def authorisation_told(viewer: Viewer, found: PreAuthorisation, receiver: int, what: str, now: datetime) -> None:
    """Tell a partner's organisation something about a pre-authorisation, by a job of its own; what: a code of OF_AUTHORISATION."""
    jobs.for_partner(TELL_AUTHORISATION, viewer=viewer, receiver=receiver, now=now, authorisation=found.pk, what=what)


def tell_authorisation(viewer: Viewer, found: PreAuthorisation, what: str, now: datetime) -> None:
    """To those who answer it; of a dealer to those who claim and dispatch."""
    with override("zh-hans"):  # words of the trade; the sentence around them is the reader's
        kind = str(found.get_kind_display())
    until = found.valid_until.isoformat() if found.valid_until else ""
    params = {
        "number": found.number, "ticket": found.ticket.number, "kind": kind, "until": until, "reason": found.answer,
    }  # fmt: skip
    roles = (*TOLD[viewer.tier], Role.DISPATCHER) if viewer.tier is Tier.DEALER else TOLD[viewer.tier]
    told = people.ids_with_role(viewer, *roles)
    url = f"/authorisations/{found.public_id}/"
    send(viewer=viewer, person_ids=told, kind=OF_AUTHORISATION[what], params=params, url=url, now=now)
