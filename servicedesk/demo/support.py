"""Referrals and requests for support of the open work, made through the operations of the product (domain.md 6, 7, 21.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core import tenancy
from core.calendars import local_date
from core.tenancy import Viewer
from partners.operations.deputies import name_deputy, show_contact
from partners.queries import viewers
from servicedesk.demo.walk import Walk, fault_photo
from tickets.enums import EscalationReason, PhotoSlot, Urgency, WantedSupport
from tickets.models import Referral
from tickets.operations import dispatch, escalate, refer_ticket, support
from tickets.operations.escalate import Facts
from tickets.operations.photos import Shot, add_photo
from tickets.operations.refer_ticket import Case
from tickets.operations.support import Reply
from tickets.queries import referrals

CALL, DESK, OFFICE, ENGINEER, REVIEW, TECH, QUALITY = (
    "HC/苏婷", "CS01/李静", "HC-HN/郭伟", "HC-HN/方梅", "HC/吴丽", "HC/沈工", "HC/钱进",
)  # fmt: skip

#: readings of a motor, as a technician writes them down
READINGS = {
    "operating_condition": "粉尘,连续24h,皮带传动", "current_u": "28.1", "current_v": "29.0", "current_w": "35.2", "vibration": "7.2",
    "temperature": "78",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A request for support on an open job: what the technician writes, and how far it goes."""

    job: str
    goes_to: str
    phenomenon: str
    hours_ago: float
    reason: str = EscalationReason.TECHNICAL
    wanted: str = WantedSupport.PHONE
    answer: str = ""
    step: str = ""


#: five requests in different states: waiting at the office, with the office, with HQ, answered, solved
REQUESTS = (
    Asked("today/en-route", "wait_office", "制粒机电机前端异响,轴承座 78℃,三相电流不平衡 28/29/35 A", 0.2),
    Asked("today/in-work", "at_office", "风叶碎裂三片,温升 92K,怀疑同批注塑缺陷", 3, EscalationReason.BATCH),
    Asked("today/handed-back", "at_hq", "接线盒积水,V 相对地绝缘 0.08MΩ,密封垫漏装", 26, EscalationReason.WARRANTY, WantedSupport.AUTHORISE),
    Asked(
        "today/wait-part", "answered", "起动时间长,电流摆动,转子断条 2 根,热保护动作", 50, EscalationReason.PART, WantedSupport.PART,
        "转子库存 1 件,确认铸铝缩孔,按三包处理,旧转子返厂分析", "发转子并随件附返厂单",
    ),
    Asked(
        "today/appointed", "closed", "上月换的轴承又响,皮带张力超标约 60%,轴伸侧内圈偏磨", 20, answer="按皮带张力表调整,轴承选 C3 游隙",
        step="调张力后复测振动",
    ),
)  # fmt: skip

CASES = (
    ("YVF2-132M-4", "变频驱动下有电流声,轴承滚道有搓衣板纹,轴电压 1.9V", "轴电流:未装绝缘轴承和接地碳刷", "驱动端换绝缘轴承,加装轴接地环,降低载波频率后复测轴电压"),
    ("YE3-132S-4", "一送电就跳闸,接线盒积水,对地绝缘低于 0.1MΩ", "接线盒密封垫漏装进水", "烘干浸漆后复测绝缘,补装密封垫,户外使用加防雨罩"),
)  # fmt: skip


def make_support(walk: Walk, now: datetime) -> None:
    """Contacts and a leave, referrals, requests for support, published cases; moments are counted back from now."""
    act = _Acts(walk.world.viewers)
    for key, duty in (
        (TECH, "电机振动、轴电流"),
        (QUALITY, "批次与来料"),
        (REVIEW, "三包与配件"),
        (OFFICE, "湖南区域"),
        (ENGINEER, "现场支持"),
    ):
        chief = REVIEW if key.startswith("HC/") else OFFICE
        person = walk.world.people[key].public_id
        act(chief, show_contact, person=person, duty=duty, now=now - timedelta(days=30))
    act(
        QUALITY, name_deputy, person=walk.world.people[QUALITY].public_id, deputy=walk.world.people[TECH].public_id,
        first_day=local_date(now), last_day=local_date(now) + timedelta(days=4), now=now - timedelta(days=1),
    )  # fmt: skip
    _refer(walk, act, now)
    for asked in REQUESTS:
        if asked.job in walk.tickets:
            _ask(walk, act, asked, now)


