from django.db import models
from django.utils.translation import gettext_lazy as _

from core.chips import Family as Loudness


class FeeItem(models.TextChoices):
    """What a claim asks for (domain.md 9.1, 费用项目), in the order of its lines (calculations.md, claim)."""

    LABOUR = "labour", _("labour")
    LABOUR_TOP_UP = "labour_top_up", _("top-up to the minimum of labour")
    TRAVEL = "travel", _("travel")
    SUBSIDY = "subsidy", _("subsidy for the way")
    LODGING = "lodging", _("lodging")
    NIGHT = "night", _("night work")
    HOLIDAY = "holiday", _("work on a public holiday")
    PART = "part", _("part")
    CONSUMABLES = "consumables", _("consumables")
    OLD_PART_FREIGHT = "old_part_freight", _("freight of old parts")
    OTHER = "other", _("other cost")


class TravelMode(models.TextChoices):
    """How bands of distance pay (domain.md 9.1, set-up checks): 全程按档 or 分段累进."""

    WHOLE = "whole", _("whole distance by its band")
    PROGRESSIVE = "progressive", _("band by band")


class CardState(models.TextChoices):
    """A rate card: written, in force."""

    DRAFT = "draft", _("draft")
    IN_FORCE = "in_force", _("in force")


class OldPartState(models.TextChoices):
    """The life of an old part (domain.md 10): 应返 → 已装箱 → 已发运 → 已签收 → 鉴定中 → its end."""

    DUE = "due", _("due back")
    BOXED = "boxed", _("packed")
    SHIPPED = "shipped", _("on its way")
    RECEIVED = "received", _("received")
    APPRAISING = "appraising", _("being appraised")
    CONFIRMED = "confirmed", _("confirmed by appraisal")
    MISMATCH = "mismatch", _("does not match")
    MISSING = "missing", _("not in the box")
    CLAIMED = "claimed", _("claimed by the supplier")
    DESTROYED = "destroyed", _("destroyed")
    RETURNED = "given_back", _("given back")
    EXEMPT = "exempt", _("need not go back")
    VOID = "void", _("void")


#: what the dealer still owes
OWED = (OldPartState.DUE, OldPartState.BOXED)
#: nothing more is expected of anybody
PART_ENDED = (
    OldPartState.CLAIMED, OldPartState.DESTROYED, OldPartState.RETURNED, OldPartState.EXEMPT, OldPartState.VOID,
)  # fmt: skip


class BoxState(models.TextChoices):
    """A box of old parts: filled, on its way, counted at headquarters."""

    PACKING = "packing", _("being packed")
    SHIPPED = "shipped", _("on its way")
    RECEIVED = "received", _("received")


class Transport(models.TextChoices):
    """How a box travels (domain.md 10): 配货, 专车, 铁路, 空运, 快递."""

    CONSOLIDATED = "consolidated", _("consolidated freight")
    OWN_VEHICLE = "own_vehicle", _("own vehicle")
    RAIL = "rail", _("rail")
    AIR = "air", _("air")
    COURIER = "courier", _("courier")


class PartFinding(models.TextChoices):
    """What the appraisal of an old part says (domain.md 10)."""

    QUALITY = "quality", _("a defect of quality")
    NOT_QUALITY = "not_quality", _("no defect of quality")
    UNDECIDED = "undecided", _("cannot be decided")
    SHORT = "short", _("pieces are missing")
    MISMATCH = "mismatch", _("not the part of the slip")
    NOT_GENUINE = "not_genuine", _("not a genuine part")


class PartRequest(models.TextChoices):
    """What a dealer may ask for an old part (domain.md 10): 延返, 免返."""

    EXTENSION = "extension", _("more time")
    EXEMPTION = "exemption", _("to keep it")


class OldPartDuty(models.TextChoices):
    """What an old part that stays away does by now (domain.md 10), the mildest first."""

    NONE = "none", _("in time")
    REMIND = "remind", _("due soon")
    HOLD = "hold", _("overdue")
    DEDUCT = "deduct", _("over 60 days")
    BLOCK = "block", _("over 90 days")


