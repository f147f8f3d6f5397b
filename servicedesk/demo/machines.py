"""The machines of the sample data: numbers as each maker stamps them, dates that fit the faults, batches with several."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from servicedesk.demo.customers import CUSTOMERS, Customer
from servicedesk.demo.faults import Fault
from servicedesk.demo.organisations import PARTNERSHIPS
from servicedesk.demo.plan import MachinePlan
from servicedesk.demo.products import MODELS

MACHINES = 160  # domain.md 21, volumes of a demo
WITHOUT_NUMBER = 0.05  # share of machines whose nameplate nobody has read yet

PLACES: dict[str, tuple[str, ...]] = {
    "饲料": ("粉碎机", "1号制粒线", "提升机地坑", "原料仓输送"),
    "矿山": ("破碎线", "球磨车间", "浓密池", "尾矿泵站"),
    "塑料": ("1号挤出线", "造粒车间", "空压站", "循环水泵房"),
    "粮食加工": ("碾米车间", "烘干塔", "提升机顶", "清理线"),
    "水务": ("1号泵井", "2号泵井", "污泥间", "加压泵房"),
    "烟花": ("除尘机房", "混料间", "烘干房", "供水泵房"),
    "包装": ("1号包装线", "瓦楞线", "空压站", "码垛机"),
    "化工": ("循环泵房", "酸洗工段", "反应釜搅拌", "冷却塔"),
    "水泥": ("搅拌楼", "管桩车间", "皮带廊", "空压站"),
    "面粉": ("磨粉车间三楼", "风机房", "打包间", "空压站"),
    "印染": ("水洗机", "定型机", "污水站", "空压站"),
    "铸造": ("砂处理线", "抛丸机", "中频炉冷却", "空压站"),
    "造纸": ("白水泵房", "打浆线", "锅炉房", "压榨部"),
    "电力": ("给水泵房", "循环泵房", "引风机", "输煤廊"),
    "冶金": ("风机房", "轧辊冷却", "空压站", "上料线"),
    "食品": ("蒸煮线", "包装间", "空压站", "输送线"),
    "其他": ("1号车间", "2号车间", "空压站", "水泵房"),
}
PLACES_BY_MAKER = {"LT": ("水泵房", "循环水泵房"), "JL": ("空压站",), "PC": ("搅拌", "输送线")}
USUAL_CONDITIONS = {
    "HC": ("室内常温", "连续24h"),
    "LT": ("清水",),
    "JL": ("室内常温",),
    "PC": ("直联",),
    "SF": ("室内常温",),
}


def serial_number(maker: str, made_on: date, batch: str, count: int) -> str:
    """Stamp a number as the maker does: HC2603B0147, LT-26-03-00147, 202603 0147 without blank, PC26W13-0147, SF2603B-0147."""
    month = f"{made_on:%y%m}"
    return {
        "HC": f"HC{batch}{count:04d}",
        "LT": f"LT-{made_on:%y-%m}-{count:05d}",
        "JL": f"{made_on:%Y%m}{count:04d}",
        "PC": f"PC{made_on:%y}W{made_on.isocalendar().week:02d}-{count:04d}",
        "SF": f"SF{batch}-{count:04d}",
    }.get(maker, f"{maker}{month}{count:04d}")


@dataclass
class MachinePark:
    """Makes machines and finds them again; the same random numbers give the same park."""

    random: Random
    machines: dict[str, MachinePlan] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def new(
        self, customer: Customer, maker: str, model: str, made_on: date, *, batch: str = "", fault: Fault | None = None
    ) -> MachinePlan:
        """Put a machine at a customer's; dates follow the day it was made, batch defaults to the month's first or second."""
        key = f"{customer.dealer}/{customer.name}/{maker}/{model}/{len(self.machines) + 1}"
        batch = batch or f"{made_on:%y%m}{'A' if made_on.day <= 15 else 'B'}"  # two batches a month
        count = self.counts[maker] = self.counts.get(maker, 100) + self.random.randint(1, 9)
        shipped = made_on + timedelta(days=self.random.randint(4, 12))
        accepted = shipped + timedelta(days=self.random.randint(8, 24))
        industry = customer.industry if customer.industry in PLACES else "其他"
        machine = MachinePlan(
            key=key,
            dealer=customer.dealer,
            customer=customer.name,
            maker=maker,
            model=model,
            serial_number=serial_number(maker, made_on, batch, count),
            ex_factory_on=made_on,
            batch=batch,
            shipped_on=shipped,
            purchased_on=shipped + timedelta(days=3),
            accepted_on=accepted,
            location=self.random.choice(PLACES_BY_MAKER.get(maker) or PLACES[industry]),
            conditions=fault.conditions if fault else USUAL_CONDITIONS[maker],
            conditions_note=fault.note if fault else "",
            running_hours=fault.running if fault else None,
        )
        self.machines[key] = machine
        return machine

    def for_fault(self, customer: Customer, maker: str, fault: Fault, reported_on: date) -> MachinePlan:
        """Find the machine of a fault at a customer's, or make one of the age that the fault wants."""
        made_on = reported_on - timedelta(days=fault.months * 30 + self.random.randint(26, 45))
        for machine in self.machines.values():
            is_same = (machine.dealer, machine.customer, machine.maker, machine.model) == (
                customer.dealer, customer.name, maker, fault.model,
            )  # fmt: skip
            made = machine.ex_factory_on
            if is_same and made and abs((made - made_on).days) < 120 and made <= reported_on - timedelta(days=25):
                return machine
        return self.new(customer, maker, fault.model, made_on, fault=fault)

    def fill_up(self, before: date) -> None:
        """Add machines that never failed, until the park has its size; a few have no number yet."""
        makers = {
            dealer: [p.maker for p in PARTNERSHIPS if p.dealer == dealer] for dealer in {p.dealer for p in PARTNERSHIPS}
        }
        while len(self.machines) < MACHINES:
            customer = self.random.choice(CUSTOMERS)
            # the fixture's maker SF keeps exactly the machines of its worked month and its batch
            maker = self.random.choice([code for code in makers[customer.dealer] if code != "SF"])
            model = self.random.choice([model for model in MODELS if model.maker == maker])
            # several of a batch: only a few days of the month are taken
            made_on = (before - timedelta(days=self.random.randint(60, 900))).replace(
                day=self.random.choice((8, 9, 22))
            )
            machine = self.new(customer, maker, model.name, made_on)
            if self.random.random() < WITHOUT_NUMBER:
                self.machines[machine.key] = replace(
                    machine, serial_number="", ex_factory_on=None, batch="", shipped_on=None
                )
