"""An import from the upload to its undoing: nothing twice, nothing half, nothing of anybody else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from core import jobs
from core.models import Job
from core.tenancy import Viewer
from equipment.models import Customer, Machine, Part, RegisterMachine, Shipment
from equipment.operations.customers import CustomerFacts, change_customer
from imports.enums import RunState
from imports.models import ImportedRow, ImportRun
from imports.operations import runs
from partners.models import AccessLink, Person
from tests import factories
from tests.imports.files import cells, ugly_machines, xlsx
from tests.people import People, act, refused, sees
from tests.tickets.driver import Job as Ticketed
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


def upload(viewer: Viewer, kind: str, content: bytes, **options: str) -> ImportRun:
    made: ImportRun = act(
        runs.upload,
        viewer=viewer,
        kind_name=kind,
        content=content,
        file_name="台账.xlsx",
        options=options,
        now=timezone.now(),
    )
    return made


def run(viewer: Viewer, made: ImportRun, *, only_right: bool = True) -> ImportRun:
    act(runs.start, viewer=viewer, public_id=made.public_id, only_right=only_right, now=timezone.now())
    jobs.drain()
    done: ImportRun = factories.again(made)
    return done


def undo(viewer: Viewer, made: ImportRun) -> ImportRun:
    act(runs.ask_undo, viewer=viewer, public_id=made.public_id, now=timezone.now())
    jobs.drain()
    done: ImportRun = factories.again(made)
    return done


def counts(made: ImportRun) -> tuple[int, int, int, int]:
    return made.new, made.changed, made.unchanged, made.rejected


@pytest.fixture
def published(people: People) -> None:
    """The manufacturer's list has YE3-160M-4."""
    factories.product_model(factories.product_line(people.sf), "YE3-160M-4")


CUSTOMERS = [
    ["客户名称", "联系人", "联系电话", "等级"],
    ["永州市湘江水泥", "张工", "138 7465 1234", "重点"],
    ["衡阳雁城纸业", "李工", "0734-88880000", "一般"],
    ["岳阳化工", "王工", "1380000", "一般"],
]


def test_customers_come_in_once_and_the_second_run_adds_nothing(people: People) -> None:
    made = upload(people.dispatcher, "customers", xlsx(CUSTOMERS))
    assert (made.state, counts(made)) == (RunState.CHECKED, (2, 0, 0, 1))
    assert sees(people.dispatcher, Customer) == []
    done = run(people.dispatcher, made)
    assert (done.state, counts(done)) == (RunState.DONE, (2, 0, 0, 1))
    assert [(c.name, c.phone, c.phone_digits, c.grade) for c in sees(people.dispatcher, Customer)] == [
        ("永州市湘江水泥", "13874651234", "13874651234", "key"),
        ("衡阳雁城纸业", "0734-88880000", "073488880000", "ordinary"),
    ]
    again = upload(people.dispatcher, "customers", xlsx(CUSTOMERS))
    assert counts(again) == (0, 0, 2, 1)
    with refused("import_nothing"):
        run(people.dispatcher, again)
    assert sees(people.stranger, Customer) == []


def test_changed_cells_change_and_empty_ones_do_not(people: People) -> None:
    run(people.dispatcher, upload(people.dispatcher, "customers", xlsx(CUSTOMERS[:3])))
    newer = [["客户名称", "联系人", "联系电话", "地址"], ["永州市湘江水泥", "", "13874651234", "工业园 2 号"]]
    made = upload(people.dispatcher, "customers", xlsx(newer))
    assert counts(made) == (0, 1, 0, 0)
    done = run(people.dispatcher, made)
    customer = sees(people.dispatcher, Customer)[0]
    assert (customer.contact, customer.address) == ("张工", "工业园 2 号")
    assert undo(people.dispatcher, done).state == RunState.UNDONE
    assert sees(people.dispatcher, Customer)[0].address == ""


