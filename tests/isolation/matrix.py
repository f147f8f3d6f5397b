"""The matrix: every route x role x method x object as one request, and what must hold for its answer.

Kinds of cells:
  positive  the role may: the answer is a success, says what must be said, a list holds exactly its rows, nothing foreign is written
  missing   the object is not the viewer's: the answer is that for an id which does not exist, and no row anywhere has changed
  refused   the object is the tenant's, but not the role's: refused, and no row has changed
  smuggle   a foreign id where one's own belongs: as an id that does not exist
  search    a foreign word in a search box: as a word that nobody holds
  same      a value that a foreign row has (serial number, code): taken like one that nobody has
Whatever the kind: no canary in body, headers or messages that the oracle (domain.py) does not allow this viewer.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http.cookies import SimpleCookie
from random import Random
from typing import Any
from urllib.parse import unquote_plus, urlencode, urlsplit

import openpyxl
import pikepdf
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import resolve, reverse
from django.utils import translation

from servicedesk.environment import sms_gateway
from tests.isolation import database
from tests.isolation.domain import Verdict, foreignness, verdict
from tests.isolation.recipes import RECIPES, SIGNED_IN, Recipe, Same, Search, Smuggle
from tests.isolation.world import AMOUNT, NUMBER, PHONE, PUBLIC, TOKEN, Row, Who, World

MISSING = "zzzzzzzzzzzzzzzz"
NO_WORD, NO_PHONE, NO_NUMBER = "ZQ777777", "16699999999", "BX-ZZ99-202001-9999"
PAGE_SIZE = 50
SIGN_IN = "/sign-in/"
#: both layers off from beginning to end: the suite's own test, which must find leaks then (test_suite.py)
BLIND = os.environ.get("BLIND") == "true"


#: an installation that has every way out of the portal; nobody listens there, and no worker sends anything
OUTSIDE: dict[str, Any] = {
    "NOTICES_MAIL": True,
    "SMS_GATEWAY": sms_gateway("http://127.0.0.1:9/sms"),
    "NOTICES_ALLOW_HOSTS": frozenset({"127.0.0.1"}),
    "NOTICES_ROBOT_URLS": dict.fromkeys(("wecom", "dingtalk", "feishu"), "http://127.0.0.1:9/robot?key="),
}


class Check(StrEnum):
    """What must hold (see the module's docstring)."""

    POSITIVE = "positive"
    MISSING = "missing"
    REFUSED = "refused"
    SMUGGLE = "smuggle"
    SEARCH = "search"
    SAME = "same"


class Mode(StrEnum):
    """Which layers are on."""

    BOTH = "both layers"
    LAYER_1_OFF = "layer 1 off"
    LAYER_2_OFF = "layer 2 off"


@dataclass(frozen=True)
class Cell:
    """One request. other: the foreign row of a smuggled id or searched word; way: in which way the object is not the viewer's."""

    recipe: Recipe
    method: str
    who: Who
    check: Check
    row: Row | None = None
    variant: str = "html"
    way: str = ""
    other: Row | None = None
    probe: Smuggle | Search | Same | None = None
    value: str = ""
    blank: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        """Route x role."""
        return self.recipe.route, self.who.role

    @property
    def writes(self) -> bool:
        """Whether a success changes the world."""
        if self.check in (Check.MISSING, Check.REFUSED, Check.SEARCH):
            return False
        return self.method == "POST" or self.recipe.get_writes

    def __str__(self) -> str:
        what = f" on {self.row}" if self.row else ""
        more = f" with {getattr(self.probe, 'name', '')} of {self.other}" if self.other else ""
        return f"{self.method} {self.recipe.name} as {self.who}{what}{more} ({self.check}{', ' + self.way if self.way else ''}, {self.variant})"


@dataclass
class Leak:
    """Something that should not have been. kind: "leak" between tenants, "rights" inside one, "positive" what did not succeed."""

    mode: str
    kind: str
    route: str
    role: str
    cell: str
    seen: str


@dataclass
class Answer:
    """What came back: the last status, everything that was said on the way."""

    status: int
    location: str
    text: str
    first: int
    headers: dict[str, str]
    landed: str = ""  # the page that a redirection led to


@dataclass
class Tally:
    """Results of a run, added up over workers."""

    cells: int = 0
    positive: int = 0
    requests: int = 0
    copies: int = 0
    leaks: list[Leak] = field(default_factory=list)
    by_check: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, other: Tally) -> None:
        """Take another worker's results in."""
        self.cells += other.cells
        self.positive += other.positive
        self.requests += other.requests
        self.copies += other.copies
        self.leaks += other.leaks
        for name, number in other.by_check.items():
            self.by_check[name] += number


