"""The words of a slip as they stand in its cells: `SlipPaper` in, text for the templates out. No layout here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import segno
from django.utils.functional import cached_property
from segno import QRCode

from core.calendars import local
from core.money import ZERO, capitals, cents, shown
from core.phones import mask_phone
from core.signatures import Drawing, to_drawing
from tickets.documents.slip_paper import FaultLine, Machine, SlipPaper
from tickets.enums import Copy, PaperColour, SignatureKind

UNKNOWN = "不详"
SEE_TABLE = "见产品明细"
FREE = "三包免费"
REMOTE = "远程服务,未到现场"
RATINGS = ((5, "非常满意"), (4, "满意"), (3, "一般"), (2, "不满意"), (1, "很不满意"))  # 表7-27, in this order
COLOUR_WORDS = {
    PaperColour.WHITE: "白",
    PaperColour.RED: "红",
    PaperColour.YELLOW: "黄",
    PaperColour.GREEN: "绿",
    PaperColour.BLUE: "蓝",
}
STATEMENTS = {
    SignatureKind.TYPED: "姓名确认",
    SignatureKind.PAPER: "手写签字,见原件照片",
    SignatureKind.REFUSED: "拒签/未签",
    SignatureKind.REMOTE: "远程服务,免签",
}
HASH_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Box:
    """One box to tick with its word."""

    word: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Label:
    """The label of one copy: `line` in one line, its parts for the edge."""

    copy: Copy
    colour: str
    ordinal: str
    name: str
    purpose: str
    line: str


@dataclass(frozen=True, slots=True)
class MachineRow:
    """Cells of one machine."""

    place: int
    kind: str
    model: str
    serial_number: str
    quantity: int
    made_on: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """Cells of one part."""

    code: str
    name: str
    quantity: str
    unit: str
    new_serial: str
    old_serial: str
    source: str
    damage: str
    returns_old: str


@dataclass(frozen=True, slots=True)
class TripRow:
    """Cells of one trip."""

    place: int
    arrived_at: str
    left_at: str
    people: str
    km: str
    nights: str


class Sheet:
    """All cells of one slip, for all copies; the templates choose by copy.

    copies: the copies that the markup is for; what belongs to none of them is not even made.
    """

    def __init__(self, paper: SlipPaper, copies: Iterable[Copy]) -> None:
        self.paper = paper
        self.copies = frozenset(copies)

    # which copies

    @cached_property
    def for_customer(self) -> bool:
        """The customer's copy is among them."""
        return Copy.CUSTOMER in self.copies

    @cached_property
    def for_staff(self) -> bool:
        """A copy with settlement facts, the dealer's or the maker's, is among them."""
        return bool(self.copies - {Copy.CUSTOMER})

    @cached_property
    def labels(self) -> list[Label]:
        """Labels of the copies, in the order of the plies."""
        return [self._label(copy) for copy in Copy if copy in self.copies]

    @cached_property
    def phones(self) -> list[tuple[str, str]]:
        """The customer's phone as (class names, text): masked on the maker's copy unless the rule of 2.3 was met."""
        if self.paper.maker_sees_phone or Copy.MAKER not in self.copies:
            return [("", self.paper.phone)]
        masked = ("only-maker", mask_phone(self.paper.phone))
        return [masked, ("only-dealer only-customer", self.paper.phone)] if len(self.copies) > 1 else [masked]

    # head

    @cached_property
    def number(self) -> str:
        """编号, or that there is none yet."""
        return self.paper.number or "待编号"

    @cached_property
    def short_hash(self) -> str:
        """The first digits of the content hash in groups of four."""
        digits = self.paper.content_hash[:HASH_DIGITS]
        return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))

    @cached_property
    def qr(self) -> QRCode:
        """The QR code of the verify address."""
        return segno.make(self.paper.verify_url, error="m", micro=False)

    # 客户信息

    @cached_property
    def machines(self) -> list[MachineRow]:
        """One row a machine."""
        return [
            MachineRow(
                place,
                machine.kind,
                machine.model,
                machine.serial_number or UNKNOWN,
                machine.quantity,
                _made_on(machine),
            )
            for place, machine in enumerate(self.paper.machines, 1)
        ]

    @cached_property
    def dates_differ(self) -> bool:
        """The machines were not all made on one day: then the day stands in each machine's row."""
        return len({row.made_on for row in self.machines}) > 1

    @cached_property
    def made_on(self) -> str:
        """产品出厂日期 of the block."""
        if self.dates_differ:
            return SEE_TABLE
        return self.machines[0].made_on if self.machines else ""

    @cached_property
    def warranty_boxes(self) -> list[Box]:
        """是否处于三包期; 待定 leaves both boxes empty."""
        return [Box("是", self.paper.in_warranty is True), Box("否", self.paper.in_warranty is False)]

    @cached_property
    def conditions(self) -> str:
        """产品使用工况: what was picked and what was typed."""
        return ";".join(filter(None, ("、".join(self.paper.conditions), self.paper.conditions_text.strip())))

    # 售后人员

    @cached_property
    def first_arrival(self) -> str:
        """到达现场时间 of the first trip."""
        return self._on_site(self.paper.first_arrival)

    @cached_property
    def last_departure(self) -> str:
        """离开现场时间 of the last trip."""
        return self._on_site(self.paper.last_departure)

    @cached_property
    def people(self) -> str:
        """到达人员数 with the names that the trips give."""
        if self.paper.remote:
            return "—"
        names = list(dict.fromkeys(name for trip in self.paper.trips for name in trip.people))
        count = "" if self.paper.people is None else f"{self.paper.people} 人"
        return f"{count}({'、'.join(names)})" if count and names else count

    @cached_property
    def hours(self) -> str:
        """服务工时."""
        return "" if self.paper.hours is None else f"{_plain(self.paper.hours)} 小时"

    @cached_property
    def reports(self) -> list[tuple[str, str]]:
        """报修故障 as (which machines, text): the customer's words, one for the slip or one a fault line."""
        if any(fault.reported for fault in self.paper.faults):
            return [(self._which(fault), fault.reported or self.paper.reported_fault) for fault in self.paper.faults]
        return [("", self.paper.reported_fault)]

    @cached_property
    def diagnoses(self) -> list[tuple[str, str]]:
        """现场确诊故障 as (which machines, text), one a fault line."""
        return [
            (self._which(fault), _joined(fault.diagnosis, fault.fault_code and f"({fault.fault_code})"))
            for fault in self.paper.faults
        ]

    @cached_property
    def solutions(self) -> list[tuple[str, str]]:
        """解决方案 as (which machines, text), one a fault line."""
        return [
            (self._which(fault), _joined(fault.treatment and f"{fault.treatment}:", fault.solution))
            for fault in self.paper.faults
        ]

    # 收费

    @cached_property
    def parts_charge(self) -> str:
        """配件费用."""
        return self._charge(self.paper.charges.parts)

    @cached_property
    def labour_charge(self) -> str:
        """工时费."""
        return self._charge(self.paper.charges.labour)

    @cached_property
    def total(self) -> str:
        """合计 with the amount in capitals (domain.md 19.3)."""
        charges = self.paper.charges
        if charges.free:
            return f"{shown(ZERO)} 元 {capitals(ZERO)}"
        if charges.parts is None and charges.labour is None:
            return ""
        amount = cents(charges.parts or ZERO) + cents(charges.labour or ZERO)
        return f"{shown(amount)} 元 {capitals(amount)}"

    @cached_property
    def kind(self) -> str:
        """What marks a slip beside its title: 远程服务单, 补录, or nothing."""
        return "远程服务单" if self.paper.remote else "补录" if self.paper.from_paper else ""

    # 客户评价 and signatures

    @cached_property
    def rating_boxes(self) -> list[Box]:
        """The five boxes of 客户评价."""
        return [Box(word, self.paper.answer.rating == rating) for rating, word in RATINGS]

    @cached_property
    def customer_drawing(self) -> Drawing | None:
        """The customer's drawn signature."""
        answer = self.paper.answer
        return to_drawing(answer.strokes) if answer.kind == SignatureKind.DRAWN and answer.strokes else None

    @cached_property
    def customer_statement(self) -> str:
        """What stands in place of a drawn signature: 姓名确认, 手写签字, 拒签, 未签 with the reason; "" leaves room for a pen."""
        answer = self.paper.answer
        word = STATEMENTS.get(answer.kind, "")
        by_name = answer.kind in (SignatureKind.TYPED, SignatureKind.PAPER)
        detail = answer.name if by_name else answer.reason
        return f"{word}:{detail}" if word and detail else word

    @cached_property
    def customer_day(self) -> str:
        """日期 beside the customer's signature."""
        return _day(self.paper.answer.on)

    @cached_property
    def technician_drawing(self) -> Drawing | None:
        """The technician's drawn signature."""
        strokes = self.paper.technician.strokes
        return to_drawing(strokes) if strokes else None

    @cached_property
    def technician_day(self) -> str:
        """日期 beside the technician's signature."""
        return _day(self.paper.technician.on)

    # after the form

    @cached_property
    def roomy(self) -> bool:
        """Little follows the form, so its rows may be higher: the page looks full and there is room for a pen."""
        return not self.parts and not self.trips and len(self.machines) <= 2

    @cached_property
    def parts(self) -> list[PartRow]:
        """Rows of 配件明细."""
        return [
            PartRow(
                part.code,
                part.name,
                _plain(part.quantity),
                part.unit,
                part.new_serial or "—",
                part.old_serial or "—",
                part.source or "—",
                _choice(part.main_damage, "主损", "附损"),
                _choice(part.returns_old, "是", "否"),
            )
            for part in self.paper.parts
        ]

    @cached_property
    def trips(self) -> list[TripRow]:
        """Rows of 上门记录; a single trip stands in the form already."""
        if len(self.paper.trips) < 2:
            return []
        return [
            TripRow(
                place,
                _minute(trip.arrived_at),
                _minute(trip.left_at),
                "、".join(trip.people),
                _plain(trip.km),
                str(trip.nights),
            )
            for place, trip in enumerate(self.paper.trips, 1)
        ]

    @cached_property
    def km(self) -> str:
        """单程里程."""
        return "—" if self.paper.km is None else f"{_plain(self.paper.km)} km"

    @cached_property
    def nights(self) -> str:
        """过夜 of all trips."""
        return "—" if self.paper.remote else f"{self.paper.nights} 晚"

    @cached_property
    def standard_hours(self) -> str:
        """定额工时: the figure of each fault line and their sum."""
        hours = [fault.standard_hours for fault in self.paper.faults if fault.standard_hours is not None]
        if not hours:
            return "—"
        total = f"{_plain(sum(hours, Decimal(0)))} 小时"
        return f"{'+'.join(map(_plain, hours))}={total}" if len(hours) > 1 else total

    @cached_property
    def part_sources(self) -> str:
        """配件来源, each word once."""
        return _each_once(part.source for part in self.paper.parts)

    @cached_property
    def responsibilities(self) -> str:
        """责任类别 of the fault lines, each word once."""
        return _each_once(fault.responsibility for fault in self.paper.faults)

    @cached_property
    def causes(self) -> list[tuple[str, str]]:
        """原因分析 as (which machines, text)."""
        return [(self._which(fault), fault.cause) for fault in self.paper.faults if fault.cause]

    # inner

    def _label(self, copy: Copy) -> Label:
        look = self.paper.dealer.copies[copy]
        purpose = f"·{look.purpose}" if look.purpose else ""
        line = f"{look.ordinal}({COLOUR_WORDS[look.colour]}){look.name}{purpose}"
        return Label(copy, look.colour.value, look.ordinal, look.name, look.purpose, line)

    def _on_site(self, moment: datetime | None) -> str:
        return REMOTE if self.paper.remote else _minute(moment)

    def _which(self, fault: FaultLine) -> str:
        """What stands before a fault line's text: its place when there are several, the machines when it has not all of them."""
        paper = self.paper
        number = f"{paper.faults.index(fault) + 1}." if len(paper.faults) > 1 else ""
        if len(fault.machines) in (0, len(paper.machines)):
            return number
        models = "、".join(dict.fromkeys(paper.machines[place - 1].model for place in fault.machines))
        return f"{number}{models}(产品 {'、'.join(map(str, fault.machines))}):"

    def _charge(self, amount: Decimal | None) -> str:
        if self.paper.charges.free:
            return f"{shown(ZERO)} 元 {FREE}"
        return "" if amount is None else f"{shown(amount)} 元"


def _made_on(machine: Machine) -> str:
    if machine.made_on:
        return _day(machine.made_on)
    return f"{UNKNOWN}({machine.made_on_unknown})" if machine.made_on_unknown else UNKNOWN


def _minute(moment: datetime | None) -> str:
    return "" if moment is None else local(moment).strftime("%Y-%m-%d %H:%M")


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _plain(number: Decimal | None) -> str:
    """A number without needless zeros and without exponent."""
    return "—" if number is None else f"{number.normalize():f}"


def _choice(value: bool | None, yes: str, no: str) -> str:
    return "—" if value is None else (yes if value else no)


def _each_once(words: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(filter(None, words))) or "—"


def _joined(*texts: str) -> str:
    return "".join(filter(None, texts))
