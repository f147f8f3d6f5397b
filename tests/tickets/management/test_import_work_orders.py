"""`manage.py import_work_orders` with the real rows and with spoilt ones."""

from collections import Counter
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from equipment.models import Customer, Machine
from partners.models import Organisation, Partnership
from tests import factories
from tests.people import People, act, refused, sees
from tickets.calculations.work_orders import read_work_orders
from tickets.enums import Source, TicketState
from tickets.models import Entry, Ticket, TicketMachine
from tickets.operations.import_work_orders import foresee_import, import_work_orders

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[2] / "data" / "work_orders.csv"
HEADS = "BscStartDate,Asset,OriginalShorttext,PMType,Cost\n"


def run(file: Path, *arguments: str, dealer: str = "CS01") -> list[str]:
    """The lines that the command prints."""
    out = StringIO()
    call_command("import_work_orders", str(file), "--dealer", dealer, *arguments, stdout=out)
    return out.getvalue().splitlines()


def fails(file: Path, *arguments: str, dealer: str = "CS01") -> str:
    """The one line of a command that gives up with exit code 2, having printed nothing else."""
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_work_orders", str(file), "--dealer", dealer, *arguments, stdout=out)
    assert out.getvalue() == ""
    assert caught.value.returncode == 2
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def written(tmp_path: Path) -> Any:
    """A CSV file with these rows."""

    def write(*rows: str) -> Path:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.csv"
        path.write_text(HEADS + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        return path

    return write


def test_the_last_line_counts_and_each_bad_row_says_why(people: People) -> None:
    lines = run(SAMPLE)
    assert lines[-1] == "rows=12 new=11 unchanged=0 rejected=1"
    assert [line for line in lines if "10" in line and "PM01" in line]


def test_rows_become_closed_tickets_with_cost_of_machines_with_the_old_numbers(people: People) -> None:
    run(SAMPLE)
    tickets = sees(people.dispatcher, Ticket)
    assert {(t.state, t.source, t.customer_name, t.number[:8]) for t in tickets} == {
        (TicketState.CLOSED, Source.IMPORT, "历史导入", "BX-CS01-")
    }
    assert Counter(t.cost for t in tickets)[Decimal("892.22")] == 3
    assert min(t.cost for t in tickets) == Decimal("-339.81")
    machines = sees(people.dispatcher, Machine)
    assert {(m.serial_number, m.model, m.product_type) for m in machines} == {
        ("A", "不详", "未分类"),
        ("B", "不详", "未分类"),
    }
    of_a = {row.ticket_id for row in sees(people.dispatcher, TicketMachine) if row.serial_number == "A"}
    assert {t.fault for t in tickets if t.pk in of_a} == {"BUCKET WON'T OPEN", "SWAP BUCKET", "REFIT BUCKET TOOTH"}
    assert {e.facts["kind"] for e in sees(people.dispatcher, Entry)} == {"PM01"}


def test_without_maker_they_belong_to_the_dealers_own_unknown_maker(people: People) -> None:
    run(SAMPLE)
    makers = {o.code: o for o in sees(people.fresh("dispatcher"), Organisation)}
    unknown = makers["UNKNOWN"]
    assert (unknown.name, unknown.owner_dealer_id) == ("未知厂家", people.cs01.pk)
    assert {t.manufacturer_id for t in sees(people.dispatcher, Ticket)} == {unknown.pk}
    assert [p.listed for p in sees(people.dispatcher, Partnership, manufacturer=unknown)] == [False]


def test_nobody_else_sees_what_a_dealer_imported(people: People) -> None:
    run(SAMPLE)
    for stranger in (people.stranger, people.office, people.reviewer, people.other_reviewer):
        assert sees(stranger, Ticket) == []
    assert "UNKNOWN" not in {o.code for o in sees(people.fresh("stranger"), Organisation)}


def test_with_maker_they_are_shared_as_the_partnership_says(people: People) -> None:
    assert run(SAMPLE, "--maker", "SF")[-1] == "rows=12 new=11 unchanged=0 rejected=1"
    assert len(sees(people.office, Ticket)) == len(sees(people.reviewer, Ticket)) == 11
    assert sees(people.stranger, Ticket) == []


def test_on_demand_sharing_keeps_history_private(people: People) -> None:
    run(SAMPLE, "--maker", "HC", dealer="HF01")
    assert len(sees(people.stranger, Ticket)) == 11
    assert sees(people.other_reviewer, Ticket) == []


def test_a_second_run_adds_nothing(people: People) -> None:
    run(SAMPLE)
    assert run(SAMPLE)[-1] == "rows=12 new=0 unchanged=11 rejected=1"
    assert len(sees(people.dispatcher, Ticket)) == 11
    assert len(sees(people.dispatcher, Customer, name="历史导入")) == 1
    assert len(sees(people.dispatcher, Machine)) == 2


def test_a_longer_file_adds_just_the_rest(people: People, written: Any) -> None:
    same, other = "2007-01-03,A,GREASE,PM01,1", "2007-02-01,F,NEW TRACK,PM02,10"
    run(written(same, same))
    assert run(written(other, same, same, same))[-1] == "rows=4 new=2 unchanged=2 rejected=0"
    assert sorted(t.fault for t in sees(people.dispatcher, Ticket)) == ["GREASE"] * 3 + ["NEW TRACK"]
    assert {m.serial_number for m in sees(people.dispatcher, Machine)} == {"A", "F"}
    assert len({t.number for t in sees(people.dispatcher, Ticket)}) == 4


def test_another_maker_on_a_second_run_changes_nothing_and_says_so(people: People, written: Any) -> None:
    file = written("2007-01-03,A,GREASE,PM01,1")
    run(file)
    lines = run(file, "--maker", "SF")
    assert lines[-1] == "rows=1 new=0 unchanged=1 rejected=0"
    assert [line for line in lines if "未知厂家" in line and "SF" in line]
    assert {t.manufacturer_id for t in sees(people.dispatcher, Ticket)} != {people.sf.pk}
    assert len(sees(people.dispatcher, Machine)) == 1


def test_new_orders_of_a_known_machine_stay_with_its_history(people: People, written: Any) -> None:
    old = "2007-01-03,A,GREASE,PM01,1"
    run(written(old))
    run(written(old, "2007-01-04,A,OIL,PM01,1", "2007-01-04,G,OIL,PM01,1"), "--maker", "SF")
    makers = {(t.fault, t.manufacturer_id == people.sf.pk) for t in sees(people.dispatcher, Ticket)}
    assert makers == {("GREASE", False), ("OIL", False), ("OIL", True)}
    assert sorted(m.serial_number for m in sees(people.dispatcher, Machine)) == ["A", "G"]


def test_two_dealers_may_import_the_same_file(people: People) -> None:
    run(SAMPLE)
    assert run(SAMPLE, dealer="HF01")[-1] == "rows=12 new=11 unchanged=0 rejected=1"


def test_a_dry_run_writes_nothing(people: People) -> None:
    assert run(SAMPLE, "--dry-run")[-1] == "rows=12 new=11 unchanged=0 rejected=1"
    assert sees(people.dispatcher, Ticket) == sees(people.dispatcher, Customer) == []
    assert "UNKNOWN" not in {o.code for o in factories.rows(Organisation)}
    run(SAMPLE)
    assert run(SAMPLE, "--dry-run")[-1] == "rows=12 new=0 unchanged=11 rejected=1"


def test_a_long_text_is_kept_whole(people: People, written: Any) -> None:
    text = "REPLACE " * 150
    run(written(f"2007-01-03,A,{text},PM01,1"))
    (ticket,) = sees(people.dispatcher, Ticket)
    assert len(ticket.fault) == 200
    notes = [e.text for e in sees(people.dispatcher, Entry) if e.kind == "note"]
    assert "".join(notes) == text.strip()


def test_an_unknown_dealer_a_missing_partnership_and_a_missing_file_are_said_in_one_line(people: People) -> None:
    assert "XX99" in fails(SAMPLE, dealer="XX99")
    assert "HC" in fails(SAMPLE, "--maker", "HC")
    assert "HC" in fails(SAMPLE, "--maker", "HC", "--dry-run")
    assert "nowhere.csv" in fails(Path("nowhere.csv"))


def test_an_ended_partnership_takes_no_history(people: People) -> None:
    with factories.writing():
        Partnership._base_manager.filter(pk=people.partnership.pk).update(ended_at=factories.NOW)
    assert "SF" in fails(SAMPLE, "--maker", "SF")


def test_a_broken_file_is_said_in_one_line_and_nothing_is_written(people: People, tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text(HEADS + '2007-01-03,A,"GREASE,PM01,1\n', encoding="utf-8")
    assert "2" in fails(broken)
    assert sees(people.dispatcher, Ticket) == []


def test_an_empty_database_is_said_in_one_line(db: None) -> None:
    assert fails(SAMPLE)


@pytest.mark.django_db(transaction=True)
def test_a_fault_in_the_middle_leaves_nothing_half_done(people: People, written: Any) -> None:
    class Stop(Exception):
        pass

    def stop(done: int, of: int) -> None:
        assert done < of
        raise Stop

    path = written(*(f"2007-01-03,A{at},GREASE,PM01,1" for at in range(1200)))
    file = read_work_orders(path.read_bytes())
    with pytest.raises(Stop):
        act(import_work_orders, viewer=people.admin, file=file, maker_code=None, now=factories.NOW, progress=stop)
    assert factories.rows(Ticket) == factories.rows(Machine) == factories.rows(Customer) == []
    assert run(path)[-1] == "rows=1200 new=1200 unchanged=0 rejected=0"


def test_only_an_administrator_imports(people: People) -> None:
    file = read_work_orders(SAMPLE.read_bytes())
    with refused("not_allowed"):
        act(foresee_import, viewer=people.dispatcher, file=file, maker_code=None)