# ── which cells there are ────────────────────────────────────────────────────────────────────────────────────────────────────────


def cells(world: World, seed: int = 0) -> list[Cell]:
    """All cells, in a fixed order; the seed chooses among equal objects."""
    found: list[Cell] = []
    for recipe in RECIPES:
        for who in world.viewers.values():
            random = Random(f"{seed}/{recipe.name}/{who.key}")
            for method in recipe.methods:
                found += _cells_of(world, recipe, who, method, random)
            found += _probes_of(world, recipe, who, random)
    return found


def _cells_of(world: World, recipe: Recipe, who: Who, method: str, random: Random) -> Iterator[Cell]:
    may = recipe.may(world, who, method)
    open_to = who.role in recipe.open_to
    if not recipe.thing:
        if may:
            yield from _variants(Cell(recipe, method, who, Check.POSITIVE), random)
        elif not open_to:
            yield from _variants(Cell(recipe, method, who, Check.REFUSED), random)
        return
    if recipe.argument == "token":
        if may:
            yield Cell(recipe, method, who, Check.POSITIVE, world.of(recipe.thing)[0])
        return
    if recipe.opens:
        if may:
            fitting = [
                row
                for row in world.of(recipe.thing, **recipe.traits)
                if recipe.mine is None or recipe.mine(world, who, row)
            ]
            for row in _some(fitting, random, 4 if who.tier == "outside" else 1):
                yield Cell(recipe, method, who, Check.POSITIVE, row)
        return
    groups = sort_out(world, recipe, who, method)
    for row in _some(groups["positive"], random, 1):
        yield from _variants(Cell(recipe, method, who, Check.POSITIVE, row), random)
    if not open_to:
        for name in ("role", "hidden", "unfit"):
            for row in _some(groups[name], random, 1):
                yield from _variants(Cell(recipe, method, who, Check.REFUSED, row, way=name), random)
    for way, rows in sorted(groups.items()):
        if way not in ("positive", "role", "hidden", "unfit", "open"):
            for row in _some(rows, random, 1):
                yield from _variants(Cell(recipe, method, who, Check.MISSING, row, way=way), random)


def sort_out(world: World, recipe: Recipe, who: Who, method: str) -> dict[str, list[Row]]:
    """The objects of a recipe by what they are to a viewer: positive, role (the role may not), hidden (inside the tenant, but not
    for him), unfit (the role may, but not with this one), open, or in which way they are foreign."""
    groups: dict[str, list[Row]] = defaultdict(list)
    may = recipe.may(world, who, method)
    for row in world.of(recipe.thing, **recipe.traits):
        said = verdict(world, who, row, "public_id", recipe.route)
        if said is Verdict.FOREIGN:
            groups[foreignness(who, row)].append(row)
        elif said is Verdict.ROLE:
            groups["hidden"].append(row)
        else:
            fits = recipe.mine(world, who, row) if recipe.mine else True
            groups["open" if fits is None else "role" if not may else "positive" if fits else "unfit"].append(row)
    return groups


def _some(rows: Sequence[Row], random: Random, number: int) -> list[Row]:
    return random.sample(rows, min(number, len(rows)))


def _variants(cell: Cell, random: Random) -> Iterator[Cell]:
    """As a browser asks; lists and foreign objects also as htmx or as JSON."""
    yield cell
    if cell.check is Check.POSITIVE and cell.recipe.rows is not None:
        yield _with(cell, variant="htmx")
    if cell.check is Check.MISSING:
        yield _with(cell, variant=random.choice(("htmx", "json")))


def _with(cell: Cell, **changes: Any) -> Cell:
    return Cell(**{**cell.__dict__, **changes})


