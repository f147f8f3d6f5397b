"""Policies for tests, written and put in force by the real operations as the manufacturer's administrator."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from core.tenancy import Viewer
from equipment.calculations.policy_input import RuleFacts, ScopeFacts, TermFacts
from equipment.models import WarrantyPolicy, WarrantyVersion
from equipment.operations.warranty import add_policy, put_in_force, write_draft
from tests import factories
from tests.people import act

#: the policy of W1–W10 (domain.md 4.6): acceptance + 12, capped at ex factory + 18, ex factory alone + 12 + 6 of grace
HANDBOOK: dict[str, Any] = {
    "valid_from": date(2020, 1, 1),
    "start_rules": (RuleFacts("acceptance", 12), RuleFacts("ex_factory", 12)),
    "cap_basis": "ex_factory",
    "cap_months": 18,
    "grace_months": 6,
    "hours_limit": Decimal(3000),
    "part_periods": {"机封": 3},
    "goodwill_days": 30,
}


def terms(**changes: Any) -> TermFacts:
    """The handbook's terms, with changes."""
    return TermFacts(**HANDBOOK | changes)


def draft(viewer: Viewer, *, scope: dict[str, Any] | None = None, **changes: Any) -> WarrantyVersion:
    """A policy of the viewer's own manufacturer with its first version, a draft."""
    facts = ScopeFacts(**{"name": "整机三包"} | (scope or {}))
    made: WarrantyPolicy = act(
        add_policy, viewer=viewer, manufacturer_id=viewer.org, scope=facts, terms=terms(**changes), now=factories.NOW
    )
    found: WarrantyVersion = factories.rows(WarrantyVersion, policy=made)[0]
    return found


def policy(viewer: Viewer, *, scope: dict[str, Any] | None = None, **changes: Any) -> WarrantyVersion:
    """The same, in force."""
    return force(viewer, draft(viewer, scope=scope, **changes))


def force(viewer: Viewer, version: WarrantyVersion) -> WarrantyVersion:
    """Put a draft in force."""
    made: WarrantyVersion = act(
        put_in_force,
        viewer=viewer,
        public_id=version.public_id,
        expected_version=factories.again(version).version,
        now=factories.NOW,
    )
    return made


def next_draft(viewer: Viewer, before: WarrantyVersion, **changes: Any) -> WarrantyVersion:
    """A new draft of the same policy."""
    key = factories.rows(WarrantyPolicy, id=before.policy_id)[0].public_id
    made: WarrantyVersion = act(
        write_draft, viewer=viewer, public_id=key, terms=terms(**changes), expected_version=None, now=factories.NOW
    )
    return made
