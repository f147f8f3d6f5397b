from django.db import models
from django.utils.translation import gettext_lazy as _

from core.chips import Family as Loudness
from equipment.enums import Responsibility


class TicketState(models.TextChoices):
    """States of a ticket (domain.md 6). 厂家支持中, 返修 and 退回派工 are marks and verbs, not states."""

    NEW = "new", _("new")
    CONTACTED = "contacted", _("contacted")
    APPOINTED = "appointed", _("appointment made")
    DISPATCHED = "dispatched", _("dispatched")
    ACCEPTED = "accepted", _("accepted")
    EN_ROUTE = "en_route", _("on the way")
    ARRIVED = "arrived", _("arrived")
    IN_WORK = "in_work", _("in work")
    WAIT_PART = "wait_part", _("waiting for part")
    WAIT_CUST = "wait_cust", _("waiting for customer")
    WAIT_SIGN = "wait_sign", _("waiting for confirmation")
    DONE = "done", _("done")
    REMOTE_DONE = "remote_done", _("solved by phone")
    FOLLOWED_UP = "followed_up", _("followed up")
    CLOSED = "closed", _("closed")
    MERGED = "merged", _("merged")
    CANCELLED = "cancelled", _("cancelled")
    TRANSFERRED = "transferred", _("transferred")


S = TicketState

#: before the technician stands in front of the machine: can still be solved by phone
BEFORE_ARRIVAL = (S.NEW, S.CONTACTED, S.APPOINTED, S.DISPATCHED, S.ACCEPTED, S.EN_ROUTE)
#: a technician has the job
WITH_TECHNICIAN = (S.DISPATCHED, S.ACCEPTED, S.EN_ROUTE, S.ARRIVED, S.IN_WORK, S.WAIT_PART, S.WAIT_CUST, S.WAIT_SIGN)
#: somebody still has something to do on site or on the phone
OPEN = (*BEFORE_ARRIVAL, S.ARRIVED, S.IN_WORK, S.WAIT_PART, S.WAIT_CUST, S.WAIT_SIGN)
#: may still be cancelled or merged
BEFORE_SIGNING = tuple(state for state in OPEN if state != S.WAIT_SIGN)
#: the work is done; follow-up and closing remain
FINISHED = (S.DONE, S.REMOTE_DONE, S.FOLLOWED_UP, S.CLOSED)


class Source(models.TextChoices):
    """How the report came in (domain.md 6)."""

    PHONE = "phone", _("customer, by phone")
    WECHAT = "wechat", _("customer, by WeChat")
    QR = "qr", _("customer, by QR code")
    IN_PERSON = "in_person", _("customer, in person")
    HQ_REFERRAL = "hq_referral", _("referred by the manufacturer's hotline")
    OFFICE_REFERRAL = "office_referral", _("referred by the office")
    VISIT = "visit", _("found during a visit")
    HOST_MAKER = "host_maker", _("passed on by the host machine's maker")
    IMPORT = "import", _("imported history")


#: a person of the dealer spoke with the customer: answered at t0, starts as CONTACTED
ANSWERED_AT_ONCE = (Source.PHONE, Source.IN_PERSON, Source.VISIT)
#: the manufacturer sent it: shared with it from birth (domain.md 2.1)
REFERRED = (Source.HQ_REFERRAL, Source.OFFICE_REFERRAL)


class Urgency(models.TextChoices):
    """停产 / 影响生产 / 一般."""

    STOPPED = "stopped", _("production stopped")
    AFFECTED = "affected", _("production affected")
    NORMAL = "normal", _("normal")


class EntryKind(models.TextChoices):
    """Kinds of lines in a ticket's timeline."""

    STEP = "step", _("step")
    NOTE = "note", _("note")
    CALL = "call", _("call")
    PHOTO = "photo", _("photo")
    FACT = "fact", _("fact")


class Channel(models.TextChoices):
    """How somebody spoke with the customer."""

    PHONE = "phone", _("by phone")
    WECHAT = "wechat", _("by WeChat")
    ON_SITE = "on_site", _("on site")


class PhotoSlot(models.TextChoices):
    """Named places for photos (铭牌, 故障, 更换后, 门牌). PAPER: a slip that was signed with a pen (纸面签字)."""

    NAMEPLATE = "nameplate", _("nameplate")
    FAULT = "fault", _("fault")
    AFTER = "after", _("after replacement")
    GATE = "gate", _("gate")
    PART = "part", _("part")
    PAPER = "paper", _("signed paper")
    PROOF = "proof", _("proof of a date")
    OTHER = "other", _("other")