def _probes_of(world: World, recipe: Recipe, who: Who, random: Random) -> Iterator[Cell]:
    for smuggle in recipe.smuggles:
        yield from _smuggled(world, recipe, who, smuggle, random)
    if recipe.may(world, who, "GET"):
        for search in recipe.searches:
            yield from _searched(world, recipe, who, search, random)
    if recipe.may(world, who, "POST") and who.org in ("", "DA01", "MA", "MA-N", "PF"):
        for same in recipe.same:
            for base in _bases(world, recipe, who, "POST", random):
                rows = list(_foreign(world, who, same.model, same.traits, same.field))
                for row in _some(rows, random, 1):
                    blank = NO_PHONE if PHONE.fullmatch(row.tokens[same.field]) else NO_WORD
                    yield Cell(
                        recipe, "POST", who, Check.SAME, base, way=foreignness(who, row), other=row, probe=same,
                        value=row.tokens[same.field], blank=blank,
                    )  # fmt: skip


def _bases(world: World, recipe: Recipe, who: Who, method: str, random: Random) -> list[Row | None]:
    """An object with which the request would succeed, were it not for what is smuggled in."""
    if not recipe.thing:
        return [None]
    return list(_some(sort_out(world, recipe, who, method)["positive"], random, 1))


def _foreign(world: World, who: Who, model: str, traits: Any, column: str) -> list[Row]:
    return [
        row
        for row in world.of(model, **traits)
        if column in row.tokens and verdict(world, who, row, column, "") is Verdict.FOREIGN
    ]


def _smuggled(world: World, recipe: Recipe, who: Who, smuggle: Smuggle, random: Random) -> Iterator[Cell]:
    if not recipe.may(world, who, smuggle.method):
        return
    rows = _foreign(world, who, smuggle.model, smuggle.traits, smuggle.column)
    ways: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        ways[foreignness(who, row)].append(row)
    for base in _bases(world, recipe, who, smuggle.method, random):
        for way, group in sorted(ways.items()):
            for row in _some(group, random, 2):
                value = row.tokens[smuggle.column]
                blank = NO_PHONE if PHONE.fullmatch(value) else MISSING
                yield Cell(
                    recipe,
                    smuggle.method,
                    who,
                    Check.SMUGGLE,
                    base,
                    way=way,
                    other=row,
                    probe=smuggle,
                    value=value,
                    blank=blank,
                )


def _searched(world: World, recipe: Recipe, who: Who, search: Search, random: Random) -> Iterator[Cell]:
    for base in _bases(world, recipe, who, "GET", random):
        for name in search.fields:
            rows = [
                row
                for row in world.of(search.model)
                if name in row.tokens and verdict(world, who, row, name, recipe.route) is not Verdict.ALLOWED
            ]
            for row in _some(rows, random, 1):
                value = row.tokens[name]
                blank = NO_PHONE if PHONE.fullmatch(value) else NO_NUMBER if NUMBER.fullmatch(value) else NO_WORD
                variant = random.choice(("html", "htmx"))
                yield Cell(recipe, "GET", who, Check.SEARCH, base, variant, foreignness(who, row), row, search, value, blank)  # fmt: skip


def sample(every: Sequence[Cell], size: int, seed: int) -> list[Cell]:
    """Every route x role once, then others up to `size`, in the order of `every`."""
    random = Random(seed)
    by_pair: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, cell in enumerate(every):
        by_pair[cell.pair].append(place)
    chosen = {random.choice(places) for places in by_pair.values()}
    rest = [place for place in range(len(every)) if place not in chosen]
    random.shuffle(rest)
    chosen.update(rest[: max(0, size - len(chosen))])
    return [every[place] for place in sorted(chosen)]


def few(every: Sequence[Cell], size: int, seed: int) -> list[Cell]:
    """Any `size` cells: for a quick look."""
    places = Random(seed).sample(range(len(every)), min(size, len(every)))
    return [every[place] for place in sorted(places)]


def uncovered(every: Iterable[Cell]) -> list[str]:
    """Route, method and role that may succeed and have no cell that tries it."""
    tried = {(cell.recipe.name, cell.method, cell.who.role) for cell in every if cell.check is Check.POSITIVE}
    wanted = {
        (recipe.name, method, role)
        for recipe in RECIPES
        for method in recipe.methods
        for role in recipe.roles(method) & (SIGNED_IN | {"stranger"})
    }
    return [f"{method} {name} as {role}" for name, method, role in sorted(wanted - tried)]


