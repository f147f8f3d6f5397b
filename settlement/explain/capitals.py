"""An amount in capitals, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from core import case_words
from core.cases import Step

SENTENCES = {
    "capitals": gettext_noop("%(amount)s in capitals: %(capitals)s."),
    "no_fen": gettext_noop("It has no 分, so 整 stands at its end."),
    "to_the_fen": gettext_noop("It goes to the 分, so no 整 stands at its end."),
}

WRONG = {
    "amount_too_large": gettext_noop("Capitals are for amounts below 1,000,000,000,000: check the amount."),
}


def sentences(steps: Iterable[Step]) -> list[str]:
    """Each step of the calculation, in the active language."""
    return case_words.sentences(steps, SENTENCES)
