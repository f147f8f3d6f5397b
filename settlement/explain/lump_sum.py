"""A lump-sum year in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from core import case_words
from core.cases import Step

SENTENCES = {
    "line": gettext_noop("%(name)s: %(base)s × %(percent)s %% = %(quota)s."),
    "quota": gettext_noop("Quota of the year: %(quota)s."),
    "complaints": gettext_noop(
        "Quarter %(quarter)s has %(count)s valid complaint(s): %(deduction)s is deducted, at most %(cap)s; the first one is a warning."
    ),
    "quarter": gettext_noop(
        "Quarter %(quarter)s: quota %(quota)s less deductions %(deduction)s gives %(due)s; actual cost %(actual)s."
    ),
    "use": gettext_noop("Up to quarter %(quarter)s: %(so_far)s of %(quota)s are used, %(percent)s %%."),
    "no_use": gettext_noop("Up to quarter %(quarter)s: %(so_far)s; without a quota there is no percentage."),
    "result": gettext_noop("Quota %(quota)s less deductions %(deductions)s less actual cost %(actual)s: %(result)s."),
    "ratio": gettext_noop("The ratio that was needed: %(actual)s of a base of %(base)s, %(percent)s %%."),
    "no_ratio": gettext_noop("Actual cost %(actual)s; on a base of %(base)s there is no ratio."),
}


def sentences(steps: Iterable[Step]) -> list[str]:
    """Each step of the calculation, in the active language."""
    return case_words.sentences(steps, SENTENCES)