# ── doing them ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

_VOLATILE = (
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'), "csrf"),
    (re.compile(r'nonce(?:=|-)"?[\w+/=-]+"?'), "nonce"),
    (re.compile(r'X-CSRFToken(?:"|&quot;):\s*(?:"|&quot;)\w+'), "csrf"),
    (re.compile(r"(?:编号|Number) [0-9A-F]{6}"), "number of the fault"),
    (re.compile(r'"instance": "[^"]*"'), "number of the request"),
    (re.compile(r'data-due="\d+">[^<]*<'), "a clock that counts down"),
)
#: headers that differ from answer to answer
_VOLATILE_HEADERS = {"Content-Length", "X-Request-ID", "Content-Security-Policy", "Set-Cookie"}


class Runner:
    """Does cells on a copy of the world, in one process."""

    def __init__(self, world: World, copies: database.Copies) -> None:
        self.world = world
        self.copies = copies
        self.tally = Tally()
        self.mode = Mode.BOTH
        self._baselines: dict[tuple[Any, ...], Answer] = {}
        self._verdicts: dict[tuple[str, str, str], Verdict | None] = {}
        self._print: database.Fingerprint = {}
        self._touched: set[Any] = set()
        self._spoilt = False
        self.client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")

    def run(self, chosen: Sequence[Cell], mode: Mode) -> None:
        """All cells of a mode: first what changes nothing, then what does. With a layer off only what must not be seen."""
        self.mode = mode
        self._baselines.clear()
        self.renew()
        reading = [cell for cell in chosen if not cell.writes]
        reading.sort(key=lambda cell: cell.recipe.route != "partners:access")  # before refusals fill its first page
        writing = [cell for cell in chosen if cell.writes and (mode is Mode.BOTH or cell.check is Check.SMUGGLE)]
        with override_settings(
            ISOLATION_LAYER_1_OFF=BLIND or mode is Mode.LAYER_1_OFF,
            ISOLATION_LAYER_2_OFF=BLIND or mode is Mode.LAYER_2_OFF,
            **OUTSIDE,
        ):
            for cell in (*reading, *writing):
                if self._spoilt or (cell.writes and self._key(cell) in self._touched):
                    self.renew()
                self.do(cell)
                if mode is Mode.BOTH:
                    self.tally.cells += 1
                    self.tally.by_check[cell.check] += 1

    def renew(self) -> None:
        """Go on with a fresh copy of the world."""
        self.copies.fresh()
        self.tally.copies += 1
        self._print = database.fingerprint()
        self._touched.clear()
        self._spoilt = False

    def do(self, cell: Cell) -> None:
        """One cell."""
        if cell.check is Check.POSITIVE:
            self._positive(cell)
        elif cell.check is Check.REFUSED:
            self._refused(cell)
        elif cell.check is Check.SAME:
            self._same(cell)
        else:
            self._like_missing(cell)

    # ── kinds ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _positive(self, cell: Cell) -> None:
        answer = self.ask(cell, follow=True)
        self._look(cell, answer)
        if cell.writes:
            changed = self._changes()
            self._watch_writing(cell, changed)
            self._spoilt = cell.recipe.spoils
            if changed:
                self._touched.add(self._key(cell))
            elif not cell.recipe.still:
                said = re.findall(r'class="(?:error|errorlist|problem)[^>]*>([^<]+)', answer.text)
                self._missing_positive(
                    cell, f"status {answer.first}, nothing was written; {' '.join(said) or answer.text[-200:]}"
                )
                return
        if self.mode is Mode.BOTH:
            self.tally.positive += 1
            self._says(cell, answer)
        elif self.mode is not Mode.BOTH and answer.status < 400:
            self._lists(cell, answer, off=True)

    def _refused(self, cell: Cell) -> None:
        answer = self.ask(cell)
        self._look(cell, answer)
        if not _is_refusal(answer, cell.who):
            self._note(cell, "rights", f"status {answer.first} instead of a refusal")
        self._nothing_changed(cell)

    def _like_missing(self, cell: Cell) -> None:
        answer = self.ask(cell)
        self._look(cell, answer)
        if cell.method == "POST":
            changed = self._changes()
            self._watch_writing(cell, changed, strict=cell.check is not Check.SMUGGLE)
            if changed:
                self.renew()
        twin = self._twin(cell)
        may = cell.recipe.may(self.world, cell.who, cell.method) and cell.who.role not in cell.recipe.open_to
        able = may and cell.who.tier != "outside"
        if cell.check is Check.MISSING and able and answer.first != 404 and self.mode is Mode.BOTH:
            self._note(cell, "leak", f"status {answer.first} instead of 404")
        if _alike(answer) != _alike(twin):
            self._note(cell, "leak", f"differs from an id that does not exist: {_difference(answer, twin)}")

    def _same(self, cell: Cell) -> None:
        answer = self.ask(cell)
        self._look(cell, answer)
        self._watch_writing(cell, self._changes())
        self.renew()
        twin = self.ask(_with(cell, value=cell.blank))
        self._spoilt = True
        if answer.first != twin.first or answer.first >= 400:
            self._note(cell, "leak", f"status {answer.first}; with a value that nobody has {twin.first}")

    def _twin(self, cell: Cell) -> Answer:
        """The answer for an id (or word) that does not exist."""
        if cell.check is Check.MISSING:
            key: tuple[Any, ...] = (cell.recipe.name, cell.method, cell.who.key, cell.variant)
            if key not in self._baselines:
                self._baselines[key] = self.ask(cell, missing=True)
                if cell.method == "POST":
                    self._nothing_changed(cell)
            return self._baselines[key]
        key = (cell.recipe.name, cell.method, cell.who.key, cell.variant, cell.row, id(cell.probe), cell.blank)
        if key not in self._baselines:
            self._baselines[key] = self.ask(_with(cell, value=cell.blank))
            if cell.method == "POST" and self._changes():
                self.renew()
        return self._baselines[key]

    # ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def ask(self, cell: Cell, *, missing: bool = False, follow: bool = False) -> Answer:
        """Send the request. missing: with an id that does not exist in place of the object's."""
        recipe, world, who = cell.recipe, self.world, cell.who
        address = self._address(cell, missing)
        query = dict(recipe.query(world, who, cell.row)) if recipe.query else {}
        data = dict(recipe.data(world, who, cell.row)) if recipe.data and cell.method == "POST" else {}
        if cell.probe is not None:
            in_address = cell.method == "GET" or getattr(cell.probe, "in_address", False)
            (query if in_address else data)[cell.probe.name] = cell.value
            data |= getattr(cell.probe, "extra", {}) if cell.method == "POST" else {}
        client = self._client(who)
        headers = _headers(cell)
        where = address + (f"?{urlencode(query)}" if query else "")
        send = client.get if cell.method == "GET" else client.post
        if recipe.route.startswith("api:") and cell.method == "POST":
            response: Any = self._write(client, cell, where, data, headers)
        else:
            response = send(where, data, headers=headers) if cell.method == "POST" else send(where, headers=headers)
        answer = self._read(response, client)
        for _step in range(3):
            target = answer.location
            if not follow or not target or target.startswith(SIGN_IN) or (recipe.lands and target == recipe.lands):
                break
            further = self._read(client.get(target, headers={}), client)
            landed = resolve(urlsplit(target).path).view_name
            answer = Answer(further.status, further.location, answer.text + "\n" + further.text, answer.first, further.headers, landed)  # fmt: skip
        return answer

    def _write(self, client: Client, cell: Cell, where: str, data: dict[str, Any], headers: dict[str, str]) -> Any:
        """A write by API: JSON, lists as lists, the version in If-Match. A file goes as on pages."""
        method = cell.recipe.via or "POST"
        if "version" in data:
            headers = headers | {"If-Match": f'"{data.pop("version")}"'}
        if any(isinstance(value, UploadedFile) for value in data.values()):
            return client.post(where, data, headers=headers)
        for name in ("machines", "companions", "ids"):
            if isinstance(data.get(name), str):
                data[name] = [data[name]]
        return client.generic(method, where, json.dumps(data), content_type="application/json", headers=headers)

    def _address(self, cell: Cell, missing: bool) -> str:
        recipe = cell.recipe
        kwargs = dict(recipe.kwargs)
        if recipe.thing and cell.row is not None:
            value = recipe.value(self.world, cell.row) if recipe.value else cell.row.public_id
            if missing:
                value = MISSING if isinstance(value, str) else 987_654_321
            kwargs[recipe.argument] = value
        return reverse(recipe.route, kwargs=kwargs)

    def _client(self, who: Who) -> Client:
        """The one client (its middleware is loaded once), as this person."""
        self.client.cookies = SimpleCookie()
        if who.session:
            self.client.cookies["sessionid"] = who.session
        return self.client

    def _read(self, response: Any, client: Client) -> Answer:
        self.tally.requests += 1
        body = b"".join(response.streaming_content) if response.streaming else response.content
        response.close()
        translation.activate("zh-hans")  # a page in English must not colour the next one
        kind = response.get("Content-Type", "")
        if kind.startswith("application/pdf"):
            text = _pdf_text(body)
        else:
            text = _sheet_text(body) if "spreadsheetml" in kind else body.decode("utf-8", "replace")
        headers = {name: value for name, value in response.headers.items() if name not in _VOLATILE_HEADERS}
        told = "\n".join(f"{name}: {unquote_plus(value)}" for name, value in response.headers.items())
        told += "\n".join(_messages(client))
        location = response.get("Location", "") or response.get("HX-Redirect", "")
        client.cookies.pop("messages", None)
        return Answer(response.status_code, location, f"{told}\n\n{text}", response.status_code, headers)

    # ── looking ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _look(self, cell: Cell, answer: Answer) -> None:
        """No canary that this viewer must not see, except what he sent himself."""
        sent = self._sent(cell)
        if cell.recipe.argument == "token" and cell.row is not None:
            sent |= set(cell.row.tokens.values())  # who holds the link is told whom it is for
        if cell.recipe.opens and cell.row is not None:
            sent |= cell.recipe.opens(self.world, cell.row)
        for token in set(canaries(answer.text)) - sent:
            said = self._verdict(cell.who, token, cell.recipe.route)
            if said not in (None, Verdict.ALLOWED) and answer.landed:
                said = self._verdict(cell.who, token, answer.landed)  # the page that the answer led to
            if said in (None, Verdict.ALLOWED):
                continue
            if said is Verdict.ROLE and self.mode is not Mode.BOTH:
                continue
            self._note(cell, "leak" if said is Verdict.FOREIGN else "rights", f"{token}, {self._what(token)}")
        if answer.status >= 500 and self.mode is Mode.BOTH:
            self._note(cell, "positive" if cell.check is Check.POSITIVE else "rights", f"status {answer.status}")

    def _verdict(self, who: Who, token: str, route: str) -> Verdict | None:
        key = (who.key, token, route)
        if key not in self._verdicts:
            said = {verdict(self.world, who, row, name, route) for row, name in self.world.tokens.get(token, ())}
            order = (Verdict.ALLOWED, Verdict.ROLE, Verdict.FOREIGN)
            self._verdicts[key] = next((one for one in order if one in said), None)
        return self._verdicts[key]

    def _what(self, token: str) -> str:
        return "; ".join(f"{name} of {row}" for row, name in self.world.tokens[token][:3])

    def _sent(self, cell: Cell) -> set[str]:
        """What the viewer typed himself, or what the address says."""
        recipe = cell.recipe
        parts: list[Any] = [self._address(cell, False), cell.value]
        for make in (recipe.query, recipe.data):
            if make:
                parts += list(make(self.world, cell.who, cell.row).values())
        return set(canaries(" ".join(str(part) for part in parts)))

    def _says(self, cell: Cell, answer: Answer) -> None:
        """A success says what must be said."""
        if cell.recipe.lands and cell.method == "POST":
            if answer.location != cell.recipe.lands:
                self._missing_positive(cell, f"status {answer.first} {answer.location}")
            return
        if answer.status >= 400 or answer.location.startswith(SIGN_IN):
            self._missing_positive(cell, f"status {answer.first} {answer.location}")
            return
        recipe = cell.recipe
        wanted: list[str] = []
        if cell.row is not None and cell.variant == "html":
            wanted = [cell.row.tokens[name] for name in recipe.shows if name in cell.row.tokens]
        if recipe.text and cell.method == "GET" and cell.variant == "html":
            wanted += recipe.text(self.world, cell.who, cell.row)
        said = answer.text
        absent = [text for text in wanted if text not in said]
        if absent:
            self._missing_positive(cell, f"status {answer.status}, not said: {', '.join(absent[:3])}")
        else:
            self._lists(cell, answer, off=False)

    def _lists(self, cell: Cell, answer: Answer, *, off: bool) -> None:
        """A list holds exactly the viewer's rows and counts them right; so do the numbers on a home page."""
        recipe = cell.recipe
        if cell.method != "GET":
            return
        kind = "leak" if off else "positive"
        if recipe.rows is not None:
            wanted = {row.public_id for row in recipe.rows(self.world, cell.who)}
            model = (
                {row.public_id for row in self.world.of(recipe.rows(self.world, cell.who)[0].model)}
                if wanted
                else set()
            )
            own = {self.world.people[cell.who.key].public_id} if cell.who.key in self.world.people else set()
            shown = (set(PUBLIC.findall(answer.text)) & model) - own
            if (shown - wanted) or (len(wanted) <= PAGE_SIZE and shown != wanted - own):
                self._note(cell, "leak" if shown - wanted else kind, f"rows {len(shown)}, must be {len(wanted)}")
            count = re.search(r'role="status">[^<\d]*(\d+)', answer.text)
            if count and int(count[1]) != len(wanted):
                self._note(cell, "leak" if int(count[1]) > len(wanted) else kind, f"counts {count[1]}, must be {len(wanted)}")  # fmt: skip
        if recipe.numbers is not None:
            for address, number in recipe.numbers(self.world, cell.who).items():
                found = re.search(rf'href="{re.escape(address)}"><span[^>]*>[^<]*</span><b>(\d+)', answer.text)
                if found is None or int(found[1]) != number:
                    self._note(cell, "leak", f"{address} says {found[1] if found else 'nothing'}, must be {number}")

    def _nothing_changed(self, cell: Cell) -> None:
        if cell.method != "POST":
            return
        changed = self._changes()
        if changed:
            self._watch_writing(cell, changed, strict=True)
            self._note(cell, "rights", f"written although refused: {sorted(changed)[:4]}")
            self.renew()

    def _changes(self) -> set[tuple[str, str]]:
        """What was written since the last look, apart from the record of a refused access and the counters of tries."""
        now = database.fingerprint()
        changed = database.changes(self._print, now)
        self._print = now
        return {
            key
            for key in changed
            if key[0] not in ("core_accessrecord", "partners_signinfailures", "tickets_linktries")
        }

    def _watch_writing(self, cell: Cell, changed: set[tuple[str, str]], *, strict: bool = False) -> None:
        who = cell.who
        if cell.recipe.opens and cell.row is not None:
            who = Who("customer", "dealer", "dealer.dispatcher", cell.row.dealer or cell.row.org)
        foreign = sorted(key for key in changed if strict or not _may_write(self.world, who, *key))
        if foreign:
            self._note(cell, "leak", f"changed rows of others: {foreign[:5]}")

    def _note(self, cell: Cell, kind: str, seen: str) -> None:
        if self.mode is not Mode.BOTH and kind != "leak":
            return
        self.tally.leaks.append(Leak(self.mode.value, kind, cell.recipe.name, cell.who.role, str(cell), seen[:400]))

    def _missing_positive(self, cell: Cell, seen: str) -> None:
        self._note(cell, "positive", seen)

    def _key(self, cell: Cell) -> Any:
        if cell.row is None:
            return cell.recipe.route, cell.who.org
        return cell.row.ticket or cell.row.facts.get("of_ticket") or cell.row