class OldPartCost(models.TextChoices):
    """Why an old part costs the dealer money (domain.md 10)."""

    DEDUCTION = "deduction", _("deducted, it did not come back")
    REVERSAL = "reversal", _("reversed by the appraisal")


class ClaimState(models.TextChoices):
    """A claim for one slip (结算申请, domain.md 9.4)."""

    DRAFT = "draft", _("draft")
    FIRST = "first", _("waits for the first review")
    SECOND = "second", _("waits for the second review")
    RETURNED = "returned", _("sent back")
    REFUSED = "refused", _("refused")
    APPROVED = "approved", _("approved")
    APPEALED = "appealed", _("under appeal")
    AGREED = "agreed", _("waits for the statement")
    STATED = "stated", _("on a statement")
    SETTLED = "settled", _("settled")
    CHARGED = "charged", _("charged to the customer")
    VOID = "void", _("void")


#: the dealer still writes on it
CLAIM_WRITTEN = (ClaimState.DRAFT, ClaimState.RETURNED)
#: a reviewer has to look at it
CLAIM_IN_REVIEW = (ClaimState.FIRST, ClaimState.SECOND, ClaimState.APPEALED)
#: somebody has to do something
CLAIM_OPEN = (*CLAIM_WRITTEN, *CLAIM_IN_REVIEW, ClaimState.APPROVED, ClaimState.REFUSED)


class ReviewLevel(models.TextChoices):
    """At which turn a line was decided."""

    CHECK = "check", _("automatic check")
    FIRST = "first", _("first review")
    SECOND = "second", _("second review")
    APPEAL = "appeal", _("appeal")


class CutReason(models.TextChoices):
    """Why a line is cut, a claim sent back or refused (domain.md 9.4, 扣减/退回/拒绝原因)."""

    OUT_OF_PERIOD = "out_of_period", _("out of the warranty period")
    NOT_QUALITY = "not_quality", _("no fault of quality (use, installation, people)")
    WEARING = "wearing", _("wearing part")
    PAPERS = "papers", _("papers are missing")
    PHOTOS = "photos", _("photos unclear, or no name plate")
    UNSIGNED = "unsigned", _("not signed")
    DISTANCE = "distance", _("distance above the usual one")
    HOURS = "hours", _("hours above the standard, or twice")
    PEOPLE = "people", _("more people than were agreed")
    LODGING = "lodging", _("lodging without invoice, or above the limit")
    PART_PRICE = "part_price", _("part above its settlement price")
    NOT_GENUINE = "not_genuine", _("part is not genuine")
    PART_QUANTITY = "part_quantity", _("more parts than the machine has")
    OLD_PART = "old_part", _("old part not returned, or another one")
    DUPLICATE = "duplicate", _("claimed twice")
    LATE = "late", _("claimed too late")
    NO_AUTHORISATION = "no_authorisation", _("not authorised beforehand")
    SECOND_TRIP = "second_trip", _("second trip without authorisation")
    CALL_BACK = "call_back", _("the call-back says otherwise")
    SERIAL = "serial", _("model or serial number does not fit")
    OUTSIDE = "outside", _("contains work outside warranty")
    GOODWILL = "goodwill", _("share of the customer by goodwill")
    OTHER_REASON = "other", _("another reason")


class StatementState(models.TextChoices):
    """A month's statement (对账单, domain.md 11)."""

    CHECKING = "checking", _("being checked by the dealer")
    CONFIRMED = "confirmed", _("confirmed")
    NOTIFIED = "notified", _("invoice asked for")
    INVOICED = "invoiced", _("invoice handed in")
    RECEIVED = "received", _("invoice verified")
    PAYING = "paying", _("paid in part")
    PAID = "paid", _("paid")
    CLOSED = "closed", _("closed")
    VOID = "void", _("void")


