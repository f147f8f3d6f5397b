"""Which form a state chip has: outline, soft or solid (ui.md 4.2).

The words come from the enum's label; this list only says how loud a state is. An app adds its own states with
``register`` beside its enums; a code that nobody registered is shown as an outline.
"""

from collections.abc import Mapping
from typing import Final, Literal

Family = Literal["new", "active", "waiting", "warning", "bad", "good"]

ICONS: Final[dict[Family, str]] = {
    "new": "circle",
    "active": "wrench",
    "waiting": "circle-pause",
    "warning": "clock",
    "bad": "triangle-alert",
    "good": "check",
}

_families: dict[str, Family] = {family: family for family in ICONS}


def register(families: Mapping[str, Family]) -> None:
    """Tell the family of each state code; an app calls this once, beside its enums."""
    _families.update({str(code).lower(): family for code, family in families.items()})


def family_of(code: str) -> Family:
    """The family of a state code in upper or lower case, or of a family's own name; ``new`` when nobody registered it."""
    return _families.get(str(code).lower(), "new")
