"""What a service slip prints (表7-27; domain.md 8.1, 8.2): plain facts in, no database, no rights.

The words of 表7-27 are fixed and Chinese in every language of the product: the slip is a paper for customer and maker.
`slip_pdf.slip_files` makes the three kept files of it, `slip_pdf.preview_html` shows it on a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from core.signatures import Strokes
from tickets.enums import Copy, PaperColour, SignatureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyLook:
    """Name, purpose and colour of one copy; a dealer may choose his own (domain.md 8.2)."""

    ordinal: str
    colour: PaperColour
    name: str
    purpose: str = ""


DEFAULT_COPIES: Mapping[Copy, CopyLook] = MappingProxyType(
    {
        Copy.DEALER: CopyLook(ordinal="第一联", colour=PaperColour.WHITE, name="存根联", purpose="经销商留存"),
        Copy.CUSTOMER: CopyLook(ordinal="第二联", colour=PaperColour.RED, name="客户联"),
        Copy.MAKER: CopyLook(ordinal="第三联", colour=PaperColour.YELLOW, name="厂家联", purpose="结算依据"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DealerHead:
    """Head and foot of the dealer's paper. logo: PNG or JPEG bytes; foot_line: one sentence of the dealer's own."""

    name: str
    address: str = ""
    hotline: str = ""
    logo: bytes | None = None
    copies: Mapping[Copy, CopyLook] = field(default_factory=lambda: DEFAULT_COPIES)
    foot_line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One machine on the slip. serial_number "" prints 不详; made_on None prints 不详 with the reason (domain.md 8.1)."""

    kind: str
    model: str
    serial_number: str = ""
    quantity: int = 1
    made_on: date | None = None
    made_on_unknown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultLine:
    """One diagnosis and its solution, for one model.

    machines: positions in `SlipPaper.machines`, beginning with 1; empty means all.
    reported: 报修故障 of this line, where it differs from the slip's. fault_code: code or words of part and symptom, printed in
    brackets after the diagnosis. treatment: word of 处理方式 (更换零件 …), printed before the solution.
    responsibility: word of 责任类别 (domain.md 4.4), cause: 原因分析, standard_hours: 定额工时; in the settlement block only.
    """

    diagnosis: str
    solution: str
    machines: tuple[int, ...] = ()
    reported: str = ""
    fault_code: str = ""
    treatment: str = ""
    responsibility: str = ""
    cause: str = ""
    standard_hours: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One way to the site and back (上门). Times are aware. km: one way, 0.1; km and nights stand on staff copies only."""

    arrived_at: datetime | None
    left_at: datetime | None
    people: tuple[str, ...] = ()
    km: Decimal | None = None
    nights: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """One line of 配件明细. source: word of 来源 (厂家调拨 …); main_damage: True 主损, False 附损; returns_old: 是否返旧件.

    Source, damage and return are matters of settlement: the customer's copy has none of them (domain.md 8.2).
    """

    code: str
    name: str
    quantity: Decimal
    unit: str
    source: str = ""
    new_serial: str = ""
    old_serial: str = ""
    main_damage: bool | None = None
    returns_old: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """收费 to the customer, in yuan. free: 三包免费, then both are printed as 0.00 whatever they are. None prints empty."""

    parts: Decimal | None = None
    labour: Decimal | None = None
    free: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAnswer:
    """客户评价, 客户意见 and 客户签字 (domain.md 8.5).

    kind: DRAWN prints the strokes, TYPED 姓名确认 with `name`, PAPER 手写签字,见原件照片 with `name`, REFUSED 拒签/未签 with `reason`, REMOTE 远程服务,免签; NONE leaves
    room for a pen. rating: 5 非常满意 … 1 很不满意, None while open. on: local day of the signature.
    """

    kind: SignatureKind = SignatureKind.NONE
    rating: int | None = None
    comment: str = ""
    name: str = ""
    strokes: Strokes | None = None
    reason: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicianSign:
    """Foot of the slip: 售后人员签字 联系电话 日期. Without strokes the name is printed, as set by the machine."""

    name: str
    phone: str = ""
    strokes: Strokes | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One photo of the appendix. slot: 铭牌, 故障, 更换后 …; jpeg: bytes as `core.images` made them; note: one line below."""

    slot: str
    jpeg: bytes
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipPaper:
    """Everything the slip prints.

    number: "" before 提交待签, prints 待编号. paper_number: 纸质单号 of a pre-printed form. in_warranty: None is 待定, both boxes empty.
    people: 到达人员数. hours: 服务工时. first_arrival, last_departure: aware; over all trips.
    km: 单程里程, nights: 过夜 of all trips; both stand in the settlement block only.
    remote: 远程服务单, without times on site and without signature. from_paper: 补录, entered from a hand-written form. void_reason: not None marks every copy 作废.
    content_hash: hex; its first twelve digits are printed. verify_url: whole address of /p/CODE; "" prints no code.
    maker_sees_phone: the rule of domain.md 2.3 was met, else the customer's phone is masked on the maker's copy.
    photos: an appendix to the dealer's and the maker's copy.
    """

    dealer: DealerHead
    ticket_number: str
    customer_name: str
    address: str
    contact: str
    phone: str
    machines: tuple[Machine, ...]
    reported_fault: str
    faults: tuple[FaultLine, ...]
    technician: TechnicianSign
    number: str = ""
    paper_number: str = ""
    in_warranty: bool | None = None
    conditions: tuple[str, ...] = ()
    conditions_text: str = ""
    first_arrival: datetime | None = None
    last_departure: datetime | None = None
    people: int | None = None
    hours: Decimal | None = None
    km: Decimal | None = None
    nights: int = 0
    other_services: str = ""
    charges: Charges = Charges()
    answer: CustomerAnswer = CustomerAnswer()
    parts: tuple[PartLine, ...] = ()
    trips: tuple[Trip, ...] = ()
    remote: bool = False
    from_paper: bool = False
    void_reason: str | None = None
    content_hash: str = ""
    verify_url: str = ""
    maker_sees_phone: bool = False
    photos: tuple[Photo, ...] = ()
