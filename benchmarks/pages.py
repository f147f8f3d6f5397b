"""Rows of `make bench` over real HTTP: our pages against the floor on the same database, in turns (docs/performance.md)."""

from __future__ import annotations

import html.parser
import statistics
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote, urlencode

from benchmarks import samples
from benchmarks.http import Fields, Page, Row, p95, ratio, row, server, statements, throughput, times, version_of
from benchmarks.places import MAIN, Place

NAMES = ("list", "filters", "ticket", "api_list", "create", "save_slip", "search", "board")
SMALL, LARGE = 10_000, 1_000_000
CREATE_TEXT = "测速报修:电机有异响,请派人"


class Pages:
    """The pages of one place, ours and the floor's, with their servers running."""

    def __init__(self, place: Place, stack: ExitStack) -> None:
        self.place = place
        self.found = samples.of(place)
        self.ours = stack.enter_context(server(place))
        self.bare = stack.enter_context(server(place, floor=True))
        dealer = self.found["dealer"]["org"]
        cookie = self.cookie("dealer")
        self.floor_list = Page(self.bare, f"/floor/{dealer}/", "<table>", cookie)
        self.floor_api = Page(self.bare, f"/floor/api/{dealer}/", '"number"', cookie)
        self.floor_create = Page(self.bare, "/floor/new/", "/floor/", cookie, status=302, sent=self._report)

    def cookie(self, who: str) -> str:
        """The session of one of the samples' people."""
        return f"{self.found[who]['cookie']}={self.found[who]['session']}"

    def list(self, who: str, **params: str) -> Page:
        """The list of tickets with these filters; a row of it must be there."""
        text = f"{self.found[who]['number']}"
        return Page(self.ours, f"/tickets/?{urlencode({'state': 'all', **params})}", text, self.cookie(who))

    def page(self, path: str, text: str, who: str = "dealer") -> Page:
        """Any page of ours."""
        return Page(self.ours, path, text, self.cookie(who))

    @property
    def ticket(self) -> Page:
        """A finished ticket with slip, story and photos."""
        dealer = self.found["dealer"]
        return self.page(f"/tickets/{dealer['ticket']}/", dealer["ticket_number"])

    @property
    def create(self) -> Page:
        """A report by telephone from a known customer about a known machine."""
        return Page(self.ours, "/tickets/new/", "/tickets/", self.cookie("dealer"), status=302, sent=self._report)

    @property
    def search(self) -> Page:
        """The search page with hits."""
        dealer = self.found["dealer"]
        return self.page(
            f"/search/?q={quote(dealer['filters']['q'])}", dealer["filters"]["q"][:2] + dealer["filters"]["q"][2:4]
        )

    def _report(self) -> Fields:
        dealer = self.found["dealer"]
        return [
            ("phone", dealer["customer_phone"]), ("customer", dealer["customer"]), ("machines", dealer["machine"]),
            ("fault", CREATE_TEXT), ("urgency", "normal"), ("source", "phone"), ("customer_name", ""), ("contact", ""),
            ("manufacturer", ""), ("product_type", ""), ("model", ""), ("serial_number", ""), ("reported_at", ""),
        ]  # fmt: skip

    def save_slip(self) -> Page:
        """The autosave of the technician's draft, with all that its form sends."""
        technician = self.found["technician"]
        path = f"/slips/{technician['slip']}/"
        form = self.page(path, technician["slip_customer"], "technician")
        reader = _Form()
        reader.feed(form.get(form.line())[2])
        fields = dict(reader.fields)
        several = [(name, value) for name, value in reader.fields if name != "version"]

        def answered(body: str) -> None:
            fields["version"] = version_of(body)

        return Page(
            self.ours, f"{path}save/", '"saved_at"', self.cookie("technician"), accept="application/json", answered=answered,
            sent=lambda: [*several, ("version", fields["version"])],
        )  # fmt: skip


