"""Rights on the duty roster (domain.md 14)."""

from __future__ import annotations

from typing import Any

from core.rights import ANY, Rule
from core.tenancy import Tier, Viewer
from partners.enums import Role
from resources.workflow import SWAP

DEALER, OFFICE, HQ = Tier.DEALER, Tier.OFFICE, Tier.HQ
PLANNERS = frozenset({Role.ADMIN.value, Role.DISPATCHER.value, Role.OWNER.value})
HEADS = frozenset({Role.ADMIN.value, Role.OWNER.value})


def is_on_it(viewer: Viewer, shift: Any) -> bool:
    """the viewer is main or deputy of the shift"""
    return viewer.person_id is not None and viewer.person_id in (shift.person_id, shift.deputy_id)


def was_asked(viewer: Viewer, swap: Any) -> bool:
    """the viewer is the colleague who was asked"""
    return bool(viewer.person_id == swap.asked_to_id)


def has_asked(viewer: Viewer, swap: Any) -> bool:
    """the viewer has asked"""
    return bool(viewer.person_id == swap.asked_by_id)


def takes_part(viewer: Viewer, swap: Any) -> bool:
    """the viewer has asked or was asked"""
    return was_asked(viewer, swap) or has_asked(viewer, swap)


def _of_swap(verb: str, who: frozenset[str], **more: Any) -> Rule:
    return Rule(f"duty_swap.{verb}", {DEALER: who}, states=SWAP.sources(verb), **more)


RULES = [
    Rule("duty.read", {DEALER: ANY}),
    Rule("duty.plan", {DEALER: PLANNERS}),
    Rule("duty.settings", {DEALER: HEADS}),
    Rule("duty.ask", {DEALER: ANY}, when=is_on_it),
    Rule("duty.partners", {OFFICE: ANY, HQ: ANY}),
    Rule("duty_swap.read", {DEALER: PLANNERS}),
    Rule("duty_swap.read", {DEALER: ANY}, when=takes_part),
    _of_swap("agree", ANY, when=was_asked),
    _of_swap("decline", ANY, when=was_asked),
    _of_swap("withdraw", ANY, when=has_asked),
    _of_swap("approve", PLANNERS),
    _of_swap("reject", PLANNERS),
]