def canaries(text: str) -> Iterator[str]:
    """Everything in a text that could be a canary."""
    yield from TOKEN.findall(text)
    yield from PHONE.findall(re.sub(r"(?<=\d)[ -](?=\d)", "", text))
    yield from PUBLIC.findall(text)
    yield from NUMBER.findall(text)
    yield from AMOUNT.findall(re.sub(r"(?<=\d),(?=\d{3})", "", text))


def _headers(cell: Cell) -> dict[str, str]:
    if cell.variant == "htmx":
        return {"HX-Request": "true"}
    if cell.variant == "json" or cell.recipe.json:
        return {"Accept": "application/json"}
    return {}


def _messages(client: Client) -> list[str]:
    """What the answer will say on the next page: it lies, coded, in a cookie."""
    cookie = client.cookies.get("messages")
    if cookie is None or not cookie.value:
        return []
    found = CookieStorage(HttpRequest())._decode(cookie.value)
    return [str(message) for message in found or ()]


def _sheet_text(body: bytes) -> str:
    """Every cell of a workbook."""
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return body.decode("utf-8", "replace")  # a stored file of the world
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def _pdf_text(body: bytes) -> str:
    """All that a PDF says: its streams unpacked, and, where there is a program for it, its text as people read it."""
    text = []
    try:
        with pikepdf.open(io.BytesIO(body)) as pdf:
            text = [str(pdf.docinfo)]
            for thing in pdf.objects:
                if isinstance(thing, pikepdf.Stream):
                    try:
                        text.append(thing.read_bytes().decode("latin-1"))
                    except pikepdf.PdfError:
                        continue
    except pikepdf.PdfError:
        return body.decode("latin-1")
    try:
        done = subprocess.run(["pdftotext", "-enc", "UTF-8", "-", "-"], input=body, capture_output=True, timeout=20)
        text.append(done.stdout.decode("utf-8", "replace"))
    except (FileNotFoundError, subprocess.TimeoutExpired):
        pass
    return "\n".join(text)