class _Acts:
    """Does an operation as somebody of the sample data, under his role."""

    def __init__(self, known: dict[str, Viewer]) -> None:
        self.known = known

    def __call__(self, key: str, operation: Any, **arguments: Any) -> Any:
        viewer = self.known[key]
        with tenancy.acting(viewer):
            return operation(viewer=viewer, **arguments)


def _refer(walk: Walk, act: _Acts, now: datetime) -> None:
    """One referral that the dealer has accepted (a host machine sold in another province), one whose transfer is asked for."""
    first = _send(walk, act, now - timedelta(hours=5), "HY02", Case(
        customer_name="衡山南岳石料(示例)", phone="19900000781", contact="旷师傅", fault="破碎机电机轴承响,振动大,停机等修",
        product_type="三相异步电动机", model="YE3-200L-4", serial_number="2601H0388", host_machine="破碎机 PE400(豫中重工)",
        province="湖南省", city="衡阳市", district="衡山县", address="石料厂 3 号", urgency=Urgency.STOPPED,
        reported_at=now - timedelta(hours=5, minutes=25), note="主机厂在外省销售,本地无购机记录",
    ))  # fmt: skip
    act(
        "HY02/肖红", dispatch.contact_customer, public_id=first, expected_version=None, channel="phone", note="约今天下午到场",
        now=now - timedelta(hours=4, minutes=40),
    )  # fmt: skip
    second = _send(walk, act, now - timedelta(hours=1), "CS01", Case(
        customer_name="耒阳鑫源碎石(示例)", phone="19900000782", contact="谢老板", fault="电机冒烟,皮带打滑后不转",
        product_type="三相异步电动机", model="YE3-180L-6", host_machine="破碎机 PE250", province="湖南省", city="衡阳市", district="耒阳市",
        address="工业园 12 号", reported_at=now - timedelta(hours=1, minutes=10),
    ))  # fmt: skip
    act(
        DESK, refer_ticket.ask_transfer, public_id=second, expected_version=None, reason="耒阳由衡阳众力负责,我方到场需 3 小时",
        now=now - timedelta(minutes=35),
    )  # fmt: skip

    _redirect(walk, act, now)


def _redirect(walk: Walk, act: _Acts, now: datetime) -> None:
    """A third one went to another dealer, who has accepted it: the first dealer's ticket ended as 已改派."""
    at = now - timedelta(hours=27)
    first = _send(walk, act, at, "CS01", Case(
        customer_name="常宁水口山选矿(示例)", phone="19900000783", contact="阳班长", fault="球磨机电机起动困难,热保护动作",
        product_type="三相异步电动机", model="YE3-250M-4", province="湖南省", city="衡阳市", district="常宁市", address="选厂 2 号",
        reported_at=at - timedelta(minutes=15),
    ))  # fmt: skip
    act(
        DESK, refer_ticket.ask_transfer, public_id=first, expected_version=None, reason="该客户由衡阳众力供机",
        now=at + timedelta(minutes=20),
    )  # fmt: skip
    with tenancy.acting(act.known[CALL]):
        asked = referrals.listing(act.known[CALL], referrals.Filters(q="常宁水口山选矿(示例)")).get()
    further: Referral = act(
        CALL, refer_ticket.redirect_referral, public_id=asked.public_id, expected_version=None, dealer=_card(walk, "HY02"),
        reason="衡阳归衡阳众力", now=at + timedelta(minutes=32),
    )  # fmt: skip
    second = _arrive(further, at + timedelta(minutes=33))
    act(
        "HY02/肖红",
        dispatch.contact_customer,
        public_id=second,
        expected_version=None,
        channel="phone",
        note="",
        now=at + timedelta(minutes=50),
    )
    for organisation, operation, referral in (
        (further.manufacturer_id, refer_ticket.end_earlier, further),
        (asked.dealer_id, refer_ticket.end_as_transferred, asked),
    ):
        viewer = viewers.of_organisation(organisation)
        assert viewer is not None
        with tenancy.acting(viewer):
            operation(viewer=viewer, referral_id=referral.pk, now=at + timedelta(minutes=51))


