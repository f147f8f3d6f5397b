"""A judgement of warranty in words: one sentence, and each step behind it, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext_lazy

from core import case_words
from equipment.enums import EvidenceKind, PolicyRank, Responsibility, WarrantyBasis, WarrantyTime
from equipment.explain.warranty import SENTENCES
from tickets.calculations import judgement as calculation
from tickets.calculations.judgement import Judgement
from tickets.enums import WarrantyOutcome

#: dates of the machine as one says them: 验收 2025-03-12 起
BASES = {
    WarrantyBasis.ACCEPTANCE: pgettext_lazy("machine", "Accepted"),
    WarrantyBasis.INSTALLATION: pgettext_lazy("machine", "Installed"),
    WarrantyBasis.INVOICE: pgettext_lazy("machine", "Invoiced"),
    WarrantyBasis.ARRIVAL: pgettext_lazy("machine", "Arrived"),
    WarrantyBasis.SHIPPED: pgettext_lazy("machine", "Shipped"),
    WarrantyBasis.EX_FACTORY: pgettext_lazy("machine", "Ex factory"),
}
WORDS = SENTENCES | {"no_policy": gettext_noop("No policy of the manufacturer fits this machine: judge it by hand.")}


@dataclass(frozen=True)
class Line:
    """One judgement, ready to show. machine: model and number; part: of the fault line; steps: how the period was counted."""

    machine: str
    part: str
    outcome: str
    outcome_label: str
    sentence: str
    missing: str
    policy: str
    policy_key: str
    goodwill_possible: bool
    steps: list[str]


def lines(judgements: Sequence[Judgement]) -> list[Line]:
    """Each judgement in words; several fault lines of a machine stand under each other."""
    return [
        Line(
            machine=one.facts.label,
            part=one.facts.part_group,
            outcome=one.outcome.value,
            outcome_label=str(one.outcome.label),
            sentence=sentence(one),
            missing="、".join(str(EvidenceKind(kind).label) for kind in one.missing),
            policy=_policy(one),
            policy_key=one.policy,
            goodwill_possible=one.goodwill_possible,
            steps=case_words.sentences(one.steps, WORDS),
        )
        for one in judgements
    ]


def short(judgements: Sequence[Judgement]) -> str:
    """The sentence of the judgement that stands for all of them; "" when nothing was judged."""
    leading = calculation.first(judgements)
    return "" if leading is None else sentence(leading)


def sentence(judgement: Judgement) -> str:
    """The reason in one sentence: 验收 2025-03-12 起 12 个月,至 2026-03-12(含)."""
    parts = [period(judgement)]
    if judgement.time is WarrantyTime.OVER:
        over = ngettext("%(n)s day over", "%(n)s days over", judgement.days_over) % {"n": judgement.days_over}
        parts.append(over)
    elif judgement.time is WarrantyTime.OVER_HOURS:
        hours = {name: f"{value.normalize():,f}" for name, value in _step(judgement, "over_hours").items()}
        parts.append(_("the meter shows %(meter)s h, the limit is %(limit)s h") % hours)
    elif judgement.time is WarrantyTime.TO_VERIFY:
        differs = _step(judgement, "nameplate_differs", "nameplate_alone")
        parts = [
            _("the ex-factory date on the nameplate, %(nameplate)s, differs from the records (%(known)s)")
            % _shown(differs, "nameplate", "known")
        ]
    if judgement.rework_of is not None:
        days = (judgement.facts.reported_on - judgement.rework_of).days
        parts.append(
            _("the same part was repaired on %(day)s, %(n)s days before") % {"day": judgement.rework_of, "n": days}
        )
    elif judgement.outcome is WarrantyOutcome.REWORK:
        parts.append(_("reopened as rework"))
    cause = judgement.facts.responsibility
    if judgement.outcome is WarrantyOutcome.OUT_CAUSE and cause:
        parts.append(_("cause: %(cause)s") % {"cause": Responsibility(cause).label})
    text = _("; ").join(part for part in parts if part)
    return text[:1].upper() + text[1:]


def period(judgement: Judgement) -> str:
    """From when, how long, until when; with what has moved the end."""
    if judgement.end is None or judgement.start is None or judgement.basis is None:
        if not judgement.policy:
            return _("no policy of the manufacturer fits")
        return _("no date is known from which the policy counts")
    months = _months(judgement)
    found = ngettext(
        "%(basis)s %(start)s, %(n)s month, until %(end)s (included)",
        "%(basis)s %(start)s, %(n)s months, until %(end)s (included)",
        months,
    ) % {"basis": BASES[judgement.basis], "start": judgement.start, "n": months, "end": judgement.end}
    notes = []
    decided = _limited_by(judgement)
    if decided == "part":
        step = _step(judgement, "part")
        notes.append(_("%(part)s has %(months)s months") % _shown(step, "part", "months"))
    elif decided == "cap":
        step = _step(judgement, "cap")
        notes.append(
            _("capped at %(months)s months from %(basis)s %(start)s")
            % (_shown(step, "months", "start") | {"basis": str(BASES[step["basis"]])})
        )
    repair = _step(judgement, "repair")
    if repair:
        notes.append(
            ngettext("%(n)s day in repair added", "%(n)s days in repair added", repair["days"]) % {"n": repair["days"]}
        )
    return f"{found} ({_(', ').join(notes)})" if notes else found


def until(judgement: Judgement) -> str:
    """For the customer's page of a machine: 三包期至 2026-03-12(含); "" where the end is not known or has to be verified."""
    if judgement.end is None or judgement.time is WarrantyTime.TO_VERIFY:
        return ""
    if judgement.time is WarrantyTime.OVER:
        return _("Warranty ended on %(end)s") % {"end": judgement.end}
    return _("In warranty until %(end)s (included)") % {"end": judgement.end}


def result(outcome: str) -> str:
    """判定结果 in words; a ticket of before says so."""
    return str(WarrantyOutcome(outcome).label) if outcome else _("not judged")


def _policy(judgement: Judgement) -> str:
    if not judgement.policy:
        return ""
    rank = PolicyRank(judgement.rank).label
    return _("%(name)s, version %(n)s (%(rank)s)") % {
        "name": judgement.policy_name,
        "n": judgement.number,
        "rank": rank,
    }


def _step(judgement: Judgement, *codes: str) -> dict[str, Any]:
    return next((dict(step.params) for step in judgement.steps if step.code in codes), {})


def _months(judgement: Judgement) -> int:
    """Of the rule that was counted, grace included."""
    return int(_step(judgement, "end").get("months", 0))


def _limited_by(judgement: Judgement) -> str:
    """Which limit came before the end of the rule itself: "part", "cap" or ""."""
    earliest, found = str(_step(judgement, "end").get("end", "9999")), ""
    for step in judgement.steps:
        day = str(step.params.get("end", "9999"))
        if step.code in ("part", "cap") and day < earliest:
            earliest, found = day, step.code
    return found


def _shown(params: dict[str, Any], *names: str) -> dict[str, str]:
    return {name: "–" if params.get(name) is None else case_words.shown(params[name]) for name in names}