def measure(wanted: set[str]) -> Iterator[Row]:
    """The rows asked for at 100,000 tickets, one after the other."""
    with ExitStack() as stack:
        here = Pages(Place(MAIN), stack)
        floor = here.floor_list
        if "api_list" in wanted:
            api = here.page("/api/v1/tickets?state=all&limit=100", here.found["dealer"]["number"])
            api.accept = here.floor_api.accept = "application/json"
            yield ratio("api_list", api, here.floor_api, 1.5, unit="× bare REST framework view, p95")
            yield statements("api_list_statements", api, 8)
        if "list" in wanted:
            listing = here.list("dealer")
            yield ratio("list", listing, floor, 2.0)
            yield statements("list_statements", listing, 8)
            yield throughput("list_throughput", listing, floor, 0.5)
        if "filters" in wanted:
            yield from _filters(here)
        if "ticket" in wanted:
            yield ratio("ticket", here.ticket, floor, 1.5)
            yield statements("ticket_statements", here.ticket, 12)
        if "search" in wanted:
            yield from _search(here)
        if "board" in wanted:
            board = here.page("/", "BX-L001")
            yield ratio("board", board, floor, 3.0)
            yield statements("board_statements", board, 12)
        if "create" in wanted:
            yield ratio("create", here.create, here.floor_create, 3.0, unit="× floor create, p95")
            yield statements("create_statements", here.create, 12)
        if "save_slip" in wanted:
            save = here.save_slip()
            yield ratio("save_slip", save, here.floor_create, 3.0, unit="× floor create, p95")
            yield statements("save_slip_statements", save, 12)


def _filters(here: Pages) -> Iterator[Row]:
    """The list of dealer, office and HQ: no filter, each filter that its form declares alone, all of them together."""
    for who in ("dealer", "office", "hq"):
        filters: dict[str, str] = here.found[who]["filters"]
        ways = {"plain": {}, **{name: {name: value} for name, value in filters.items()}, "all": filters}
        for name, params in ways.items():
            page = here.list(who, **params)
            yield ratio(f"list_{who}_{name}", page, here.floor_list, 2.0, rounds=3, requests=40)
        yield statements(f"list_{who}_all_statements", here.list(who, **filters), 8)


def _search(here: Pages) -> Iterator[Row]:
    """The search page and the list's own search, with hits and without, against our list."""
    listing = here.list("dealer")
    words = here.found["dealer"]["filters"]["q"]
    ways = {
        "search_hits": here.search,
        "search_none": here.page("/search/?q=" + quote("甪鱻鑫淼龘"), "甪鱻鑫淼龘"),
        "search_list_hits": here.list("dealer", q=words),
        "search_list_none": here.page("/tickets/?state=all&q=" + quote("甪鱻鑫淼龘"), "甪鱻鑫淼龘"),
    }
    for name, page in ways.items():
        yield ratio(name, page, listing, 1.5, unit="× our list, p95")


def growth() -> Iterator[Row]:
    """How (ours ÷ floor) grows from 10,000 to 1,000,000 tickets; median of five rounds, each asks all four in turn."""
    with ExitStack() as stack:
        small, large = Pages(Place(SMALL), stack), Pages(Place(LARGE), stack)
        pages = {"list": lambda here: here.list("dealer"), "ticket": lambda here: here.ticket, "create": lambda here: here.create,
                 "search": lambda here: here.search}  # fmt: skip
        for name, page in pages.items():
            asked = [
                item
                for here in (small, large)
                for item in (page(here), here.floor_create if name == "create" else here.floor_list)
            ]
            for item in asked:
                times(item, 20)  # warm
            found = []
            for turn in range(5):
                spent = {
                    place: p95(times(asked[place], 80)) for place in (range(4) if turn % 2 else reversed(range(4)))
                }
                found.append((spent[2] / spent[3]) / (spent[0] / spent[1]))
            yield row(f"growth_{name}", statistics.median(found), "× (ours ÷ floor), 10,000 → 1,000,000", 1.3)


class _Form(html.parser.HTMLParser):
    """The fields of the form with id "slip", as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: Fields = []
        self._inside = False
        self._open = ""
        self._text = ""
        self._select: tuple[str, str] = ("", "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == "slip"
        if tag == "template":
            self._inside, self._open = False, "template" if self._inside else self._open
        if not self._inside:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "input" and name and kind not in ("file", "submit", "button"):
            if kind not in ("radio", "checkbox") or "checked" in given:
                self.fields.append((name, given.get("value", "")))
        elif tag == "textarea" and name:
            self._open, self._text = name, ""
        elif tag == "select":
            self._select = (name, "")
        elif tag == "option" and "selected" in given:
            self._select = (self._select[0], given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._open:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "template" and self._open == "template":
            self._inside, self._open = True, ""
        elif tag == "textarea" and self._inside and self._open:
            self.fields.append((self._open, self._text.strip()))
            self._open = ""
        elif tag == "select" and self._inside and self._select[0]:
            self.fields.append(self._select)
