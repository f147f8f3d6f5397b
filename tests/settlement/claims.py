"""Claims for tests: signed slips made by the real operations, priced by the handbook's card."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from core import jobs
from core.tenancy import Viewer
from settlement.calculations.claim_input import Given, Word
from settlement.models import CheckRun, Claim, RateCard
from settlement.operations import claims, review_claims
from settlement.queries import claims as reading
from tests import factories
from tests.people import People, act
from tests.settlement.cards import card
from tests.tickets.driver import Job
from tickets.enums import TicketState

D = Decimal


class Claiming:
    """A claim on a signed slip, driven through its life; `clock` goes on with the job's."""

    def __init__(
        self, people: People, job: Job | None = None, *, by: Viewer | None = None, **card_changes: Any
    ) -> None:
        self.people = people
        if not factories.rows(RateCard):
            card(people.reviewer, level="", **card_changes)
        self.job = job or Job(people).to(TicketState.DONE)
        self.by = by or people.accountant
        self.slip = self.job.slip
        made = act(claims.begin_claim, viewer=self.by, slip_public_id=self.slip.public_id, now=self.job.tick())
        self.key: str = made.public_id

    @property
    def row(self) -> Claim:
        """As it stands now."""
        found: Claim = factories.rows(Claim, public_id=self.key)[0]
        return found

    @property
    def state(self) -> str:
        return self.row.state

    def lines(self, viewer: Viewer | None = None) -> list[tuple[str, Decimal, Decimal]]:
        """Item, claimed, approved of the present turn."""
        who = viewer or self.by
        return [
            (line.row.item, line.row.claimed, line.approved) for line in act(reading.lines, viewer=who, claim=self.row)
        ]

    def do(self, operation: Any, who: Viewer | None = None, now: datetime | None = None, **arguments: Any) -> Any:
        """An operation on it, with the version that is."""
        arguments.setdefault("expected_version", self.row.version)
        return act(operation, viewer=who or self.by, public_id=self.key, now=self.job.tick(now), **arguments)

    def write(self, **changes: Any) -> Claim:
        """Write on it."""
        return self.do(claims.change_claim, given=given(self.job, **changes))

    def submit(self) -> Claim:
        return self.do(claims.submit)

    def checked(self) -> CheckRun:
        """Submit it, and let the worker run the automatic checks."""
        self.submit()
        jobs.drain()
        found: CheckRun = factories.rows(CheckRun, claim__public_id=self.key)[-1]
        return found

    def passed(self, **words: Word) -> Claim:
        """By the office."""
        return self.do(review_claims.pass_on, self.people.office, words=places(words))

    def approve(self, who: Viewer | None = None, **words: Word) -> Claim:
        """By headquarters."""
        return self.do(review_claims.approve, who or self.people.reviewer, words=places(words))


def places(words: dict[str, Word]) -> dict[int, Word]:
    """line_2=Word(…) -> {2: Word(…)}."""
    return {int(name.removeprefix("line_")): word for name, word in words.items()}


def given(job: Job, **changes: Any) -> Given:
    """What the dealer writes on an outing of the handbook's A2 (domain.md 9.5): 34 h 40 min away, 168 km, two people."""
    left = datetime.fromisoformat("2026-06-11T07:30:00+08:00")
    values: dict[str, Any] = {
        "work": ("P20", "G10"), "one_way_km": D(168), "trips": 1, "people": 2, "left": left, "back": left + timedelta(hours=34, minutes=40),
        "lodging_invoice": D("338.00"), "consumables": D("36.00"), **changes,
    }  # fmt: skip
    return Given(**values)