def test_two_rows_of_one_customer_in_a_file(people: People) -> None:
    rows = [
        *CUSTOMERS[:2],
        CUSTOMERS[1],
        ["永州市湘江水泥", "别人", "13874651234", "重点"],
        ["永州市湘江水泥", "", "", ""],
    ]
    made = upload(people.dispatcher, "customers", xlsx(rows))
    assert counts(made) == (1, 0, 1, 2)
    assert "2" in made.sample[0]["problems"][0]
    assert counts(run(people.dispatcher, made)) == (1, 0, 1, 2)


def test_all_or_nothing_is_the_persons_choice(people: People) -> None:
    made = upload(people.dispatcher, "customers", xlsx(CUSTOMERS))
    with refused("import_has_rejected", field="only_right"):
        run(people.dispatcher, made, only_right=False)
    assert sees(people.dispatcher, Customer) == []


def test_the_ugly_file_of_machines(people: People, published: None) -> None:
    made = upload(people.dispatcher, "machines", ugly_machines(), maker=people.sf.public_id)
    assert (counts(made), made.suggested) == ((2, 0, 0, 3), 2)
    problems = [problem for row in made.sample for problem in row["problems"]]
    assert [row["line"] for row in made.sample[:2]] == [8, 10]
    assert "YE3-160M4" in problems[0]
    assert problems[0].endswith("YE3-160M-4?") or problems[0].endswith("YE3-160M-4？")
    assert any("7" in notice for notice in made.notices)  # the subtotal
    run(people.dispatcher, made)
    machines = sees(people.dispatcher, Machine)
    assert [(m.serial_number, m.model, m.ex_factory_on, m.product_type) for m in machines] == [
        ("2603B017", "YE3-160M-4", date(2026, 6, 11), "三相异步电动机"),
        ("02603018", "YE3-160M-4", date(2026, 6, 3), "三相异步电动机"),
    ]
    assert len({m.customer_id for m in machines}) == 1
    assert machines[0].line_id is not None


def test_suggestions_are_taken_when_the_person_says_so(people: People, published: None) -> None:
    made = upload(people.dispatcher, "machines", ugly_machines(), maker=people.sf.public_id)
    columns = {0: "customer", 1: "customer_phone", 2: "model", 3: "serial_number", 7: "product_type"}
    act(
        runs.choose_columns, viewer=people.dispatcher, public_id=made.public_id, columns=columns, take_suggestions=True,
        now=timezone.now(),
    )  # fmt: skip
    assert counts(factories.again(made)) == (4, 0, 0, 1)
    run(people.dispatcher, made)
    assert {m.model for m in sees(people.dispatcher, Machine)} == {"YE3-160M-4"}


def test_the_mend_file_is_red_says_why_and_loads_again(people: People, published: None) -> None:
    made = upload(people.dispatcher, "machines", ugly_machines(), maker=people.sf.public_id)
    with default_storage.open(made.mend_file) as file:
        content = file.read()
    head, *rows = cells(content)
    assert head[-1] == "导入问题"
    assert [row[0] for row in rows] == ["衡阳市雁城纸业", "衡阳市雁城纸业"]
    assert "YE3-160M-4" in rows[0][-1]
    second = upload(people.dispatcher, "machines", content, maker=people.sf.public_id)
    assert counts(second) == (0, 0, 0, 3)
    mended = [head, *rows]
    mended[1][2] = "YE3-160M-4"
    mended[2][3], mended[2][4] = "2603B021", None
    third = upload(people.dispatcher, "machines", xlsx(mended), maker=people.sf.public_id)
    assert counts(third) == (3, 0, 0, 0)


