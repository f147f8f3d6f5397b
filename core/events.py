"""What a lower room tells and an upper room hears: the only indirection in the house (docs/structure.md).

An upper app registers in its `apps.py`: `events.on("slip_signed", draft_claim)`; the lower one says
`events.tell("slip_signed", slip=slip, viewer=viewer, now=now)`. Handlers run at once, in the same transaction, in order of registration;
what they raise rolls everything back. `manage.py explain events` prints them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Handler = Callable[..., None]

_handlers: dict[str, list[Handler]] = defaultdict(list)
_known: dict[str, str] = {}


def declare(name: str, meaning: str) -> None:
    """Name an event once, in the `apps.py` of the room that tells it."""
    _known[name] = meaning


def on(name: str, handler: Handler) -> None:
    """Call `handler(**facts)` whenever `name` is told; the same handler is registered once."""
    if name not in _known:
        raise LookupError(f"no room tells {name!r}")
    if handler not in _handlers[name]:
        _handlers[name].append(handler)


def tell(name: str, **facts: Any) -> None:
    """Tell an event to all its handlers, inside the caller's transaction."""
    if name not in _known:
        raise LookupError(f"{name!r} is not declared")
    for handler in _handlers[name]:
        handler(**facts)


def listing() -> list[tuple[str, str, list[str]]]:
    """(event, meaning, handlers) in order, for `manage.py explain events`."""
    return [
        (name, meaning, [f"{h.__module__}.{h.__qualname__}" for h in _handlers[name]])
        for name, meaning in sorted(_known.items())
    ]