#: nothing more is expected of anybody
STATEMENT_ENDED = (StatementState.CLOSED, StatementState.VOID)


class StatementItem(models.TextChoices):
    """What a line of a statement is (domain.md 11). Those of ENTERED are written by hand."""

    CLAIM = "claim", _("claim")
    FREIGHT = "freight", _("freight of old parts")
    ACTIVITY = "activity", _("service activity")
    INCENTIVE = "incentive", _("incentive")
    COMPENSATION = "compensation", _("compensation")
    OLD_PART = "old_part", _("deduction for old parts")
    HOLD = "hold", _("held until the old part is back")
    RELEASE = "release", _("held before, paid now")
    REVERSAL = "reversal", _("approval taken back after the appraisal")
    ASSESSMENT = "assessment", _("deduction by assessment")
    ADJUSTMENT = "adjustment", _("adjustment of an earlier month")
    OPENING = "opening", _("opening balance")


#: items entered by hand -> the signs that their amounts may have
ENTERED: dict[str, tuple[int, ...]] = {
    StatementItem.FREIGHT: (1,),
    StatementItem.ACTIVITY: (1, -1),
    StatementItem.INCENTIVE: (1, -1),
    StatementItem.COMPENSATION: (1,),
    StatementItem.ASSESSMENT: (-1,),
    StatementItem.ADJUSTMENT: (1, -1),
    StatementItem.OPENING: (1, -1),
}


class EntryState(models.TextChoices):
    """A line entered by hand: waits for the next statement, stands on one, taken back."""

    WAITING = "waiting", _("waits for the statement")
    TAKEN = "taken", _("on a statement")
    WITHDRAWN = "withdrawn", _("taken back")


class InvoiceState(models.TextChoices):
    """An invoice for a statement: handed in, verified (验真), rejected, reversed by a red one (冲红)."""

    HANDED_IN = "handed_in", _("handed in")
    VERIFIED = "verified", _("verified")
    REJECTED = "rejected", _("rejected")
    REVERSED = "reversed", _("reversed by a red invoice")


#: an invoice that counts
INVOICE_STANDS = (InvoiceState.HANDED_IN, InvoiceState.VERIFIED)


class PayWay(models.TextChoices):
    """How a statement is paid (domain.md 11): 银行转账, 冲抵货款, 转配件款."""

    BANK = "bank", _("bank transfer")
    GOODS = "goods", _("set off against goods")
    PARTS = "parts", _("put to the account for parts")


#: how loud a state of an old part, a box or a claim is (core/chips.py)
FAMILIES: dict[str, Loudness] = {
    StatementState.CHECKING: "new",
    **dict.fromkeys((StatementState.NOTIFIED, StatementState.INVOICED), "active"),
    StatementState.PAYING: "warning",
    StatementState.PAID: "good",
    StatementState.CLOSED: "waiting",
    **dict.fromkeys((InvoiceState.HANDED_IN, EntryState.WAITING), "active"),
    InvoiceState.VERIFIED: "good",
    **dict.fromkeys((InvoiceState.REJECTED, InvoiceState.REVERSED), "bad"),
    **dict.fromkeys((EntryState.TAKEN, EntryState.WITHDRAWN), "waiting"),
    OldPartState.DUE: "new",
    **dict.fromkeys((OldPartState.BOXED, OldPartState.SHIPPED, BoxState.PACKING), "active"),
    **dict.fromkeys((OldPartState.RECEIVED, OldPartState.APPRAISING, StatementState.RECEIVED), "warning"),
    **dict.fromkeys((OldPartState.CONFIRMED, StatementState.CONFIRMED), "good"),
    **dict.fromkeys((OldPartState.MISMATCH, OldPartState.MISSING), "bad"),
    **dict.fromkeys(PART_ENDED, "waiting"),
    **dict.fromkeys(CLAIM_IN_REVIEW, "active"),
    ClaimState.RETURNED: "warning",
    ClaimState.APPROVED: "good",
    **dict.fromkeys((ClaimState.AGREED, ClaimState.STATED, ClaimState.SETTLED), "good"),
    ClaimState.CHARGED: "waiting",
}