def _send(walk: Walk, act: _Acts, at: datetime, dealer: str, case: Case) -> str:
    """Refer a case and let it arrive; returns the ticket's public id."""
    referral: Referral = act(CALL, refer_ticket.refer_ticket, case=case, dealer=_card(walk, dealer), now=at)
    return _arrive(referral, at + timedelta(seconds=4))


def _card(walk: Walk, dealer: str) -> str:
    """The public id of a dealer."""
    return next(one.organisation.public_id for key, one in walk.world.people.items() if key.startswith(f"{dealer}/"))


def _arrive(referral: Referral, at: datetime) -> str:
    """What the worker does a moment later; returns the ticket's public id."""
    receiver = viewers.of_organisation(referral.dealer_id)
    assert receiver is not None
    with tenancy.acting(receiver):
        ticket = refer_ticket.receive_referral(viewer=receiver, referral_id=referral.pk, now=at)
    assert ticket is not None
    return ticket.public_id


def _ask(walk: Walk, act: _Acts, asked: Asked, now: datetime) -> None:
    ticket = walk.tickets[asked.job]
    at = max(now - timedelta(hours=asked.hours_ago), ticket.reported_at + timedelta(minutes=5))
    photo = act(
        DESK, add_photo, public_id=ticket.public_id, now=at,
        shot=Shot(data=fault_photo(walk, asked.job), op=f"support-{asked.job}"[:40], slot=PhotoSlot.FAULT, taken_at=at),
    )  # fmt: skip
    facts = Facts(
        phenomenon=asked.phenomenon, reason=asked.reason, wanted=asked.wanted, readings=READINGS, photos=[photo.public_id],
        checked="已紧固接线,复测三相电流和绝缘",
    )  # fmt: skip
    made = act(DESK, escalate.save_draft, ticket_public_id=ticket.public_id, facts=facts, now=at)
    key = {"public_id": made.public_id, "expected_version": None}
    act(DESK, escalate.submit, now=at + timedelta(minutes=1), **key)
    if asked.goes_to == "wait_office" or made.office_id is None:
        return
    act(OFFICE, support.accept, now=at + timedelta(minutes=18), **key)
    if asked.goes_to == "at_office":
        return
    if asked.goes_to in ("at_hq", "answered"):
        contact = act(REVIEW, show_contact, person=walk.world.people[TECH].public_id, duty="电机振动、轴电流", now=at)
        act(OFFICE, support.forward, to=contact.public_id, note="请技术部看读数", now=at + timedelta(minutes=40), **key)
        act(TECH, support.accept, now=at + timedelta(minutes=70), **key)
        if asked.goes_to == "at_hq":
            return
    who = TECH if asked.goes_to == "answered" else OFFICE
    reply = Reply(asked.answer, asked.step, walk.world.people[who].name, local_date(at) + timedelta(days=3))
    act(who, support.answer, reply=reply, now=at + timedelta(hours=3 if who == TECH else 1), **key)
    if asked.goes_to == "closed":
        act(DESK, escalate.confirm, note="按答复处理,已恢复生产", now=at + timedelta(minutes=90), **key)
        for model, fault, cause, cure in CASES:
            case = support.Case("三相异步电动机", model, fault, cause, cure)
            act(REVIEW, support.publish_case, public_id=made.public_id, case=case, now=at + timedelta(minutes=100))
