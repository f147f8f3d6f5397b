"""One table of rights: role x tier x state x action, and which fields a viewer sees.

Each app writes its rows in `rules.py` and adds them in its `apps.py`; views, templates, API, documentation and tests
read the same table. `manage.py explain rights` prints it. A row that is not there means no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.errors import Refused, Sentence
from core.tenancy import Tier, Viewer

Condition = Callable[[Viewer, Any], bool]

ANY = frozenset({"*"})


@dataclass(frozen=True)
class Rule:
    """One row: who may do `action`.

    action: "<thing>.<verb>", for example "ticket.dispatch".
    who: tier -> roles that may (ANY = every role of the tier).
    states: states of the thing in which the action exists, None = every state.
    when: a further condition on viewer and thing; its docstring is printed with the table.
    label: words on the button; None for actions that have no button.
    """

    action: str
    who: dict[Tier, frozenset[str]]
    states: frozenset[str] | None = None
    when: Condition | None = None
    label: Sentence | None = None


class Sight(StrEnum):
    """How a viewer sees a field."""

    FULL = "full"
    MASKED = "masked"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class FieldRule:
    """How `field` of a thing is seen; `sight` decides from viewer and thing, its docstring is printed."""

    field: str
    sight: Callable[[Viewer, Any], Sight]


@dataclass
class _Table:
    rules: dict[str, list[Rule]] = field(default_factory=dict)
    fields: dict[str, FieldRule] = field(default_factory=dict)


_table = _Table()


def add(rules: Iterable[Rule], fields: Iterable[FieldRule] = ()) -> None:
    """Add an app's rows; called from its `apps.py`. Several rows of one action: any of them is enough."""
    for rule in rules:
        known = _table.rules.setdefault(rule.action, [])
        if rule not in known:
            known.append(rule)
    for row in fields:
        _table.fields[row.field] = row


def may(viewer: Viewer, action: str, thing: Any = None) -> bool:
    """Whether the viewer may do `action` (to `thing`, in its present state)."""
    rules = _table.rules.get(action)
    if rules is None:
        raise LookupError(f"no rule for {action!r}")
    return any(_fits(rule, viewer, thing) for rule in rules)


def may_ever(viewer: Viewer, action: str) -> bool:
    """Whether the viewer's role has the action at all, whatever the thing: for navigation and pages without a thing."""
    return any(_role_fits(rule, viewer) for rule in _table.rules[action])


def require(viewer: Viewer, action: str, thing: Any = None) -> None:
    """Return when the viewer may; else raise Refused.

    "wrong_state" (409) when only the thing's state stands in the way: somebody was faster; else "not_allowed" (403).
    """
    if may(viewer, action, thing):
        return
    if any(_fits(rule, viewer, thing, any_state=True) for rule in _table.rules[action]):
        raise Refused("wrong_state", status=409)
    raise Refused("not_allowed", status=403)


def require_ever(viewer: Viewer, action: str) -> None:
    """Return when the viewer's role has the action at all; else Refused("not_allowed", 403).

    Before a row is locked whose table the viewer's tier may not write: the database would refuse the lock.
    """
    if not may_ever(viewer, action):
        raise Refused("not_allowed", status=403)


def sight(viewer: Viewer, name: str, thing: Any = None) -> Sight:
    """How the viewer sees field `name` ("ticket.phone") of `thing`."""
    return _table.fields[name].sight(viewer, thing)


def buttons(viewer: Viewer, prefix: str, thing: Any) -> list[Rule]:
    """The actions on `thing` that have words and are open to this viewer now, in the table's order."""
    found = []
    for action, rules in _table.rules.items():
        if action.startswith(prefix + "."):
            rule = next((r for r in rules if r.label and _fits(r, viewer, thing)), None)
            if rule is not None:
                found.append(rule)
    return found


def rows() -> list[Rule]:
    """All rows, for documentation and tests."""
    return [rule for rules in _table.rules.values() for rule in rules]


def field_rows() -> list[FieldRule]:
    """All field rows, for documentation and tests."""
    return list(_table.fields.values())


def _role_fits(rule: Rule, viewer: Viewer) -> bool:
    roles = rule.who.get(viewer.tier)
    return roles is not None and (roles == ANY or not roles.isdisjoint(viewer.roles))


def _fits(rule: Rule, viewer: Viewer, thing: Any, *, any_state: bool = False) -> bool:
    if not _role_fits(rule, viewer):
        return False
    if not any_state and rule.states is not None and getattr(thing, "state", None) not in rule.states:
        return False
    return rule.when is None or rule.when(viewer, thing)
