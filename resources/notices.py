"""Which messages the roster sends, and to whom (domain.md 14, 20: duty gap)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from core.errors import Sentence
from core.tenancy import Viewer
from notices.operations.send import send
from notices.queries.kinds import Group, Spec
from partners.enums import Role
from partners.queries import people
from resources.calculations.hours import Span
from resources.models import DutySwap
from resources.queries.roster import Holiday
from resources.queries.words import shift_words, span_words

NEW_DUTY = "duty_new"
NO_DUTY = "duty_gone"
SWAP_ASKED = "duty_swap_asked"
SWAP_AGREED = "duty_swap_agreed"
SWAP_DECLINED = "duty_swap_declined"
SWAP_WITHDRAWN = "duty_swap_withdrawn"
SWAP_APPROVED = "duty_swap_approved"
SWAP_REJECTED = "duty_swap_rejected"
SWAP_EXPIRED = "duty_swap_expired"
SWAP_OVERTAKEN = "duty_swap_overtaken"
GAP = "duty_gap"
HOLIDAY = "duty_holiday"

DUTY = Group("duty", _("My duty"))
ROSTER = Group("roster", _("Gaps of the duty roster"))


def _to_me(sentence: Sentence, todo: Sentence = "") -> Spec:
    return Spec(sentence, DUTY, todo=todo, to_one=True)


#: registered in `resources.apps`; put together when they are read, in the reader's language
KINDS: Mapping[str, Spec] = {
    NEW_DUTY: _to_me(_("You are on duty: %(days)s")),
    NO_DUTY: _to_me(_("You are not on duty any more: %(days)s")),
    SWAP_ASKED: _to_me(_("%(who)s asks you to take over duty %(shift)s"), _("Agree or decline")),
    SWAP_AGREED: _to_me(_("%(who)s agreed: duty %(shift)s is swapped")),
    SWAP_DECLINED: _to_me(_("%(who)s declined to take over duty %(shift)s")),
    SWAP_WITHDRAWN: _to_me(_("%(who)s does not need you for duty %(shift)s any more")),
    SWAP_APPROVED: _to_me(_("%(who)s decided on the swap of duty %(shift)s, it holds: %(reason)s")),
    SWAP_REJECTED: _to_me(_("%(who)s rejected the swap of duty %(shift)s: %(reason)s")),
    SWAP_EXPIRED: _to_me(_("Nobody answered about the swap of duty %(shift)s: everything stays as it was")),
    SWAP_OVERTAKEN: _to_me(_("The roster was changed: the swap of duty %(shift)s is off")),
    GAP: Spec(_("Nobody is on duty within the next 7 days: %(gaps)s"), ROSTER, todo=_("Fill the gaps")),
    HOLIDAY: Spec(
        _("The duty roster of the holiday %(first)s to %(last)s is due and not complete: %(gaps)s"),
        ROSTER,
        todo=_("Complete the roster"),
    ),
}

SHOWN = 4  # days or gaps in one message; the page has them all


def _first_few(words: Sequence[str]) -> str:
    more = f" +{len(words) - SHOWN}" if len(words) > SHOWN else ""
    return ", ".join(words[:SHOWN]) + more


def tell_new_duty(viewer: Viewer, person_id: int, days: Iterable[date], now: datetime) -> None:
    """To who is on duty by the plan from now on."""
    _tell_days(viewer, NEW_DUTY, person_id, days, now)


def tell_no_duty(viewer: Viewer, person_id: int, days: Iterable[date], now: datetime) -> None:
    """To who is not on duty any more by the plan."""
    _tell_days(viewer, NO_DUTY, person_id, days, now)


def _tell_days(viewer: Viewer, kind: str, person_id: int, days: Iterable[date], now: datetime) -> None:
    words = [f"{day:%m-%d}" for day in sorted(set(days))]
    params = {"days": _first_few(words)}
    send(viewer=viewer, person_ids=[person_id], kind=kind, params=params, url="/duty/mine/", now=now)


def tell_asked(viewer: Viewer, swap: DutySwap, now: datetime) -> None:
    """To the colleague who is asked."""
    _tell_swap(viewer, SWAP_ASKED, swap, [swap.asked_to_id], now)


def tell_agreed(viewer: Viewer, swap: DutySwap, now: datetime) -> None:
    """To who asked: the colleague takes over."""
    _tell_swap(viewer, SWAP_AGREED, swap, [swap.asked_by_id], now)


def tell_declined(viewer: Viewer, swap: DutySwap, now: datetime) -> None:
    """To who asked: the colleague does not."""
    _tell_swap(viewer, SWAP_DECLINED, swap, [swap.asked_by_id], now)


def tell_withdrawn(viewer: Viewer, swap: DutySwap, now: datetime) -> None:
    """To the colleague: there is nothing to answer any more."""
    _tell_swap(viewer, SWAP_WITHDRAWN, swap, [swap.asked_to_id], now)


def tell_approved(viewer: Viewer, swap: DutySwap, now: datetime) -> None:
    """To both: the desk has decided that it holds."""
    _tell_swap(viewer, SWAP_APPROVED, swap, [swap.asked_by_id, swap.asked_to_id], now)


def tell_rejected(viewer: Viewer, swap: DutySwap, now: datetime) -> None:
    """To both: the desk has decided that it does not hold."""
    _tell_swap(viewer, SWAP_REJECTED, swap, [swap.asked_by_id, swap.asked_to_id], now)


def tell_expired(viewer: Viewer, swap: DutySwap, now: datetime) -> None:
    """To both: the shift has begun."""
    _tell_swap(replace(viewer, person_id=None), SWAP_EXPIRED, swap, [swap.asked_by_id, swap.asked_to_id], now)


def tell_overtaken(viewer: Viewer, swap: DutySwap, now: datetime) -> None:
    """To both: the shift is not what it was."""
    _tell_swap(viewer, SWAP_OVERTAKEN, swap, [swap.asked_by_id, swap.asked_to_id], now)


def _tell_swap(viewer: Viewer, kind: str, swap: DutySwap, person_ids: list[int], now: datetime) -> None:
    params = {"who": viewer.name, "shift": shift_words(swap.shift), "reason": swap.reason}
    url = f"/duty/swaps/{swap.public_id}/"
    send(viewer=viewer, person_ids=person_ids, kind=kind, params=params, url=url, now=now)


def tell_gaps(viewer: Viewer, missing: Sequence[Span], now: datetime) -> None:
    """To administrators and dispatchers: hours of the next days without anybody."""
    _tell_desk(viewer, GAP, {"gaps": _first_few([span_words(span) for span in missing])}, now)


def tell_holiday(viewer: Viewer, holiday: Holiday, missing: Sequence[Span], now: datetime) -> None:
    """To administrators and dispatchers: the roster of a holiday is due and has gaps."""
    params = {"first": f"{holiday.first:%m-%d}", "last": f"{holiday.last:%m-%d}"}
    _tell_desk(viewer, HOLIDAY, params | {"gaps": _first_few([span_words(span) for span in missing])}, now)


def _tell_desk(viewer: Viewer, kind: str, params: dict[str, str], now: datetime) -> None:
    desk = people.ids_with_role(viewer, Role.ADMIN, Role.DISPATCHER)
    send(viewer=viewer, person_ids=desk, kind=kind, params=params, url="/duty/#gaps", now=now)
