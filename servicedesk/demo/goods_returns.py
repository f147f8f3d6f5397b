"""Machines of the sample dealer that go back to the factory, each a step further than the one before (domain.md 17, 21.2: M08, C07)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from core import tenancy
from core.calendars import local_date
from partners.enums import Role
from servicedesk.demo.people import PEOPLE
from servicedesk.demo.walk import World
from tickets.models import GoodsReturn
from tickets.operations import goods_returns as life
from tickets.queries import goods_returns

DEALER, CHIEF, MAKER = "CS01/李静", "HC/吴丽", "HC"
#: what is wrong, what was checked, the wish; how many days ago; the steps that were taken, each a day after the one before
CASES: tuple[tuple[str, str, str, int, tuple[str, ...]], ...] = (
    ("起动时间长,热保护动作", "空载电流三相摆动 18/23/17 A,转子断条 2 根", "analysis", 1, ()),
    ("底脚裂纹,振动大", "振速 9.8 mm/s,底脚裂纹 25 mm", "replace", 12, ("agree",)),
    ("一送电就跳闸", "V 相对地绝缘 0.08 MΩ,接线盒进水", "repair", 6, ("agree", "ship")),
    ("低速过热报警", "绕组 145 ℃,风机转向正确", "repair", 20, ("agree", "ship", "receive", "inspect", "quote")),
    ("电流声大,轴承有搓衣板纹", "轴电压 1.9 V,滚道电蚀条纹", "analysis", 40, ("agree", "ship", "receive", "inspect", "decide", "send_back", "take_back")),
    ("噪声异常", "振速 3.1 mm/s,三相电流平衡", "repair", 9, ("refuse",)),
)  # fmt: skip


def send_goods_back(world: World, now: datetime) -> int:
    """Apply, agree, send, inspect and decide through the product's operations; the number."""
    dealer = world.viewers[DEALER]
    with tenancy.acting(dealer):
        machines = [one for one in goods_returns.machines(dealer, "") if one.manufacturer.code == MAKER]
    made = 0
    for machine, (fault, checked, wish, days, steps) in zip(machines, CASES, strict=False):
        at = now - timedelta(days=days, hours=2)
        with tenancy.acting(dealer):
            found = life.apply_return(
                viewer=dealer, machine=machine.public_id, conditions="、".join(machine.conditions) or "室内常温", fault=fault, checked=checked,
                enclosed="平键、接线盒盖、铭牌照片", contact="李静 19900000002", wish=wish, now=at,
            )  # fmt: skip
        for place, verb in enumerate(steps, 1):
            _take(world, found, verb, at + timedelta(days=place))
        made += 1
    return made


def _take(world: World, found: GoodsReturn, verb: str, at: datetime) -> None:
    store = next(
        world.viewers[person.key]
        for person in PEOPLE
        if person.key.startswith(f"{MAKER}/") and Role.PARTS_STORE in person.roles
    )
    dealer, chief = world.viewers[DEALER], world.viewers[CHIEF]
    said: dict[str, tuple[Any, dict[str, Any]]] = {
        "agree": (chief, {"ship_to": "江苏省常州市新北区 皓川电机返修库(示例) 0519-00000000", "freight": "maker", "send_until": local_date(at) + timedelta(days=7)}),
        "refuse": (chief, {"reason": "读数正常,请先检查安装找正"}),
        "ship": (dealer, {"carrier": "安能物流", "waybill_number": f"AN{at:%y%m%d}88{found.pk % 100:02d}", "pieces": 1, "weight": Decimal("86.0")}),
        "receive": (store, {"note": ""}),
        "inspect": (store, {"conclusion": "not_quality" if found.wish == "repair" else "quality", "inspection": "解体检查,滚道电蚀,端盖止口完好"}),
        "quote": (chief, {"price": Decimal("860.00"), "note": "重绕绕组,更换轴承"}),
        "decide": (chief, {"decision": "repair", "note": "换绝缘轴承,加接地环"}),
        "send_back": (store, {"carrier": "德邦快递", "waybill_number": f"DP{at:%y%m%d}0001"}),
        "take_back": (dealer, {"note": "外观完好"}),
    }  # fmt: skip
    viewer, words = said[verb]
    with tenancy.acting(viewer):
        getattr(life, verb)(viewer=viewer, public_id=found.public_id, expected_version=None, now=at, **words)
