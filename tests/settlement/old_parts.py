"""Old parts for tests: owed through a signed slip, packed, sent and counted by the real operations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.tenancy import Viewer
from partners.enums import Role
from settlement.models import OldPart, ReturnBox
from settlement.operations import old_parts, return_boxes
from tests import factories
from tests.people import People, act
from tests.tickets.driver import Job
from tickets.calculations.slip_input import PartInput
from tickets.enums import TicketState

BEARING = PartInput(
    code="BRG-6309", name="深沟球轴承", quantity=Decimal(2), source="maker_free", return_old=True, old_serial="A77"
)
SEAL = PartInput(code="SEAL-M-35", name="机械密封", source="maker_free", return_old=True, causal=False)
GREASE = PartInput(code="GREASE", name="润滑脂", source="bought_genuine")


def keeper(people: People) -> Viewer:
    """Somebody of SF's store of old parts."""
    return factories.viewer(factories.person(people.sf, Role.PARTS_STORE, name="库管员"))


class Owed:
    """The old parts of one signed slip: two bearings and a seal; the grease stays. `keys` in the order of the lines."""

    def __init__(self, people: People, *, parts: tuple[PartInput, ...] = (BEARING, SEAL, GREASE), **job: Any) -> None:
        self.people, self.job = people, Job(people, **job)
        self.job.to(TicketState.IN_WORK)
        self.job.photograph()
        self.job.leave()
        self.job.complete(parts=list(parts))
        self.job.sign()
        self.keys = [part.public_id for part in self.rows]
        self.box = ""

    @property
    def rows(self) -> list[OldPart]:
        """As they stand now, in the order of the lines."""
        found: list[OldPart] = factories.rows(OldPart, slip__ticket__public_id=self.job.key)
        return found

    @property
    def states(self) -> list[str]:
        """Their states."""
        return [part.state for part in self.rows]

    @property
    def the_box(self) -> ReturnBox:
        """The box as it stands now."""
        found: ReturnBox = factories.rows(ReturnBox, public_id=self.box)[0]
        return found

    def do(self, operation: Any, who: Viewer, place: int = 0, **arguments: Any) -> Any:
        """An operation on one part, as `who`, with the version that is."""
        key = self.keys[place]
        arguments.setdefault("expected_version", factories.rows(OldPart, public_id=key)[0].version)
        return act(operation, viewer=who, public_id=key, now=self.job.tick(), **arguments)

    def pack(self, *places: int, by: Viewer | None = None, box: str = "") -> ReturnBox:
        """Into a new box; without places all that is owed."""
        chosen = [self.keys[place] for place in places] or self.keys
        made: ReturnBox = act(
            return_boxes.pack, viewer=by or self.people.storekeeper, parts=chosen, box=box, now=self.job.tick()
        )
        self.box = made.public_id
        return made

    def ship(self, by: Viewer | None = None, **changes: Any) -> ReturnBox:
        """By road."""
        facts = {"carrier": "安能物流", "waybill": "AN20260611", "transport": "consolidated", **changes}
        facts.setdefault("expected_version", self.the_box.version)
        done: ReturnBox = act(
            return_boxes.ship, viewer=by or self.people.storekeeper, public_id=self.box, now=self.job.tick(), **facts
        )
        return done

    def receive(self, by: Viewer, *places: int, codes: tuple[str, ...] = (), **changes: Any) -> ReturnBox:
        """Counted at headquarters; ticked are the named places, without any and without codes all."""
        there = [self.keys[place] for place in places] or ([] if codes else self.keys)
        changes.setdefault("expected_version", self.the_box.version)
        done: ReturnBox = act(
            return_boxes.receive,
            viewer=by,
            public_id=self.box,
            there=there,
            codes=codes,
            now=self.job.tick(),
            **changes,
        )
        return done

    def arrived(self, by: Viewer) -> Owed:
        """Packed, sent and counted whole."""
        self.pack()
        self.ship()
        self.receive(by)
        return self

    def appraise(
        self, by: Viewer, place: int = 0, finding: str = "quality", note: str = "内圈剥落,游隙 0.12mm"
    ) -> OldPart:
        """A finding."""
        done: OldPart = self.do(old_parts.appraise, by, place, finding=finding, note=note)
        return done
