"""From rows to paper: the database as the operations wrote it, the facts as the paper wants them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.calendars import local_date
from equipment.enums import PartSource, Responsibility
from tests import factories
from tests.people import act
from tests.tickets.driver import STROKES, Job
from tickets.calculations.slip_input import MachineInput, PartInput
from tickets.documents import slip_facts, slip_pdf
from tickets.documents.slip_facts import paper_of
from tickets.documents.slip_paper import Charges, Machine, PartLine, Trip
from tickets.enums import Copy, SignatureKind, TicketState, Treatment
from tickets.queries import slips


def paper(job, who=None):
    viewer = who or job.desk
    return act(lambda viewer: paper_of(viewer, slips.one(viewer, job.slip.public_id)), viewer=viewer)


def test_every_word_has_its_chinese():
    assert set(slip_facts.RESPONSIBILITIES) == set(Responsibility.values)
    assert set(slip_facts.TREATMENTS) == set(Treatment.values)
    assert set(slip_facts.SOURCES) == set(PartSource.values)


def test_a_signed_slip_with_all_its_facts(people, settings):
    settings.SITE_URL = "https://fuwu.example.cn"
    job = Job(people, companions=[people.second_technician]).to(TicketState.WAIT_SIGN)
    job.sign(rating="4", opinion="处理得快", signer="欧阳建国")
    made, slip = paper(job), job.slip
    org = people.cs01
    assert (made.dealer.name, made.dealer.address, made.dealer.hotline) == (org.name, org.address, org.service_phone)
    assert (made.number, made.ticket_number) == (slip.number, job.ticket.number)
    assert (made.customer_name, made.contact, made.phone) == (job.customer.name, "张工", "13874651234")
    assert made.machines == (
        Machine(
            kind="三相异步电动机",
            model="YE3-160M-4",
            serial_number=job.machines[0].serial_number,
            made_on=date(2026, 3, 6),
        ),
    )
    assert (made.in_warranty, made.charges) == (True, Charges(parts=Decimal("0.00"), labour=Decimal("0.00"), free=True))
    assert made.conditions == ("粉尘", "连续24h")
    assert (made.first_arrival, made.last_departure) == (slip.arrived_at, slip.left_at)
    assert (made.people, made.hours, made.km, made.nights) == (1, Decimal("3.0"), Decimal("27.5"), 0)
    (fault,) = made.faults
    assert (fault.reported, made.reported_fault) == ("", "前端有咯咯声,烫手")
    assert (fault.fault_code, fault.treatment, fault.responsibility) == ("轴承/异响", "更换零件", "材料/外购件")
    assert (fault.machines, fault.standard_hours) == ((1,), Decimal("3.0"))
    assert made.parts == (
        PartLine(
            code="BRG-6309",
            name="深沟球轴承",
            quantity=Decimal("2.00"),
            unit="件",
            source="厂家调拨",
            main_damage=True,
            returns_old=False,
        ),
    )
    assert made.trips == (
        Trip(
            arrived_at=slip.arrived_at, left_at=slip.left_at, people=("陈志强", "刘建军"), km=Decimal("27.5"), nights=0
        ),
    )
    today = local_date(job.clock)
    answer = made.answer
    assert (answer.kind, answer.rating, answer.comment, answer.name) == (SignatureKind.DRAWN, 4, "处理得快", "欧阳建国")
    assert ([[list(p) for p in stroke] for stroke in answer.strokes or ()], answer.on) == (STROKES, today)
    assert (made.technician.name, made.technician.phone, made.technician.on) == (
        "陈志强",
        people.technician.phone,
        today,
    )
    assert (made.content_hash, made.verify_url) == (
        slip.content_hash,
        f"https://fuwu.example.cn/p/{slip.proof_code}",
    )
    assert (made.void_reason, made.remote, made.maker_sees_phone) == (None, False, False)


def test_unknown_machines_several_lines_and_their_places(people):
    customer = factories.customer(people.cs01)
    machines = [
        factories.machine(customer, people.sf, model="WQ100-20-15", serial_number="A1", ex_factory_on=date(2026, 3, 6)),
        factories.machine(customer, people.sf, model="YE3-90L-4", serial_number=""),
        factories.machine(customer, people.sf, model="WQ100-20-15", serial_number="A2", ex_factory_on=date(2026, 3, 7)),
    ]
    job = Job(people, customer=customer, machines=machines).to(TicketState.IN_WORK)
    one, two, three = (machine.pk for machine in job.on_ticket)
    job.photograph()
    job.leave()
    job.complete(
        machines=[
            MachineInput(one, "A1", date(2026, 3, 6)),
            MachineInput(two, unknown_reason="铭牌磨损"),
            MachineInput(three, "A2", date(2026, 3, 7)),
        ],
        faults=[
            job.fault_input(machines=(one, three)),
            job.fault_input(machines=(two,), reported="电机不转了", treatment="advise"),
        ],
    )
    made = paper(job)
    assert [(m.serial_number, m.made_on, m.made_on_unknown) for m in made.machines] == [
        ("A1", date(2026, 3, 6), ""),
        ("A2", date(2026, 3, 7), ""),
        ("", None, "铭牌磨损"),
    ]
    assert [(fault.machines, fault.reported) for fault in made.faults] == [((1, 2), ""), ((3,), "电机不转了")]


@pytest.mark.parametrize(("tick", "shown", "free"), [("yes", True, True), ("no", False, False), ("open", None, False)])
def test_the_warranty_tick_decides_what_is_charged(people, tick, shown, free):
    job = Job(people).to(TicketState.IN_WORK)
    job.save(in_warranty=tick, parts_fee=Decimal(186), labour_fee=Decimal(480))
    made = paper(job)
    assert (made.in_warranty, made.charges.free, made.charges.parts) == (shown, free, Decimal("186.00"))


def test_a_preview_has_no_proof_and_room_for_a_pen(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    made = paper(job)
    assert (made.content_hash, made.verify_url, made.answer.kind, made.answer.on) == ("", "", SignatureKind.NONE, None)
    assert (made.technician.name, made.technician.on) == ("陈志强", None)
    html = slip_pdf.preview_html(made, Copy.CUSTOMER)
    assert job.customer.name in html and made.number in html


def test_a_draft_shows_machines_that_no_line_covers_yet(people):
    job = Job(people).to(TicketState.IN_WORK)
    job.save(faults=[])
    assert [machine.model for machine in paper(job).machines] == ["YE3-160M-4"]
    assert paper(job).reported_fault == job.ticket.fault


@pytest.mark.parametrize(
    ("verb", "kind", "name", "reason"),
    [
        ("confirm_by_name", SignatureKind.TYPED, "张建国", ""),
        ("refuse_signature", SignatureKind.REFUSED, "", "客户不在现场"),
    ],
)
def test_a_typed_name_and_a_refusal(people, verb, kind, name, reason):
    job = Job(people).to(TicketState.WAIT_SIGN)
    getattr(job, verb)()
    answer = paper(job).answer
    assert (answer.kind, answer.name, answer.reason, answer.strokes) == (kind, name, reason, None)
    assert answer.on == local_date(job.clock)


def test_a_remote_slip_has_neither_times_nor_trips_nor_signature(people):
    job = Job(people).to(TicketState.REMOTE_DONE)
    made = paper(job)
    assert (made.remote, made.first_arrival, made.trips, made.answer.kind) == (True, None, (), SignatureKind.REMOTE)
    assert (made.answer.on, made.technician.name) == (None, "李静")


def test_only_the_rounds_own_trips(people):
    job = Job(people).to(TicketState.DONE)
    job.reopen(now=job.clock + timedelta(days=3))
    for verb in ("dispatch", "accept", "arrive", "start_work"):
        getattr(job, verb)()
    job.save()
    assert [trip.arrived_at for trip in paper(job).trips] == [job.slip.arrived_at]


def test_a_void_slip_says_why(people):
    job = Job(people).to(TicketState.DONE)
    job.void(reason="里程写错")
    made = paper(job)
    assert (made.void_reason, made.content_hash != "") == ("里程写错", True)


def test_what_was_completed_prints_as_it_was_then(people):
    job = Job(people).to(TicketState.DONE)
    with factories.writing():
        type(job.on_ticket[0])._base_manager.filter(ticket=job.ticket).update(serial_number="ANDERS")
    assert paper(job).machines[0].serial_number == job.machines[0].serial_number


@pytest.mark.parametrize(("source", "seen"), [("hq_referral", True), ("office_referral", True), ("phone", False)])
def test_the_maker_sees_the_phone_of_what_it_referred(people, source, seen):
    job = Job(people, source=source)
    job.finish_remote()
    assert paper(job).maker_sees_phone is seen


def test_dealer_office_and_hq_get_the_same_facts(people):
    job = Job(people).to(TicketState.DONE)
    made = paper(job)
    assert paper(job, people.office) == paper(job, people.reviewer) == paper(job, people.technician) == made


def test_the_number_on_a_bought_part_prints_as_its_number(people):
    job = Job(people).to(TicketState.IN_WORK)
    job.save(parts=[PartInput("SEAL", "机械密封", source="bought_genuine", supply_number="M35-8811")])
    (part,) = paper(job).parts
    assert (part.source, part.new_serial) == ("自购原厂", "M35-8811")
