"""What is found by what: Chinese words, pinyin initials, last digits, numbers; and never another tenant's (core/sql/search.sql)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import given
from hypothesis import strategies as st

from core import search, tenancy
from tests import factories
from tests.tickets.driver import Job


@pytest.fixture
def lake(people):
    return factories.customer(
        people.cs01,
        name="长沙湖畔(示例)机电有限公司",
        contact="张重阳",
        phone="138-7465 1234",
        phone_digits="13874651234",
        city="长沙市",
    )


def found(viewer, kind, text):
    with tenancy.acting(viewer):
        ids = search.ids(viewer, kind, text)
        assert search.everything(viewer, text, limit=1000).get(kind, []) == ids
        return ids


@pytest.mark.parametrize(
    "text",
    [
        "长沙湖畔", "湖畔", "湖", "机电 长沙", "cshp", "CSHP", "hp", "zyang 长沙".replace("zyang", "zcy"), "zzy", "1234", "4651234", "13874651234",
        "138-7465 1234", "1387465", "长沙(示例)", "  湖畔  ", "有限公司",
    ],
)  # fmt: skip
def test_a_customer_is_found(people, lake, text):
    assert found(people.dispatcher, "customer", text) == [lake.pk]
    assert found(people.stranger, "customer", text) == []


@pytest.mark.parametrize(
    "text", ["", "  ", "'", "&|!():*", "长春", "湖南", "xyz", "9999", "12345", "\0", "湖畔 株洲", "%", "_"]
)
def test_and_is_not_found(people, lake, text):
    assert found(people.dispatcher, "customer", text) == []


def test_a_ticket_by_number_serial_and_telephone(people):
    job = Job(people)
    job.ticket.shared_with_maker  # noqa: B018  # the driver's tickets are shared
    ticket, machine = job.ticket, job.on_ticket[0]
    for text in (
        ticket.number,
        ticket.number.lower(),
        ticket.number[-4:],
        ticket.number[3:],
        machine.serial_number,
        machine.serial_number[-4:],
    ):
        assert ticket.pk in found(people.dispatcher, "ticket", text), text
        assert ticket.pk in found(people.reviewer, "ticket", text), text
        assert found(people.stranger, "ticket", text) == []
    assert ticket.pk in found(people.dispatcher, "ticket", ticket.phone[-6:])
    assert found(people.reviewer, "ticket", ticket.phone[-6:]) == [], "HQ does not find a masked number"
    assert found(people.office, "ticket", ticket.contact) == []


def test_what_is_not_shared_is_not_found_until_it_is(people):
    from tickets.models import Ticket

    ticket = Job(people).ticket
    with factories.writing():
        Ticket._base_manager.filter(pk=ticket.pk).update(shared_with_maker=False)
    assert found(people.reviewer, "ticket", ticket.number) == []
    with factories.writing():
        Ticket._base_manager.filter(pk=ticket.pk).update(shared_with_maker=True)
    assert found(people.reviewer, "ticket", ticket.number) == [ticket.pk]


def test_a_changed_name_is_found_and_the_old_one_is_not(people, lake):
    machine = factories.machine(lake, people.sf, serial_number="2603B0822")
    with factories.writing():
        type(lake)._base_manager.filter(pk=lake.pk).update(name="株洲新名(示例)")
    assert found(people.dispatcher, "customer", "湖畔") == []
    assert found(people.dispatcher, "customer", "zzxm") == [lake.pk]
    assert found(people.dispatcher, "machine", "新名 0822") == [machine.pk]


def test_the_newest_come_first(people):
    now = factories.NOW
    old, new = (factories.customer(people.cs01, name=f"双峰水泥{n}号") for n in (1, 2))
    with factories.writing():
        for row, at in ((old, now - timedelta(days=9)), (new, now)):
            type(row)._base_manager.filter(pk=row.pk).update(created_at=at, note="x", address=f"路 {row.pk}")
    assert found(people.dispatcher, "customer", "双峰水泥") == [new.pk, old.pk]


def test_all_kinds_at_once_and_a_common_word_kind_by_kind(people, lake):
    job = Job(people)
    factories.customer(people.cs01, name="湖畔新城")
    with tenancy.acting(people.dispatcher), connection.cursor() as cursor:
        few = search.everything(people.dispatcher, "湖畔", limit=1)
        both = search.everything(people.dispatcher, "示例", limit=100)
        cursor.execute(
            "SELECT kind, row_id FROM core_search_everything(%s::tsquery, 100, 2)",
            [search.question("示例", private=True)],
        )
        by_kind = [(kind, row_id) for kind, row_id in cursor.fetchall()]
    assert len(few["customer"]) == 1
    assert job.ticket.pk in both["ticket"] and lake.pk in both["customer"] and len(both["customer"]) > 1
    assert sorted(by_kind) == sorted((kind, row_id) for kind, ids in both.items() for row_id in ids)


def test_no_role_reads_the_table_or_calls_the_inner_functions(people):
    for statement in (
        "SELECT count(*) FROM core_search",
        "DELETE FROM core_search",
        "SELECT core_search_words('x', true)",
        "SELECT core_search_keep('ticket', 1, now(), 1, NULL, NULL, false, '{}')",
    ):
        for viewer in (people.dispatcher, people.reviewer, people.platform):
            with (
                pytest.raises(ProgrammingError),
                transaction.atomic(),
                tenancy.acting(viewer),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
    with (
        pytest.raises(ProgrammingError),
        transaction.atomic(),
        tenancy.acting(people.platform),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT core_search_everything('a'::tsquery, 1)")


@given(st.text(max_size=60))
def test_whatever_is_typed_makes_a_question(text):
    for private in (True, False):
        made = search.question(text, private=private)
        assert made == "" or made.count("(") == made.count(")")
        assert "\0" not in made


@pytest.mark.django_db
@given(st.text(alphabet="长沙湖畔ab12-·()'\\&|!:*< 　１Ａ", max_size=30))
def test_postgresql_reads_every_question(text):
    made = search.question(text, private=True)
    if made:
        with connection.cursor() as cursor:
            cursor.execute("SELECT numnode(%s::tsquery)", [made])
            assert cursor.fetchone()[0] > 0


def test_a_slip_by_its_number_and_that_of_the_paper_form(people):
    from tickets.enums import TicketState
    from tickets.models import Slip

    slip = Job(people).to(TicketState.DONE).slip
    with factories.writing():
        Slip._base_manager.filter(pk=slip.pk).update(paper_number="0048213")
    for text in (slip.number, slip.number[-4:], "0048213", "8213", slip.phone[-4:]):
        assert slip.pk in found(people.dispatcher, "slip", text), text
    assert slip.pk in found(people.reviewer, "slip", "8213")
    assert found(people.reviewer, "slip", slip.phone[-6:]) == []


def test_new_rows_wait_in_no_list(db):
    """A waiting list beside the index would be read from end to end by every search until the next vacuum."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'core_search_words'")
        assert cursor.fetchone() == (["fastupdate=off"],)
