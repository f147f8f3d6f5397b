"""Old parts of the sample year: each month's leave in a box on its last day, are counted and appraised; some stay away (domain.md 10, 21.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from core import tenancy
from core.calendars import SHANGHAI, local_date
from core.tenancy import Viewer
from partners.enums import Role
from servicedesk.demo.people import PEOPLE
from servicedesk.demo.walk import World
from settlement.models import OldPart, ReturnBox
from settlement.operations import old_parts as life
from settlement.operations import return_boxes
from settlement.operations.old_part_duties import remind_due
from settlement.queries import old_parts

CARRIERS = (("安能物流", "AN", "consolidated"), ("德邦快递", "DP", "courier"), ("中铁物流", "ZT", "rail"))
#: finding and what was seen, in turn
FINDINGS = (
    ("quality", "内圈滚道剥落,与服务单一致"),
    ("quality", "密封端面崩边,批次号可辨"),
    ("not_quality", "润滑脂变质发黑,属维护不当"),
    ("quality", "清洗后测量,尺寸超差 0.03mm"),
    ("undecided", "拆检时已破损,无法判定"),
    ("mismatch", "零件号与服务单不符"),
)
#: the part that stays away (domain.md 21.2: an overdue old part): dealer, code, slips of the month
OVERDUE = ("CS01", "SEAL-M-35", (2026, 6))


def send_old_parts(world: World, now: datetime) -> int:
    """Pack, send, count and appraise what is due; returns how many boxes have left. now: of the sample data; this month's stay with the dealers."""
    stores = [world.viewers[person.key] for person in PEOPLE if Role.PARTS_STORE in person.roles]
    by_maker = {store.org: store for store in stores}
    keepers = [world.viewers[person.key] for person in PEOPLE if Role.STOREKEEPER in person.roles]
    turn = 0
    for keeper in keepers:
        for last_day, owed in _months(keeper):
            parts = owed
            left = datetime.combine(last_day, time(16), SHANGHAI)
            if left >= now:  # this month's: the first dealer has sent what was ready the day before yesterday
                left = now - timedelta(days=2)
                parts = [part for part in parts if keeper is keepers[0] and part.replaced_on < local_date(left)]
            if not parts:
                continue
            box = _send(keeper, parts, left, turn)
            store = by_maker.get(box.manufacturer_id)
            if store is not None and left + timedelta(days=12) < now:
                _count(store, box, left + timedelta(days=5))
                if left + timedelta(days=40) < now:
                    _appraise(store, box, left + timedelta(days=9), turn)
            turn += 1
    _ask(keepers[0], now)
    return turn


def _months(keeper: Viewer) -> Iterator[tuple[date, list[OldPart]]]:
    """What this dealer owes, by manufacturer and month, with the month's last day; without the one that stays away."""
    dealer, code, month = OVERDUE
    found: dict[tuple[date, int], list[OldPart]] = defaultdict(list)
    with tenancy.acting(keeper):
        rows = list(old_parts.listing(keeper, old_parts.Filters(state="due"), date.min).order_by("replaced_on", "id"))
    for part in rows:
        day = part.replaced_on
        if (keeper.org_code, part.code, (day.year, day.month)) == (dealer, code, month):
            continue
        last = (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        found[last, part.manufacturer_id].append(part)
    for (last, _maker), parts in sorted(found.items(), key=lambda item: item[0]):
        yield last, parts


def _send(keeper: Viewer, parts: list[OldPart], left: datetime, turn: int) -> ReturnBox:
    carrier, letters, transport = CARRIERS[turn % len(CARRIERS)]
    with tenancy.acting(keeper):
        box = return_boxes.pack(viewer=keeper, parts=[part.public_id for part in parts], now=left - timedelta(hours=2))
        return return_boxes.ship(
            viewer=keeper, public_id=box.public_id, expected_version=None, carrier=carrier, waybill=f"{letters}{left:%y%m%d}{turn:04d}",
            transport=transport, now=left,
        )  # fmt: skip


def _count(store: Viewer, box: ReturnBox, at: datetime) -> None:
    with tenancy.acting(store):
        codes = [part.number for part in old_parts.in_box(store, box)]
        return_boxes.receive(viewer=store, public_id=box.public_id, expected_version=None, codes=codes, now=at)


def _appraise(store: Viewer, box: ReturnBox, at: datetime, turn: int) -> None:
    with tenancy.acting(store):
        for place, part in enumerate(old_parts.in_box(store, box)):
            finding, note = FINDINGS[(turn + place) % len(FINDINGS)]
            key = part.public_id
            life.appraise(viewer=store, public_id=key, expected_version=None, finding=finding, note=note, now=at)
            if finding == "quality" and place % 2 == 0:
                day_after, note = at + timedelta(days=1), "已通知供应商取走"
                life.claim(viewer=store, public_id=key, expected_version=None, note=note, now=day_after)


def _ask(keeper: Viewer, now: datetime) -> None:
    """The latest part that is due is asked to stay."""
    with tenancy.acting(keeper):
        rows = old_parts.listing(keeper, old_parts.Filters(state="due"), date.min)
        part = rows.order_by("-due_on", "id").first()
        if part is not None:
            life.ask_exemption(
                viewer=keeper, public_id=part.public_id, expected_version=None, reason="体积小、价值低,运费高于配件价,申请就地报废", now=now - timedelta(hours=20)
            )  # fmt: skip


def remind_of_old_parts(world: World, now: datetime) -> int:
    """What the job of this morning tells each dealer; returns of how many parts."""
    keepers = [world.viewers[person.key] for person in PEOPLE if Role.STOREKEEPER in person.roles]
    told = 0
    for keeper in keepers:
        dealer = replace(keeper, person_id=None)  # the product tells it, nobody of the dealer does
        with tenancy.acting(dealer):
            told += remind_due(viewer=dealer, now=now)
    return told
