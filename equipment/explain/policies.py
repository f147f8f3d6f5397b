"""The terms of a version of a policy in words, line by line: for its page, and for what differs between two versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipment.enums import EvidenceKind, ModelMatch, Responsibility, WarrantyBasis
from equipment.models import WarrantyPolicy, WarrantyVersion


@dataclass(frozen=True)
class Difference:
    """One line of two versions, as components/diff.html shows it."""

    label: Any
    theirs: str
    mine: str
    changed: bool = True


def scope(policy: WarrantyPolicy) -> str:
    """For which machines a policy is written, in one line."""
    found = []
    if policy.model:
        found.append(_("%(model)s…") % {"model": policy.model} if policy.match == ModelMatch.PREFIX else policy.model)
    if policy.line is not None:
        found.append(policy.line.name)
    if policy.product_type:
        found.append(policy.product_type)
    if policy.province:
        found.append(policy.province)
    if policy.made_from or policy.made_until:
        begin = policy.made_from.isoformat() if policy.made_from else "…"
        end = policy.made_until.isoformat() if policy.made_until else "…"
        found.append(_("ex factory %(from)s to %(until)s") % {"from": begin, "until": end})
    return " · ".join(found) or _("all machines of the manufacturer")


def days(version: WarrantyVersion) -> str:
    """For reports of which days a version counts."""
    if version.valid_until is None:
        return _("from %(day)s on") % {"day": version.valid_from.isoformat()}
    return _("%(from)s to %(until)s") % {
        "from": version.valid_from.isoformat(),
        "until": version.valid_until.isoformat(),
    }


def months(number: int) -> str:
    """So many months."""
    return ngettext("%(n)s month", "%(n)s months", number) % {"n": number}


def lines(version: WarrantyVersion) -> list[tuple[str, str]]:
    """Label and words of every term, in the form's order."""
    found = [(_("For reports"), days(version))]
    for place, rule in enumerate(version.start_rules, start=1):
        text = f"{WarrantyBasis(rule['basis']).label} + {months(rule['months'])}"
        proofs = "、".join(str(EvidenceKind(kind).label) for kind in rule.get("evidence", ()))
        found.append((_("Start rule %(n)s") % {"n": place}, f"{text} ({proofs})" if proofs else text))
    cap = ""
    if version.cap_months is not None:
        cap = f"{WarrantyBasis(version.cap_basis).label} + {months(version.cap_months)}"
    hours = "" if version.hours_limit is None else _("%(hours)s h") % {"hours": f"{version.hours_limit.normalize():,f}"}
    fitted = str(version.get_replaced_part_rule_display())
    if version.replaced_part_months:
        fitted += f" ({months(version.replaced_part_months)})"
    parts = "、".join(f"{group} {months(number)}" for group, number in version.part_periods.items())
    return [
        *found,
        (_("Cap"), cap),
        (_("Limit of running hours"), hours),
        (_("Grace months"), str(version.grace_months)),
        (_("Anniversary in warranty"), _yes(version.inclusive_end)),
        (_("Days in repair extend the period"), _yes(version.repair_extension)),
        (_("Parts with a shorter period"), parts),
        (
            _("Goodwill up to"),
            ngettext("%(n)s day", "%(n)s days", version.goodwill_days) % {"n": version.goodwill_days},
        ),
        (_("A fitted part"), fitted),
        (_("After an exchange"), str(version.get_exchange_rule_display())),
        (_("Held against the end"), str(version.get_compare_date_display())),
        (_("Not covered"), "、".join(str(Responsibility(code).label) for code in version.exclusions)),
        (_("Note"), version.note),
    ]


def differences(before: WarrantyVersion, after: WarrantyVersion) -> list[Difference]:
    """Where the terms of two versions differ, in the form's order."""
    old, new = dict(lines(before)), dict(lines(after))
    return [
        Difference(label, old.get(label, ""), new.get(label, ""))
        for label in dict.fromkeys([*old, *new])
        if old.get(label, "") != new.get(label, "")
    ]


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
