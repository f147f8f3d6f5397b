"""No hot query reads more than 20 × the rows it shows: each statement of the pages that are asked for most, under each tier's role.

The rule (performance.md 2): the scans of a statement together read at most 20 × its answer, and where the answer is
shorter than a page of 50, at most 20 × 50. Numbers show no rows: a count, a GROUP BY, a DISTINCT is measured against the rows that it is
made of, and reads at most 10 × these. They must be a working set: at most the thousand of a capped count, or a quarter of what the viewer
has (the open tickets, half a year), never everything. Each filter must hold that alone, for what is common and for what is rare. (Of several
together the database takes one or two and reads no more than the rarest of these finds.) How rows are counted: tests/performance/plans.py.

A technician's day is in it, his lists are not: who worked where is an array on the ticket, which no index under row security answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from django.db import connections
from django.test import Client

from core import exports, search, tenancy
from core.calendars import SHANGHAI
from servicedesk.embedded import ROOT
from tests.people import sign_in
from tests.performance.conftest import RARE_CITY, RARE_LEAD, Known, without_indexes
from tests.performance.plans import Statement, explain, watching
from tickets.models import Clock, Ticket

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

Values = Callable[[Known], dict[str, str]]

#: the list of tickets, narrowed; "state" is "all" where it is not named
TICKETS: dict[str, Values] = {
    "open": lambda _: {"state": "open"},
    "all": lambda _: {},
    "state": lambda known: {"state": known.ticket.state},
    "finished": lambda _: {"state": "finished"},
    "rare state": lambda _: {"state": "cancelled"},
    "urgency": lambda known: {"urgency": known.ticket.urgency},
    "stopped and open": lambda _: {"urgency": "stopped", "state": "open"},
    "city": lambda known: {"city": known.city},
    "rare city": lambda _: {"city": RARE_CITY},
    "technician": lambda known: {"lead": known.ticket.lead_name},
    "rare technician": lambda _: {"lead": RARE_LEAD},
    "warranty": lambda _: {"warranty": "in"},
    "rare warranty": lambda _: {"warranty": "to_verify"},
    "other side": lambda known: {"partner": known.partner},
    "period": lambda _: {"period": "month"},
    "since": lambda known: {"since": known.day},
    "until": lambda known: {"until": known.day},
    "words": lambda _: {"q": "湖畔"},
    "initials": lambda _: {"q": "hp"},
    "digits": lambda known: {"q": known.ticket.number[-5:]},
    "a word of every ticket": lambda _: {"q": "示例"},
    "nothing": lambda _: {"q": "甪鱻鑫淼龘"},
    "together": lambda known: {
        "state": known.ticket.state, "urgency": known.ticket.urgency, "city": known.city, "lead": known.ticket.lead_name,
        "partner": known.partner, "since": known.day, "until": known.day, "q": known.ticket.customer_name[2:4],
    },
}  # fmt: skip
OF_DEALER: dict[str, Values] = {
    "customer": lambda known: {"customer": known.customer},
    "machine": lambda known: {"machine": known.machine},
    "customer and machine": lambda known: {"customer": known.customer, "machine": known.machine},
}
SLIPS: dict[str, Values] = {
    "all": lambda _: {},
    "state": lambda _: {"state": "signed"},
    "rare state": lambda _: {"state": "void"},
    "month": lambda known: {"month": f"{known.slip.finished_at:%Y-%m}"},
    "technician": lambda known: {"technician": known.slip.technician},
    "rare technician": lambda _: {"technician": RARE_LEAD},
    "warranty": lambda _: {"warranty": "in"},
    "rare warranty": lambda _: {"warranty": "to_verify"},
    "other side": lambda known: {"partner": known.partner},
    "city": lambda known: {"city": known.city},
    "rare city": lambda _: {"city": RARE_CITY},
    "period": lambda _: {"period": "last_month"},
    "since": lambda known: {"since": known.day},
    "until": lambda known: {"until": known.day},
    "words": lambda _: {"q": "湖畔"},
    "initials": lambda _: {"q": "hp"},
    "digits": lambda known: {"q": known.slip.number[-5:]},
    "together": lambda known: {
        "state": "signed", "technician": known.slip.technician, "city": known.slip.ticket.city, "until": known.day,
        "q": known.slip.customer_name[2:4],
    },
}  # fmt: skip
#: other pages, with a text that must be there
PAGES: dict[str, Callable[[Known], tuple[str, str]]] = {
    "board": lambda _: ("/", "BX-L0"),
    "search": lambda _: ("/search/?q=湖畔", "BX-L0"),
    "search box": lambda _: ("/search/?q=hp&as=options", "BX-L0"),
    "search for digits": lambda known: (f"/search/?q={known.ticket.number[-5:]}", known.ticket.number),
    "search for nothing": lambda _: ("/search/?q=甪鱻鑫淼龘", "甪鱻鑫淼龘"),
    "ticket": lambda known: (f"/tickets/{known.slip.ticket.public_id}/", known.slip.ticket.number),
    "open ticket": lambda known: (f"/tickets/{known.ticket.public_id}/", known.ticket.number),
    "slip": lambda known: (f"/slips/{known.slip.public_id}/", known.slip.number),
    "API list": lambda _: ("/api/v1/tickets?state=all&limit=100", '"BX-L0'),
    "API list of a city": lambda known: (f"/api/v1/tickets?state=all&city={known.city}", '"BX-L0'),
    "API slips": lambda _: ("/api/v1/slips?limit=100", '"FW-L0'),
}
PAGES_OF_DEALER: dict[str, Callable[[Known], tuple[str, str]]] = {
    "customers": lambda _: ("/customers/", "(示例)"),
    "customers by words": lambda _: ("/customers/?q=湖畔", "(示例)"),
    "customers of a city": lambda known: (f"/customers/?city={known.ticket.city}", "(示例)"),
    "customer": lambda known: (f"/customers/{known.customer}/", known.ticket.number),
    "machines": lambda _: ("/machines/", "LD0"),
    "machines by digits": lambda known: (f"/machines/?q={known.ticket.model_summary[:4]}", "LD0"),
    "machine": lambda known: (f"/machines/{known.machine}/", known.ticket.number),
    "caller": lambda known: (f"/lookup/phone/?phone={known.ticket.phone}", "(示例)"),
    "new report": lambda _: ("/tickets/new/", "<form"),
}
PAGES_OF_TECHNICIAN: dict[str, Callable[[Known], tuple[str, str]]] = {
    "day": lambda _: ("/tickets/day/", "data-"),
    "ticket": lambda known: (f"/tickets/{known.slip.ticket.public_id}/", known.slip.ticket.number),
    "slip": lambda known: (f"/slips/{known.slip.public_id}/", known.slip.number),
}

DEALERS, EVERYBODY = ("dealer", "small dealer"), ("dealer", "small dealer", "office", "hq")


def cases(names: tuple[str, ...], *of_names: dict[str, Any]) -> list[Any]:
    return [
        pytest.param(who, found, id=f"{who}: {name}")
        for who in names
        for every in of_names
        for name, found in every.items()
    ]


written_down: list[tuple[str, str, Statement]] = []


@pytest.fixture(scope="module", autouse=True)
def _report() -> Iterator[None]:
    """The statement of each page that comes nearest to what it may read, in var/plans.txt."""
    written_down.clear()
    yield
    lines = [
        f"{who}\t{address}\tread {worst.read:.0f}\tmay {worst.allowed:.0f}\tshown {worst.shown:.0f}\tcounted {worst.counted:.0f}\t"
        + " · ".join(worst.scans).replace("\n", " ")[:300]
        for who, address, worst in written_down
    ]
    (ROOT / "var" / "plans.txt").write_text("\n".join(lines) + "\n")


@pytest.fixture
def ask(filled: dict[str, Known], client: Client) -> Callable[[str, str], Any]:
    """`ask(who, address)`: the answer; none of the statements behind it may have a bad plan."""

    def asked(who: str, address: str) -> Any:
        sign_in(client, filled[who].person)
        with watching() as statements:
            answer = client.get(address)
        assert answer.status_code == 200
        assert statements, "nothing was watched"
        written_down.append((who, unquote(address), max(statements, key=lambda item: item.read / item.allowed)))
        complaints = [words for item in statements if (words := item.complaint(filled[who].tickets))]
        assert not complaints, f"{address}\n" + "\n".join(complaints)
        return answer

    return asked


def narrowed(answer: Any, form: str, values: dict[str, str]) -> None:
    """The page has taken every filter, and shows what fits."""
    taken = answer.context[form]
    assert not taken.errors
    assert {name for name in values if not taken.cleaned_data[name]} == set()


def turn(ask: Callable[[str, str], Any], who: str, answer: Any) -> None:
    """The next page and back again, by key."""
    older = answer.context["table"].older_url
    if older:
        second = ask(who, older)
        assert second.context["table"].rows
        ask(who, second.context["table"].newer_url)


@pytest.mark.parametrize(("who", "values"), [*cases(EVERYBODY, TICKETS), *cases(DEALERS, OF_DEALER)])
def test_the_list_of_tickets(filled: dict[str, Known], ask: Any, who: str, values: Values) -> None:
    params = {"state": "all", **values(filled[who])}
    answer = ask(who, f"/tickets/?{urlencode(params)}")
    narrowed(answer, "filters", params)
    assert answer.context["table"].rows or params.get("q") == "甪鱻鑫淼龘" or who == "small dealer"
    turn(ask, who, answer)


@pytest.mark.parametrize(("who", "values"), cases(EVERYBODY, SLIPS))
def test_the_list_of_slips(filled: dict[str, Known], ask: Any, who: str, values: Values) -> None:
    params = values(filled[who])
    answer = ask(who, f"/slips/?{urlencode(params)}")
    narrowed(answer, "form", params)
    assert answer.context["table"].rows or who == "small dealer"
    turn(ask, who, answer)


@pytest.mark.parametrize(
    ("who", "page"),
    [*cases(EVERYBODY, PAGES), *cases(DEALERS, PAGES_OF_DEALER), *cases(("technician",), PAGES_OF_TECHNICIAN)],
)
def test_other_pages(filled: dict[str, Known], ask: Any, who: str, page: Any) -> None:
    address, text = page(filled[who])
    assert text in ask(who, address).content.decode()


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("name", ["tickets", "slips"])
def test_an_export_reads_what_it_writes(filled: dict[str, Known], who: str, name: str) -> None:
    from django.http import QueryDict

    known = filled[who]
    source = exports.source(name)
    assert source is not None
    with tenancy.acting(known.viewer), watching() as statements:
        listing = source(known.viewer, QueryDict("state=all" if name == "tickets" else ""))
        rows = list(listing.rows.order_by("-id")[: exports.CHUNK])
        list(listing.rows.filter(id__lt=rows[-1]["id"]).order_by("-id")[: exports.CHUNK])
    assert rows
    assert [words for item in statements if (words := item.complaint(known.tickets))] == []


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("narrowed_to", ["", "kind=arrival", "tier=capital", "partner"])
def test_the_rates_read_the_months_they_show_from_an_index_alone(
    filled: dict[str, Known], client: Client, who: str, narrowed_to: str
) -> None:
    """A year is more than a working set, and a median needs all of it: what is read is what is counted, and no table is touched."""
    known = filled[who]
    sign_in(client, known.person)
    query = f"partner={known.partner}" if narrowed_to == "partner" else narrowed_to
    with watching() as statements:
        answer = client.get(f"/rates/?{query}")
    (asked,) = [item for item in statements if "tickets_clock" in item.sql]
    (scan,) = asked.scans
    short = {"office": "office", "hq": "maker"}.get(who, "dealer")
    assert scan.startswith(f"Index Only Scan on tickets_clock clock_{short}_rates")
    since = datetime.combine(answer.context["filters"].facts().since, time(), SHANGHAI)
    with tenancy.acting(known.viewer):
        year = Clock.objects.visible_to(known.viewer).filter(counts=True, started_at__gte=since).count()
    assert asked.read == year > known.tickets / 3


# ── the check itself ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("who", "table", "filtered", "address"),
    [
        ("dealer", "ticket", "city", f"/tickets/?state=all&city={RARE_CITY}"),
        ("office", "ticket", "lead", f"/tickets/?state=all&lead={RARE_LEAD}"),
        ("hq", "slip", "technician", f"/slips/?technician={RARE_LEAD}"),
    ],
)
def test_without_its_indexes_a_filter_is_complained_about(
    filled: dict[str, Known], ask: Any, who: str, table: str, filtered: str, address: str
) -> None:
    # all three tiers' at once: PostgreSQL 18 skips over the makers of another tier's index
    names = [f"{table}_{side}_{filtered}" for side in ("dealer", "office", "maker")]
    with without_indexes(names), pytest.raises(AssertionError, match=r"reads \d+ rows, may read"):
        ask(who, address)


def test_a_number_of_everything_is_complained_about(filled: dict[str, Known]) -> None:
    known = filled["dealer"]
    with tenancy.acting(known.viewer), watching() as statements:
        assert Ticket.objects.visible_to(known.viewer).count() == known.tickets
    (counted,) = statements
    assert counted.role == "app_dealer"
    assert "makes numbers of" in counted.complaint(known.tickets)


def test_what_the_search_reads_inside_its_function_is_counted(filled: dict[str, Known]) -> None:
    known = filled["dealer"]
    with tenancy.acting(known.viewer), watching() as statements:
        found = search.ids(known.viewer, "ticket", "示例")
    (asked,) = statements
    assert (asked.shown, asked.read) == (len(found), 2000) == (1000, 2000)


def test_rows_thrown_away_are_counted(filled: dict[str, Known]) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE heap AS SELECT n, n % 100 AS part FROM generate_series(1, 3000) AS n")
    read = explain("SELECT n FROM heap WHERE part = 7")
    assert (read.shown, read.read, read.counted) == (30, 3000, 0)
    assert "reads 3000 rows, may read 1000" in read.complaint(0)
    assert explain("SELECT count(*) FROM heap WHERE part = 7").counted == 30
    assert explain("SELECT n FROM heap LIMIT 40").complaint(0) == ""