class PhotoSource(models.TextChoices):
    """Taken now or chosen from the album; the second is weaker evidence (domain.md 18.3)."""

    CAMERA = "camera", _("taken on site")
    ALBUM = "album", _("from the album")
    DESKTOP = "desktop", _("pasted or dropped")


class SlipState(models.TextChoices):
    """States of a service slip (表7-27). SIGNED and REFUSED are frozen."""

    DRAFT = "draft", _("draft")
    WAIT_SIGN = "wait_sign", _("waiting for signature")
    SIGNED = "signed", _("signed")
    REFUSED = "refused", _("not signed")
    VOID = "void", _("void")


FROZEN = (SlipState.SIGNED, SlipState.REFUSED, SlipState.VOID)


class WarrantyTick(models.TextChoices):
    """是否处于三包期; OPEN (待定) prints both boxes empty."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    OPEN = "open", _("undecided")


class WarrantyOutcome(models.TextChoices):
    """判定结果: what time, cause and evidence make together (domain.md 4.4)."""

    IN = "in", _("in warranty, covered")
    EVIDENCE = "evidence", _("evidence missing")
    OUT_CAUSE = "out_cause", _("out of warranty, no quality fault")
    APPRAISE = "appraise", _("to be appraised")
    GOODWILL = "goodwill", _("goodwill")
    OUT_OVER = "out_over", _("out of warranty, period over")
    UNDECIDED = "undecided", _("to be decided")
    TO_VERIFY = "to_verify", _("to be verified")
    REWORK = "rework", _("rework")


#: causes for which the office may propose goodwill within the period (domain.md 4.4)
GOODWILL_CAUSES = (Responsibility.INSTALLATION, Responsibility.OPERATION)


class RequestKind(models.TextChoices):
    """What is asked of the manufacturer: 照顾性保修, 三包起算日变更 (domain.md 4.4, 4.6 W5)."""

    GOODWILL = "goodwill", _("goodwill")
    START = "start", _("another start of the period")


class RequestState(models.TextChoices):
    """A request to the manufacturer, and its answer."""

    ASKED = "asked", _("asked")
    GRANTED = "granted", _("granted")
    DECLINED = "declined", _("declined")


class Treatment(models.TextChoices):
    """处理方式 (domain.md 8.1)."""

    ADJUST = "adjust", _("adjustment")
    REPAIR = "repair", _("repair")
    REPLACE_PART = "replace_part", _("part replaced")
    REPLACE_ASSEMBLY = "replace_assembly", _("assembly replaced")
    REPLACE_MACHINE = "replace_machine", _("machine replaced")
    RETURN_TO_FACTORY = "return_to_factory", _("returned to factory")
    ADVISE = "advise", _("advice")


#: after these the photo 更换后 is wanted
REPLACING = (Treatment.REPLACE_PART, Treatment.REPLACE_ASSEMBLY, Treatment.REPLACE_MACHINE)


class Rating(models.TextChoices):
    """客户评价, exactly one of five."""

    VERY_GOOD = "5", _("very satisfied")
    GOOD = "4", _("satisfied")
    FAIR = "3", _("fair")
    BAD = "2", _("not satisfied")
    VERY_BAD = "1", _("very dissatisfied")


#: with these an opinion is wanted
UNSATISFIED = (Rating.BAD, Rating.VERY_BAD)


class SignatureKind(models.TextChoices):
    """How the customer confirmed (domain.md 8.5)."""

    NONE = "", _("none yet")
    DRAWN = "drawn", _("drawn on screen")
    TYPED = "typed", _("confirmed by name")
    PAPER = "paper", _("signed on paper")
    REFUSED = "refused", _("refused or absent")
    REMOTE = "remote", _("by phone, no signature")


class Transport(models.TextChoices):
    """How the technician travelled."""

    OWN_CAR = "own_car", _("service car")
    PUBLIC = "public", _("bus or train")
    TAXI = "taxi", _("taxi")
    OTHER = "other", _("other")


class Copy(models.TextChoices):
    """The three copies of a slip (三联)."""

    DEALER = "dealer", _("dealer's copy")
    CUSTOMER = "customer", _("customer's copy")
    MAKER = "maker", _("manufacturer's copy")


class Paper(models.TextChoices):
    """Papers that a slip prints on (domain.md 8.4)."""

    A4 = "a4", _("A4, three pages")
    A5 = "a5", _("A5 landscape, three pages")
    WHOLE = "whole", _("241 × 279.4 mm, whole page")
    HALF = "half", _("241 × 139.7 mm, half a page")
    THIRD = "third", _("241 × 93.1 mm, a third")


#: continuous paper for impact printers, whose plies are the copies
CONTINUOUS = (Paper.WHOLE, Paper.HALF, Paper.THIRD)


class PaperColour(models.TextChoices):
    """Colours of carbonless paper on sale (domain.md 8.2); on white A4 the colour is a line beside the copy label."""

    WHITE = "white", _("white")
    RED = "red", _("red")
    YELLOW = "yellow", _("yellow")
    GREEN = "green", _("green")
    BLUE = "blue", _("blue")


class PrintMode(models.TextChoices):
    """空白纸打印 draws lines, labels and data, 套打 the data alone, on a form that is printed already (domain.md 8.4)."""

    BLANK = "blank", _("blank paper")
    FORM = "form", _("pre-printed form")


class LinkKind(models.TextChoices):
    """What a code or link opens for somebody without account (domain.md 18.4, 18.5). The last two are `PublicLink` rows."""

    MACHINE = "machine", _("sticker of a machine")
    DEALER = "dealer", _("report page of a dealer")
    PROOF = "proof", _("proof of a slip")
    PROGRESS = "progress", _("progress of a ticket")
    SIGN = "sign", _("signature on the customer's phone")


class LinkState(models.TextChoices):
    """How it stands with a link: over = used, or its time has passed."""

    VALID = "valid", _("valid")
    USED = "used", _("used")
    EXPIRED = "expired", _("expired")


class FollowUpResult(models.TextChoices):
    """What the customer said when called afterwards (domain.md 6, until the follow-up queue exists)."""

    SATISFIED = "satisfied", _("satisfied")
    UNSATISFIED = "unsatisfied", _("not satisfied")
    UNREACHABLE = "unreachable", _("not reached")


class ReferralState(models.TextChoices):
    """States of a referral to one dealer (domain.md 6). SENT: on its way; ASKED: 申请改派; REDIRECTED: another dealer is chosen and has not
    accepted yet, so that this one's clock runs on; TRANSFERRED: the other one has accepted."""

    SENT = "sent", _("sent")
    ARRIVED = "arrived_there", _("waits for acceptance")
    ACCEPTED = "taken", _("referral accepted")
    ASKED = "asked", _("transfer asked for")
    REDIRECTED = "redirected", _("another dealer is chosen")
    TRANSFERRED = "transferred", _("transferred")


