"""Every route of the product: who may succeed there, on which object, with which input, and what must be seen then.

Who may what is written down here by hand, from the handbook (domain.md 2.2), not read from the rights table: where the two differ,
one of them is wrong. A route that is neither here nor in EXEMPT fails tests/isolation/test_inventory.py.
How to add one: docs/isolation.md.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from core.calendars import local
from notices.queries.preferences import code_for
from settlement.api.claims import VERBS as CLAIM_VERBS
from settlement.api.statements import VERBS as STATEMENT_VERBS
from tests import factories
from tests.isolation.domain import CARD_READERS, CHECK_READERS, IMPORTERS, READERS, allowed, duty_is_shown
from tests.isolation.domain import PLANNERS as DUTY_PLANNERS
from tests.isolation.world import (
    LIMITED,
    LIMITED_CHIEFS,
    PARTNERSHIPS,
    ROLES,
    SHOWN_TO_MAKERS,
    SHOWN_TO_PUBLIC,
    Row,
    Who,
    World,
)
from tests.settlement.statements import invoice_xml
from tests.tickets.driver import STROKES, picture
from tickets.enums import BEFORE_ARRIVAL, BEFORE_SIGNING, OPEN, SlipState, TicketState

S = TicketState
Roles = frozenset[str]


def _roles(*names: str) -> Roles:
    return frozenset(names)


DEALER = frozenset(f"dealer.{name}" for name in ROLES["dealer"])
OFFICE = frozenset(f"office.{name}" for name in ROLES["office"])
HQ = frozenset(f"hq.{name}" for name in ROLES["hq"])
PLATFORM = _roles("platform.admin")
STRANGER = _roles("stranger")
SIGNED_IN = DEALER | OFFICE | HQ | PLATFORM
EVERYBODY = SIGNED_IN | STRANGER
NOBODY: Roles = frozenset()
BUSINESS = DEALER | OFFICE | HQ
OWNERS = _roles("dealer.admin", "dealer.owner")
ADMINS = _roles("dealer.admin", "office.admin", "hq.admin", "platform.admin")
DESK = _roles("dealer.admin", "dealer.dispatcher")
CREW = _roles("dealer.technician")
FIELD = DESK | CREW
CALLERS = DESK | {"dealer.owner"}
PUBLISHERS = _roles("hq.admin", "hq.reviewer", "dealer.admin")
SERVICE = _roles("hq.admin", "hq.reviewer", "hq.call_centre")
MAKERS_PAPER = SERVICE | {"hq.finance", "hq.parts_store"}
DEPARTMENTS = _roles("hq.technical", "hq.production", "hq.quality")
GOODWILL = _roles("office.manager", "office.engineer", "hq.reviewer")
RATES = CALLERS | OFFICE | SERVICE
CARD, CLAIM = "settlement.ratecard", "settlement.claim"
STATEMENT, ENTRY = "settlement.statement", "settlement.statemententry"
PAYERS = _roles("hq.admin", "hq.reviewer", "hq.finance")
CLAIMERS = _roles("dealer.admin", "dealer.accountant", "dealer.owner")
SETTLING = frozenset(CARD_READERS)
BOOKING = OFFICE | {"hq.admin", "hq.reviewer"}
TICKET_READERS = READERS | CREW | OFFICE | HQ

#: what a condition on an object says: True must succeed, False must be refused, None the handbook leaves open
Fit = bool | None
Mine = Callable[[World, Who, Row], Fit]
Data = Callable[[World, Who, Row | None], dict[str, Any]]


@dataclass(frozen=True)
class Smuggle:
    """Somebody else's id in a place where only one's own belong: answered as an id that does not exist.

    name: of the parameter, in the address for GET and where `in_address`, else in the body. model, traits, column: whose id, or
    which other value of the row. extra: what else is sent.
    """

    name: str
    model: str
    method: str = "POST"
    traits: Mapping[str, Any] = field(default_factory=dict)
    in_address: bool = False
    column: str = "public_id"
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Search:
    """A word that only a foreign row holds, typed into a search box: answered as a word that nobody holds."""

    name: str
    model: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Same:
    """A value that a foreign row has already (a serial number, a code): taken like one that nobody has."""

    name: str
    model: str
    field: str
    traits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """One route, or one verb of it.

    thing, traits: model and traits of the object in the address. get, post: roles that succeed with the method, None = the
    route does not answer it. mine: whether this object is one with which the role succeeds (on top of seeing it).
    data: the body of a POST. shows: fields of the object whose canaries must be in the answer (after a redirect, in the page it
    leads to). text: further words that must be there. rows: the rows a list must show. own: the POST changes rows of nobody else.
    spoils: the world is not what it was for others afterwards, so a fresh copy is made. still: a POST that changes no row. get_writes: a GET that
    does. able: which people of a role, where the object does not decide. lands: where a success leads; the page there is a cell of its
    own (after a sign-in, somebody else's). open_to: roles that get an answer of which the handbook says nothing (a redirect). argument, value: how the object stands
    in the address, if not by its public id. via: the method of a write by API that is no POST. opens: the address itself is the key (a code,
    a link): whoever has it is told these canaries and no others, and writes as a customer of the row's dealer.
    """

    route: str
    label: str = ""
    thing: str = ""
    traits: Mapping[str, Any] = field(default_factory=dict)
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    get: Roles | None = None
    post: Roles | None = None
    mine: Mine | None = None
    data: Data | None = None
    query: Data | None = None
    shows: tuple[str, ...] = ()
    text: Callable[[World, Who, Row | None], list[str]] | None = None
    rows: Callable[[World, Who], list[Row]] | None = None
    numbers: Callable[[World, Who], dict[str, int]] | None = None
    json: bool = False
    smuggles: tuple[Smuggle, ...] = ()
    searches: tuple[Search, ...] = ()
    same: tuple[Same, ...] = ()
    spoils: bool = False
    still: bool = False
    get_writes: bool = False
    able: Callable[[World, Who], bool] | None = None
    lands: str = ""
    open_to: Roles = NOBODY
    argument: str = "public_id"
    opens: Callable[[World, Row], set[str]] | None = None
    value: Callable[[World, Row], Any] | None = None
    via: str = ""

    @property
    def name(self) -> str:
        """Route and verb."""
        return f"{self.route}[{self.label}]" if self.label else self.route

    @property
    def methods(self) -> tuple[str, ...]:
        """What it answers."""
        return tuple(name for name, roles in (("GET", self.get), ("POST", self.post)) if roles is not None)

    def roles(self, method: str) -> Roles:
        """Who may succeed with a method."""
        return (self.get if method == "GET" else self.post) or NOBODY

    def may(self, world: World, who: Who, method: str) -> bool:
        """Whether this person may succeed with a method on a fitting object."""
        return who.role in self.roles(method) and (self.able is None or self.able(world, who))


# ── pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _clock(world: World, hours: float) -> str:
    from datetime import timedelta

    return f"{local(world.now + timedelta(hours=hours)):%Y-%m-%dT%H:%M}"


def _word(world: World, kind: str) -> str:
    return str(
        next(row.facts["label"] for row in world.of("core.dictionaryentry", active=True) if row.facts["kind"] == kind)
    )


def _version(**more: Any) -> Data:
    """The version that the object has, and more."""
    return lambda world, who, row: {"version": row.version if row else 1, **more}


def _plain(**more: Any) -> Data:
    return lambda world, who, row: dict(more)


def _short_name(world: World, who: Who, row: Row | None) -> list[str]:
    return [world.organisations[who.org].tokens["short_name"]] if who.org else []


def _own_organisation(world: World, who: Who, row: Row) -> Fit:
    return who.tier == "platform" or who.org in (row.org, row.facts["owner"])


def _own_catalogue(world: World, who: Who, row: Row) -> Fit:
    if who.tier == "dealer":
        return bool(row.maker) and world.organisations[row.maker].facts["owner"] == who.org
    return who.maker == row.maker and who.tier == "hq"


def _shown_card(world: World, who: Who, row: Row) -> Fit:
    """A draft is shown to who writes it."""
    return row.state != "draft" or _own_catalogue(world, who, row)


def _publishes(world: World, who: Who) -> bool:
    """HQ, and dealers that carry a manufacturer who is not on the platform."""
    return who.tier != "dealer" or any(card.facts["owner"] == who.org for card in world.organisations.values())


def _searchable(world: World, who: Who) -> Row | None:
    return next((row for row in world.of("tickets.ticket") if allowed(world, who, row)), None)


def _searched(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    ticket = _searchable(world, who)
    return {"q": ticket.tokens["number"] if ticket else "ZQ888888"}


def _search_hit(world: World, who: Who, row: Row | None) -> list[str]:
    ticket = _searchable(world, who)
    return [ticket.public_id, ticket.tokens["customer_name"]] if ticket else []


def _dealer(who: Who) -> str:
    """Whose customers are typed in: the viewer's dealer, else any."""
    return who.org if who.tier == "dealer" else "DA01"


def _maker_query(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    """The manufacturer for whom a new row is entered: a dealer's own unlisted one, HQ itself."""
    if who.tier == "dealer":
        owned = [o for o in world.organisations.values() if o.facts["owner"] == who.org]
        return {"maker": (owned or [world.organisations["MA"]])[0].public_id}
    return {"maker": world.organisations[who.maker or "MA"].public_id}


def _first_maker(world: World, who: Who) -> str:
    """A manufacturer whose catalogue the viewer reads."""
    if who.tier == "dealer":
        return min(world.makers_of(who.org) & {"MA", "MB"})
    return who.maker or "MA"


def _leads(world: World, who: Who, row: Row) -> Fit:
    ticket = row.ticket
    return who.role != "dealer.technician" or (ticket is not None and ticket.lead == who.key)


def _was_there(world: World, who: Who, row: Row) -> Fit:
    ticket = row.ticket
    return who.role != "dealer.technician" or (ticket is not None and who.key in ticket.crew)


def _not_his_job(world: World, who: Who, row: Row) -> Fit:
    """回访: not who did it; the office in charge too, HQ only where there is none."""
    ticket = row.ticket
    if ticket is None or who.key in ticket.crew:
        return False
    return not ticket.office if who.tier == "hq" else True


def _mine(world: World, who: Who, row: Row) -> Fit:
    return who.key == row.person


def _not_just_referred(world: World, who: Who, row: Row) -> Fit:
    """A referral that nobody has accepted is neither cancelled nor merged (domain.md 6)."""
    return not (row.facts.get("referral") and row.state == S.NEW)


def _to_transfer(world: World, who: Who, row: Row) -> Fit:
    return bool(row.facts.get("referral")) and not row.facts.get("asked")


def _may_escalate(world: World, who: Who, row: Row) -> Fit:
    """Who is on the job or at the desk, for a manufacturer on the platform, once at a time."""
    if world.organisations[row.maker].facts["owner"] or not _was_there(world, who, row):
        return False
    return None if row.facts.get("escalated") else True


def _looks_after(world: World, who: Who, row: Row) -> Fit:
    """Headquarters: the reviewer and the administrator all of it, the others what their department has."""
    if who.tier != "hq" or who.role in ("hq.admin", "hq.reviewer"):
        return True
    return who.department == row.facts["department"]


def _own_leave(world: World, who: Who, row: Row) -> Fit:
    return who.key == row.person or who.role.endswith(".admin")


def _own_person(world: World, who: Who, row: Row) -> Fit:
    return who.org == row.org and (who.key == row.person or who.role.endswith(".admin"))


def _not_claimed(world: World, who: Who, row: Row) -> Fit:
    """A signed slip of a manufacturer on the platform on which no claim stands."""
    return None if row.facts.get("claimed") or world.organisations[row.maker].facts["owner"] else True


def _reviews_first(world: World, who: Who, row: Row) -> Fit:
    """The office in charge, where there is none headquarters."""
    return who.tier == ("office" if row.office else "hq")


def _reviews(world: World, who: Who, row: Row) -> Fit:
    return who.tier == "hq" if row.state == "second" else _reviews_first(world, who, row)


def _my_turn(world: World, who: Who, row: Row) -> Fit:
    """A claim of one's own queue; any other one leads back to the queue."""
    mine = who.tier == "hq" if row.state in ("second", "appealed") else _reviews_first(world, who, row)
    return True if mine else None


def _turn_of(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    """A claim of one's own queue, with its version; the checks find something in every claim of the world, so that none goes through."""
    state = ("first",) if who.tier == "office" else ("second", "appealed")
    found = [one for one in world.of(CLAIM, state=state) if who.org in (one.office, one.maker)]
    return {"claim": [f"{one.public_id}:{one.version}" for one in found[:1]]}


def _above_the_limit(world: World, who: Who, row: Row) -> Fit:
    """The page of the step is everybody's who claims; above the limit only the owner submits without having been asked."""
    return True if who.role == "dealer.owner" or row.dealer not in LIMITED else None


def _is_limited(world: World, who: Who, row: Row) -> Fit:
    return row.dealer in LIMITED


def _has_a_limit(world: World, who: Who, row: Row) -> Fit:
    return who.key in LIMITED_CHIEFS


LIMITERS = _roles("dealer.admin", "dealer.owner", "hq.admin")


def _limits(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    """A figure for the dealer, or for a reviewer of one's own headquarters."""
    if who.tier == "dealer":
        return {"limit_": "70.00"}
    reviewers = [one for one in world.of(PERSON, org=who.org) if one.person.endswith(".reviewer")]
    return {f"limit_{one.public_id}": "70.00" for one in reviewers}


def _claim_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {
        "version": row.version if row else 1, "one_way_km": "12", "trips": "1", "people": "2", "left": "2026-06-11T07:30",
        "back": "2026-06-11T18:10", "consumables": "20.00",
    }  # fmt: skip


def _check_form(**more: Any) -> Data:
    """The figures of M02, with the version of the organisation's own setting."""

    def data(world: World, who: Who, row: Row | None) -> dict[str, Any]:
        own = world.of("settlement.checksetting", org=who.org)
        return {"version": own[0].version if own else 0, "is_on": "on", "amount": "1800.00", "months": "3", **more}

    return data


def _leave(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    """A leave far away, of oneself or of the person in the address, for whom a colleague acts."""
    away = row.person if row else who.key
    org = row.org if row else who.org
    others = [one for one in world.of(PERSON, org=org, active=True) if one.person != away]
    return {
        "deputy": (others or world.of(PERSON, active=True))[0].public_id,
        "first_day": "2029-06-04",
        "last_day": "2029-06-08",
    }


def _support_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    shot = SimpleUploadedFile("x.jpg", picture("isolation"), content_type="image/jpeg")
    return {
        "version": 0, "reason": "technical", "wanted": "phone", "phenomenon": "前端异响,轴承座 78℃,三相电流 28/29/35 A", "then": "submit",
        "r_operating_condition": "粉尘", "new_photos": shot,
    }  # fmt: skip


def _support_draft(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {"reason": "technical", "wanted": "phone", "phenomenon": "前端异响", "draft": True}


def _reply(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {
        "version": row.version if row else 1, "text": "先测轴电压", "next_step": "发绝缘轴承", "next_person": "沈工",
        "next_on": _clock(world, 72)[:10],
    }  # fmt: skip


def _to_contact(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    shown = world.of("partners.contact", org=row.maker if row else "MA")
    return {"version": row.version if row else 1, "to": shown[0].public_id}


def _to_colleague(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    other = next(one for one in world.of(PERSON, org=who.org or "MA", active=True) if one.person != who.key)
    return {"version": row.version if row else 1, "to": other.public_id}


def _into_other(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    assert row is not None
    others = world.of(ESCALATION, dealer=row.dealer, maker=row.maker, state="answered")
    return {"version": row.version, "target": others[0].public_id, "reason": "同一故障"}


def _case_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {
        "version": row.version if row else 1,
        "product_type": "三相异步电动机",
        "fault": "轴承搓衣板纹",
        "cure": "换绝缘轴承",
    }


def _refer(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    dealers = [d for d, m, o, _s, confirmed, ended, _l in PARTNERSHIPS if who.org in (m, o) and confirmed and not ended]
    return {
        "phone": "13874651234", "customer_name": "新客户", "contact": "张工", "province": "湖南省", "city": "永州市", "address": "工业园 1 号",
        "product_type": _word(world, "product_type"), "model": "YE3-160M-4", "fault": "前端有咯咯声,烫手", "urgency": "normal",
        "dealer": world.organisations[(dealers or ["DA01"])[0]].public_id,
    }  # fmt: skip


def _another_dealer(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    dealers = [
        d for d, m, _o, _s, confirmed, ended, _l in PARTNERSHIPS
        if m == who.maker and confirmed and not ended and (row is None or d != row.dealer)
    ]  # fmt: skip
    return {
        "version": row.version if row else 1,
        "reason": "归他",
        "dealer": world.organisations[(dealers or ["DC03"])[0]].public_id,
    }


def _my_view(world: World, who: Who, row: Row) -> Fit:
    """One's own; a shared one of others where the role may share."""
    return who.key == row.person or (bool(row.facts["shared"]) and who.role.endswith(".admin"))


def _my_task(world: World, who: Who, row: Row) -> Fit:
    if who.key == row.person:
        return True
    if who.tier == "platform":
        return None
    return None if who.role.endswith(".admin") else False


def _my_result(world: World, who: Who, row: Row) -> Fit:
    """The file that a task made: whoever ordered it."""
    return who.key == row.person


def _manageable(world: World, who: Who, row: Row) -> Fit:
    """People whom an administrator looks after: his own; for the platform administrators everywhere."""
    return row.admin if who.tier == "platform" else who.org == row.org


def _not_oneself(world: World, who: Who, row: Row) -> Fit:
    return False if who.key == row.person else _manageable(world, who, row)


def _tickets(**traits: Any) -> Callable[[World, Who], list[Row]]:
    return lambda world, who: [row for row in world.of("tickets.ticket", **traits) if allowed(world, who, row)]


def _of(model: str, **traits: Any) -> Callable[[World, Who], list[Row]]:
    return lambda world, who: [row for row in world.of(model, **traits) if allowed(world, who, row)]


def _of_first_maker(model: str, **traits: Any) -> Callable[[World, Who], list[Row]]:
    return lambda world, who: world.of(model, maker=_first_maker(world, who), **traits)


def _people(world: World, who: Who) -> list[Row]:
    if who.tier == "platform":
        return world.of("partners.person", admin=True)
    return world.of("partners.person", org=who.org)


def _person_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    """A person as an administrator types him; the roles are those of the person's organisation."""
    org = row.org if row else who.org
    code = org if org in {person.org for person in world.people.values()} else "MA"
    roles = {"DA": "storekeeper", "DB": "storekeeper", "DC": "storekeeper"}.get(code[:2], "admin")
    if who.tier == "platform" or (row and row.admin):
        roles = "admin"
    number = row.tokens["phone"] if row else "16612340001"
    return {"name": "新来的人", "phone": number, "roles": roles, "version": row.version if row else ""}


def _card(**more: Any) -> Data:
    def make(world: World, who: Who, row: Row | None) -> dict[str, Any]:
        card = {"name": "新名称", "short_name": "新名", "service_phone": "0731-88880000", "address": "新地址 1 号"}
        return card | {"version": row.version if row else ""} | more

    return make


def _customer_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {
        "name": "新客户", "contact": "张工", "phone": "13874651234", "province": "湖南省", "city": "永州市", "address": "工业园 1 号",
        "source": "direct", "grade": "ordinary", "version": row.version if row else "",
    }  # fmt: skip


def _promise_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    mine = {
        maker
        for dealer, maker, _o, _s, confirmed, ended, _l in PARTNERSHIPS
        if dealer == who.org and confirmed and not ended
    }
    maker = min(mine or {"MA"})  # who has no manufacturer is refused whichever he names
    return {
        "manufacturer": world.organisations[maker].public_id, "valid_from": _clock(world, 216),
        "response_minutes": "30", "arrival_capital_hours": "3", "arrival_other_hours": "10", "arrival_windows": "08:30-17:30",
    }  # fmt: skip


def _pause(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    pauses = world.of("tickets.clockpause", parent=row) if row else []
    return {"version": row.version if row else "", "pause": pauses[0].pk if pauses else "0", "reason": "客户说没有改期"}


def _machine_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    maker = row.maker if row and row.model == "equipment.machine" else ""
    if not maker:
        maker = min(world.makers_of(row.dealer if row else who.org) or {"MA"})
    kind = row.tokens["product_type"] if row and row.model == "equipment.machine" else _word(world, "product_type")
    return {
        "manufacturer_id": world.organisations[maker].public_id, "model": "YE3-160M-4", "product_type": kind,
        "serial_number": "2603B0001", "version": row.version if row else "",
    }  # fmt: skip


def _twin_machine(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    assert row is not None
    return {"other": world.one("equipment.machine", dealer=row.dealer, maker=row.maker, use="work").public_id}


def _line_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    kind = _word(world, "product_type")
    return {"code": "L-NEW", "name": "新系列", "product_type": kind, "version": row.version if row else ""}


def _part_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {"code": "P-NEW", "name": "新配件", "unit": "件", "price": "12.50", "version": row.version if row else ""}


def _scope_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {
        "name": "新政策", "model": "YE3-NEW", "match": "prefix", "priority": "77", "version": row.version if row else "",
    }  # fmt: skip


def _term_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    version = "1" if row and row.facts.get("standing") == "draft" else ""
    return {
        "valid_from": "2026-01-01", "rules-0-basis": "acceptance", "rules-0-months": "12", "grace_months": "6", "goodwill_days": "30",
        "replaced_part_rule": "machine", "exchange_rule": "keep", "compare_date": "reported", "version": version,
    }  # fmt: skip


def _policy_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return _scope_form(world, who, None) | _term_form(world, who, None)


def _term_body(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {
        "valid_from": "2026-01-01", "start_rules": [{"basis": "acceptance", "months": 12}], "note": "新条款", "version": 1,
    }  # fmt: skip


def _policy_body(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    terms = {name: value for name, value in _term_body(world, who, None).items() if name != "version"}
    own = {"manufacturer_id": _maker_query(world, who, None)["maker"]}
    return terms | own | {"name": "新政策", "model": "YE3-NEW", "match": "prefix", "priority": 77}


def _card_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {
        "level": "3", "valid_from": "2026-01-01", "hourly": "80", "travel_mode": "whole", "subsidy_per_person_day": "80",
        "subsidy_over_km": "50", "lodging_cap": "200", "night_flat": "100", "holiday_flat": "100", "consumables_cap": "50",
        "factor_maker_free": "0", "factor_consigned": "0", "factor_bought_genuine": "1.1", "factor_bought_urgent": "1.1",
        "bands-0-up_to_km": "300", "bands-0-per_km": "3", "hours": "G90,故障诊断,,,1.0", "version": row.version if row else "",
    }  # fmt: skip


OLD_PART, RETURN_BOX = "settlement.oldpart", "settlement.returnbox"
STORE = _roles("dealer.admin", "dealer.dispatcher", "dealer.storekeeper")
PARTS_STORE = _roles("hq.parts_store")
APPRAISERS = PARTS_STORE | {"hq.quality"}
PART_READERS = READERS | OFFICE | HQ


def _due_parts(world: World, who: Who) -> list[Row]:
    """What the dealer has to pack for the manufacturer that its page shows first."""
    rows = world.of(OLD_PART, dealer=_dealer(who), state="due")
    return [row for row in rows if row.maker == min(one.maker for one in rows)]


def _packed(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {"parts": [_due_parts(world, who)[0].public_id]}


def _counted(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    inside = world.of(OLD_PART, box=row.pk) if row else []
    return {"version": row.version if row else 1, "there": [part.public_id for part in inside[:1]]}


def _extension(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {"version": row.version if row else 1, "until": _clock(world, 24 * 60)[:10], "reason": "等同批一起发"}


def _destruction(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    shot = SimpleUploadedFile("x.jpg", picture("press"), content_type="image/jpeg")
    return {"version": row.version if row else 1, "note": "压碎", "photo": shot}


def _part_act(verb: str, roles: Roles, data: Data, states: Any, *, asked: Any = "", label: str = "") -> Recipe:
    """A verb of an old part."""
    traits = {"state": states, "asked": asked}
    return Recipe(
        "settlement:old_part_act",
        label or verb,
        OLD_PART,
        traits,
        {"verb": verb},
        get=roles,
        post=roles,
        data=data,
        shows=("number",),
    )


GOODS_RETURN = "tickets.goodsreturn"
GATE = _roles("hq.parts_store", "hq.reviewer")


def _application(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    texts = dict.fromkeys(("conditions", "fault", "checked", "enclosed", "contact"), "绝缘 0.3 MΩ")
    return {**texts, "wish": "repair"}


def _machine_to_send(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    """A machine of a manufacturer on the platform that is on no way."""
    rows = world.of(MACHINE, dealer=_dealer(who), use="work")
    return {"machine": next(one for one in rows if not world.organisations[one.maker].facts["owner"]).public_id}


def _agreed_until(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    until = _clock(world, 24 * 60)[:10]
    return {"version": row.version if row else 1, "ship_to": "常州 返修库", "freight": "maker", "send_until": until}


def _return_act(verb: str, roles: Roles, data: Data, state: Any, **more: Any) -> Recipe:
    """A step of a return."""
    traits = {"state": state, **more}
    return Recipe(
        "tickets:return_act",
        verb,
        GOODS_RETURN,
        traits,
        {"verb": verb},
        get=roles,
        post=roles,
        data=data,
        shows=("number",),
    )


def _own_ties(world: World, who: Who) -> list[Row]:
    return [tie for tie in world.of(PARTNERSHIP, holds=True) if who.org in (tie.office, tie.maker)]


def _has_dealers(world: World, who: Who) -> bool:
    return bool(_own_ties(world, who))


def _way_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    tie = next(iter(_own_ties(world, who)), None)
    return {"partnership": tie.public_id if tie else "", "site": "湖南省永州市冷水滩区", "km": "168"}


def _holds(world: World, who: Who, row: Row) -> Fit:
    """The book is written while the partnership holds."""
    return bool(world.of(PARTNERSHIP, dealer=row.dealer, maker=row.maker, holds=True))


def _seen_of_first_maker(model: str) -> Callable[[World, Who], list[Row]]:
    return lambda world, who: [row for row in _of_first_maker(model)(world, who) if allowed(world, who, row)]


def _proof(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    assert row is not None
    machine = world.one("equipment.machine", dealer=row.dealer, maker=row.maker)
    return _photo(world, who, row) | {"machine": machine.public_id, "kind": "invoice", "day": "2025-03-20"}


def _start(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    assert row is not None
    machine = world.one("equipment.machine", dealer=row.dealer, maker=row.maker)
    return {"machine": machine.public_id, "start_on": "2025-03-20", "reason": "在仓库存放"}


def _open_job(world: World, who: Who, row: Row) -> Fit:
    """A proof is withdrawn while the ticket is open."""
    ticket = row.ticket
    return bool(ticket is not None and ticket.state in OPEN and _was_there(world, who, row))


def _without_office(world: World, who: Who, row: Row) -> Fit:
    """The office proposes goodwill; HQ where there is none."""
    return not row.office if who.tier == "hq" else True


def _technicians(world: World, org: str) -> list[Row]:
    return [row for row in world.of("partners.person", org=org, active=True) if "technician" in row.facts["roles"]]


def _dispatch(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    lead = _technicians(world, row.dealer if row else who.org)[0]
    return {"version": row.version if row else 1, "lead": lead.public_id}


def _merge(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    assert row is not None
    others = world.of("tickets.ticket", dealer=row.dealer, maker=row.maker, state=tuple(OPEN))
    return {
        "version": row.version,
        "target": next(o for o in reversed(others) if o is not row).public_id,
        "reason": "同一故障",
    }


def _cancel(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {"version": row.version if row else 1, "reason": _word(world, "cancel")}


def _change(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    assert row is not None
    on_it = world.one("equipment.machine", dealer=row.dealer, maker=row.maker)
    return {
        "version": row.version, "fault": "前端有咯咯声,烫手", "urgency": "normal", "contact": "张工", "phone": "13874651234",
        "machines": on_it.public_id,
    }  # fmt: skip


def _appoint(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {"version": row.version if row else 1, "appointment_at": _clock(world, 24), "agreed_with": "张工"}


def _report(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    customer = world.one("equipment.customer", dealer=_dealer(who))
    maker = min(world.makers_of(_dealer(who)))
    machine = world.one("equipment.machine", dealer=_dealer(who), maker=maker)
    return {
        "phone": "13874651234", "customer": customer.public_id, "machines": machine.public_id, "fault": "前端有咯咯声,烫手",
        "urgency": "normal", "source": "phone",
    }  # fmt: skip


def _remote(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {
        "version": row.version if row else 1, "diagnosis": "热继整定 2.6A,额定 3.5A", "cause": "保护整定错误", "responsibility": "operation",
        "treatment": "advise", "solution": "电话指导调整到 3.5A", "in_warranty": "open", "unknown_reason": "铭牌看不清",
    }  # fmt: skip


def _photo(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    shot = SimpleUploadedFile("x.jpg", picture("isolation"), content_type="image/jpeg")
    own = f"op-{row.public_id if row else 0}-{who.key}"  # sent once per dealer
    return {"op": own[:40], "slot": "other", "source": "camera", "photo": shot}


def _slip_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    assert row is not None
    assert row.ticket is not None
    machine = world.one("equipment.machine", dealer=row.dealer, maker=row.maker)
    plate = f"machines-{machine.public_id}-"
    return {
        "version": row.version, "contact": "张工", "phone": "13874651234", "address": "湖南省永州市工业园 1 号", "in_warranty": "no",
        "arrived_at": _clock(world, -3), "left_at": _clock(world, -0.1), "people": "1", "hours": "2.0", "km": "27.5",
        plate + "serial_number": "2603B0009", plate + "ex_factory_on": "2025-03-06", "faults-0-reported": "前端有咯咯声,烫手",
        "faults-0-diagnosis": "前轴承 6309 内圈剥落", "faults-0-cause": "轴承早期疲劳", "faults-0-responsibility": "material",
        "faults-0-solution": "更换前后轴承", "faults-0-treatment": "repair",
    }  # fmt: skip


#: states in which a hand-written slip can come in, and the lead may enter it himself
WITH_PAPER = (S.DISPATCHED, S.ACCEPTED, S.EN_ROUTE, S.ARRIVED, S.IN_WORK, S.WAIT_PART, S.WAIT_CUST)


def _from_paper(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    """补录: what the first page asks; a checked-in trip that is open can only end after its arrival."""
    return {
        "version": row.version if row else 1,
        "paper_number": "",
        "arrived_at": _clock(world, -2.5),
        "left_at": _clock(world, -0.1),
    }


def _paper_signature(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {"version": row.version if row else 1, "rating": "4", "signer": "张工", "signed_on": _clock(world, 0)[:10]}


def _signature(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    import json

    return {"version": row.version if row else 1, "strokes": json.dumps(STROKES), "rating": "4", "signer": "张工"}


def _signed_without_signal(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    """What a phone sends of a slip that was signed without a line."""
    answer = {f"sign-{name}": value for name, value in _signature(world, who, row).items()}
    own = f"op-signed-{row.public_id if row else 0}-{who.key}"
    return _slip_form(world, who, row) | answer | {"op": own[:40], "signed_at": "2026-06-03T10:00:00+08:00"}


def _api(form: Data) -> Data:
    """What a page's form holds, for an entry by API, which has no version."""
    return lambda world, who, row: {name: value for name, value in form(world, who, row).items() if name != "version"}


def _new_machine(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    customer = world.one("equipment.customer", dealer=_dealer(who), active=True)
    return {"customer": customer.public_id} | _api(_machine_form)(world, who, customer)


def _slip_draft(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    assert row is not None
    machine = world.one("equipment.machine", dealer=row.dealer, maker=row.maker)
    return {
        "version": row.version, "contact": "张工", "phone": "13874651234", "address": "湖南省永州市工业园 1 号", "in_warranty": "no",
        "arrived_at": _clock(world, -3), "left_at": _clock(world, -0.1), "people": 1, "hours": 2.0, "km": 27.5,
        "machines": [{"id": machine.public_id, "serial_number": "2603B0009", "ex_factory_on": "2025-03-06"}],
        "faults": [{
            "reported": "前端有咯咯声,烫手", "diagnosis": "前轴承 6309 内圈剥落", "cause": "轴承早期疲劳", "responsibility": "material",
            "solution": "更换前后轴承", "treatment": "repair",
        }],
        "parts": [],
    }  # fmt: skip


def _ticket_shows() -> tuple[str, ...]:
    return ("customer_name", "fault")


def _signed_by_api(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    own = f"op-signed-{row.public_id if row else 0}-{who.key}"
    return {
        "version": row.version if row else 1, "op": own[:40], "signed_at": "2026-06-03T10:00:00+08:00",
        "slip": _api(_slip_draft)(world, who, row), "answer": {"strokes": STROKES, "rating": "4", "signer": "张工"},
    }  # fmt: skip


def _batch(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    """Two of the slips that the viewer may print, on the paper whose files are kept."""
    mine = [slip for slip in world.of(SLIP, state=(SlipState.SIGNED, SlipState.REFUSED)) if allowed(world, who, slip)]
    return {"pick": [slip.public_id for slip in mine[:2]], "paper": "a4"}


def _look(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    """The look of a dealer's slips, as it was read before."""
    found = world.of("tickets.printsettings", dealer=who.org)
    return {
        "dealer_copy": "留底联", "customer_copy": "客户联", "maker_copy": "厂家联", "dealer_colour": "white", "customer_colour": "red",
        "maker_colour": "yellow", "foot_line": "", "default_paper": "a4", "version": found[0].version if found else 0,
    }  # fmt: skip


def _robot(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    """A group's robot as an administrator types it; its address stays when there is one."""
    kind = row.facts["kind"] if row else "wecom"
    address = "" if row else f"{settings.NOTICES_ROBOT_URLS['wecom']}abcdefgh-1234"
    return {"kind": kind, "name": "新的群", "address": address, "groups": "jobs", "version": row.version if row else ""}


def _mail_code(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    """The code that was sent to the viewer's own address."""
    mine = world.of("notices.preferences", person=who.key)
    return {"code": code_for(f"{mine[0].tokens['mail']}@example.com", mine[0].facts["nonce"]) if mine else "000000"}


def _own_copy(world: World, who: Who, row: Row) -> Fit:
    """Copies of the paper: the dealer's people all three; office and HQ service only the manufacturer's."""
    return _was_there(world, who, row)


def _tiles(world: World, who: Who) -> dict[str, int]:
    """Address behind a tile of the home page -> number on it."""
    open_ones = [row for row in world.of("tickets.ticket", state=tuple(OPEN)) if allowed(world, who, row)]

    def of(*states: str) -> int:
        return sum(1 for row in open_ones if row.state in states)

    if who.tier == "platform" or who.role == "dealer.technician":
        return {}
    return {
        "/tickets/?state=new": of(S.NEW),
        "/tickets/?state=wait_sign": of(S.WAIT_SIGN),
        "/tickets/?urgency=stopped": sum(1 for row in open_ones if row.lead.endswith("technician2")),
    }


def _kept(world: World, who: Who, row: Row | None) -> list[str]:
    """How many arrivals were due, by the rates: as many as the viewer may see."""
    met = [clock for clock in world.of("tickets.clock", state="met") if allowed(world, who, clock)]
    return [f"应达 {len(met)} 次,及时 {len(met)} 次"] if met else []


#: a table for each kind of import: heads and one row
TABLES = {
    "customers": "客户名称,联系电话\n新来的客户,13874651234\n",
    "machines": "客户,型号,产品类型,编号\n新来的客户,YE3-160M-4,{type},2603B0077\n",
    "register": "出厂编号,产品型号\n2603B0078,YE3-160M-4\n",
    "parts": "配件编码,配件名称,单价\nP-0079,轴承,12.50\n",
    "people": "姓名,手机号,角色\n新同事,16612349999,管理员\n",
    "work_orders": "日期,设备,描述,费用\n2026-06-03,A,前端异响,12.50\n",
    "check_rows": "对照表,编码,适用,单机用量\n配件型号,BRG-0080,YE3-160M-4,2\n",
}
IMPORTS_OF: dict[str, Roles] = {
    "customers": DESK,
    "machines": DESK,
    "register": frozenset(IMPORTERS["register"]),
    "parts": frozenset(IMPORTERS["parts"]),
    "people": frozenset(IMPORTERS["people"]),
    "work_orders": frozenset({"dealer.admin"}),
    "check_rows": _roles("hq.admin", "hq.reviewer"),
}
ANY_IMPORT: Roles = frozenset().union(*(IMPORTERS[kind] for kind in ("customers", "people", "parts", "register")))


def _upload(kind: str) -> Data:
    def make(world: World, who: Who, row: Row | None) -> dict[str, Any]:
        from django.core.files.uploadedfile import SimpleUploadedFile

        table = TABLES[kind].format(type=_word(world, "product_type")).encode()
        data: dict[str, Any] = {"file": SimpleUploadedFile("x.csv", table, content_type="text/csv")}
        if kind == "machines":
            data["maker"] = world.organisations[_first_maker(world, who)].public_id
        if kind == "parts":
            data |= _maker_query(world, who, row)
        return data

    return make


def _columns(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    names = {
        "customers": ("name", "phone"), "people": ("name", "phone", "roles"), "parts": ("code", "name"),
        "register": ("serial_number", "model"),
    }  # fmt: skip
    chosen = names[row.facts["kind"] if row else "customers"]
    return {f"column{place}": name for place, name in enumerate(chosen)}


# ── duty ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

SHIFT, SWAP, CHANGE = "resources.dutyshift", "resources.dutyswap", "resources.dutychange"
PLANNERS = frozenset(DUTY_PLANNERS)
HEADS = _roles("dealer.admin", "dealer.owner")


def _on_it(world: World, who: Who, row: Row) -> Fit:
    return who.key in row.facts["on_it"]


def _running(world: World, who: Who) -> Row:
    return world.one(SHIFT, dealer=_dealer(who), use="running")


def _on_duty(world: World, who: Who, row: Row | None) -> list[str]:
    """Name and number of who is on duty at the viewer's dealer now."""
    return [world.people[f"{who.org}.technician"].tokens["name"], _running(world, who).tokens["phone"]]


def _month_of(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {"month": f"{_running(world, who).facts['day']:%Y-%m}"}


def _partners_duty(world: World, who: Who, row: Row | None) -> list[str]:
    """Who is on duty at the dealers that let this office or headquarters know."""
    shown = [dealer for dealer in SHOWN_TO_MAKERS if duty_is_shown(world, who, dealer)]
    numbers = [world.one(SHIFT, dealer=dealer, use="running").tokens["phone"] for dealer in shown]
    return [*numbers, *(world.people[f"{dealer}.technician"].tokens["name"] for dealer in shown)]


def _a_day(world: World, days: int) -> str:
    return _clock(world, 24 * days)[:10]


def _shift_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    """A shift of an hour on a day on which nobody is on duty."""
    main, deputy = _technicians(world, _dealer(who))[:2]
    return {
        "day": _a_day(world, 200), "kind": "custom", "starts": "10:00", "ends": "11:00", "person": main.public_id,
        "deputy": deputy.public_id, "leader": "", "phone": "", "note": "钥匙在门卫", "version": row.version if row else "",
    }  # fmt: skip


def _rotation(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    first = _technicians(world, _dealer(who))[0]
    return {"first": _a_day(world, 210), "last": _a_day(world, 212), "days_each": 1, "kinds": "whole", "people": first.public_id}  # fmt: skip


def _week(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {"of": _running(world, who).facts["day"].isoformat(), "into": _a_day(world, 220), "weeks": 1}


def _seen(form: Data) -> Data:
    """What the preview's page sends along: the product's own mark of what it showed."""

    def make(world: World, who: Who, row: Row | None) -> dict[str, Any]:
        from datetime import date

        from core import tenancy
        from partners.queries import viewers
        from resources.queries import planning

        viewer = viewers.of_person(who.person_id)
        if who.role not in PLANNERS or viewer is None:
            return {"seen": "0123456789abcdef"}
        typed = form(world, who, row)
        with tenancy.acting(viewer):
            if "of" in typed:
                wanted = planning.WeekCopy(date.fromisoformat(typed["of"]), date.fromisoformat(typed["into"]))
                return {"seen": planning.fingerprint(planning.copied_week(viewer, wanted))}
            days = (date.fromisoformat(typed[name]) for name in ("first", "last"))
            plan = planning.rotation(viewer, planning.Rotation((typed["people"],), (typed["kinds"],), *days))
            return {"seen": planning.fingerprint(plan)}

    return make


def _duty_settings(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    """As they were read before, with other hours of the day."""
    found = world.of("resources.dutysettings", dealer=who.org)
    return {
        "day_from": "08:30", "day_to": "18:00", "night_from": "18:00", "night_to": "08:30", "whole_from": "08:00", "whole_to": "08:00",
        "shows_makers": "on", "version": found[0].version if found else 0,
    }  # fmt: skip


def _ask(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    """The other technician is asked."""
    dealer = row.dealer if row else _dealer(who)
    other = next(person for person in _technicians(world, dealer) if row is None or person.person != row.person)
    return {"colleague": other.public_id, "other": "", "note": "家里有事"}


def _was_asked(world: World, who: Who, row: Row) -> Fit:
    return bool(who.key == row.facts["to"])


def _has_asked(world: World, who: Who, row: Row) -> Fit:
    return bool(who.key == row.facts["by"])


def _answers(route: str) -> tuple[Recipe, ...]:
    """The five answers to a request, on pages and by API."""
    data = _plain(reason="紧急情况")
    return (
        Recipe(f"{route}_agree", "", SWAP, post=CREW, mine=_was_asked, data=_plain()),
        Recipe(f"{route}_decline", "", SWAP, post=CREW, mine=_was_asked, data=_plain()),
        Recipe(f"{route}_withdraw", "", SWAP, post=CREW, mine=_has_asked, data=_plain()),
        Recipe(f"{route}_approve", "", SWAP, post=PLANNERS, data=data),
        Recipe(f"{route}_reject", "", SWAP, post=PLANNERS, data=data),
    )


def _duty_told(world: World, dealer: str) -> set[str]:
    """What pages without account tell of who is on duty, where the dealer shows it."""
    if not SHOWN_TO_PUBLIC.get(dealer):
        return set()
    running = world.one(SHIFT, dealer=dealer, use="running")
    return {running.tokens["phone"], world.people[f"{dealer}.technician"].tokens["name"]}


def _public_duty(world: World, who: Who, row: Row | None) -> list[str]:
    return sorted(_duty_told(world, row.dealer or row.org)) if row else []


# ── the routes ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

ESCALATION, REFERRAL, CASE = "tickets.escalation", "tickets.referral", "tickets.publishedcase"
REFERRERS = OFFICE | SERVICE
SUPPORTERS = _roles("hq.admin", "hq.reviewer", "hq.call_centre") | DEPARTMENTS
CHIEFS = _roles("hq.admin", "hq.reviewer")
TICKET, SLIP, PHOTO = "tickets.ticket", "tickets.slip", "tickets.photo"
PRINTER, DEALER_ADMIN = "tickets.printer", _roles("dealer.admin")
CUSTOMER, MACHINE = "equipment.customer", "equipment.machine"
CHANNEL, ROBOTS = "notices.channel", ("wecom", "dingtalk")
PERSON, ORGANISATION, PARTNERSHIP = "partners.person", "partners.organisation", "partners.partnership"
FINISHED = (S.DONE, S.REMOTE_DONE)
LATE = (S.DONE, S.FOLLOWED_UP)  # of the tickets of the world, those whose arrival was late
HOLDABLE = (*BEFORE_ARRIVAL, S.ARRIVED, S.IN_WORK)
FROZEN = (SlipState.SIGNED, SlipState.REFUSED, SlipState.VOID)


def _act(verb: str, post: Roles, data: Data, states: Any, *, mine: Mine | None = None, **more: Any) -> Recipe:
    traits = {"state": tuple(states), **more.pop("traits", {})}
    return Recipe(
        "tickets:act", verb, TICKET, traits, {"verb": verb}, get=post, post=post, mine=mine, data=data, shows=("number",), **more
    )  # fmt: skip


DEBT, DEBTORS = "settlement.customerdebt", SETTLING & DEALER


def _not_charged(world: World, who: Who, row: Row) -> Fit:
    """A slip for which nothing is charged yet; the page of the form is shown for any."""
    return None if row.facts.get("charged") else True


def _debt_act(verb: str, roles: Roles, data: Data) -> Recipe:
    return Recipe(
        "settlement:debt_act", verb, DEBT, {"state": "owed"}, {"verb": verb}, get=roles, post=roles, data=data, spoils=True
    )  # fmt: skip


AUTHORISATION = "settlement.preauthorisation"
_NEXT_DAY = f"{local(timezone.now()).date() + timedelta(days=2)}"


def _listed_maker(world: World, who: Who, row: Row) -> Fit:
    """Of a manufacturer on the platform, while the partnership holds."""
    return None if world.organisations[row.maker].facts["owner"] else _holds(world, who, row)


def _authorisation_act(verb: str, data: Data) -> Recipe:
    return Recipe(
        "settlement:authorisation_act", verb, AUTHORISATION, {"state": "asked"}, {"verb": verb}, get=OFFICE | CHIEFS, post=OFFICE | CHIEFS,
        data=data, spoils=True,
    )  # fmt: skip


def _claim_act(verb: str, roles: Roles, data: Data, states: Any, *, mine: Mine | None = None) -> Recipe:
    return Recipe(
        "settlement:claim_act", verb, CLAIM, {"state": tuple(states)}, {"verb": verb}, get=roles, post=roles, mine=mine, data=data,
        spoils=True,
    )  # fmt: skip


def _is_last(world: World, who: Who, row: Row) -> Fit:
    """Only the latest month is made void: the next one stands on it."""
    return row.facts["last"]


def _statement_act(verb: str, roles: Roles, data: Data, states: Any, *, mine: Mine | None = None) -> Recipe:
    return Recipe(
        "settlement:statement_act", verb, STATEMENT, {"state": tuple(states)}, {"verb": verb}, get=roles, post=roles, mine=mine, data=data,
        spoils=True,
    )  # fmt: skip


def _by_api(pages: tuple[Recipe, ...]) -> tuple[Recipe, ...]:
    """The steps of claims and statements that programs take, too: with the same bodies."""
    verbs = {"settlement:claim_act": CLAIM_VERBS, "settlement:statement_act": STATEMENT_VERBS}
    return tuple(
        replace(page, route=f"api:{page.route.removeprefix('settlement:').removesuffix('act')}{page.label}", label="", kwargs={}, get=None)
        for page in pages
        if page.label in verbs.get(page.route, ())
    )  # fmt: skip


def _invoice_body(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    number = "26432000000000000017"
    paper = b64encode(invoice_xml(number, "60.00", "2026-01-05")).decode()
    return _version(number=number, amount="60.00", issued_on="2026-01-05", paper=paper)(world, who, row)


def _invoice_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    number = "26432000000000000017"
    paper = SimpleUploadedFile("x.xml", invoice_xml(number, "60.00", "2026-01-05"), content_type="text/xml")
    values = {"number": number, "amount": "60.00", "issued_on": "2026-01-05", "paper": paper}
    return _version(**values)(world, who, row)


def _entry_form(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    tie = next(iter(_own_ties(world, who)), None)
    return {
        "partnership": tie.public_id if tie else "", "item": "activity", "amount": "300.00", "month": "2026-01", "reason": "夏季巡检",
        "paper": SimpleUploadedFile("x.jpg", picture("isolation"), content_type="image/jpeg"),
    }  # fmt: skip


def _support(
    verb: str,
    roles: Roles,
    data: Data,
    states: Any,
    *,
    label: str = "",
    mine: Mine | None = None,
    api: bool = True,
    **more: Any,
) -> tuple[Recipe, ...]:
    """A verb of a request for support, as a page and by API."""
    name = f"{verb} {label}".strip()
    page = Recipe(
        "tickets:escalation_act", name, ESCALATION, {"state": tuple(states)}, {"verb": verb}, get=roles, post=roles, mine=mine, data=data,
        **more,
    )  # fmt: skip
    call = Recipe(
        f"api:escalation_{verb}", label, ESCALATION, {"state": tuple(states)}, post=roles, mine=mine, data=data,
        smuggles=more.get("smuggles", ()),
    )  # fmt: skip
    return (page, call) if api else (page,)


def _step(verb: str, post: Roles, states: Any, *, reason: bool = False, traits: dict[str, Any] | None = None) -> Recipe:
    """A step of the ladder: the lead, or the desk for him. What is pressed has no page of its own: GET leads to the ticket."""
    data = _version(reason="在另一现场") if reason else _version()
    return Recipe(
        "tickets:step", verb, TICKET, {"state": tuple(states), **(traits or {})}, {"verb": verb},
        get=post if reason else TICKET_READERS, post=post, mine=_leads, data=data,
        open_to=NOBODY if reason else SIGNED_IN, shows=() if reason else ("customer_name",),
    )  # fmt: skip


def _verb(verb: str, post: Roles, data: Data, states: Any, *, mine: Mine | None = None, **more: Any) -> Recipe:
    """The same verb by API."""
    traits = {"state": tuple(states), **more.pop("traits", {})}
    return Recipe(f"api:ticket_{verb}", "", TICKET, traits, post=post, mine=mine, data=data, **more)


# ── what a code or link tells, by the handbook (domain.md 8.5, 18.4, 18.5) ───────────────────────────────────────────────────────

LINK = "tickets.publiclink"


def _said(row: Row | None, *names: str) -> set[str]:
    return {row.tokens[name] for name in names if row is not None and name in row.tokens}


def _dealers_card(world: World, dealer: str) -> set[str]:
    return _said(world.organisations[dealer], "name", "short_name", "service_phone")


def _sticker(world: World, row: Row) -> set[str]:
    """/q/CODE: the machine and whom to call; never the customer."""
    machine = _said(row, "qr_code", "model", "product_type", "serial_number")
    return machine | _dealers_card(world, row.dealer) | _duty_told(world, row.dealer)


def _reports_of(world: World, row: Row) -> set[str]:
    """/d/CODE: the dealer and whose machines it looks after."""
    makers = [_said(world.organisations[code], "public_id", "name", "short_name") for code in world.makers_of(row.org)]
    return _dealers_card(world, row.org).union(_duty_told(world, row.org), *makers)


def _progress_of(world: World, row: Row) -> set[str]:
    """/t/TOKEN: one ticket without notes and numbers; of money the fees of its slip."""
    ticket = row.ticket
    told = _said(ticket, "number", "model_summary", "fault", "lead_name") | _dealers_card(world, row.dealer)
    told |= _duty_told(world, row.dealer)
    return told.union(*(_said(slip, "parts_fee", "labour_fee") for slip in world.of(SLIP, parent=ticket)))


def _slip_of(world: World, slip: Row) -> set[str]:
    """What stands on the customer's copy and is shown after the four digits."""
    told = _said(slip, "number", "parts_fee", "labour_fee", "contact", "proof_code") | _dealers_card(world, slip.dealer)
    told |= _said(slip.ticket, "model_summary", "lead_name")
    faults = [_said(line, "diagnosis", "solution") for line in world.of("tickets.faultline", parent=slip)]
    parts = [_said(line, "name") for line in world.of("tickets.partline", parent=slip)]
    return told.union(*faults, *parts)


def _outside_of_slip(world: World, slip: Row) -> set[str]:
    """Before the four digits: number, model, dealer."""
    return _said(slip, "number", "proof_code") | _said(slip.ticket, "model_summary") | _dealers_card(world, slip.dealer)


def _to_sign(world: World, row: Row) -> Row:
    return next(slip for slip in world.of(SLIP, parent=row.parent) if slip.state == SlipState.WAIT_SIGN)


def _digits(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    assert row is not None
    slip = row if row.model == SLIP else _to_sign(world, row)
    return {"digits": slip.tokens["phone"][-4:]}


def _told(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    return {
        "step": "3",
        "fault": "前端有咯咯声,烫手",
        "urgency": "normal",
        "name": "张工",
        "phone": "13874651234",
        "op": "0123456789abcdef",
    }


def _told_dealer(world: World, who: Who, row: Row | None) -> dict[str, Any]:
    assert row is not None
    maker = min(world.makers_of(row.org))
    return _told(world, who, row) | {
        "maker": world.organisations[maker].public_id, "product_type": _word(world, "product_type"), "model": "YE3-160M-4",
        "company": "新客户", "address": "工业园 1 号",
    }  # fmt: skip


def _token(world: World, row: Row) -> str:
    return str(row.facts["token"])


def _code(name: str) -> Callable[[World, Row], str]:
    return lambda world, row: row.tokens[name]


PROGRESS, SIGNING = {"kind": "progress"}, {"kind": "sign"}
STICKER: dict[str, Any] = {"thing": MACHINE, "argument": "code", "value": _code("qr_code"), "opens": _sticker}
BY_DEALER: dict[str, Any] = {
    "thing": ORGANISATION, "argument": "code", "value": lambda w, row: row.org, "opens": _reports_of,
    "mine": lambda w, who, row: row.org in ("DA01", "DB02", "DC03"),
}  # fmt: skip
BY_PROGRESS: dict[str, Any] = {
    "thing": LINK,
    "traits": PROGRESS,
    "argument": "code",
    "value": _token,
    "opens": _progress_of,
}
BY_SIGNING: dict[str, Any] = {"thing": LINK, "traits": SIGNING, "argument": "code", "value": _token}
BY_PROOF: dict[str, Any] = {
    "thing": SLIP,
    "traits": {"state": FROZEN},
    "argument": "code",
    "value": _code("proof_code"),
}


_RECIPES: tuple[Recipe, ...] = (
    Recipe("home", get=SIGNED_IN, text=_short_name, numbers=_tiles),
    *(
        Recipe("export", name, kwargs={"name": name}, post=who, still=True, data=_plain(), text=text)
        for name, who, text in (
            ("tickets", TICKET_READERS, None), ("slips", TICKET_READERS, None), ("customers", DEALER, None), ("machines", DEALER, None),
            ("rates", RATES, None), ("debts", DEBTORS, None),
        )
    ),
    Recipe("search", get=SIGNED_IN, query=_searched, text=_search_hit, searches=(Search("q", TICKET, ("number", "customer_name", "phone")), Search("q", CUSTOMER, ("name", "phone", "contact")), Search("q", MACHINE, ("serial_number",)), Search("q", SLIP, ("number", "customer_name")))),
    Recipe("search", "options", get=SIGNED_IN, query=lambda w, who, row: {"as": "options", **_searched(w, who, row)}, text=_search_hit, searches=(Search("q", TICKET, ("number", "customer_name")), Search("q", CUSTOMER, ("name", "phone")))),
    Recipe("keeping", get=PLATFORM, text=lambda w, who, row: ["/tasks/failed/"]),
    Recipe("set_language", post=SIGNED_IN, data=_plain(language="en", next="/"), open_to=STRANGER),
    Recipe("set_language", "stranger", post=STRANGER, data=_plain(language="en", next="/"), open_to=SIGNED_IN, lands="/", still=True),
    # the door
    Recipe("partners:sign_in", get=EVERYBODY, post=STRANGER, data=lambda w, who, row: {"login": w.people["DA01.spare"].tokens["phone"], "password": factories.PASSWORD}, open_to=SIGNED_IN, lands="/", spoils=True, still=True, smuggles=(Smuggle("login", "partners.account", column="phone", extra={"password": "Wrong-Horse-1"}),)),
    Recipe("partners:sign_out", post=EVERYBODY, data=_plain(), lands="/sign-in/", spoils=True, still=True),
    Recipe("partners:link", thing="partners.accesslink", get=STRANGER, post=STRANGER, argument="token", value=lambda w, row: w.links[row.org], mine=lambda w, who, row: True, data=lambda w, who, row: {"phone": row.tokens["phone"] if row else "", "password": "New-Horse-Battery-9", "again": "New-Horse-Battery-9"}, open_to=SIGNED_IN, lands="/", shows=("person_name",), spoils=True),
    Recipe("partners:switch", thing=PERSON, post=SIGNED_IN, mine=_mine, data=_plain(), still=True),
    # one's own account
    Recipe("partners:me", get=SIGNED_IN, post=SIGNED_IN, data=lambda w, who, row: {"name": "新名字", "phone": w.people[who.key].tokens["phone"] if who.key in w.people else ""}, text=lambda w, who, row: [w.people[who.key].tokens["phone"]], spoils=True),
    Recipe("partners:look", post=SIGNED_IN, data=_plain(language="zh-hans", theme="dark", density="compact")),
    Recipe("partners:password", post=SIGNED_IN, data=_plain(present=factories.PASSWORD, new="New-Horse-Battery-9", again="New-Horse-Battery-9"), spoils=True),
    Recipe("partners:preferences", post=SIGNED_IN, data=_plain(theme="dark", density="compact")),
    Recipe("partners:tokens", get=SIGNED_IN, post=SIGNED_IN, data=_plain(name="接口", scope="read", days="30"), text=lambda w, who, row: [token.tokens["name"] for token in w.of("partners.apitoken", person=who.key)]),
    *(
        Recipe("partners:views", name, kwargs={"list_name": name}, get=who, query=_plain(query="state=all"), text=lambda w, who, row, name=name: [view.tokens["name"] for view in w.of("partners.savedview", person=who.key) if name == "tickets"])
        for name, who in (("tickets", TICKET_READERS), ("slips", TICKET_READERS), ("customers", DEALER), ("machines", DEALER), ("rates", RATES), ("debts", DEBTORS))
    ),
    Recipe("partners:view_save", post=SIGNED_IN, data=_plain(list="tickets", name="本周", query="state=open", next="/me/")),
    Recipe("partners:view_remove", thing="partners.savedview", post=SIGNED_IN, mine=_my_view, data=_plain(next="/me/"), shows=("name",)),
    Recipe("partners:token_revoke", thing="partners.apitoken", post=SIGNED_IN, mine=_mine, data=_plain(), shows=("name",)),
    # people
    Recipe("partners:people", get=ADMINS, rows=_people, searches=(Search("q", PERSON, ("name", "phone")),)),
    Recipe("partners:invite", get=ADMINS, post=ADMINS, data=_person_form, text=lambda w, who, row: [], smuggles=(Smuggle("organisation", ORGANISATION, "GET"), Smuggle("organisation", ORGANISATION, "POST", in_address=True)), same=(Same("phone", PERSON, "phone"),)),
    Recipe("partners:person", thing=PERSON, get=ADMINS, mine=_manageable, shows=("name", "phone")),
    Recipe("partners:person_edit", thing=PERSON, traits={"name": "spare"}, get=ADMINS, post=ADMINS, mine=_manageable, data=_person_form, shows=("phone",)),
    Recipe("partners:person_link", thing=PERSON, traits={"name": ("spare", "invited")}, post=ADMINS, mine=_manageable, data=_plain(), shows=("name",)),
    Recipe("partners:person_deactivate", thing=PERSON, traits={"name": "spare"}, get=ADMINS, post=ADMINS, mine=_not_oneself, data=_version(), shows=("name",), smuggles=(Smuggle("hand_over_to", PERSON),)),
    Recipe("partners:person_reactivate", thing=PERSON, traits={"name": "gone"}, post=ADMINS, mine=_manageable, data=_version(), shows=("name",)),
    # organisations
    Recipe("partners:own_organisation", get=SIGNED_IN, text=_short_name),
    Recipe("partners:organisations", get=PLATFORM, rows=_of(ORGANISATION)),
    Recipe("partners:organisation_add", get=PLATFORM, post=PLATFORM, data=_card(kind="dealer", code="NEW1", admin_name="新管理员", admin_phone="16612340002")),
    Recipe("partners:organisation", thing=ORGANISATION, get=SIGNED_IN, mine=_own_organisation, shows=("name",)),
    Recipe("partners:organisation_edit", thing=ORGANISATION, get=ADMINS, post=ADMINS, mine=_own_organisation, data=_card(), shows=("public_id",), spoils=True),
    Recipe("partners:organisation_close", thing=ORGANISATION, traits={"spare": True, "active": True}, post=PLATFORM, data=_version(), shows=("name",), spoils=True),
    Recipe("partners:organisation_reopen", thing=ORGANISATION, traits={"spare": True, "active": False}, post=PLATFORM, data=_version(), shows=("name",), spoils=True),
    Recipe("partners:unlisted_makers", get=DEALER, rows=lambda w, who: [o for o in w.organisations.values() if o.facts["owner"] == who.org]),
    Recipe("partners:unlisted_maker_add", get=_roles("dealer.admin"), post=_roles("dealer.admin"), data=_card(code="NEU"), same=(Same("code", ORGANISATION, "code"),)),
    # partnerships
    Recipe("partners:partnerships", get=BUSINESS | PLATFORM, rows=_of(PARTNERSHIP)),
    Recipe("partners:propose", get=PLATFORM, post=PLATFORM, data=lambda w, who, row: {"dealer": w.organisations["DB02"].public_id, "manufacturer": w.one(ORGANISATION, org="XM1").public_id, "sharing": "on_demand"}),
    Recipe("partners:partnership", thing=PARTNERSHIP, get=BUSINESS | PLATFORM, shows=("public_id",)),
    Recipe("partners:partnership_confirm", thing=PARTNERSHIP, traits={"waiting": True}, post=_roles("dealer.admin", "hq.admin"), data=_version(), shows=("public_id",)),
    Recipe("partners:partnership_terms", thing=PARTNERSHIP, traits={"listed": True}, get=PLATFORM, post=PLATFORM, data=_version(sharing="full"), shows=()),
    Recipe("partners:partnership_assign", thing=PARTNERSHIP, traits={"listed": True, "ended": False}, get=PLATFORM | {"hq.admin"}, post=PLATFORM | {"hq.admin"}, data=_version(level="2"), smuggles=(Smuggle("office", ORGANISATION, traits={"kind": "office"}),)),
    Recipe("partners:partnership_end", thing=PARTNERSHIP, traits={"listed": True, "ended": False}, post=PLATFORM, data=_version(), shows=("public_id",)),
    # public holidays
    Recipe("partners:calendar", get=BUSINESS | PLATFORM, text=lambda w, who, row: ["01-09"]),
    Recipe("partners:calendar_year", kwargs={"year": 2027}, get=PLATFORM, post=PLATFORM, data=_plain(off="2027-01-01", work="2027-01-09"), text=lambda w, who, row: ["2027-01-09"]),
    # dictionaries
    Recipe("partners:dictionaries", get=BUSINESS | PLATFORM, text=lambda w, who, row: ["/dictionaries/cancel/"]),
    Recipe("partners:dictionary", kwargs={"kind": "cancel"}, get=BUSINESS | PLATFORM, post=PLATFORM, data=_plain(label="新的词"), text=lambda w, who, row: [_word(w, "cancel")]),
    Recipe("partners:word", thing="core.dictionaryentry", traits={"kind": "cancel"}, kwargs={"kind": "cancel"}, argument="entry_id", value=lambda w, row: row.pk, get=PLATFORM, post=PLATFORM, data=_plain(label="另一个词", position="1", active="on"), mine=lambda w, who, row: who.tier == "platform"),
    # tasks and records
    Recipe("partners:tasks", get=SIGNED_IN, text=lambda w, who, row: [job.tokens["title"] for job in w.of("core.job", person=who.key)]),
    Recipe("partners:failed_jobs", get=ADMINS, text=lambda w, who, row: [] if who.tier == "platform" else [job.tokens["title"] for job in w.of("core.job", org=who.org, state="failed")]),
    Recipe("partners:task_poll", thing="core.job", get=SIGNED_IN, mine=_my_task, shows=("title",)),
    Recipe("partners:task_cancel", thing="core.job", traits={"state": "waiting"}, post=SIGNED_IN, mine=_my_task, data=_plain(), shows=("title",)),
    Recipe("partners:task_retry", thing="core.job", traits={"state": ("failed", "cancelled")}, post=SIGNED_IN, mine=_my_task, data=_plain(), shows=("title",)),
    Recipe("partners:task_result", thing="core.job", traits={"state": "done"}, get=SIGNED_IN, mine=_my_result, shows=("result_file",)),
    Recipe("partners:access", get=ADMINS, text=lambda w, who, row: [record.tokens["person_name"] for record in w.of("core.accessrecord", org=who.org)][:1]),
    # notices
    Recipe("notices:list", get=SIGNED_IN, rows=lambda w, who: w.of("notices.notice", person=who.key)),
    Recipe("notices:count", get=SIGNED_IN, text=lambda w, who, row: ['{"unread": 2}']),
    Recipe("notices:read_all", post=SIGNED_IN, data=_plain(), spoils=True),
    Recipe("notices:open", thing="notices.notice", get=SIGNED_IN, mine=_mine, get_writes=True),
    Recipe("notices:preferences", get=SIGNED_IN, post=SIGNED_IN, data=_plain(pace="gathered", on_jobs="sms"), text=lambda w, who, row: [p.tokens["mail"] for p in w.of("notices.preferences", person=who.key)]),
    Recipe("notices:mail", post=SIGNED_IN, data=_plain(address="me@example.com"), spoils=True),
    Recipe("notices:mail_confirm", post=SIGNED_IN, data=_mail_code),
    # the ways out of the portal
    Recipe("notices:channels", get=ADMINS, text=lambda w, who, row: [c.tokens["name"] for c in w.of(CHANNEL, org=who.org, kind=ROBOTS)]),
    Recipe("notices:channel_add", get=ADMINS, post=ADMINS, data=_robot, same=(Same("name", CHANNEL, "name", {"kind": ROBOTS}),)),
    Recipe("notices:channel", thing=CHANNEL, get=ADMINS, shows=("name", "key_end", "last_detail")),
    Recipe("notices:channel_edit", thing=CHANNEL, traits={"kind": ROBOTS}, get=ADMINS, post=ADMINS, data=_robot, shows=("public_id",)),
    Recipe("notices:channel_test", thing=CHANNEL, get=ADMINS, post=ADMINS, data=_plain(), shows=("name",)),
    Recipe("notices:channel_pause", thing=CHANNEL, post=ADMINS, data=_plain(), shows=("name",)),
    Recipe("notices:channel_resume", thing=CHANNEL, post=ADMINS, data=_plain(), shows=("name",)),
    Recipe("notices:channel_remove", thing=CHANNEL, traits={"kind": ROBOTS}, get=ADMINS, post=ADMINS, data=_plain(), shows=("name",)),
    Recipe("notices:deliveries", get=ADMINS, text=lambda w, who, row: [d.tokens["target"] for d in w.of("notices.delivery", org=who.org)], smuggles=(Smuggle("channel", CHANNEL, "GET"),)),
    Recipe("notices:delivery_retry", thing="notices.delivery", traits={"state": ("failed", "given_up")}, post=ADMINS, data=_plain(), shows=("target",)),
    # customers and machines
    Recipe("equipment:customers", get=DEALER, rows=_of(CUSTOMER, active=True), searches=(Search("q", CUSTOMER, ("name", "contact", "phone", "phone2")), Search("city", CUSTOMER, ("city",)))),
    Recipe("equipment:customer_new", get=DESK, post=DESK, data=_customer_form, same=(Same("phone", CUSTOMER, "phone"), Same("name", CUSTOMER, "name"))),
    Recipe("equipment:customer", thing=CUSTOMER, get=DEALER, shows=("name", "contact", "phone", "note")),
    Recipe("equipment:customer_edit", thing=CUSTOMER, get=DESK, post=DESK, data=_customer_form, shows=("public_id",)),
    Recipe("equipment:customer_deactivate", thing=CUSTOMER, traits={"use": "spare"}, post=DESK, data=_version(), shows=("name",)),
    Recipe("equipment:customer_activate", thing=CUSTOMER, traits={"use": "gone"}, post=DESK, data=_version(), shows=("name",)),
    Recipe("equipment:customer_merge", thing=CUSTOMER, traits={"use": "spare"}, get=DESK, post=DESK, data=lambda w, who, row: {"gone": w.one(CUSTOMER, dealer=_dealer(who), use="work").public_id}, shows=("name",), smuggles=(Smuggle("gone", CUSTOMER),), searches=(Search("other", CUSTOMER, ("name", "phone")),), spoils=True),
    Recipe("equipment:machine_merge", thing=MACHINE, traits={"use": "spare"}, get=DESK, post=DESK, data=_twin_machine, shows=("public_id",), smuggles=(Smuggle("other", MACHINE),), spoils=True),
    Recipe("equipment:merge_undo", thing="equipment.merge", post=DESK, data=_plain(), spoils=True),
    Recipe("equipment:machine_new", thing=CUSTOMER, get=FIELD, post=FIELD, data=_machine_form, smuggles=(Smuggle("manufacturer_id", ORGANISATION, traits={"kind": "maker"}),), same=(Same("serial_number", MACHINE, "serial_number"),), spoils=True),
    Recipe("equipment:machines", get=DEALER, rows=_of(MACHINE, active=True), searches=(Search("q", MACHINE, ("serial_number", "model")), Search("batch", MACHINE, ("batch",))), smuggles=(Smuggle("maker", ORGANISATION, "GET", {"kind": "maker"}),)),
    Recipe("equipment:machine", thing=MACHINE, get=DEALER, shows=("model", "serial_number", "note")),
    Recipe("equipment:machine_edit", thing=MACHINE, traits={"use": ("work", "spare")}, get=FIELD, post=FIELD, data=_machine_form, shows=("public_id",), smuggles=(Smuggle("manufacturer_id", ORGANISATION, traits={"kind": "maker"}),), spoils=True),
    Recipe("equipment:machine_scrap", thing=MACHINE, traits={"use": "spare"}, post=DESK, data=_version(), shows=("serial_number",)),
    Recipe("equipment:machine_restore", thing=MACHINE, traits={"use": "gone"}, post=DESK, data=_version(), shows=("serial_number",)),
    # the catalogue
    Recipe("equipment:lines", get=BUSINESS, query=lambda w, who, row: {"maker": w.organisations[_first_maker(w, who)].public_id}, rows=_of_first_maker("equipment.productline", active=True), searches=(Search("q", "equipment.productline", ("name", "code")),), smuggles=(Smuggle("maker", ORGANISATION, "GET", {"kind": "maker"}),)),
    Recipe("equipment:line_new", get=PUBLISHERS, post=PUBLISHERS, query=_maker_query, data=_line_form, able=_publishes, smuggles=(Smuggle("maker", ORGANISATION, "GET", {"kind": "maker"}), Smuggle("maker", ORGANISATION, "POST", {"kind": "maker"}, in_address=True)), same=(Same("code", "equipment.productline", "code"),), spoils=True),
    Recipe("equipment:line", thing="equipment.productline", get=BUSINESS, shows=("name", "code")),
    Recipe("equipment:line", "models", "equipment.productline", post=PUBLISHERS, mine=_own_catalogue, data=_plain(codes="NEW-1\nNEW-2"), shows=("name",), spoils=True),
    Recipe("equipment:policies", get=BUSINESS, query=lambda w, who, row: {"maker": w.organisations[_first_maker(w, who)].public_id}, rows=_of_first_maker("equipment.warrantypolicy"), smuggles=(Smuggle("maker", ORGANISATION, "GET", {"kind": "maker"}),)),
    Recipe("equipment:policy_new", get=PUBLISHERS, post=PUBLISHERS, query=_maker_query, data=_policy_form, able=_publishes, smuggles=(Smuggle("maker", ORGANISATION, "GET", {"kind": "maker"}), Smuggle("maker", ORGANISATION, "POST", {"kind": "maker"}, in_address=True), Smuggle("line", "equipment.productline")), spoils=True),
    Recipe("equipment:policy", thing="equipment.warrantypolicy", get=BUSINESS, shows=("name",)),
    Recipe("equipment:policy_edit", thing="equipment.warrantypolicy", traits={"standing": "draft"}, get=PUBLISHERS, post=PUBLISHERS, mine=_own_catalogue, data=_scope_form, shows=("public_id",), spoils=True),
    Recipe("equipment:policy_draft", thing="equipment.warrantypolicy", get=PUBLISHERS, post=PUBLISHERS, mine=_own_catalogue, data=_term_form, shows=("public_id",), spoils=True),
    Recipe("equipment:policy_force", thing="equipment.warrantyversion", traits={"state": "draft"}, get=PUBLISHERS, post=PUBLISHERS, mine=_own_catalogue, data=_version(), shows=("note",), spoils=True),
    Recipe("tickets:policy_trial", thing="equipment.warrantyversion", traits={"state": "draft"}, post=PUBLISHERS, mine=_own_catalogue, data=_plain(), spoils=True),
    Recipe("equipment:policy_discard", thing="equipment.warrantyversion", traits={"state": "draft"}, post=PUBLISHERS, mine=_own_catalogue, data=_plain(), spoils=True),
    Recipe("equipment:policy_end", thing="equipment.warrantyversion", traits={"state": "in_force"}, get=PUBLISHERS, post=PUBLISHERS, mine=_own_catalogue, data=lambda w, who, row: {"last_day": "2030-01-01", "version": row.version if row else 1}, spoils=True),
    # rate cards
    Recipe("settlement:cards", get=SETTLING, query=lambda w, who, row: {"maker": w.organisations[_first_maker(w, who)].public_id}, rows=_seen_of_first_maker(CARD), smuggles=(Smuggle("maker", ORGANISATION, "GET", {"kind": "maker"}),)),
    Recipe("settlement:card_new", get=PUBLISHERS, post=PUBLISHERS, query=_maker_query, data=_card_form, able=_publishes, smuggles=(Smuggle("maker", ORGANISATION, "GET", {"kind": "maker"}), Smuggle("maker", ORGANISATION, "POST", {"kind": "maker"}, in_address=True), Smuggle("from", CARD, "GET")), spoils=True),
    Recipe("settlement:card", thing=CARD, get=SETTLING, mine=_shown_card, shows=("note",)),
    Recipe("settlement:card_edit", thing=CARD, traits={"state": "draft"}, get=PUBLISHERS, post=PUBLISHERS, mine=_own_catalogue, data=_card_form, shows=("public_id",), spoils=True),
    Recipe("settlement:card_force", thing=CARD, traits={"state": "draft"}, get=PUBLISHERS, post=PUBLISHERS, mine=_own_catalogue, data=_version(), spoils=True),
    Recipe("settlement:card_discard", thing=CARD, traits={"state": "draft"}, post=PUBLISHERS, mine=_own_catalogue, data=_plain(), spoils=True),
    Recipe("settlement:claims", get=SETTLING, query=_plain(state="all"), rows=_of(CLAIM), searches=(Search("q", CLAIM, ("number", "customer_name")),), smuggles=(Smuggle("partner", ORGANISATION, "GET", {"kind": ("maker", "dealer")}),)),
    Recipe("settlement:unclaimed", get=CLAIMERS),
    Recipe("settlement:claim_begin", thing=SLIP, traits={"state": SlipState.SIGNED}, post=CLAIMERS, mine=_not_claimed, data=_plain(), spoils=True),
    Recipe("settlement:claim", thing=CLAIM, get=SETTLING, shows=("number", "customer_name")),
    Recipe("settlement:claim_edit", thing=CLAIM, traits={"state": ("draft", "returned")}, get=CLAIMERS, post=CLAIMERS, data=_claim_form, spoils=True),
    _claim_act("submit", CLAIMERS, _version(), ("draft", "returned"), mine=_above_the_limit),
    _claim_act("ask_owner", CLAIMERS - {"dealer.owner"}, _version(), ("draft",), mine=_is_limited),
    _claim_act("owner_agree", _roles("dealer.owner"), _version(), ("returned",), mine=_is_limited),
    _claim_act("owner_decline", _roles("dealer.owner"), _version(reason="先对里程"), ("returned",), mine=_is_limited),
    _claim_act("raise", CHIEFS, _version(reason="建议核定"), ("second", "appealed"), mine=_has_a_limit),
    Recipe("settlement:limits", get=LIMITERS, post=LIMITERS, data=_limits, smuggles=(), spoils=True),
    _claim_act("take_back", CLAIMERS, _version(), ("first",)),
    _claim_act("agree", CLAIMERS, _version(), ("approved",)),
    _claim_act("appeal", CLAIMERS, _version(reason="另有照片"), ("approved", "refused")),
    _claim_act("charge", CLAIMERS, _version(reason="非质量原因", amount="60"), ("draft", "returned", "refused")),
    _claim_act("void", CLAIMERS, _version(reason="重复"), ("draft", "returned")),
    _claim_act("pass", OFFICE | CHIEFS, _version(approved_1="50.00", reason_1="distance"), ("first",), mine=_reviews_first),
    _claim_act("send_back", OFFICE | CHIEFS, _version(reason="缺住宿发票"), ("first", "second"), mine=_reviews),
    _claim_act("approve", CHIEFS, _version(approved_1="40.00", reason_1="distance"), ("second", "appealed")),
    _claim_act("refuse", CHIEFS, _version(cause="not_quality", reason="人为"), ("second", "appealed")),
    Recipe("api:claims", get=SETTLING, query=_plain(state="all"), rows=_of(CLAIM), searches=(Search("q", CLAIM, ("number", "customer_name")),), smuggles=(Smuggle("partner", ORGANISATION, "GET", {"kind": ("maker", "dealer")}),)),
    Recipe("api:claim", thing=CLAIM, get=SETTLING, shows=("number", "customer_name")),
    Recipe("api:claim", "change", CLAIM, {"state": ("draft", "returned")}, post=CLAIMERS, via="PATCH", data=_version(note="两天"), spoils=True),
    Recipe("api:claim_begin", thing=SLIP, traits={"state": SlipState.SIGNED}, post=CLAIMERS, mine=_not_claimed, data=_plain(), spoils=True),
    Recipe("api:statements", get=SETTLING, query=_plain(state="all"), rows=_of(STATEMENT), smuggles=(Smuggle("partner", ORGANISATION, "GET", {"kind": ("maker", "dealer")}),)),
    Recipe("api:month_close", post=PAYERS, data=_plain(month="2026-01", tax_rate="0.13"), spoils=True),
    Recipe("api:statement", thing=STATEMENT, get=SETTLING, shows=("number",)),
    Recipe("api:statement_object", thing=STATEMENT, traits={"state": "checking"}, post=CLAIMERS, data=_version(line=1, reason="少算一趟"), spoils=True),
    Recipe("api:statement_answer", thing=STATEMENT, traits={"state": "checking"}, post=CHIEFS, data=_version(line=2, amount="20.00", text="按单趟"), spoils=True),
    Recipe("api:statement_invoice", thing=STATEMENT, traits={"state": "notified"}, post=CLAIMERS, data=_invoice_body, spoils=True),
    Recipe("settlement:statements", get=SETTLING, query=_plain(state="all"), rows=_of(STATEMENT), smuggles=(Smuggle("partner", ORGANISATION, "GET", {"kind": ("maker", "dealer")}),)),
    Recipe("settlement:close_month", get=PAYERS, post=PAYERS, data=_plain(month="2026-01", tax_rate="0.13"), spoils=True),
    Recipe("settlement:statement", thing=STATEMENT, get=SETTLING, shows=("number",)),
    Recipe("settlement:statement_pdf", thing=STATEMENT, get=SETTLING, shows=("number",)),
    Recipe("settlement:statement_sheet", thing=STATEMENT, get=SETTLING, shows=("number",)),
    Recipe("settlement:statement_object", thing=STATEMENT, traits={"state": "checking"}, kwargs={"line": 1}, get=CLAIMERS, post=CLAIMERS, data=_version(reason="少算一趟"), spoils=True),
    Recipe("settlement:statement_answer", thing=STATEMENT, traits={"state": "checking"}, kwargs={"line": 2}, get=CHIEFS, post=CHIEFS, data=_version(amount="20.00", text="按单趟"), spoils=True),
    _statement_act("confirm", CLAIMERS, _version(), ("checking",)),
    _statement_act("set_rate", PAYERS, _version(tax_rate="0.06"), ("checking",)),
    _statement_act("notify", PAYERS, _version(title="示范机电", tax_number="91430100MA4L00000X"), ("confirmed",)),
    _statement_act("invoice", CLAIMERS, _invoice_form, ("notified",)),
    _statement_act("verify", PAYERS, _version(), ("invoiced",)),
    _statement_act("reject", PAYERS, _version(reason="抬头错误"), ("invoiced",)),
    _statement_act("reverse", PAYERS, _version(red_number="26432000000000000099", reason="税率错误"), ("received",)),
    _statement_act("pay", PAYERS, _version(amount="10.00", way="bank", paid_on="2026-01-05", reference="20260105"), ("received", "paying")),
    _statement_act("unpay", PAYERS, _version(payment="1", reason="记错"), ("paying", "paid")),
    _statement_act("close", CLAIMERS, _version(), ("paid",)),
    _statement_act("void", PAYERS, _version(reason="重做"), ("checking", "confirmed", "notified"), mine=_is_last),
    Recipe("settlement:invoice_file", thing="settlement.invoice", get=SETTLING, shows=("paper",)),
    Recipe("settlement:entries", get=SETTLING, rows=_of(ENTRY), smuggles=(Smuggle("partner", ORGANISATION, "GET", {"kind": ("maker", "dealer")}),)),
    Recipe("settlement:entry_new", get=PAYERS, post=PAYERS, data=_entry_form, able=_has_dealers, smuggles=(Smuggle("partnership", PARTNERSHIP),), spoils=True),
    Recipe("settlement:entry_paper", thing=ENTRY, get=SETTLING, shows=("paper",)),
    Recipe("settlement:entry_withdraw", thing=ENTRY, traits={"state": "waiting"}, post=PAYERS, data=_version(), spoils=True),
    Recipe("settlement:checks", get=frozenset(CHECK_READERS), text=lambda w, who, row: [w.of("settlement.checksetting", org=who.org)[0].tokens["changed_by"]]),
    Recipe("settlement:check_rows", get=frozenset(CHECK_READERS), rows=_of("settlement.checkrow"), searches=(Search("q", "settlement.checkrow", ("key", "value")),)),
    Recipe("settlement:check_row_remove", thing="settlement.checkrow", post=CHIEFS, data=_plain(), spoils=True),
    Recipe("settlement:check", "try", kwargs={"code": "M02"}, post=CHIEFS, data=_check_form(**{"try": "1"}), still=True),
    Recipe("settlement:check", kwargs={"code": "M02"}, get=CHIEFS, post=CHIEFS, data=_check_form(), spoils=True),
    Recipe("settlement:debts", get=DEBTORS, query=_plain(state="all"), rows=_of(DEBT), searches=(Search("q", DEBT, ("number", "customer_name")),)),
    Recipe("settlement:uncharged", get=DEBTORS),
    Recipe("settlement:debt_new", thing=SLIP, traits={"state": SlipState.SIGNED}, get=DEBTORS, post=DEBTORS, mine=_not_charged, data=_plain(amount="80", what="更换轴承"), spoils=True),
    Recipe("settlement:debt", thing=DEBT, get=DEBTORS, shows=("number", "customer_name", "what")),
    _debt_act("receive", DEBTORS, _version(amount="10", paid_on="2026-06-11", way="wechat")),
    _debt_act("change", DEBTORS, _version(amount="70", what="更换轴承")),
    _debt_act("waive", _roles("dealer.admin", "dealer.owner"), _version(reason="老客户")),
    Recipe("settlement:authorisations", get=SETTLING, rows=_of(AUTHORISATION), searches=(Search("q", AUTHORISATION, ("number",)),), smuggles=(Smuggle("partner", ORGANISATION, "GET", {"kind": ("maker", "dealer")}),)),
    Recipe("settlement:authorisation", thing=AUTHORISATION, get=SETTLING, shows=("number", "reason")),
    Recipe("settlement:authorisation_new", thing=TICKET, traits={"state": "closed"}, get=READERS & SETTLING, post=READERS & SETTLING, mine=_listed_maker, data=_plain(kind="amount", amount="900", reason="整机更换"), spoils=True),
    _authorisation_act("grant", _version(amount="500", valid_until=_NEXT_DAY)),
    _authorisation_act("decline", _version(reason="路书内")),
    Recipe("settlement:reviews", get=OFFICE | CHIEFS),
    Recipe("settlement:review", thing=CLAIM, traits={"state": ("first", "second", "appealed")}, get=OFFICE | CHIEFS, mine=_my_turn, shows=("number", "customer_name")),
    Recipe("settlement:bulk", get=OFFICE | CHIEFS, post=OFFICE | CHIEFS, data=_turn_of, smuggles=(Smuggle("claim", CLAIM, "GET", {"state": ("first", "second")}), Smuggle("claim", CLAIM)), still=True),
    Recipe("settlement:routes", get=SETTLING, rows=_of("settlement.usualway"), smuggles=(Smuggle("dealer", ORGANISATION, "GET", {"kind": "dealer"}),)),
    Recipe("settlement:route_new", get=BOOKING, post=BOOKING, data=_way_form, able=_has_dealers, smuggles=(Smuggle("partnership", PARTNERSHIP), Smuggle("from", "settlement.usualway", "GET")), spoils=True),
    Recipe("settlement:route_remove", thing="settlement.usualway", post=BOOKING, mine=_holds, data=_plain(), spoils=True),
    # goods that go back to the factory
    Recipe("tickets:returns", get=PART_READERS, query=_plain(state="all"), rows=_of(GOODS_RETURN), searches=(Search("q", GOODS_RETURN, ("number", "customer_name", "serial_number", "waybill")),), smuggles=(Smuggle("partner", ORGANISATION, "GET", {"kind": ("maker", "dealer")}),)),
    Recipe("tickets:return_new", get=STORE, post=STORE, query=_machine_to_send, data=_application, smuggles=(Smuggle("machine", MACHINE, "GET"), Smuggle("machine", MACHINE, in_address=True)), spoils=True),
    Recipe("tickets:return_new", "which machine", get=STORE, searches=(Search("q", MACHINE, ("serial_number", "model")),)),
    Recipe("tickets:return_scan", get=GATE, still=True, smuggles=(Smuggle("code", GOODS_RETURN, "GET"),)),
    Recipe("tickets:goods_return", thing=GOODS_RETURN, get=PART_READERS, shows=("number", "fault", "checked")),
    *(Recipe("tickets:return_paper", kind, GOODS_RETURN, {"state": ("agreed", "shipped", "closed")}, {"kind": kind}, get=PART_READERS, shows=("number",)) for kind in ("sheet", "label")),
    _return_act("agree", CHIEFS, _agreed_until, "asked"),
    _return_act("refuse", CHIEFS, _version(reason="现场可修"), "asked"),
    _return_act("cancel", STORE, _version(reason="客户不同意"), ("asked", "agreed")),
    _return_act("ship", STORE, _version(carrier="安能物流", waybill_number="AN20260611", pieces="1"), "agreed"),
    _return_act("receive", GATE, _version(), "shipped"),
    _return_act("inspect", GATE | {"hq.quality"}, _version(conclusion="quality", inspection="断条"), "received"),
    _return_act("decide", CHIEFS, _version(decision="repair"), "inspected"),
    _return_act("quote", CHIEFS, _version(price="860.00"), "inspected"),
    _return_act("accept", DESK | {"dealer.owner"}, _version(), "quoted"),
    _return_act("decline", DESK | {"dealer.owner"}, _version(reason="太贵"), "quoted"),
    _return_act("send_back", GATE, _version(carrier="德邦", waybill_number="DP20260618"), "decided", decision="repair"),
    _return_act("close", CHIEFS, _version(), "decided", decision="scrap"),
    _return_act("take_back", STORE, _version(), "sent_back"),
    # old parts
    Recipe("settlement:old_parts", get=PART_READERS, query=_plain(state="all"), rows=_of(OLD_PART), searches=(Search("q", OLD_PART, ("number", "customer_name", "slip_number")),), smuggles=(Smuggle("partner", ORGANISATION, "GET", {"kind": ("maker", "dealer")}),)),
    Recipe("settlement:old_part_pack", get=STORE, post=STORE, data=_packed, text=lambda w, who, row: [part.tokens["number"] for part in _due_parts(w, who)], smuggles=(Smuggle("parts", OLD_PART), Smuggle("box", RETURN_BOX), Smuggle("maker", ORGANISATION, "GET", {"kind": "maker"})), spoils=True),
    Recipe("settlement:old_part_labels", post=STORE, data=_packed, smuggles=(Smuggle("parts", OLD_PART),), still=True),
    Recipe("settlement:old_part", thing=OLD_PART, get=PART_READERS, shows=("number", "customer_name", "diagnosis")),
    Recipe("settlement:old_part_photo", thing=OLD_PART, traits={"state": "destroyed"}, get=PART_READERS, shows=("photo",)),
    _part_act("unpack", STORE, _version(), "boxed"),
    _part_act("extension", STORE, _extension, "due"),
    _part_act("exemption", STORE, _version(reason="太重"), "due"),
    _part_act("agree", PARTS_STORE | {"hq.reviewer"}, _version(), "due", asked=("extension", "exemption")),
    _part_act("refuse", PARTS_STORE | {"hq.reviewer"}, _version(reason="要返厂分析"), "due", asked=("extension", "exemption")),
    _part_act("find", PARTS_STORE, _version(), "missing"),
    _part_act("take", APPRAISERS, _version(), "received"),
    _part_act("appraise", APPRAISERS, _version(finding="quality", note="内圈剥落"), ("received", "appraising")),
    _part_act("claim", PARTS_STORE, _version(note="轴承厂"), "confirmed"),
    _part_act("destroy", PARTS_STORE, _destruction, ("confirmed", "mismatch")),
    _part_act("give_back", PARTS_STORE, _version(note="随下批"), ("confirmed", "mismatch")),
    Recipe("settlement:return_boxes", get=PART_READERS, rows=_of(RETURN_BOX), searches=(Search("q", RETURN_BOX, ("number", "waybill", "carrier")),), smuggles=(Smuggle("partner", ORGANISATION, "GET", {"kind": ("maker", "dealer")}),)),
    Recipe("settlement:return_box", thing=RETURN_BOX, get=PART_READERS, shows=("number", "note")),
    Recipe("settlement:return_box_ship", thing=RETURN_BOX, traits={"state": "packing"}, get=STORE, post=STORE, data=_version(carrier="安能物流", waybill="AN20260611", transport="rail"), shows=("number",)),
    Recipe("settlement:return_box_receive", thing=RETURN_BOX, traits={"state": "shipped"}, get=PARTS_STORE, post=PARTS_STORE, data=_counted, shows=("number",), smuggles=(Smuggle("there", OLD_PART),)),
    Recipe("settlement:return_box_scan", get=PARTS_STORE | STORE, still=True, smuggles=(Smuggle("code", OLD_PART, "GET"), Smuggle("code", RETURN_BOX, "GET"))),
    Recipe("settlement:return_box_sheet", thing=RETURN_BOX, get=PART_READERS, shows=("number",)),
    Recipe("api:rate_cards", get=SETTLING, query=lambda w, who, row: {"maker": w.organisations[_first_maker(w, who)].public_id}, rows=_seen_of_first_maker(CARD), smuggles=(Smuggle("maker", ORGANISATION, "GET", {"kind": "maker"}),)),
    Recipe("api:rate_card", thing=CARD, get=SETTLING, mine=_shown_card, shows=("note",)),
    Recipe("equipment:line_edit", thing="equipment.productline", get=PUBLISHERS, post=PUBLISHERS, mine=_own_catalogue, data=_line_form, shows=("public_id",), spoils=True),
    Recipe("equipment:parts", get=BUSINESS, query=lambda w, who, row: {"maker": w.organisations[_first_maker(w, who)].public_id}, rows=_of_first_maker("equipment.part", active=True), searches=(Search("q", "equipment.part", ("name", "code")),), smuggles=(Smuggle("maker", ORGANISATION, "GET", {"kind": "maker"}),)),
    Recipe("equipment:part_new", get=PUBLISHERS, post=PUBLISHERS, query=_maker_query, data=_part_form, able=_publishes, smuggles=(Smuggle("maker", ORGANISATION, "GET", {"kind": "maker"}), Smuggle("maker", ORGANISATION, "POST", {"kind": "maker"}, in_address=True)), same=(Same("code", "equipment.part", "code"),), spoils=True),
    Recipe("equipment:part", thing="equipment.part", get=BUSINESS, shows=("name", "code")),
    Recipe("equipment:part_edit", thing="equipment.part", get=PUBLISHERS, post=PUBLISHERS, mine=_own_catalogue, data=_part_form, shows=("public_id",), spoils=True),
    *(
        Recipe(f"equipment:{verb}", kind, f"equipment.{model}", {"active": active}, {"kind": kind}, post=PUBLISHERS, mine=_own_catalogue, data=_version())
        for verb, active in (("withdraw", True), ("publish", False))
        for kind, model in (("line", "productline"), ("model", "productmodel"), ("part", "part"))
    ),
    Recipe("equipment:coverages", get=BUSINESS, rows=_of(PARTNERSHIP)),
    Recipe("equipment:coverage", thing=PARTNERSHIP, get=BUSINESS, shows=("public_id",)),
    Recipe("equipment:coverage", "lines", PARTNERSHIP, {"holds": True}, post=_roles("hq.admin", "hq.reviewer"), data=lambda w, who, row: {"lines": w.of("equipment.productline", maker=row.maker if row else "MA", active=True)[-1].public_id}, smuggles=(Smuggle("lines", "equipment.productline"),)),
    # the duty roster
    Recipe("resources:roster", get=DEALER, query=_month_of, text=lambda w, who, row: [_running(w, who).public_id, *_on_duty(w, who, row)]),
    Recipe("resources:paper", get=DEALER, query=_month_of),
    Recipe("resources:workbook", get=DEALER, query=_month_of, text=_on_duty),
    Recipe("resources:mine", get=DEALER, text=lambda w, who, row: [s.public_id for s in w.of(SHIFT, dealer=who.org) if who.key in s.facts["on_it"] and s.facts["use"] != "removed"]),
    Recipe("resources:partners", get=OFFICE | HQ, text=_partners_duty),
    Recipe("resources:changes", get=DEALER, text=lambda w, who, row: [change.tokens["by_name"] for change in w.of(CHANGE, dealer=who.org)]),
    Recipe("resources:undo", thing=CHANGE, traits={"undone": False}, post=PLANNERS, data=_plain()),
    Recipe("resources:settings", get=HEADS, post=HEADS, data=_duty_settings),
    Recipe("resources:rotation", get=PLANNERS, post=PLANNERS, query=_rotation, data=_seen(_rotation), smuggles=(Smuggle("people", PERSON, "GET"), Smuggle("people", PERSON, in_address=True))),
    Recipe("resources:copy", get=PLANNERS, post=PLANNERS, query=_week, data=_seen(_week)),
    Recipe("resources:shift_new", get=PLANNERS, post=PLANNERS, data=_shift_form, smuggles=(Smuggle("person", PERSON), Smuggle("deputy", PERSON), Smuggle("leader", PERSON)), spoils=True),
    Recipe("resources:shift", thing=SHIFT, traits={"use": ("running", "next", "plain", "asked")}, get=DEALER, shows=("phone", "note")),
    Recipe("resources:shift_edit", thing=SHIFT, traits={"use": ("plain", "asked")}, get=PLANNERS, post=PLANNERS, data=_shift_form, smuggles=(Smuggle("person", PERSON), Smuggle("deputy", PERSON)), spoils=True),
    Recipe("resources:shift_remove", thing=SHIFT, traits={"use": ("plain", "asked")}, post=PLANNERS, data=_version()),
    Recipe("resources:swap_ask", thing=SHIFT, traits={"use": "plain"}, get=CREW, post=CREW, mine=_on_it, data=_ask, smuggles=(Smuggle("colleague", PERSON), Smuggle("other", SHIFT))),
    Recipe("resources:swaps", get=DEALER, rows=_of(SWAP)),
    Recipe("resources:swap", thing=SWAP, get=PLANNERS | CREW, shows=("note",)),
    *_answers("resources:swap"),
    # files that come in
    Recipe("imports:history", get=ANY_IMPORT, rows=_of("imports.importrun")),
    *(
        Recipe("imports:new", kind, kwargs={"kind": kind}, get=roles, post=roles, data=_upload(kind), able=_publishes if kind == "parts" else None, smuggles=(Smuggle("maker", ORGANISATION, traits={"kind": "maker"}),) if kind in ("machines", "parts") else (), spoils=True)
        for kind, roles in IMPORTS_OF.items()
    ),
    *(Recipe("imports:template", kind, kwargs={"kind": kind}, get=roles) for kind, roles in IMPORTS_OF.items()),
    Recipe("imports:run", thing="imports.importrun", get=ANY_IMPORT, shows=("file_name",)),
    Recipe("imports:columns", thing="imports.importrun", traits={"state": "columns"}, get=ANY_IMPORT, post=ANY_IMPORT, data=_columns, shows=("file_name",), spoils=True),
    Recipe("imports:start", thing="imports.importrun", traits={"state": "checked"}, post=ANY_IMPORT, data=_plain(only_right="on"), shows=("file_name",)),
    Recipe("imports:mend", thing="imports.importrun", traits={"mend": True}, get=ANY_IMPORT, shows=("mend_file",)),
    Recipe("imports:undo", thing="imports.importrun", traits={"state": "imported"}, post=ANY_IMPORT, data=_plain(), shows=("file_name",)),
    # lookups
    Recipe("equipment:lookup_phone", get=DEALER, query=lambda w, who, row: {"phone": w.one(CUSTOMER, dealer=_dealer(who), active=True).tokens["phone"]}, text=lambda w, who, row: [w.one(CUSTOMER, dealer=who.org, active=True).tokens["name"]], searches=(Search("phone", CUSTOMER, ("phone", "phone2")),)),
    Recipe("equipment:lookup_customer", get=DEALER, query=lambda w, who, row: {"q": w.one(CUSTOMER, dealer=_dealer(who), active=True).tokens["name"]}, text=lambda w, who, row: [w.one(CUSTOMER, dealer=who.org, active=True).tokens["name"]], searches=(Search("q", CUSTOMER, ("name", "contact", "phone")),)),
    Recipe("equipment:lookup_customer", "options", get=DEALER, query=lambda w, who, row: {"as": "options", "q": w.one(CUSTOMER, dealer=_dealer(who), active=True).tokens["name"]}, text=lambda w, who, row: [w.one(CUSTOMER, dealer=who.org, active=True).public_id], searches=(Search("q", CUSTOMER, ("name", "contact", "phone")),)),
    Recipe("equipment:models", get=BUSINESS, query=lambda w, who, row: {"manufacturer_id": w.organisations[_first_maker(w, who)].public_id}, text=lambda w, who, row: [w.one("equipment.productmodel", maker=_first_maker(w, who), active=True).tokens["code"]], smuggles=(Smuggle("manufacturer_id", ORGANISATION, "GET", {"kind": "maker"}),), searches=(Search("model", "equipment.productmodel", ("code",)),)),
    Recipe("equipment:parts_lookup", get=BUSINESS, query=lambda w, who, row: {"maker": w.organisations[_first_maker(w, who)].public_id, "q": w.one("equipment.part", maker=_first_maker(w, who), active=True).tokens["code"]}, text=lambda w, who, row: [w.one("equipment.part", maker=_first_maker(w, who), active=True).tokens["name"]], smuggles=(Smuggle("maker", ORGANISATION, "GET", {"kind": "maker"}),), searches=(Search("q", "equipment.part", ("code", "name")),)),
    # lists and pages of tickets
    Recipe("tickets:tickets", get=TICKET_READERS, query=_plain(state="all"), rows=_tickets(), searches=(Search("q", TICKET, ("customer_name", "model_summary", "number")), Search("lead", TICKET, ("lead_name",))), smuggles=(Smuggle("partner", ORGANISATION, "GET", {"kind": ("maker", "dealer")}),)),
    Recipe("tickets:tickets", "open", get=TICKET_READERS, rows=_tickets(state=tuple(OPEN))),
    Recipe("tickets:tickets", "finished", get=TICKET_READERS, query=_plain(state="finished"), rows=_tickets(state=(S.DONE, S.REMOTE_DONE, S.FOLLOWED_UP, S.CLOSED))),
    Recipe("tickets:promises", get=BUSINESS, text=lambda w, who, row: [one.tokens["note"] for one in _of("tickets.promise")(w, who)]),
    Recipe("tickets:promise_new", get=OWNERS, post=OWNERS, data=_promise_form, smuggles=(Smuggle("manufacturer", ORGANISATION, traits={"kind": "maker"}),)),
    Recipe("tickets:promise_districts", get=OWNERS, post=OWNERS, text=lambda w, who, row: [f'/promises/districts/{one.pk}/remove/' for one in w.of("tickets.districttier", dealer=who.org)], data=_plain(place="长沙市浏阳市", tier="other")),
    Recipe("tickets:promise_district_remove", thing="tickets.districttier", argument="district", value=lambda w, row: row.pk, post=OWNERS, data=_plain(), shows=()),
    Recipe("tickets:day", get=CREW, text=lambda w, who, row: [t.tokens["customer_name"] for t in w.of(TICKET, lead=who.key, state=(S.ARRIVED, S.EN_ROUTE))]),
    Recipe("tickets:ticket", thing=TICKET, get=TICKET_READERS, mine=_was_there, shows=("customer_name", "fault", "number")),
    Recipe("tickets:new", get=DESK, post=DESK, data=_report, smuggles=(Smuggle("customer", CUSTOMER, "GET"), Smuggle("machines", MACHINE, "GET"), Smuggle("customer", CUSTOMER), Smuggle("machines", MACHINE)), searches=(Search("phone", CUSTOMER, ("phone", "phone2")),)),
    Recipe("tickets:lookup", get=DESK, query=lambda w, who, row: {"phone": w.one(CUSTOMER, dealer=_dealer(who), active=True).tokens["phone"]}, text=lambda w, who, row: [w.one(CUSTOMER, dealer=who.org, active=True).tokens["name"]], smuggles=(Smuggle("customer", CUSTOMER, "GET"), Smuggle("machines", MACHINE, "GET")), searches=(Search("phone", CUSTOMER, ("phone", "phone2")),)),
    # the desk's verbs
    _act("contact", DESK, _version(channel="phone"), (S.NEW,)),
    _act("appoint", DESK, _appoint, (S.CONTACTED, S.APPOINTED)),
    _act("hold", DESK, _version(reason="customer_later"), HOLDABLE, traits={"held": False}),
    _act("go_on", DESK, _version(), HOLDABLE, traits={"held": True}),
    _act("reverse_pause", OFFICE, _pause, HOLDABLE, traits={"held": True}, smuggles=(Smuggle("pause", "tickets.clockpause", column="pk"),)),
    _act("explain_late", CALLERS | CREW, _version(reason="traffic"), LATE, mine=_was_there, traits={"late": True}),
    _act("dispatch", DESK, _dispatch, (S.CONTACTED, S.APPOINTED), smuggles=(Smuggle("lead", PERSON), Smuggle("companions", PERSON))),
    _act("merge", DESK, _merge, BEFORE_SIGNING, mine=_not_just_referred, spoils=True, smuggles=(Smuggle("target", TICKET),)),
    _act("ask_transfer", DESK, _version(reason="不在我区域"), (S.NEW,), mine=_to_transfer),
    _act("cancel", DESK, _cancel, BEFORE_SIGNING, mine=_not_just_referred),
    _act("follow_up", CALLERS | {"office.manager", "office.engineer", "hq.reviewer", "hq.call_centre"}, _version(result="satisfied"), FINISHED, mine=_not_his_job),
    _act("close", DESK, _version(), (*FINISHED, S.FOLLOWED_UP)),
    _act("reopen", DESK, _version(reason="又响了"), (*FINISHED, S.CLOSED)),
    _act("change", DESK, _change, OPEN, smuggles=(Smuggle("machines", MACHINE),)),
    _act("share", DESK, _version(), tuple(S), mine=lambda w, who, row: not row.shared and not w.organisations[row.maker].facts["owner"]),
    Recipe("tickets:note", thing=TICKET, post=CALLERS | CREW | OFFICE | SERVICE | DEPARTMENTS, mine=_was_there, data=_plain(text="客户要求先打电话"), shows=("customer_name",)),
    _act("call", CALLERS | CREW, _version(channel="phone", text="已通话"), tuple(S), mine=_was_there),
    Recipe("tickets:unmask", thing=TICKET, post=OFFICE | SERVICE, mine=lambda w, who, row: row.source == "hq_referral" or bool(row.facts.get("supported")), data=_plain(), still=True),
    # warranty
    Recipe("tickets:judge", thing=TICKET, traits={"state": tuple(OPEN)}, post=FIELD, mine=_was_there, data=_plain(), shows=("customer_name",), spoils=True),
    Recipe("tickets:proof", thing=TICKET, traits={"state": tuple(OPEN)}, get=FIELD, post=FIELD, mine=_was_there, data=_proof, shows=("customer_name",), smuggles=(Smuggle("machine", MACHINE),), spoils=True),
    Recipe("tickets:proof_withdraw", thing="tickets.evidence", post=FIELD, mine=_open_job, data=_plain(), spoils=True),
    Recipe("tickets:goodwill", thing=TICKET, traits={"state": tuple(BEFORE_ARRIVAL)}, get=GOODWILL, post=GOODWILL, mine=_without_office, data=_plain(maker_percent="80", reason="同批故障"), shows=("customer_name",), spoils=True),
    Recipe("tickets:warranty_start", thing=TICKET, traits={"state": (S.ARRIVED, S.IN_WORK)}, get=DESK, post=DESK, mine=lambda w, who, row: True if row.shared else None, data=_start, shows=("customer_name",), smuggles=(Smuggle("machine", MACHINE),), spoils=True),
    Recipe("tickets:warranty_answer", thing="tickets.warrantyrequest", get=_roles("hq.reviewer"), post=_roles("hq.reviewer"), data=_plain(decision="granted", answer="同意"), spoils=True),
    # the technician's steps
    _step("accept", FIELD, (S.DISPATCHED,)),
    _step("set_out", FIELD, (S.ACCEPTED, S.WAIT_PART, S.WAIT_CUST)),
    _step("start_work", FIELD, (S.ARRIVED,)),
    _step("resume", FIELD, (S.WAIT_PART, S.WAIT_CUST)),
    _step("refuse", FIELD, (S.DISPATCHED,), reason=True),
    _step("hand_back", FIELD, (S.ACCEPTED, S.EN_ROUTE), reason=True),
    _step("wait_part", FIELD, (S.IN_WORK,), reason=True, traits={"on_site": False}),
    _step("wait_customer", FIELD, (S.IN_WORK,), reason=True, traits={"on_site": False}),
    Recipe("tickets:arrive", thing=TICKET, traits={"state": (S.ACCEPTED, S.EN_ROUTE)}, get=FIELD, post=FIELD, mine=_was_there, data=_version(), shows=("customer_name",)),
    Recipe("tickets:leave", thing=TICKET, traits={"state": (S.ARRIVED, S.IN_WORK), "on_site": True}, get=FIELD, post=FIELD, mine=_was_there, data=_version(km="27.5"), shows=("customer_name",)),
    Recipe("tickets:remote", thing=TICKET, traits={"state": tuple(BEFORE_ARRIVAL)}, get=FIELD, post=FIELD, mine=_leads, data=_remote, shows=("customer_name",)),
    Recipe("tickets:paper_slip", thing=TICKET, traits={"state": WITH_PAPER}, get=FIELD, post=FIELD, mine=_leads, data=_from_paper, shows=("customer_name",)),
    Recipe("tickets:photo_add", thing=TICKET, post=FIELD, mine=_was_there, data=_photo, json=True),
    Recipe("tickets:photo", thing=PHOTO, get=TICKET_READERS, mine=_was_there, shows=("file",)),
    Recipe("tickets:photo_thumb", thing=PHOTO, get=TICKET_READERS, mine=_was_there, shows=("thumbnail",)),
    Recipe("tickets:photo_remove", thing=PHOTO, traits={"slot": "part"}, post=FIELD, mine=lambda w, who, row: bool(_was_there(w, who, row)) and row.ticket is not None and row.ticket.state in OPEN, data=_plain(), json=True),
    # slips
    Recipe("tickets:slips", get=TICKET_READERS, rows=lambda w, who: [s for s in w.of(SLIP, state=("wait_sign", *FROZEN)) if allowed(w, who, s)], searches=(Search("q", SLIP, ("number", "customer_name")), Search("technician", SLIP, ("technician",)))),
    Recipe("tickets:slip_open", thing=TICKET, traits={"state": S.ARRIVED}, post=FIELD, mine=_was_there, data=_plain(), shows=("customer_name",)),
    Recipe("tickets:slip", thing=SLIP, traits={"state": (SlipState.DRAFT, SlipState.WAIT_SIGN, *FROZEN)}, get=TICKET_READERS, mine=_was_there, shows=("public_id",)),
    Recipe("tickets:slip_save", thing=SLIP, traits={"state": SlipState.DRAFT}, post=FIELD, mine=_was_there, data=_slip_form, json=True),
    Recipe("tickets:slip_complete", thing=SLIP, traits={"state": SlipState.DRAFT}, post=FIELD, mine=lambda w, who, row: bool(_leads(w, who, row)) and row.ticket is not None and row.ticket.state == S.IN_WORK, data=_slip_form, shows=("public_id",)),
    Recipe("tickets:slip_parts", thing=SLIP, traits={"state": SlipState.DRAFT}, get=FIELD, mine=_was_there, query=lambda w, who, row: {"parts-0-code": w.one("equipment.part", maker=row.maker if row else "MA", active=True).tokens["code"]}, text=lambda w, who, row: [w.one("equipment.part", maker=row.maker if row else "MA", active=True).tokens["name"]]),
    Recipe("tickets:slip_preview", thing=SLIP, get=READERS | CREW | OFFICE | MAKERS_PAPER, mine=_was_there, shows=("customer_name",)),
    Recipe("tickets:slip_preview", "customer", SLIP, get=READERS | CREW, mine=_was_there, query=_plain(copy="customer"), shows=("customer_name", "phone")),
    Recipe("tickets:slip_correct", thing=SLIP, traits={"state": SlipState.WAIT_SIGN}, post=FIELD, mine=_leads, data=_version(reason="地址写错"), shows=("public_id",)),
    Recipe("tickets:slip_sign", thing=SLIP, traits={"state": SlipState.WAIT_SIGN}, get=FIELD, post=FIELD, mine=_leads, data=_signature, shows=("public_id",)),
    Recipe("tickets:slip_sign_on_paper", thing=SLIP, traits={"state": SlipState.WAIT_SIGN}, get=FIELD, post=FIELD, mine=_leads, data=_paper_signature, shows=("public_id",)),
    Recipe("tickets:slip_not_from_paper", thing=SLIP, traits={"state": SlipState.DRAFT, "from_paper": True}, post=FIELD, mine=_was_there, data=_plain(), shows=("public_id",)),
    Recipe("tickets:slip_hand_in", thing=SLIP, traits={"state": (SlipState.DRAFT, SlipState.WAIT_SIGN)}, post=FIELD, mine=_was_there, data=_signed_without_signal, json=True, shows=("public_id",)),
    Recipe("tickets:slip_refuse", thing=SLIP, traits={"state": SlipState.WAIT_SIGN}, post=FIELD, mine=_leads, data=_version(reason="客户不在现场", more="客户不在现场"), shows=("public_id",)),
    Recipe("tickets:slip_void", thing=SLIP, traits={"state": (SlipState.WAIT_SIGN, SlipState.SIGNED, SlipState.REFUSED)}, get=DESK, post=DESK, data=_version(reason="里程写错"), shows=("public_id",)),
    Recipe("tickets:slip_files", thing=SLIP, traits={"state": FROZEN}, get=TICKET_READERS, mine=_was_there),
    Recipe("tickets:slip_files", "again", SLIP, {"state": FROZEN}, post=READERS | CREW, mine=_was_there, data=_plain(), shows=("public_id",)),
    Recipe("tickets:slip_print", thing=SLIP, traits={"state": (SlipState.SIGNED, SlipState.REFUSED)}, post=READERS | CREW, mine=_was_there, data=_plain()),
    *(
        Recipe("tickets:slip_pdf", copy, SLIP, {"state": (SlipState.SIGNED, SlipState.REFUSED)}, {"copy": copy}, get=READERS | CREW | (OFFICE | MAKERS_PAPER if copy == "maker" else NOBODY), mine=_own_copy, text=lambda w, who, row, copy=copy: [f.tokens["file"] for f in w.of("tickets.slipfile", parent=row, copy=copy)])
        for copy in ("dealer", "customer", "maker")
    ),
    Recipe("tickets:slip_paper", thing=SLIP, traits={"state": FROZEN}, kwargs={"paper": "half"}, get=READERS | CREW, mine=_was_there),
    Recipe("tickets:slip_batch", post=READERS | CREW, data=_batch, smuggles=(Smuggle("pick", SLIP, traits={"state": SlipState.SIGNED}),)),
    Recipe("tickets:print_look", get=DEALER_ADMIN, post=DEALER_ADMIN, data=_look),
    Recipe("tickets:print_preview", post=DEALER_ADMIN, data=_look, still=True),
    Recipe("tickets:print_sample", get=DEALER_ADMIN, kwargs={"paper": "a5"}),
    Recipe("tickets:printer_add", get=DEALER_ADMIN, post=DEALER_ADMIN, data=_plain(name="后台针打", offset_x="0.5", offset_y="0"), same=(Same("name", PRINTER, "name"),)),
    Recipe("tickets:printer", thing=PRINTER, get=DEALER_ADMIN, post=DEALER_ADMIN, data=_plain(name="前台针打", offset_x="0.5", offset_y="0")),
    Recipe("tickets:printer_remove", thing=PRINTER, post=DEALER_ADMIN, data=_plain()),
    Recipe("tickets:printer_ruler", thing=PRINTER, kwargs={"paper": "half"}, get=DEALER_ADMIN),
    Recipe("tickets:paper_numbers", get=READERS),
    Recipe("tickets:print_help", get=READERS | CREW),
    # for customers: the desk makes links and labels
    Recipe("tickets:progress_link", thing=TICKET, post=DESK, data=_plain(), shows=("number",), still=True),
    Recipe("tickets:sign_link", thing=SLIP, traits={"state": SlipState.WAIT_SIGN}, post=FIELD, mine=_leads, data=_plain(), shows=("number",)),
    Recipe("tickets:stickers", get=DESK, post=DESK, rows=lambda w, who: w.of(MACHINE, dealer=who.org, active=True), data=lambda w, who, row: {"machines": w.one(MACHINE, dealer=who.org).public_id if who.tier == "dealer" else "", "first": "1"}, still=True, smuggles=(Smuggle("machines", MACHINE), Smuggle("machines", MACHINE, "GET")), searches=(Search("q", MACHINE, ("serial_number", "model")),)),
    # leaves, deputies, contacts
    Recipe("partners:my_deputy", get=BUSINESS, post=BUSINESS, data=_leave, smuggles=(Smuggle("deputy", PERSON),)),
    Recipe("partners:person_deputy", thing=PERSON, traits={"active": True}, get=BUSINESS, post=BUSINESS, mine=_own_person, data=_leave, smuggles=(Smuggle("deputy", PERSON),)),
    Recipe("partners:deputy_end", thing="partners.deputy", post=BUSINESS, mine=_own_leave, data=_plain(), lands="/me/deputy/"),
    Recipe("partners:person_contact", thing=PERSON, traits={"active": True}, get=ADMINS - PLATFORM, post=ADMINS - PLATFORM, mine=lambda w, who, row: who.org == row.org, data=_plain(shown="on", duty="轴承")),
    # support by office and headquarters
    Recipe("tickets:escalate", thing=TICKET, traits={"state": tuple(OPEN)}, get=FIELD, post=FIELD, mine=_may_escalate, data=_support_form, shows=("public_id",)),
    Recipe("tickets:escalations", get=TICKET_READERS, query=_plain(state="all"), rows=_of(ESCALATION), searches=(Search("q", ESCALATION, ("number", "phenomenon", "model")), Search("q", TICKET, ("customer_name", "number"))), smuggles=(Smuggle("partner", ORGANISATION, "GET", {"kind": ("maker", "dealer")}),)),
    Recipe("tickets:escalation", thing=ESCALATION, get=TICKET_READERS, mine=_was_there, shows=("phenomenon", "readings")),
    *_support("accept", OFFICE, _version(), ("wait_office",), label="office"),
    *_support("accept", SUPPORTERS, _version(), ("wait_hq",), label="hq", mine=_looks_after),
    *_support("answer", OFFICE, _reply, ("at_office",), label="office"),
    *_support("answer", SUPPORTERS, _reply, ("at_hq",), label="hq", mine=_looks_after),
    *_support("forward", OFFICE, _to_contact, ("wait_office", "at_office"), smuggles=(Smuggle("to", "partners.contact"),)),
    *_support("pass_on", OFFICE, _to_colleague, ("wait_office", "at_office"), label="office", smuggles=(Smuggle("to", PERSON),)),
    *_support("pass_on", SUPPORTERS, _to_colleague, ("wait_hq", "at_hq"), label="hq", mine=_looks_after, smuggles=(Smuggle("to", PERSON),)),
    *_support("merge", OFFICE, _into_other, ("wait_office", "at_office"), label="office", spoils=True, smuggles=(Smuggle("target", ESCALATION),)),
    *_support("merge", SUPPORTERS, _into_other, ("wait_hq", "at_hq"), label="hq", mine=_looks_after, spoils=True, smuggles=(Smuggle("target", ESCALATION),)),
    *_support("confirm", FIELD, _version(note=""), ("answered",), mine=_was_there),
    *_support("send_back", FIELD, _version(reason="还是响"), ("answered",), mine=_was_there),
    *_support("withdraw", FIELD, _version(reason="已解决"), ("wait_hq", "at_hq", "answered"), mine=_was_there),
    *_support("discard", FIELD, _version(), ("draft",), mine=_was_there),
    *_support("publish", CHIEFS, _case_form, ("closed",)),
    Recipe("tickets:cases", get=TICKET_READERS, text=lambda w, who, row: [case.tokens["cure"] for case in w.of(CASE) if allowed(w, who, case)], searches=(Search("q", ESCALATION, ("phenomenon", "model")), Search("q", CASE, ("fault", "cure")))),
    Recipe("tickets:case_withdraw", thing=CASE, post=CHIEFS, data=_plain()),
    Recipe("tickets:rates", get=RATES, text=_kept, smuggles=(Smuggle("partner", ORGANISATION, "GET", {"kind": ("maker", "dealer")}),)),
    Recipe("tickets:levels", get=READERS | OFFICE | HQ),
    # referrals
    Recipe("tickets:referrals", get=REFERRERS, rows=_of(REFERRAL), searches=(Search("q", REFERRAL, ("customer_name", "serial_number", "model")),), smuggles=(Smuggle("partner", ORGANISATION, "GET", {"kind": "dealer"}),)),
    Recipe("tickets:refer", get=REFERRERS, post=REFERRERS, data=_refer, smuggles=(Smuggle("dealer", ORGANISATION, traits={"kind": "dealer"}), Smuggle("line", "equipment.productline"))),
    Recipe("tickets:refer_dealers", get=REFERRERS, text=lambda w, who, row: [w.organisations[d].tokens["short_name"] for d, m, o, _s, confirmed, ended, _l in PARTNERSHIPS if who.org in (m, o) and confirmed and not ended], smuggles=(Smuggle("line", "equipment.productline", "GET"),)),
    Recipe("tickets:refer_lookup", get=REFERRERS, searches=(Search("phone", REFERRAL, ("phone",)), Search("serial_number", REFERRAL, ("serial_number",)))),
    Recipe("tickets:referral", thing=REFERRAL, get=REFERRERS, shows=("customer_name", "fault", "serial_number")),
    Recipe("tickets:referral_decide", "insist", REFERRAL, {"state": "asked"}, {"verb": "insist"}, post=REFERRERS, data=_version(reason="只有你有授权"), shows=("customer_name",)),
    Recipe("tickets:referral_decide", "redirect", REFERRAL, {"state": "asked"}, {"verb": "redirect"}, post=SERVICE, data=_another_dealer, open_to=OFFICE, smuggles=(Smuggle("dealer", ORGANISATION, traits={"kind": "dealer"}),)),
    # customers: whoever has the address, signed in or not, is told the same
    Recipe("public:machine", get=EVERYBODY, shows=("model", "serial_number"), text=_public_duty, **STICKER),
    Recipe("public:report", get=EVERYBODY, post=STRANGER, data=_told, traits={"active": True}, mine=lambda w, who, row: (row.dealer, row.maker) != ("DC03", "MB"), **STICKER),
    Recipe("public:dealer", get=EVERYBODY, post=STRANGER, data=_told_dealer, traits={"kind": "dealer"}, text=lambda w, who, row: [row.tokens["name"], *_public_duty(w, who, row)] if row else [], **BY_DEALER),
    Recipe("public:progress", get=EVERYBODY, text=lambda w, who, row: [row.ticket.tokens["number"], *_public_duty(w, who, row)] if row and row.ticket else [], **BY_PROGRESS),
    Recipe("public:complain", post=STRANGER, data=_plain(text="等了三天没人来"), **BY_PROGRESS),
    Recipe("public:sign", get=EVERYBODY, post=STRANGER, data=_signature, still=True, opens=lambda w, row: _outside_of_slip(w, _to_sign(w, row)), text=lambda w, who, row: [_to_sign(w, row).tokens["number"]] if row else [], **BY_SIGNING),
    Recipe("public:sign_digits", post=STRANGER, data=_digits, still=True, opens=lambda w, row: _slip_of(w, _to_sign(w, row)), **BY_SIGNING),
    Recipe("public:sign_digits", "wrong", post=STRANGER, data=_plain(digits="0000"), still=True, opens=lambda w, row: _outside_of_slip(w, _to_sign(w, row)), **BY_SIGNING),
    Recipe("public:proof", get=EVERYBODY, shows=("number",), opens=_outside_of_slip, **BY_PROOF),
    Recipe("public:proof_digits", post=STRANGER, data=_digits, still=True, opens=_slip_of, **BY_PROOF),
    Recipe("public:proof_digits", "wrong", post=STRANGER, data=_plain(digits="0000"), still=True, opens=_outside_of_slip, **BY_PROOF),
    Recipe("tickets:slip_pdf", "triplicate", SLIP, {"state": FROZEN}, {"copy": "triplicate"}, get=READERS | CREW, mine=_own_copy),
    # the API: the same records and steps in JSON
    Recipe("api_docs", get=SIGNED_IN, text=lambda w, who, row: ["/api/v1/tickets/{public_id}/dispatch"]),
    Recipe("api_schema", get=SIGNED_IN, text=lambda w, who, row: ["openapi: 3.1.0"]),
    Recipe("api:me", get=SIGNED_IN, text=lambda w, who, row: [w.people[who.key].tokens["name"]]),
    Recipe("api:notices", get=SIGNED_IN, rows=lambda w, who: w.of("notices.notice", person=who.key)),
    Recipe("api:notices_read", post=SIGNED_IN, data=lambda w, who, row: {"ids": [w.one("notices.notice", person=who.key).public_id if who.org else ""]}, smuggles=(Smuggle("ids", "notices.notice"),)),
    Recipe("api:notice_preferences", get=SIGNED_IN, text=lambda w, who, row: [p.tokens["mail"] for p in w.of("notices.preferences", person=who.key)]),
    Recipe("api:notice_preferences", "choose", post=SIGNED_IN, via="PATCH", data=_plain(pace="gathered", on={"jobs": ["sms"]})),
    Recipe("api:notice_mail", post=SIGNED_IN, data=_plain(address="me@example.com"), spoils=True),
    Recipe("api:notice_mail_confirm", post=SIGNED_IN, data=_mail_code),
    Recipe("api:notice_mail", "remove", post=SIGNED_IN, via="DELETE", data=_plain()),
    Recipe("api:jobs", get=SIGNED_IN, text=lambda w, who, row: [job.tokens["title"] for job in w.of("core.job", person=who.key)]),
    Recipe("api:job", thing="core.job", get=SIGNED_IN, mine=_my_task, shows=("title",)),
    Recipe("api:warranty_policies", get=BUSINESS, query=lambda w, who, row: {"maker": w.organisations[_first_maker(w, who)].public_id}, rows=_of_first_maker("equipment.warrantypolicy"), smuggles=(Smuggle("maker", ORGANISATION, "GET", {"kind": "maker"}),)),
    Recipe("api:warranty_policies", "add", post=PUBLISHERS, data=_policy_body, able=_publishes, smuggles=(Smuggle("manufacturer_id", ORGANISATION, traits={"kind": "maker"}), Smuggle("line", "equipment.productline")), spoils=True),
    Recipe("api:warranty_policy", thing="equipment.warrantypolicy", get=BUSINESS, shows=("name",)),
    Recipe("api:warranty_draft", thing="equipment.warrantypolicy", traits={"standing": "draft"}, post=PUBLISHERS, mine=_own_catalogue, data=_term_body, spoils=True),
    Recipe("api:warranty_force", thing="equipment.warrantyversion", traits={"state": "draft"}, post=PUBLISHERS, mine=_own_catalogue, data=_version(), spoils=True),
    Recipe("api:customers", get=DEALER, rows=_of(CUSTOMER, active=True), searches=(Search("q", CUSTOMER, ("name", "contact", "phone", "phone2")), Search("city", CUSTOMER, ("city",)))),
    Recipe("api:customers", "add", post=DESK, data=_api(_customer_form), same=(Same("phone", CUSTOMER, "phone"), Same("name", CUSTOMER, "name"))),
    Recipe("api:customer", thing=CUSTOMER, get=DEALER, shows=("name", "contact", "phone", "note")),
    Recipe("api:customer", "change", CUSTOMER, post=DESK, via="PATCH", data=_version(contact="李工"), shows=("name",)),
    Recipe("api:machines", get=DEALER, rows=_of(MACHINE, active=True), searches=(Search("q", MACHINE, ("serial_number", "model")), Search("batch", MACHINE, ("batch",))), smuggles=(Smuggle("maker", ORGANISATION, "GET", {"kind": "maker"}),)),
    Recipe("api:machines", "add", post=FIELD, data=_new_machine, smuggles=(Smuggle("customer", CUSTOMER), Smuggle("manufacturer_id", ORGANISATION, traits={"kind": "maker"})), same=(Same("serial_number", MACHINE, "serial_number"),), spoils=True),
    Recipe("api:machine", thing=MACHINE, get=DEALER, shows=("model", "serial_number", "note")),
    Recipe("api:machine", "change", MACHINE, {"use": ("work", "spare")}, post=FIELD, via="PATCH", data=_version(note="新备注"), smuggles=(Smuggle("manufacturer_id", ORGANISATION, traits={"kind": "maker"}),), spoils=True),
    Recipe("api:duty_now", get=BUSINESS, text=lambda w, who, row: _on_duty(w, who, row) if who.tier == "dealer" else _partners_duty(w, who, row)),
    Recipe("api:duty_gaps", get=DEALER, text=lambda w, who, row: ['"gaps"']),
    Recipe("api:duty_shifts", get=DEALER, rows=_of(SHIFT, use=("running", "next", "plain", "asked", "offered"))),
    Recipe("api:duty_shifts", "add", post=PLANNERS, data=_api(_shift_form), smuggles=(Smuggle("person", PERSON), Smuggle("deputy", PERSON), Smuggle("leader", PERSON)), spoils=True),
    Recipe("api:duty_shift", thing=SHIFT, traits={"use": ("running", "next", "plain", "asked")}, get=DEALER, shows=("phone", "note")),
    Recipe("api:duty_shift", "change", SHIFT, {"use": ("plain", "asked")}, post=PLANNERS, via="PATCH", data=_version(note="钥匙在门卫"), spoils=True),
    Recipe("api:duty_shift", "remove", SHIFT, {"use": ("plain", "asked")}, post=PLANNERS, via="DELETE", data=_version()),
    Recipe("api:duty_swap_ask", thing=SHIFT, traits={"use": "plain"}, post=CREW, mine=_on_it, data=_ask, smuggles=(Smuggle("colleague", PERSON), Smuggle("other", SHIFT))),
    Recipe("api:duty_swaps", get=DEALER, rows=_of(SWAP)),
    Recipe("api:duty_swap", thing=SWAP, get=PLANNERS | CREW, shows=("note",)),
    *_answers("api:duty_swap"),
    Recipe("api:tickets", get=TICKET_READERS, query=_plain(state="all"), rows=_tickets(), searches=(Search("q", TICKET, ("customer_name", "model_summary", "number")), Search("lead", TICKET, ("lead_name",))), smuggles=(Smuggle("partner", ORGANISATION, "GET", {"kind": ("maker", "dealer")}),)),
    Recipe("api:tickets", "open", get=TICKET_READERS, rows=_tickets(state=tuple(OPEN))),
    Recipe("api:tickets", "report", post=DESK, data=_report, smuggles=(Smuggle("customer", CUSTOMER), Smuggle("machines", MACHINE))),
    Recipe("api:ticket", thing=TICKET, get=TICKET_READERS, mine=_was_there, shows=("customer_name", "fault", "number")),
    Recipe("api:escalate", thing=TICKET, traits={"state": tuple(OPEN)}, post=FIELD, mine=_may_escalate, data=_support_draft),
    Recipe("api:escalations", get=TICKET_READERS, query=_plain(state="all"), rows=_of(ESCALATION), searches=(Search("q", ESCALATION, ("number", "phenomenon")),), smuggles=(Smuggle("partner", ORGANISATION, "GET", {"kind": ("maker", "dealer")}),)),
    Recipe("api:escalation", thing=ESCALATION, get=TICKET_READERS, mine=_was_there, shows=("phenomenon", "readings")),
    Recipe("api:cases", get=TICKET_READERS, text=lambda w, who, row: [case.tokens["cure"] for case in w.of(CASE) if allowed(w, who, case)], searches=(Search("q", CASE, ("fault",)),)),
    Recipe("api:referrals", get=REFERRERS, rows=_of(REFERRAL), searches=(Search("q", REFERRAL, ("customer_name", "serial_number")),)),
    Recipe("api:referrals", "send", post=REFERRERS, data=_refer, smuggles=(Smuggle("dealer", ORGANISATION, traits={"kind": "dealer"}),)),
    Recipe("api:referral", thing=REFERRAL, get=REFERRERS, shows=("customer_name", "fault")),
    Recipe("api:referral_insist", thing=REFERRAL, traits={"state": "asked"}, post=REFERRERS, data=_version(reason="只有你有授权")),
    Recipe("api:referral_redirect", thing=REFERRAL, traits={"state": "asked"}, post=SERVICE, data=_another_dealer, open_to=OFFICE),
    _verb("ask_transfer", DESK, _version(reason="不在我区域"), (S.NEW,), mine=_to_transfer),
    _verb("contact", DESK, _version(channel="phone"), (S.NEW,)),
    _verb("appoint", DESK, _appoint, (S.CONTACTED, S.APPOINTED)),
    _verb("dispatch", DESK, _dispatch, (S.CONTACTED, S.APPOINTED), smuggles=(Smuggle("lead", PERSON), Smuggle("companions", PERSON))),
    _verb("merge", DESK, _merge, BEFORE_SIGNING, mine=_not_just_referred, spoils=True, smuggles=(Smuggle("target", TICKET),)),
    _verb("cancel", DESK, _cancel, BEFORE_SIGNING, mine=_not_just_referred),
    _verb("follow_up", CALLERS | {"office.manager", "office.engineer", "hq.reviewer", "hq.call_centre"}, _version(result="satisfied"), FINISHED, mine=_not_his_job),
    _verb("explain_late", CALLERS | CREW, _version(reason="traffic"), LATE, mine=_was_there, traits={"late": True}),
    _verb("close", DESK, _version(), (*FINISHED, S.FOLLOWED_UP)),
    _verb("reopen", DESK, _version(reason="又响了"), (*FINISHED, S.CLOSED)),
    _verb("change", DESK, _change, OPEN, smuggles=(Smuggle("machines", MACHINE),)),
    _verb("share", DESK, _version(), tuple(S), mine=lambda w, who, row: not row.shared and not w.organisations[row.maker].facts["owner"]),
    _verb("note", CALLERS | CREW | OFFICE | SERVICE | DEPARTMENTS, _plain(text="客户要求先打电话"), tuple(S), mine=_was_there),
    _verb("call", CALLERS | CREW, _plain(channel="phone", text="已通话"), tuple(S), mine=_was_there),
    *(
        _verb(verb, FIELD, _version(), states, mine=_leads)
        for verb, states in (
            ("accept", (S.DISPATCHED,)), ("set_out", (S.ACCEPTED, S.WAIT_PART, S.WAIT_CUST)), ("start_work", (S.ARRIVED,)),
            ("resume", (S.WAIT_PART, S.WAIT_CUST)),
        )
    ),
    _verb("refuse", FIELD, _version(reason="在另一现场"), (S.DISPATCHED,), mine=_leads),
    _verb("hand_back", FIELD, _version(reason="在另一现场"), (S.ACCEPTED, S.EN_ROUTE), mine=_leads),
    _verb("wait_part", FIELD, _version(reason="在另一现场"), (S.IN_WORK,), mine=_leads, traits={"on_site": False}),
    _verb("wait_customer", FIELD, _version(reason="在另一现场"), (S.IN_WORK,), mine=_leads, traits={"on_site": False}),
    _verb("arrive", FIELD, _version(), (S.ACCEPTED, S.EN_ROUTE), mine=_was_there),
    _verb("leave", FIELD, _version(km=27.5), (S.ARRIVED, S.IN_WORK), mine=_was_there, traits={"on_site": True}),
    _verb("finish_remote", FIELD, _remote, BEFORE_ARRIVAL, mine=_leads),
    _verb("enter_paper", FIELD, _from_paper, WITH_PAPER, mine=_leads),
    Recipe("api:ticket_phone", thing=TICKET, post=OFFICE | SERVICE, mine=lambda w, who, row: row.source == "hq_referral" or bool(row.facts.get("supported")), data=_plain(), still=True),
    Recipe("api:photos", thing=TICKET, get=TICKET_READERS, mine=_was_there),
    Recipe("api:photos", "add", TICKET, post=FIELD, mine=_was_there, data=_photo),
    Recipe("api:photo", thing=PHOTO, get=TICKET_READERS, mine=_was_there, shows=("public_id",)),
    Recipe("api:photo", "remove", PHOTO, {"slot": "part"}, post=FIELD, via="DELETE", mine=lambda w, who, row: bool(_was_there(w, who, row)) and row.ticket is not None and row.ticket.state in OPEN, data=_plain()),
    Recipe("api:photo_file", thing=PHOTO, get=TICKET_READERS, mine=_was_there, shows=("file",)),
    Recipe("api:photo_thumbnail", thing=PHOTO, get=TICKET_READERS, mine=_was_there, shows=("thumbnail",)),
    Recipe("api:slips", get=TICKET_READERS, rows=lambda w, who: [s for s in w.of(SLIP, state=("wait_sign", *FROZEN)) if allowed(w, who, s)], searches=(Search("q", SLIP, ("number", "customer_name")), Search("technician", SLIP, ("technician",)))),
    Recipe("api:slip_open", thing=TICKET, traits={"state": S.ARRIVED}, post=FIELD, mine=_was_there, data=_plain()),
    Recipe("api:slip", thing=SLIP, traits={"state": (SlipState.DRAFT, SlipState.WAIT_SIGN, *FROZEN)}, get=TICKET_READERS, mine=_was_there, shows=("public_id", "customer_name")),
    Recipe("api:slip", "save", SLIP, {"state": SlipState.DRAFT}, post=FIELD, via="PATCH", mine=_was_there, data=_slip_draft),
    Recipe("api:slip_complete", thing=SLIP, traits={"state": SlipState.DRAFT}, post=FIELD, mine=lambda w, who, row: bool(_leads(w, who, row)) and row.ticket is not None and row.ticket.state == S.IN_WORK, data=_slip_draft),
    Recipe("api:slip_correct", thing=SLIP, traits={"state": SlipState.WAIT_SIGN}, post=FIELD, mine=_leads, data=_version(reason="地址写错")),
    Recipe("api:slip_sign", thing=SLIP, traits={"state": SlipState.WAIT_SIGN}, post=FIELD, mine=_leads, data=_version(strokes=STROKES, rating="4", signer="张工")),
    Recipe("api:slip_sign_on_paper", thing=SLIP, traits={"state": SlipState.WAIT_SIGN}, post=FIELD, mine=_leads, data=_paper_signature),
    Recipe("api:slip_hand_in", thing=SLIP, traits={"state": (SlipState.DRAFT, SlipState.WAIT_SIGN)}, post=FIELD, mine=_was_there, data=_signed_by_api),
    Recipe("api:slip_refuse", thing=SLIP, traits={"state": SlipState.WAIT_SIGN}, post=FIELD, mine=_leads, data=_version(reason="客户不在现场")),
    Recipe("api:slip_void", thing=SLIP, traits={"state": (SlipState.WAIT_SIGN, SlipState.SIGNED, SlipState.REFUSED)}, post=DESK, data=_version(reason="里程写错")),
    Recipe("api:slip_print", thing=SLIP, traits={"state": (SlipState.SIGNED, SlipState.REFUSED)}, post=READERS | CREW, mine=_was_there, data=_plain()),
    Recipe("api:slip_files", thing=SLIP, traits={"state": FROZEN}, get=TICKET_READERS, mine=_was_there),
    Recipe("api:slip_files", "again", SLIP, {"state": FROZEN}, post=READERS | CREW, mine=_was_there, data=_plain()),
    *(
        Recipe("api:slip_pdf", copy, SLIP, {"state": (SlipState.SIGNED, SlipState.REFUSED)}, {"copy": copy}, get=READERS | CREW | (OFFICE | MAKERS_PAPER if copy == "maker" else NOBODY), mine=_own_copy, text=lambda w, who, row, copy=copy: [f.tokens["file"] for f in w.of("tickets.slipfile", parent=row, copy=copy)])
        for copy in ("dealer", "customer", "maker")
    ),
    Recipe("api:slip_pdf", "triplicate", SLIP, {"state": FROZEN}, {"copy": "triplicate"}, get=READERS | CREW, mine=_own_copy),
)  # fmt: skip
RECIPES = (*_RECIPES, *_by_api(_RECIPES))

#: route -> why it needs no cells
EXEMPT: dict[str, str] = {
    "public:sign_copy": "answers only after four digits and a signature, two requests before it; tests/tickets/views/test_public_slips.py does them",
    "offline": "the page that a phone shows without signal, the same for everybody, without session",
    "worker": "the service worker, the same for everybody, without session",
    "equipment:districts": "a committed list of China's provinces, cities and districts, the same for everybody, without session",
    "styleguide": "the look's own page with invented texts; exists in development and in the demo only",
    "styleguide_photo": "as styleguide",
    "styleguide_upload": "as styleguide, keeps nothing",
    "styleguide_options": "as styleguide",
    "styleguide_page": "as styleguide",
}
