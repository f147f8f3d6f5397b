"""A statement in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from core import case_words
from core.cases import Step

SENTENCES = {
    "line": gettext_noop("%(kind)s: %(amount)s."),
    "total": gettext_noop("Sum of the lines %(lines)s, brought forward %(brought)s: %(total)s."),
    "nothing_payable": gettext_noop("The sum is below zero: nothing is paid, %(total)s is carried forward."),
    "tax": gettext_noop("Payable %(payable)s: at %(percent)s %% tax net %(net)s, tax %(tax)s."),
    "capitals": gettext_noop("%(amount)s in capitals: %(capitals)s."),
}

WRONG = {
    "sum_too_large": gettext_noop("The lines sum up to %(sum)s; a statement stays below 1,000,000,000,000: split it."),
}


def sentences(steps: Iterable[Step]) -> list[str]:
    """Each step of the calculation, in the active language."""
    return case_words.sentences(steps, SENTENCES)