#: somebody of the manufacturer's side, or the dealer, still has to act
REFERRAL_OPEN = (ReferralState.SENT, ReferralState.ARRIVED, ReferralState.ASKED, ReferralState.REDIRECTED)


class EscalationState(models.TextChoices):
    """States of an escalation (domain.md 7). Whose turn it is: dealer DRAFT, ANSWERED; office WAIT_OFFICE, AT_OFFICE; HQ WAIT_HQ, AT_HQ."""

    DRAFT = "draft", _("draft")
    WAIT_OFFICE = "wait_office", _("waits for the office")
    AT_OFFICE = "at_office", _("with the office")
    WAIT_HQ = "wait_hq", _("waits for headquarters")
    AT_HQ = "at_hq", _("with headquarters")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    MERGED = "merged", _("merged")


E = EscalationState

#: waits for somebody to accept it
ESCALATION_WAITING = (E.WAIT_OFFICE, E.WAIT_HQ)
#: the manufacturer's side has to do something
WITH_MAKER = (E.WAIT_OFFICE, E.AT_OFFICE, E.WAIT_HQ, E.AT_HQ)
#: 厂家支持中: the ticket carries the flag
SUPPORTING = (*WITH_MAKER, E.ANSWERED)
#: at most one of these on a ticket
ESCALATION_OPEN = (E.DRAFT, *SUPPORTING)


class EscalationReason(models.TextChoices):
    """升级原因 (domain.md 7)."""

    TECHNICAL = "technical", _("technical problem")
    PART = "part", _("part not available")
    BATCH = "batch", _("perhaps a whole batch")
    SAFETY = "safety", _("safety accident")
    COMPLAINT = "complaint", _("customer's complaint grows")
    WARRANTY = "warranty", _("dispute on warranty")


class WantedSupport(models.TextChoices):
    """期望支持 (domain.md 7)."""

    PHONE = "phone", _("advice by phone")
    SEND = "send", _("send somebody")
    PART = "part", _("send a part")
    REPLACE = "replace", _("replace the machine")
    AUTHORISE = "authorise", _("authorise a replacement")


class MachineFamily(models.TextChoices):
    """Kinds of machines that are measured in the same way (tickets/calculations/readings.py)."""

    MOTOR = "motor", _("motor")
    PUMP = "pump", _("pump")
    COMPRESSOR = "compressor", _("compressor")
    GEAR = "gear", _("gear unit")
    OTHER = "other", _("other machine")