def _is_refusal(answer: Answer, who: Who) -> bool:
    if answer.first >= 400:
        return True
    signed_out = answer.location.startswith(SIGN_IN)
    return who.tier == "outside" and signed_out


def _alike(answer: Answer) -> tuple[Any, ...]:
    """An answer without what differs each time: ids, numbers, words that were sent, tokens of forms."""
    text = answer.text.partition("\n\n")[2]
    for pattern, stands_for in _VOLATILE:
        text = pattern.sub(stands_for, text)
    where = unquote_plus(answer.location)
    headers = {name: value for name, value in answer.headers.items() if name != "Location"}
    parts = [text, where, *(f"{name}: {value}" for name, value in sorted(headers.items()))]
    for pattern in (PUBLIC, NUMBER, TOKEN, PHONE):
        parts = [pattern.sub("•", part) for part in parts]
    parts = [re.sub(r"987654321|(?<=/)\d+(?=/)", "•", unquote_plus(part)) for part in parts]
    return (answer.first, *parts)


def _difference(one: Answer, other: Answer) -> str:
    """Where two answers part."""
    left, right = _alike(one), _alike(other)
    if left[0] != right[0]:
        return f"status {left[0]} and {right[0]}"
    for a, b in zip(left[1:], right[1:], strict=False):
        if a != b:
            place = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
            return f"…{a[max(0, place - 40) : place + 60]!r} and …{b[max(0, place - 40) : place + 60]!r}"
    return "headers"


