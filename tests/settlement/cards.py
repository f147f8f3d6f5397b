"""Rate cards for tests: the handbook's demo card (domain.md 9.1), written and put in force by the real operations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from core.tenancy import Viewer
from settlement.calculations.cards import BandFacts, CardFacts, HoursFacts
from settlement.models import RateCard
from settlement.operations.cards import add_card, put_in_force
from tests import factories
from tests.people import act

D = Decimal

BANDS = (BandFacts(D(0), D(20), flat=D("60.00")), BandFacts(D(20), D(300), per_km=D("3.00")))
HOURS = (
    HoursFacts("M10", "换电机轴承", D("3.0"), size_up_to=160),
    HoursFacts("M10", "换电机轴承", D("4.5"), size_up_to=280),
    HoursFacts("P20", "换多级泵机封轴套", D("4.5")),
    HoursFacts("G10", "联轴器找正", D("1.5")),
    HoursFacts("G90", "故障诊断(未修)", D("1.0")),
)
HANDBOOK: dict[str, Any] = {
    "valid_from": date(2026, 1, 1),
    "hourly": D("80.00"),
    "subsidy_per_person_day": D("80.00"),
    "subsidy_over_km": D(50),
    "lodging_cap": D("200.00"),
    "night_flat": D("100.00"),
    "holiday_flat": D("100.00"),
    "consumables_cap": D("50.00"),
    "factors": {"maker_free": D(0), "consigned": D(0), "bought_genuine": D("1.10"), "bought_urgent": D("1.10")},
    "bands": BANDS,
    "hours": HOURS,
}


def facts(**changes: Any) -> CardFacts:
    """The handbook's card of level 2, with changes."""
    return CardFacts(**HANDBOOK | changes)


def draft(viewer: Viewer, level: str = "2", **changes: Any) -> RateCard:
    """A draft of the viewer's own manufacturer."""
    made: RateCard = act(
        add_card, viewer=viewer, manufacturer_id=viewer.org, level=level, card=facts(**changes), now=factories.NOW
    )
    return made


def card(viewer: Viewer, level: str = "2", **changes: Any) -> RateCard:
    """The same, in force."""
    return force(viewer, draft(viewer, level, **changes))


def force(viewer: Viewer, made: RateCard) -> RateCard:
    """Put a draft in force."""
    forced: RateCard = act(
        put_in_force,
        viewer=viewer,
        public_id=made.public_id,
        expected_version=factories.again(made).version,
        now=factories.NOW,
    )
    return forced