def test_what_looks_like_a_formula_stays_text(people: People) -> None:
    rows = [["客户名称", "联系电话"], ['=HYPERLINK("http://x")', "123"], ["@SUM(A1)", "+1"], ["-甲", "1"]]
    content = "\n".join("\t".join(row) for row in rows).encode()
    made = upload(people.dispatcher, "customers", content)
    with default_storage.open(made.mend_file) as file:
        import io

        from openpyxl import load_workbook

        sheet = load_workbook(io.BytesIO(file.read())).worksheets[0]
    assert [cell.value for cell in sheet["A"][1:]] == ['=HYPERLINK("http://x")', "@SUM(A1)", "-甲"]
    assert {cell.data_type for cell in sheet["A"][1:]} == {"s"}
    assert sheet["A2"].quotePrefix


def test_columns_are_asked_for_once_and_remembered(people: People) -> None:
    rows = [["甲方", "电联"], ["永州市湘江水泥", "13874651234"]]
    made = upload(people.dispatcher, "customers", xlsx(rows))
    assert made.state == RunState.COLUMNS
    with refused("column_missing"):
        act(runs.choose_columns, viewer=people.dispatcher, public_id=made.public_id, columns={1: "phone"}, take_suggestions=False, now=timezone.now())  # fmt: skip
    with refused("column_twice"):
        act(runs.choose_columns, viewer=people.dispatcher, public_id=made.public_id, columns={0: "name", 1: "name"}, take_suggestions=False, now=timezone.now())  # fmt: skip
    act(runs.choose_columns, viewer=people.dispatcher, public_id=made.public_id, columns={0: "name", 1: "phone"}, take_suggestions=False, now=timezone.now())  # fmt: skip
    assert counts(run(people.dispatcher, made)) == (1, 0, 0, 0)
    assert upload(people.admin, "customers", xlsx(rows)).state == RunState.CHECKED
    assert upload(people.stranger, "customers", xlsx(rows)).state == RunState.COLUMNS


def _machines(count: int) -> bytes:
    rows = [["客户", "电话", "型号", "编号", "产品类型"]]
    rows += [[f"客户{n % 50}", "", "YE3-160M-4", f"S{n:05d}", "三相异步电动机"] for n in range(count)]
    return xlsx(rows)