class ReadingCode(models.TextChoices):
    """What is measured or asked before somebody is asked for help (tickets/calculations/readings.py)."""

    OPERATING_CONDITION = "operating_condition", _("operating condition")
    CURRENT_U = "current_u", _("current U")
    CURRENT_V = "current_v", _("current V")
    CURRENT_W = "current_w", _("current W")
    VOLTAGE = "voltage", _("voltage")
    INSULATION = "insulation", _("insulation to earth")
    VIBRATION = "vibration", _("vibration")
    TEMPERATURE = "temperature", _("temperature")
    PRESSURE = "pressure", _("pressure")
    MEDIUM = "medium", _("medium")
    OIL = "oil", _("oil: kind, level, colour")
    NOISE = "noise", _("noise")
    RUNNING_HOURS = "running_hours", _("running hours")


#: how loud each state is on a chip (core.chips): outline, soft, grey, amber, solid red, teal
FAMILIES: dict[str, Loudness] = {
    **dict.fromkeys((S.NEW, S.CONTACTED, S.APPOINTED, SlipState.DRAFT), "new"),
    **dict.fromkeys((S.DISPATCHED, S.ACCEPTED, S.EN_ROUTE, S.ARRIVED, S.IN_WORK), "active"),
    **dict.fromkeys((S.WAIT_PART, S.WAIT_CUST, S.MERGED, S.CANCELLED, S.TRANSFERRED, SlipState.VOID), "waiting"),
    **dict.fromkeys((EscalationState.WITHDRAWN,), "waiting"),
    **dict.fromkeys((EscalationState.WAIT_OFFICE, EscalationState.WAIT_HQ), "warning"),
    **dict.fromkeys((EscalationState.AT_OFFICE, EscalationState.AT_HQ), "active"),
    EscalationState.ANSWERED: "good",
    **dict.fromkeys((ReferralState.SENT, ReferralState.ARRIVED), "new"),
    **dict.fromkeys((ReferralState.ASKED, ReferralState.REDIRECTED), "warning"),
    S.WAIT_SIGN: "warning",
    SlipState.REFUSED: "bad",
    **dict.fromkeys((S.DONE, S.REMOTE_DONE, S.FOLLOWED_UP, S.CLOSED, SlipState.SIGNED), "good"),
    RequestState.ASKED: "warning",
    RequestState.GRANTED: "good",
    RequestState.DECLINED: "waiting",
}

#: the same for 判定结果, whose codes stand on chips behind "warranty_"
WARRANTY_FAMILIES: dict[str, Loudness] = {
    "warranty_in": "good",
    "warranty_goodwill": "good",
    "warranty_evidence": "warning",
    "warranty_appraise": "warning",
    "warranty_rework": "warning",
    "warranty_out_cause": "waiting",
    "warranty_out_over": "waiting",
    "warranty_undecided": "new",
    "warranty_to_verify": "bad",
}


class ClockState(models.TextChoices):
    """How a promise stands (calculations.md, clock)."""

    MET = "met", _("met in time")
    LATE = "late", _("met late")
    OVERDUE = "overdue", _("overdue")
    PAUSED = "paused", _("paused")
    RUNNING = "running", _("running")


#: the promise still stands in question
TICKING = (ClockState.RUNNING, ClockState.PAUSED, ClockState.OVERDUE)


class ClockEnd(models.TextChoices):
    """Why a clock stopped without being met: these do not count in the rates (domain.md 5.2)."""

    NONE = "", _("not ended")
    NOT_NEEDED = "not_needed", _("solved by phone")
    TICKET_ENDED = "ticket_ended", _("cancelled or merged")
    NOT_PROMISED = "not_promised", _("not promised any more")


class ClockKind(models.TextChoices):
    """What is promised: an answer, to be on site, to have it solved (domain.md 5.2)."""

    RESPONSE = "response", _("response")
    ARRIVAL = "arrival", _("arrival")
    SOLVE = "solve", _("solution")


class CityTier(models.TextChoices):
    """城市等级 of the site."""

    CAPITAL = "capital", _("provincial capital")
    OTHER = "other", _("other city")


class ClockBucket(models.TextChoices):
    """What is counted apart (domain.md 5.2, 6)."""

    NONE = "", _("promise")
    ANSWERED = "answered", _("answered at the report")
    APPOINTMENT = "appointment", _("appointment")
    PAUSED = "paused", _("with pauses")


