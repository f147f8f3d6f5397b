"""Sections that upper rooms add to the pages of a customer, of a machine, of a draft of a policy: history and trial come from tickets.

In an upper room's `apps.py`: ``sections.of_machine.append(ticket_history)``. A function gets viewer and customer (or machine)
and answers a Section, or None for nothing to show. It reads through `visible_to(viewer)` and costs the same number of statements
for one row and for many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from core.tenancy import Viewer
from equipment.models import Customer, Machine, WarrantyVersion


@dataclass(frozen=True)
class Section:
    """A part of a page. template: rendered with `section` = the context. aside: in the narrow column on desktops."""

    template: str
    context: Mapping[str, Any]
    aside: bool = False


@dataclass(frozen=True)
class Link:
    """A button on the page: words, address, icon (names in ops/icons.txt). The first one is the page's next step."""

    label: Any
    url: str
    icon: str = ""


T = TypeVar("T")

of_customer: list[Callable[[Viewer, Customer], Section | None]] = []
of_machine: list[Callable[[Viewer, Machine], Section | None]] = []
of_version: list[Callable[[Viewer, WarrantyVersion], Section | None]] = []
customer_links: list[Callable[[Viewer, Customer], Link | None]] = []
machine_links: list[Callable[[Viewer, Machine], Link | None]] = []


def collect(functions: Sequence[Callable[[Viewer, T], Any]], viewer: Viewer, thing: T) -> list[Any]:
    """What the registered functions answer for this thing, without the Nones, in order of registration."""
    return [found for found in (function(viewer, thing) for function in functions) if found is not None]
