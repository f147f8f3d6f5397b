"""The kinds of notices: sentence, group, what to do. Upper rooms add theirs in their `apps.py`; lower rooms know none of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import Sentence
from notices.calculations.discreet import discreet
from notices.enums import ChannelKind


@dataclass(frozen=True)
class Group:
    """Kinds that people choose together: "my jobs", "promises".

    on: channels that are on for who has chosen nothing. for_robots: whether a group's robot may tell them.
    """

    code: str
    label: Sentence = field(compare=False)
    on: frozenset[ChannelKind] = frozenset({ChannelKind.MAIL})
    for_robots: bool = True


@dataclass(frozen=True)
class Spec:
    """One kind. todo: what its reader has to do now, the first words of what leaves ("Accept the job"); "" when nothing.

    to_one: the sentence speaks to one person; no robot tells it.
    """

    sentence: Sentence
    group: Group
    todo: Sentence = ""
    to_one: bool = False


#: of a kind whose room says nothing else, and of the portal's own
SYSTEM = Group("system", _("The portal itself: finished tasks, channels that fail"), frozenset(), for_robots=False)

_kinds: dict[str, Spec] = {}


def register(kinds: Mapping[str, Sentence | Spec]) -> None:
    """Add kinds: name -> `Spec`, or only its sentence: a lazy translation with %(name)s places for the notice's params."""
    for kind, given in kinds.items():
        spec = given if isinstance(given, Spec) else Spec(given, SYSTEM)
        if _kinds.setdefault(kind, spec).sentence is not spec.sentence:
            raise ValueError(f"notice {kind!r} has two sentences")
        if any(group.code == spec.group.code and group != spec.group for group in groups()):
            raise ValueError(f"group {spec.group.code!r} of notices is said twice")


def words(kind: str, params: Mapping[str, Any]) -> str:
    """The sentence in the reader's language; a kind that no room knows any more gives its params only."""
    spec = _kinds.get(kind)
    if spec is None:
        return " · ".join(str(value) for value in params.values() if value)
    return str(spec.sentence) % _Forgiving(params)


def words_for_all(kind: str, params: Mapping[str, Any]) -> str:
    """The sentence as a group's chat may read it: without telephone numbers and money, whatever somebody wrote into a reason.

    Each value and the whole: a currency may stand in the sentence and its figure in a value.
    """
    return discreet(words(kind, {name: discreet(str(value)) for name, value in params.items()}))


def todo(kind: str) -> str:
    """What the reader has to do, "" when nothing."""
    spec = _kinds.get(kind)
    return str(spec.todo) if spec else ""


def group_of(kind: str) -> Group:
    """The group of a kind."""
    spec = _kinds.get(kind)
    return spec.group if spec else SYSTEM


def is_for_robots(kind: str) -> bool:
    """Whether a group's robot may tell this kind."""
    spec = _kinds.get(kind)
    return spec is not None and spec.group.for_robots and not spec.to_one


def groups() -> list[Group]:
    """All groups, in the order of their first kinds, the portal's own last."""
    found = dict.fromkeys(spec.group for spec in _kinds.values())
    return sorted(found, key=lambda group: group.code == SYSTEM.code)


def registered() -> dict[str, Spec]:
    """All kinds, for tests."""
    return dict(_kinds)


class _Forgiving(dict[str, Any]):
    """Old rows may lack a value that a newer sentence wants."""

    def __missing__(self, key: str) -> str:
        return "–"