class CheckOutcome(models.TextChoices):
    """What an automatic check makes of a claim (domain.md 9.3), the worst first."""

    REFUSE = "refuse", _("refused by the checks")
    RETURN = "return", _("returned to the dealer")
    MANUAL = "manual", _("a person decides")
    PASS = "pass", _("approved without a person")


class CheckCode(models.TextChoices):
    """The automatic checks of a claim in the order of domain.md 9.3: R refuses, B returns, M wants a person, A approves."""

    R01 = "R01", _("out of warranty, no pre-authorisation")
    R02 = "R02", _("pre-authorisation missing")
    R03 = "R03", _("free services used up")
    R04 = "R04", _("submitted too late")
    B01 = "B01", _("labour does not fit the fault")
    B02 = "B02", _("labour does not fit the model")
    B03 = "B03", _("part does not fit the model, or too many")
    B04 = "B04", _("hour meter implausible")
    B05 = "B05", _("claimed already")
    B06 = "B06", _("repeat repair not declared")
    B07 = "B07", _("machine differs from the records")
    B08 = "B08", _("dealer not authorised")
    B09 = "B09", _("no warranty policy")
    B10 = "B10", _("old parts overdue")
    B11 = "B11", _("campaign not open for claims")
    B12 = "B12", _("evidence missing or unreadable")
    B13 = "B13", _("supplier of the failed part wrong")
    M01 = "M01", _("part over its own period")
    M02 = "M02", _("amount above the limit")
    M03 = "M03", _("distance, trips, people or nights")
    M04 = "M04", _("technician's certificate or overlapping jobs")
    M05 = "M05", _("doubts about time, position or photos")
    A01 = "A01", _("trusted dealer, low amount")


class CheckTable(models.TextChoices):
    """What a manufacturer keeps for its checks to compare with (domain.md 9.3: B01, B02, B03)."""

    LABOUR_FAULT = "labour_fault", _("labour and fault")
    LABOUR_MODEL = "labour_model", _("labour and model")
    PART_MODEL = "part_model", _("part and model")


class AuthorisationKind(models.TextChoices):
    """What a pre-authorisation (预授权) of the manufacturer allows (domain.md 4.5, 9.1)."""

    OUT_OF_WARRANTY = "out_of_warranty", _("repair out of warranty at the manufacturer's cost")
    SECOND_TRIP = "second_trip", _("second trip")
    LONG_TRIP = "long_trip", _("trip beyond the usual distances")
    URGENT_PART = "urgent_part", _("part bought in an emergency")
    AMOUNT = "amount", _("job above the limit of money")
    COURIER = "courier", _("old part sent by courier")


# ── reviews ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


class ClaimReminderKind(models.TextChoices):
    """Of what somebody is reminded (domain.md 9.4, 20)."""

    SOON = "soon", _("to be submitted in ten days")
    LAST = "last", _("to be submitted in two days")
    AGAIN = "again", _("to be submitted again in five days")
    LATE = "late", _("late")
    SILENT = "silent", _("a reviewer is silent")


# ── what customers owe ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class DebtState(models.TextChoices):
    """What became of a customer's debt (转收费, domain.md 9.4)."""

    OPEN = "owed", _("unpaid")
    PART = "part_paid", _("part paid")
    PAID = "paid", _("paid")
    WAIVED = "waived", _("waived")


#: the customer still owes something
DEBT_OPEN = (DebtState.OPEN, DebtState.PART)


class PaymentWay(models.TextChoices):
    """How a customer pays."""

    CASH = "cash", _("cash")
    TRANSFER = "transfer", _("bank transfer")
    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")


FAMILIES |= {DebtState.OPEN: "new", DebtState.PART: "warning", DebtState.PAID: "good", DebtState.WAIVED: "waiting"}
