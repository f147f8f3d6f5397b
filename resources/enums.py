"""Shifts, swaps, and what is done to a roster (domain.md 14)."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.chips import Family
from core.errors import Sentence


class ShiftKind(models.TextChoices):
    """Kinds of shifts. The hours of the first three are the dealer's own (`DutySettings`); CUSTOM has its own on each shift."""

    DAY = "day", _("day shift")
    NIGHT = "night", _("night shift")
    WHOLE = "whole", _("whole day")
    CUSTOM = "custom", _("own hours")


#: one word for a cell of the calendar
SHORT: Mapping[str, Sentence] = {
    ShiftKind.DAY: pgettext_lazy("shift", "day"),
    ShiftKind.NIGHT: pgettext_lazy("shift", "night"),
    ShiftKind.WHOLE: pgettext_lazy("shift", "24 h"),
    ShiftKind.CUSTOM: pgettext_lazy("shift", "other"),
}


class SwapState(models.TextChoices):
    """Life of a request to swap (workflow.py). Until it is agreed or approved the roster stays as it is."""

    ASKED = "asked", pgettext_lazy("swap", "waits for an answer")
    AGREED = "agreed", pgettext_lazy("swap", "agreed")
    DECLINED = "declined", pgettext_lazy("swap", "declined")
    APPROVED = "approved", pgettext_lazy("swap", "decided by the desk")
    REJECTED = "rejected", pgettext_lazy("swap", "rejected by the desk")
    WITHDRAWN = "withdrawn", pgettext_lazy("swap", "withdrawn")
    EXPIRED = "expired", pgettext_lazy("swap", "expired")
    OVERTAKEN = "overtaken", pgettext_lazy("swap", "the roster was changed")


#: the look of a swap's chip
FAMILIES: Mapping[str, Family] = {
    SwapState.ASKED: "warning",
    SwapState.AGREED: "good",
    SwapState.APPROVED: "good",
    SwapState.DECLINED: "waiting",
    SwapState.REJECTED: "waiting",
    SwapState.WITHDRAWN: "waiting",
    SwapState.EXPIRED: "waiting",
    SwapState.OVERTAKEN: "waiting",
}


class ChangeVerb(models.TextChoices):
    """What was done to the roster; each is a line of its log."""

    ADDED = "added", pgettext_lazy("roster", "added")
    CHANGED = "changed", pgettext_lazy("roster", "changed")
    REMOVED = "removed", pgettext_lazy("roster", "removed")
    COPIED = "copied", pgettext_lazy("roster", "a week copied")
    ROTATED = "rotated", pgettext_lazy("roster", "planned by rotation")
    UNDONE = "undone", pgettext_lazy("roster", "undone")
    SWAPPED = "swapped", pgettext_lazy("roster", "swapped by consent")
    APPROVED = "approved", pgettext_lazy("roster", "swap decided by the desk")
    HANDED_OVER = "handed_over", pgettext_lazy("roster", "handed over")


#: what a planner may take back: the plan. A swap is an agreement of two people, and who has left does not come back by a button
UNDOABLE = (
    ChangeVerb.ADDED, ChangeVerb.CHANGED, ChangeVerb.REMOVED, ChangeVerb.COPIED, ChangeVerb.ROTATED, ChangeVerb.UNDONE,
)  # fmt: skip


class ReminderKind(models.TextChoices):
    """What somebody was reminded of; shown to nobody."""

    GAP = "gap"
    HOLIDAY = "holiday"