def _may_write(world: World, who: Who, table: str, owner: str) -> bool:
    """Whether rows of this owner are the viewer's to write (owner: as `database` writes it)."""
    if table in ("partners_account", "partners_accesslink"):
        return True  # the viewer's own account, links for his own people: identity tables know no tenant
    ids = {row.pk: code for code, row in world.organisations.items()}
    parts = owner.split("/")
    codes = [ids.get(int(part), "") if part.isdecimal() else part for part in parts]
    if who.tier == "outside":
        return table == "partners_person"
    if table in ("notices_channel", "notices_delivery", "notices_preferences"):
        return codes[0] == who.org
    if who.tier == "platform":
        return table in (
            "partners_organisation", "partners_partnership", "partners_person", "core_dictionaryentry", "core_calendaryear", "core_job",
            "notices_notice", "partners_apitoken", "partners_savedview",
        )  # fmt: skip
    if table == "core_job" and codes[0] in world.partners(who.org) | {who.maker}:
        return True  # a job for a partner: the one door between tenants (reliability.md 1)
    if len(parts) == 4:
        dealer, maker, office, shared = codes
        mine = {"dealer": dealer, "hq": maker, "office": office}[who.tier]
        return mine == who.org and (who.tier == "dealer" or shared in ("t", "true"))
    if table == "partners_organisation":
        return who.org in codes
    if len(parts) == 2:
        return who.org == {"dealer": codes[0], "hq": codes[1]}.get(who.tier)
    owned = world.organisations.get(codes[0])
    return codes[0] == who.org or (owned is not None and owned.facts["owner"] == who.org)
