"""Goods that go back to the factory, for tests: driven through their life by the real operations."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from core.calendars import local_date
from core.tenancy import Viewer
from equipment.models import Machine
from partners.enums import Role
from tests import factories
from tests.people import People, act
from tickets.models import GoodsReturn
from tickets.operations import goods_returns as life

#: how far each state is from the application, by the steps that lead there
WAY = ("agree", "ship", "receive", "inspect", "decide", "send_back", "take_back")


def application(**changes: Any) -> dict[str, Any]:
    """What the dealer writes."""
    return {
        "conditions": "粉尘、连续24h", "fault": "振动大,启动跳闸", "checked": "三相电阻 1.2/1.2/1.9 Ω,绝缘 0.3 MΩ", "enclosed": "平键、接线盒盖",
        "contact": "李静 19900000002", "wish": "analysis", **changes,
    }  # fmt: skip


class Returned:
    """One return; `clock` goes on a minute with each step."""

    def __init__(
        self, people: People, machine: Machine | None = None, *, by: Viewer | None = None, **changes: Any
    ) -> None:
        self.people, self.by = people, by or people.dispatcher
        self.store = factories.viewer(factories.person(people.sf, Role.PARTS_STORE, name="库管员"))
        self.clock: datetime = factories.NOW
        if machine is None:
            machine = factories.machine(
                factories.customer(people.cs01), people.sf, ex_factory_on=date(2026, 3, 6), running_hours="620.0"
            )
        self.machine = machine
        made = act(
            life.apply_return, viewer=self.by, machine=machine.public_id, now=self.clock, **application(**changes)
        )
        self.key: str = made.public_id

    @property
    def row(self) -> GoodsReturn:
        """As it stands now."""
        found: GoodsReturn = factories.rows(GoodsReturn, public_id=self.key)[0]
        return found

    @property
    def state(self) -> str:
        return self.row.state

    @property
    def today(self) -> date:
        return local_date(self.clock)

    def do(self, verb: str, who: Viewer | None = None, **arguments: Any) -> GoodsReturn:
        """A step by whose turn it is, with what it usually says."""
        self.clock += timedelta(minutes=1)
        usual, by = self._usual(verb)
        arguments = {**usual, "expected_version": self.row.version, **arguments}
        done: GoodsReturn = act(getattr(life, verb), viewer=who or by, public_id=self.key, now=self.clock, **arguments)
        return done

    def to(self, last: str, **arguments: Any) -> Returned:
        """All steps of the straight way up to this one; arguments: of the last."""
        for verb in WAY[: WAY.index(last) + 1]:
            self.do(verb, **(arguments if verb == last else {}))
        return self

    def _usual(self, verb: str) -> tuple[dict[str, Any], Viewer]:
        chief, dealer = self.people.reviewer, self.by
        usual: dict[str, tuple[dict[str, Any], Viewer]] = {
            "agree": (
                {"ship_to": "江苏省常州市新北区 返修库 王工 0519-0000", "freight": "maker", "send_until": self.today + timedelta(days=10)},
                chief,
            ),
            "refuse": ({"reason": "现场可修,请先换轴承"}, chief),
            "cancel": ({"reason": "客户不同意"}, dealer),
            "ship": ({"carrier": "安能物流", "waybill_number": "an20260611", "pieces": 2}, dealer),
            "receive": ({"note": ""}, self.store),
            "inspect": ({"conclusion": "quality", "inspection": "转子断条 2 根,铸造缩孔"}, self.store),
            "decide": ({"decision": "repair", "note": "换转子"}, chief),
            "quote": ({"price": None, "note": "重绕绕组"}, chief),
            "accept": ({}, dealer),
            "decline": ({"reason": "太贵"}, dealer),
            "send_back": ({"carrier": "德邦快递", "waybill_number": "DP2606180001"}, self.store),
            "close": ({"note": ""}, chief),
            "take_back": ({"note": ""}, dealer),
        }  # fmt: skip
        return usual[verb]
