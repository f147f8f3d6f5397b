"""The warranty period in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from core import case_words
from core.cases import Step

SENTENCES = {
    "no_start": gettext_noop("No date is known from which the policy counts: the period is unknown."),
    "start": gettext_noop(
        "The period is counted from %(start)s (%(basis)s), the first date of the policy that is known."
    ),
    "grace": gettext_noop(
        "Only the date ex factory is known: %(grace)s month(s) for the time in stock are added to the %(months)s month(s)."
    ),
    "end": gettext_noop("%(start)s plus %(months)s month(s): %(end)s."),
    "part": gettext_noop("The part group %(part)s has %(months)s month(s) from %(start)s on: not after %(end)s."),
    "cap": gettext_noop("The cap is %(months)s month(s) from %(start)s on (%(basis)s): not after %(end)s."),
    "exclusive": gettext_noop("The anniversary is not in the period any more: the last day is %(end)s."),
    "repair": gettext_noop("%(days)s day(s) in repair extend it: the last day is %(end)s."),
    "in": gettext_noop("Reported on %(reported)s, the last day is %(end)s: in the period."),
    "over": gettext_noop("Reported on %(reported)s, the last day was %(end)s: %(days)s day(s) over."),
    "goodwill": gettext_noop("Goodwill is possible: %(days)s day(s) over, up to %(limit)s are allowed."),
    "no_goodwill": gettext_noop("No goodwill: %(days)s day(s) over, up to %(limit)s are allowed."),
    "hours": gettext_noop("The meter shows %(meter)s h, the limit is %(limit)s h."),
    "over_hours": gettext_noop("The meter shows %(meter)s h, over the limit of %(limit)s h."),
    "nameplate_differs": gettext_noop(
        "The nameplate says ex factory %(nameplate)s, the records %(known)s: to be verified before anything else."
    ),
    "nameplate_alone": gettext_noop(
        "The nameplate says ex factory %(nameplate)s, the records have no such date: to be verified before anything else."
    ),
}


def sentences(steps: Iterable[Step]) -> list[str]:
    """Each step of the calculation, in the active language."""
    return case_words.sentences(steps, SENTENCES)
