"""The words of a ticket's story: codes in, one sentence out, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.errors import Sentence
from core.tenancy import Tier
from equipment.enums import EvidenceKind
from tickets.enums import (
    Channel,
    EntryKind,
    FollowUpResult,
    LateReason,
    PauseReason,
    PhotoSlot,
    RequestKind,
    WarrantyOutcome,
)
from tickets.models import Entry

#: verb -> sentence; %(name)s places come from the entry's facts
SENTENCES: Mapping[str, Sentence] = {
    "report": gettext_lazy("Reported the fault"),
    "contact": gettext_lazy("Spoke with the customer"),
    "appoint": gettext_lazy("Agreed on %(appointment)s with %(with)s"),
    "dispatch": gettext_lazy("Sent %(crew)s"),
    "refuse": gettext_lazy("Refused the job"),
    "accept": gettext_lazy("Accepted the job"),
    "hand_back": gettext_lazy("Handed the job back"),
    "set_out": gettext_lazy("Set out"),
    "arrive": gettext_lazy("Arrived on site"),
    "start_work": gettext_lazy("Started work"),
    "leave": gettext_lazy("Left the site"),
    "wait_part": gettext_lazy("Waits for a part"),
    "wait_customer": gettext_lazy("Waits for the customer"),
    "resume": gettext_lazy("Went on"),
    "complete_slip": gettext_lazy("Completed slip %(slip)s"),
    "correct_slip": gettext_lazy("Corrects slip %(slip)s"),
    "sign": gettext_lazy("The customer signed slip %(slip)s"),
    "refuse_signature": gettext_lazy("The customer did not sign slip %(slip)s"),
    "finish_remote": gettext_lazy("Solved by phone, slip %(slip)s"),
    "follow_up": gettext_lazy("Called the customer afterwards: %(result)s"),
    "close": gettext_lazy("Closed"),
    "reopen": gettext_lazy("Reopened as rework, round %(round)s"),
    "void_slip": gettext_lazy("Voided slip %(slip)s"),
    "void_remote_slip": gettext_lazy("Voided slip %(slip)s"),
    "merge": gettext_lazy("Merged into %(into)s"),
    "merged_here": gettext_lazy("%(from)s was merged into this ticket"),
    "cancel": gettext_lazy("Cancelled"),
    "changed": gettext_lazy("Changed the report"),
    "handed_over": gettext_lazy("%(to)s takes over from %(from)s"),
    "shared": gettext_lazy("Shared with the manufacturer"),
    "enter_paper": gettext_lazy("Enters the hand-written slip, number on the paper %(paper)s"),
    "not_from_paper": gettext_lazy("The slip was not written by hand after all"),
    "signature_lapsed": gettext_lazy("A signature given without signal did not take effect: %(reason)s"),
    "judged": gettext_lazy("Warranty: %(was)s → %(warranty)s"),
    "proved": gettext_lazy("Proved by %(kind)s: %(what)s"),
    "proof_withdrawn": gettext_lazy("Withdrew a proof: %(kind)s"),
    "request_asked": gettext_lazy("Asked the manufacturer: %(request)s"),
    "request_granted": gettext_lazy("The manufacturer agreed: %(request)s"),
    "request_declined": gettext_lazy("The manufacturer declined: %(request)s"),
    "photo_removed": gettext_lazy("Removed a photo: %(slot)s"),
    "ask_transfer": gettext_lazy("Asks for a transfer to another dealer"),
    "referral_insist": gettext_lazy("The referral stays with this dealer"),
    "referral_redirect": gettext_lazy("Another dealer is asked; this one's time runs on until he accepts"),
    "transfer": gettext_lazy("Another dealer has accepted the referral"),
    "transfer_late": gettext_lazy("Another dealer has accepted the referral, too; the work here was done already"),
    "support_submit": gettext_lazy("Asks the office for support, %(number)s"),
    "support_submit_to_hq": gettext_lazy("Asks headquarters for support, %(number)s"),
    "support_accept": gettext_lazy("Accepted the request for support %(number)s"),
    "support_forward": gettext_lazy("Forwarded the request for support %(number)s to headquarters: %(person)s"),
    "support_pass_on": gettext_lazy("Passed the request for support %(number)s on to %(person)s"),
    "support_answer": gettext_lazy("Answered %(number)s; next: %(next_step)s, %(next_person)s until %(next_on)s"),
    "support_confirm": gettext_lazy("Request for support %(number)s: solved"),
    "support_send_back": gettext_lazy("Request for support %(number)s: not solved, sent back"),
    "support_withdraw": gettext_lazy("Withdrew the request for support %(number)s"),
    "support_merge": gettext_lazy("Request for support %(number)s was merged into %(into)s"),
    "complain": gettext_lazy("The customer complains"),
    "hold": gettext_lazy("Paused the clocks: %(why)s"),
    "explain_late": gettext_lazy("Why so late: %(late)s"),
    "go_on": gettext_lazy("The clocks go on"),
    "promise_exchanged": gettext_lazy("The new promise holds for this work, too"),
    "pause_reversed": gettext_lazy("Took back the pause “%(why)s”"),
    "import": gettext_lazy("Imported from an earlier system"),
}

MARKS: Mapping[str, Sentence] = {
    "offline": gettext_lazy("given without signal"),
    "typed_late": gettext_lazy("entered later"),
    "by_hand": gettext_lazy("time entered by hand"),
    "automatic": pgettext_lazy("mark", "by itself"),
    "not_followed_up": gettext_lazy("without follow-up"),
}


@dataclass(frozen=True)
class Line:
    """One line as the timeline component shows it."""

    at: datetime
    who: str
    text: str
    said: str = ""
    internal: bool = False
    machine: bool = False
    photos: list[Any] = field(default_factory=list)


def lines(entries: list[Entry], own_organisation: str) -> list[Line]:
    """The story as sentences, newest first; people of other organisations carry its name."""
    return [_line(entry, own_organisation) for entry in entries]


def _line(entry: Entry, own: str) -> Line:
    who = entry.author_name
    if entry.author_organisation and entry.author_organisation != own:
        who = f"{who} · {entry.author_organisation}" if who else entry.author_organisation
    marks = [str(words) for mark, words in MARKS.items() if entry.facts.get(mark)]
    text = _sentence(entry)
    if marks:
        text = f"{text} ({', '.join(marks)})"
    return Line(
        at=entry.at,
        who=who,
        text=text,
        said=entry.text,
        internal=entry.internal,
        machine=(entry.author_id is None and entry.author_tier != Tier.OUTSIDE.value and not entry.author_name)
        or bool(entry.facts.get("automatic")),
    )


def _sentence(entry: Entry) -> str:
    if entry.kind == EntryKind.NOTE:
        return _("Note")
    if entry.kind == EntryKind.CALL:
        channel = Channel(entry.facts.get("channel", Channel.PHONE)).label
        reached = _("reached") if entry.facts.get("reached") else _("nobody answered")
        return _("Call (%(channel)s): %(reached)s") % {"channel": channel, "reached": reached}
    sentence = SENTENCES.get("support_send_back" if entry.verb.startswith("support_send_back") else entry.verb)
    if sentence is None:
        return entry.verb
    return str(sentence) % _Facts(entry.facts)


class _Facts(dict[str, Any]):
    """Facts of an entry in words; a missing one is a dash, so that an old entry never breaks the page."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        super().__init__(facts)
        if "named" in facts:
            self["person"] = facts["named"]
            if "instead_of" in facts:
                words = {"deputy": facts["named"], "person": facts["instead_of"]}
                self["person"] = _("%(deputy)s (acts for %(person)s)") % words
        if "crew" in facts:
            self["crew"] = "、".join(facts["crew"])
        if facts.get("result") in FollowUpResult.values:
            self["result"] = FollowUpResult(facts["result"]).label
        if facts.get("why") in PauseReason.values:
            self["why"] = PauseReason(facts["why"]).label
        if facts.get("slot") in PhotoSlot.values:
            self["slot"] = PhotoSlot(facts["slot"]).label
        for name, choices in (
            ("was", WarrantyOutcome),
            ("warranty", WarrantyOutcome),
            ("kind", EvidenceKind),
            ("request", RequestKind),
            ("late", LateReason),
        ):
            if isinstance(facts.get(name), str) and facts[name] in choices.values:
                self[name] = choices(facts[name]).label

    def __missing__(self, key: str) -> str:
        return "–"