def test_a_fault_between_chunks_leaves_nothing_that_the_next_try_does_not_complete(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = upload(people.dispatcher, "machines", _machines(1_200), maker=people.sf.public_id)
    assert counts(made) == (1_200, 0, 0, 0)
    write, calls = runs.Work.write, []

    def dies_in_the_second(self: Any, some: Any, now: Any) -> None:
        write(self, some, now)
        calls.append(len(some))
        if len(calls) == 2:
            raise RuntimeError("the worker dies after writing, before the commit")

    monkeypatch.setattr(runs.Work, "write", dies_in_the_second)
    act(runs.start, viewer=people.dispatcher, public_id=made.public_id, only_right=False, now=timezone.now())
    jobs.drain()
    assert len(sees(people.dispatcher, Machine)) == 500  # the first chunk is whole, of the second there is nothing
    assert len(factories.rows(ImportedRow, thing="machine")) == 500
    assert factories.again(made).state == RunState.RUNNING
    with factories.writing():
        Job._plain.update(run_at=timezone.now() - timedelta(minutes=1))
    jobs.drain()
    done = factories.again(made)
    assert (done.state, counts(done)) == (RunState.DONE, (1_200, 0, 0, 0))
    assert len(sees(people.dispatcher, Machine)) == 1_200
    assert len(sees(people.dispatcher, Customer)) == 50
    assert counts(upload(people.dispatcher, "machines", _machines(1_200), maker=people.sf.public_id)) == (
        0,
        0,
        1_200,
        0,
    )


def test_undo_takes_back_and_keeps_what_was_changed_or_used_since(people: People, published: None) -> None:
    done = run(people.dispatcher, upload(people.dispatcher, "machines", _machines(5), maker=people.sf.public_id))
    machines = sees(people.dispatcher, Machine)
    customers = {c.name: c for c in sees(people.dispatcher, Customer)}
    act(
        change_customer, viewer=people.dispatcher, public_id=customers["客户1"].public_id, expected_version=1,
        facts=CustomerFacts("客户1", contact="新联系人"), now=timezone.now(),
    )  # fmt: skip
    Ticketed(people, customer=customers["客户0"], machines=[machines[0]])
    undone = undo(people.dispatcher, done)
    assert undone.state == RunState.UNDONE
    assert [m.serial_number for m in sees(people.dispatcher, Machine)] == [machines[0].serial_number]
    assert sorted(c.name for c in sees(people.dispatcher, Customer)) == ["客户0", "客户1"]
    assert sorted(name for name, _why in undone.kept) == sorted(["YE3-160M-4 S00000", "客户0", "客户1"])
    assert counts(upload(people.dispatcher, "machines", _machines(5), maker=people.sf.public_id)) == (4, 0, 1, 0)


def test_undo_is_open_for_seven_days(people: People) -> None:
    done = run(people.dispatcher, upload(people.dispatcher, "customers", xlsx(CUSTOMERS)))
    with factories.writing():
        ImportRun._plain.update(finished_at=timezone.now() - timedelta(days=8))
    with refused("import_too_old"):
        undo(people.dispatcher, done)


def test_an_import_that_was_stopped_can_be_undone_or_finished(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    made = upload(people.dispatcher, "machines", _machines(1_200), maker=people.sf.public_id)
    plain = jobs.Run.progress

    def asked_to_stop(self: jobs.Run, done: int, of: int, text: str = "") -> None:
        act(jobs.cancel, viewer=people.dispatcher, public_id=self.job.public_id, now=timezone.now())
        plain(self, done, of, text)

    act(runs.start, viewer=people.dispatcher, public_id=made.public_id, only_right=False, now=timezone.now())
    with refused("wrong_state"):
        undo(people.dispatcher, made)
    monkeypatch.setattr(jobs.Run, "progress", asked_to_stop)
    jobs.drain()
    monkeypatch.setattr(jobs.Run, "progress", plain)
    assert len(sees(people.dispatcher, Machine)) == 500
    assert undo(people.dispatcher, made).state == RunState.UNDONE
    assert sees(people.dispatcher, Machine) == sees(people.dispatcher, Customer) == []


REGISTER = [
    ["物料描述", "序列号", "生产日期", "批次", "发货日期", "收货单位"],
    ["YE3-160M-4", "2603B017", "2026-03-06", "P1", "2026-03-12", "CS01"],
    ["YE3-160M-4", "2603B018", "2026-03-06", "P1", "", "某经销商"],
]


def test_the_register_of_shipped_machines_is_the_manufacturers_alone(people: People, published: None) -> None:
    done = run(people.reviewer, upload(people.reviewer, "register", xlsx(REGISTER)))
    assert counts(done) == (2, 0, 0, 0)
    assert [m.serial_number for m in sees(people.reviewer, RegisterMachine)] == ["2603B017", "2603B018"]
    assert [(s.dealer_id, s.consignee) for s in sees(people.reviewer, Shipment)] == [
        (people.cs01.pk, "CS01"),
        (None, "某经销商"),
    ]
    for stranger in (people.admin, people.other_reviewer, people.platform):
        assert sees(stranger, RegisterMachine) == sees(stranger, Shipment) == []
    assert counts(upload(people.reviewer, "register", xlsx(REGISTER))) == (0, 0, 2, 0)
    newer = [REGISTER[0], [*REGISTER[1][:5], "另一家"]]
    assert counts(run(people.reviewer, upload(people.reviewer, "register", xlsx(newer)))) == (0, 1, 0, 0)
    undo(people.reviewer, done)
    assert [m.serial_number for m in sees(people.reviewer, RegisterMachine)] == ["2603B017"]


def test_parts_with_prices(people: People) -> None:
    rows = [
        ["物料编码", "名称", "单价", "关键件"],
        ["BRG-1", "轴承", "¥1,186.50", "√"],
        ["BRG-2", "油封", "", "否"],
        ["BRG-3", "垫", "abc", ""],
    ]
    options = {"maker": people.sf.public_id}
    done = run(people.reviewer, upload(people.reviewer, "parts", xlsx(rows), **options))
    assert counts(done) == (2, 0, 0, 1)
    assert [(p.code, p.price, p.key_part) for p in sees(people.dispatcher, Part)] == [
        ("BRG-1", Decimal("1186.50"), True),
        ("BRG-2", None, False),
    ]
    rows[1][2] = "1200"
    second = run(people.reviewer, upload(people.reviewer, "parts", xlsx(rows), **options))
    assert counts(second) == (0, 1, 1, 1)
    undo(people.reviewer, second)
    assert sees(people.dispatcher, Part)[0].price == Decimal("1186.50")
    undo(people.reviewer, done)
    assert [p.code for p in sees(people.dispatcher, Part)] == ["BRG-1"]  # touched by the second import
    with refused("option_wrong", field="maker"):
        upload(people.reviewer, "parts", xlsx(rows), maker=people.hc.public_id)
    with refused("option_wrong", field="maker"):
        upload(people.storekeeper, "parts", xlsx(rows), maker=people.sf.public_id)


def test_people_are_entered_and_nobody_is_invited(people: People) -> None:
    before = len(factories.rows(AccessLink))
    rows = [
        ["姓名", "手机号", "岗位", "城市"],
        ["新技师", "166 0000 0001", "服务技师、调度员", "长沙市"],
        ["错的人", "16600000002", "飞行员", ""],
        ["座机", "0731-88880000", "技师", ""],
    ]
    done = run(people.admin, upload(people.admin, "people", xlsx(rows)))
    assert counts(done) == (1, 0, 0, 2)
    (person,) = sees(people.admin, Person, phone="16600000001")
    assert (person.name, person.roles, person.account_id) == ("新技师", ["dispatcher", "technician"], None)
    assert len(factories.rows(AccessLink)) == before
    assert counts(upload(people.admin, "people", xlsx(rows))) == (0, 0, 1, 2)
    undo(people.admin, done)
    assert [p.active for p in sees(people.admin, Person, phone="16600000001")] == [False]
    assert counts(run(people.admin, upload(people.admin, "people", xlsx(rows)))) == (0, 1, 0, 2)
    assert [p.active for p in sees(people.admin, Person, phone="16600000001")] == [True]


def test_old_work_orders_have_the_same_key_as_by_the_command(people: People) -> None:
    from tests.tickets.management.test_import_work_orders import SAMPLE
    from tests.tickets.management.test_import_work_orders import run as command

    made = upload(people.admin, "work_orders", SAMPLE.read_bytes(), maker="")
    assert counts(made) == (11, 0, 0, 1)
    done = run(people.admin, made)
    assert counts(done) == (11, 0, 0, 1)
    assert len(sees(people.admin, Ticket)) == 11
    assert command(SAMPLE)[-1] == "rows=12 new=0 unchanged=11 rejected=1"
    assert counts(upload(people.admin, "work_orders", SAMPLE.read_bytes(), maker="")) == (0, 0, 11, 1)
    with refused("import_no_undo"):
        undo(people.admin, done)


def test_who_may_import_what(people: People) -> None:
    for viewer, kind in (
        (people.technician, "customers"),
        (people.reviewer, "customers"),
        (people.dispatcher, "people"),
        (people.dispatcher, "work_orders"),
        (people.admin, "register"),
        (people.finance, "register"),
        (people.office, "people"),
        (people.platform, "people"),
    ):
        with refused("not_allowed"):
            upload(viewer, kind, xlsx(CUSTOMERS))


def test_nobody_touches_anothers_import(people: People) -> None:
    made = upload(people.dispatcher, "customers", xlsx(CUSTOMERS))
    for viewer in (people.stranger, people.reviewer, people.office_admin):
        with refused("not_found"):
            run(viewer, made)
        assert sees(viewer, ImportRun) == []
    assert factories.rows(Job) == []