class LateReason(models.TextChoices):
    """迟到原因: why nobody was on site in time (domain.md 5.4). OTHER wants words of its own."""

    PREVIOUS_JOB = "previous_job", _("the job before took longer")
    SENT_LATE = "sent_late", _("nobody was free, or sent too late")
    TRAFFIC = "traffic", _("traffic, the car")
    WEATHER = "weather", _("weather, road closed")
    PART = "part", _("part or tool had to be fetched")
    ADDRESS = "address", _("address wrong or hard to find")
    CUSTOMER = "customer", _("customer not ready")
    OTHER = "other", _("another reason")


class PauseReason(models.TextChoices):
    """暂停原因 of arrival and solution (domain.md 5.2); waiting for parts stops the solution only."""

    CUSTOMER_LATER = "customer_later", _("customer wants it later")
    CUSTOMER_STOP = "customer_stop", _("waiting until the customer stops the machine")
    ADMISSION = "admission", _("admission to the plant, fire permit")
    UNREACHABLE = "unreachable", _("customer cannot be reached (three calls)")
    FORCE = "force", _("road closed, typhoon, other force majeure")
    PART = "part", _("waiting for part")
    CUSTOMER = "customer", _("waiting for customer")


class ReminderKind(models.TextChoices):
    """What somebody is reminded of, once (domain.md 20). UNSIGNED: a day after the site was left; PART: every day from the fourth on.
    PAUSED: clocks that stand still, every day from the third on.
    """

    UNSIGNED = "unsigned", _("slip not signed")
    PART = "part", _("part late")
    PAUSED = "paused", _("clocks paused")


class SheetPaper(models.TextChoices):
    """Papers of labels and of sheets that travel in a box (domain.md 10, 17)."""

    A4 = "a4", _("A4")
    A5 = "a5", _("A5 landscape")
    THIRD = "third", _("241 × 93.1 mm")


# ── goods that go back to the factory ────────────────────────────────────────────────────────────────────────────────────────────


class ReturnState(models.TextChoices):
    """A machine on its way to the factory and back (返厂, domain.md 17)."""

    ASKED = "asked", _("applied for")
    AGREED = "agreed", _("may be sent")
    REFUSED = "refused", _("refused")
    SHIPPED = "shipped", _("on its way")
    RECEIVED = "received", _("received")
    INSPECTED = "inspected", _("inspected")
    QUOTED = "quoted", _("offer to be answered")
    DECIDED = "decided", _("decided")
    SENT_BACK = "sent_back", _("on its way back")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


#: nothing more is expected of anybody
RETURN_ENDED = (ReturnState.REFUSED, ReturnState.CLOSED, ReturnState.CANCELLED)
#: agreed, and not given up: its papers can be printed
RETURN_TRAVELS = (
    ReturnState.AGREED, ReturnState.SHIPPED, ReturnState.RECEIVED, ReturnState.INSPECTED, ReturnState.QUOTED, ReturnState.DECIDED,
    ReturnState.SENT_BACK, ReturnState.CLOSED,
)  # fmt: skip


class ReturnWish(models.TextChoices):
    """What the dealer wishes for."""

    REPAIR = "repair", _("repair")
    REPLACE = "replace", _("replacement")
    REFUND = "refund", _("take it back")
    ANALYSIS = "analysis", _("analysis of the fault")


class ReturnFreight(models.TextChoices):
    """Who pays the way there (domain.md 17: 运费)."""

    MAKER = "maker", _("the manufacturer")
    DEALER = "dealer", _("the dealer")


class ReturnConclusion(models.TextChoices):
    """What the inspection says (domain.md 17): 质量, 非质量, 无故障."""

    QUALITY = "quality", _("a defect of quality")
    NOT_QUALITY = "not_quality", _("no defect of quality")
    NO_FAULT = "no_fault", _("no fault found")


class ReturnDecision(models.TextChoices):
    """What becomes of it (domain.md 17): 修复, 换新, 退货, 报废, 收费报价."""

    REPAIR = "repair", _("repaired")
    REPLACE = "replace", _("replaced by a new one")
    REFUND = "refund", _("kept for a refund")
    SCRAP = "scrap", _("scrapped")
    QUOTE = "quote", _("repaired for money")


#: decisions after which nothing travels back
STAYS_THERE = (ReturnDecision.REFUND, ReturnDecision.SCRAP)

RETURN_FAMILIES: dict[str, Loudness] = {
    ReturnState.INSPECTED: "warning",
    ReturnState.QUOTED: "warning",
    **dict.fromkeys((ReturnState.DECIDED, ReturnState.SENT_BACK), "active"),
}
