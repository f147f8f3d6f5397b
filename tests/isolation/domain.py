"""Who may see what, as the handbook says it (domain.md 2.1-2.3): the oracle of the isolation suite.

Nothing here asks the product: no `visible_to`, no rights table, no policy. A verdict is about one canary: the field of one row, and
who looks. `Verdict.FOREIGN` is a leak between tenants, `Verdict.ROLE` what somebody inside the tenant must not see.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from tests.isolation.world import PARTNERSHIPS, SHOWN_TO_MAKERS, Row, Who, World


class Verdict(StrEnum):
    """What the oracle says about a canary."""

    ALLOWED = "allowed"
    ROLE = "role"
    FOREIGN = "foreign"


#: who of a dealer reads every ticket; a technician only those he is or was sent to (domain.md 2.2)
READERS = {"dealer.admin", "dealer.dispatcher", "dealer.owner", "dealer.accountant", "dealer.storekeeper"}
#: they see fault, machine, photos, the customer's name, city and industry; neither telephone nor money (domain.md 2.3)
DEPARTMENTS = {"hq.technical", "hq.production", "hq.quality"}
#: whom to call at the customer's, and where exactly he is
NOT_FOR_DEPARTMENTS = {"contact", "reporter", "address", "signer", "appointment_with"}
#: the line of a ticket in the history of a customer or machine, which everybody of the dealer reads
HISTORY = {
    "number", "public_id", "customer_name", "city", "model_summary", "fault", "lead_name", "wait_reason",
}  # fmt: skip
#: routes that show such histories
HISTORIES = {"equipment:customer", "equipment:machine", "equipment:machine_new", "equipment:machine_edit"}
#: forms on which one chooses among colleagues: who acts for me, to whom a request goes on
CHOOSING = {"partners:my_deputy", "partners:person_deputy", "tickets:escalation_act"}
CUSTOMERS_NUMBERS = {"phone", "reporter_phone"}
MONEY = {"cost", "parts_fee", "labour_fee", "unit_price", "price", "maker_percent"}
#: copies of the paper slip that leave the dealer
PAPER_FOR_MAKER = {
    "hq.admin", "hq.reviewer", "hq.call_centre", "hq.finance", "hq.parts_store", "office.admin", "office.manager", "office.engineer",
}  # fmt: skip


def verdict(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """Whether `who` may see field `name` of `row` on a page of `route`."""
    if who.tier == "outside":
        return Verdict.FOREIGN
    if route == "partners:access" and name == "public_id":
        return Verdict.ALLOWED  # what the organisation's own people typed into the address
    rule = RULES.get(row.model)
    if rule is None:
        raise LookupError(f"the oracle knows no {row.model}: write its rule in tests/isolation/domain.py")
    return rule(world, who, row, name, route)


def allowed(world: World, who: Who, row: Row, name: str = "public_id", route: str = "") -> bool:
    """Whether the verdict is ALLOWED."""
    return verdict(world, who, row, name, route) is Verdict.ALLOWED


Rule = Callable[[World, Who, Row, str, str], Verdict]


def _when(condition: bool) -> Verdict:
    return Verdict.ALLOWED if condition else Verdict.ROLE


def _own_dealer(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """Customers, machines: everybody of their dealer, nobody else."""
    return Verdict.ALLOWED if who.tier == "dealer" and who.org == row.dealer else Verdict.FOREIGN


def _promise(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """What a dealer promises: its own people, and where it is shared the office in charge and the manufacturer."""
    return Verdict.ALLOWED if in_reach(who, row) else Verdict.FOREIGN


def in_reach(who: Who, row: Row) -> bool:
    """Whether a shared row has come to the viewer's tenant at all."""
    if who.tier == "dealer":
        return who.org == row.dealer
    if who.tier == "office":
        return row.shared and not row.internal and who.org == row.office
    if who.tier == "hq":
        return row.shared and not row.internal and who.org == row.maker
    return False


def _job_of_the_field(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """Tickets and all that hangs on them: the dealer's; once shared the office's in charge and the manufacturer's."""
    ticket = row.ticket
    if not in_reach(who, row) or ticket is None:
        return Verdict.FOREIGN
    if who.tier == "dealer":
        mine = who.role in READERS or who.key in ticket.crew
        is_history = row is ticket and route in HISTORIES and name in HISTORY
        return _when(mine or is_history)
    if row.model == "tickets.partline" and name == "unit_price":
        return Verdict.FOREIGN  # for the dealer alone (domain.md 9: what he paid)
    if row.model == "tickets.slipfile":
        return _when(who.role in PAPER_FOR_MAKER) if row.copy == "maker" else Verdict.FOREIGN
    if row.model in ("tickets.ticket", "tickets.slip") and name in CUSTOMERS_NUMBERS:
        referred = ticket.source in ("hq_referral", "office_referral") or (
            row is ticket and bool(ticket.facts.get("supported"))
        )
        on_request = route in ("tickets:unmask", "api:ticket_phone") or row.model == "tickets.slip"
        return _when(referred and on_request and who.role not in DEPARTMENTS)
    if who.role in DEPARTMENTS:
        return _when(name not in MONEY and name not in NOT_FOR_DEPARTMENTS)
    return Verdict.ALLOWED


#: who plans duty, and reads every request to swap; the others those that concern them (domain.md 14)
PLANNERS = {"dealer.admin", "dealer.dispatcher", "dealer.owner"}
#: pages of office and headquarters that say who is on duty at their partners'
DUTY_OF_PARTNERS = {"resources:partners", "api:duty_now"}
ROSTER_ROUTES = ("resources:", "api:duty")


def _swap(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """A request to swap: the dealer's planners, who asked and who was asked."""
    if who.tier != "dealer" or who.org != row.dealer:
        return Verdict.FOREIGN
    return _when(who.role in PLANNERS or who.key in (row.facts["by"], row.facts["to"]))


def duty_is_shown(world: World, who: Who, dealer: str) -> bool:
    """Whether a dealer lets an office or headquarters know who is on duty: its partnership holds, and the dealer shows it."""
    holds = any(
        d == dealer and who.org in (maker, office) and confirmed and not ended
        for d, maker, office, _sharing, confirmed, ended, _listed in PARTNERSHIPS
    )
    return holds and SHOWN_TO_MAKERS[dealer]


def _shift(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """A shift: its dealer's people. Of the one that runs and the next one partners may learn the number, never the note."""
    if who.tier == "dealer":
        return _own_dealer(world, who, row, name, route)
    known = route in DUTY_OF_PARTNERS and name == "phone" and row.facts["use"] == "running"
    return Verdict.ALLOWED if known and duty_is_shown(world, who, row.dealer) else Verdict.FOREIGN


def _published(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """Lines, models, parts: the manufacturer, its offices, dealers with a confirmed partnership; unlisted ones their dealer."""
    reads = row.maker in world.makers_of(who.org) if who.tier == "dealer" else who.maker == row.maker
    if not reads:
        return Verdict.FOREIGN
    return _when(not (name in MONEY and who.role in DEPARTMENTS))


#: who settles: reads what is paid for a job (domain.md 2.2, 2.3)
CARD_READERS = {
    "dealer.admin", "dealer.dispatcher", "dealer.accountant", "dealer.owner", "office.admin", "office.manager", "office.engineer",
    "hq.admin", "hq.reviewer", "hq.finance",
}  # fmt: skip


def _card(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """Rate cards: as what a manufacturer publishes, for who settles; a draft for headquarters, an unlisted one's for its dealer."""
    published = _published(world, who, row, name, route)
    if published is Verdict.FOREIGN:
        return published
    card = row if row.model == "settlement.ratecard" else row.parent
    assert card is not None
    writes = who.tier == "hq" or world.organisations[row.maker].facts["owner"] == who.org
    return _when(who.role in CARD_READERS and (card.state != "draft" or writes))


def _way(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """A line of the route book: as what is shared, for who settles."""
    return _when(who.role in CARD_READERS) if in_reach(who, row) else Verdict.FOREIGN


def _old_part(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """Old parts, their boxes and requests: as what is shared, whole; a dealer's technicians have nothing to do with its store."""
    return _when(who.role != "dealer.technician") if in_reach(who, row) else Verdict.FOREIGN


def _claim(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """A claim or a statement and all that hangs on it: as what is shared, for who settles (domain.md 2.3)."""
    return _when(who.role in CARD_READERS) if in_reach(who, row) else Verdict.FOREIGN


#: who of headquarters reads how the checks of claims are set, and what they found in full
CHECK_READERS = {"hq.admin", "hq.reviewer", "hq.finance"}


def _own_check(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """Settings of the checks and their whole findings, which name other dealers' jobs: headquarters' own."""
    return _when(who.role in CHECK_READERS) if who.org == row.org else Verdict.FOREIGN


def _goods_return(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """What goes back to the factory: as what is shared, but for the dealer's technicians; the offer for who sees amounts (domain.md 17)."""
    if not in_reach(who, row):
        return Verdict.FOREIGN
    return _when(who.role in CARD_READERS if name == "price" else who.role != "dealer.technician")


def _limit(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """Up to which amount somebody goes on alone: his organisation's administrator, of a dealer its owner, too."""
    if who.org != row.org:
        return Verdict.FOREIGN
    return _when(who.role in {"dealer.admin", "dealer.owner", "hq.admin"})


def _asked_owner(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """What a dealer's owner is asked, and what its customers owe: its people who settle, and nobody else."""
    own = _own_dealer(world, who, row, name, route)
    return _when(who.role in CARD_READERS) if own is Verdict.ALLOWED else own


def _raise(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """That a reviewer passed a claim up: headquarters' people who settle."""
    return _when(who.role in CARD_READERS) if who.org == row.org else Verdict.FOREIGN


def _partnership(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """A partnership: both sides and the office in charge; the listed ones the platform, too."""
    sides = {row.dealer, row.maker, row.office} - {""}
    if who.org in sides:
        return Verdict.ALLOWED
    return Verdict.ALLOWED if who.tier == "platform" and row.listed else Verdict.FOREIGN


def _organisation(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """A card: the own one, partners', the manufacturer's for its offices and the other way round; all listed ones for the platform."""
    if who.tier == "platform":
        return Verdict.FOREIGN if row.facts["owner"] else Verdict.ALLOWED
    known = {who.org} | world.partners(who.org) | (who.also if name in ("name", "short_name") else set())
    if who.tier == "office":
        known.add(who.maker)
    offices = who.tier == "hq" and row.facts["parent"] == who.org
    owned = row.facts["owner"] == who.org
    return Verdict.ALLOWED if row.org in known or offices or owned else Verdict.FOREIGN


def _person(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """People: their own organisation by name; number and rest for its administrator and the person; administrators for the platform."""
    if row.facts["account"] == who.account_id:
        return Verdict.ALLOWED  # the same human being, in whichever of his organisations
    on_roster = bool(row.facts.get("on_roster"))
    if who.org != row.org:
        if on_roster and route in DUTY_OF_PARTNERS and name in ("name", "phone"):
            return Verdict.ALLOWED if duty_is_shown(world, who, row.org) else Verdict.FOREIGN
        return Verdict.ALLOWED if who.tier == "platform" and row.admin else Verdict.FOREIGN
    if who.key == row.person or who.role.endswith(".admin"):
        return Verdict.ALLOWED
    if who.tier == "dealer" and route.startswith(ROSTER_ROUTES):
        # everybody of the dealer reads the roster, its people are chosen by name, and whoever is on it is there to be called
        return _when(name in ("name", "public_id") or (on_roster and name == "phone"))
    if who.tier == "dealer" and route == "home" and on_roster and name == "phone":
        return Verdict.ALLOWED
    technician = "technician" in row.facts["roles"]
    chosen = name == "public_id" and route in CHOOSING
    known_at_work = name == "name" or chosen or (technician and name in ("city", "public_id"))
    to_be_called = (
        technician and name == "phone" and route.startswith(("tickets:", "api:"))
    )  # stands on the jobs he is sent to
    return _when(known_at_work or to_be_called)


def _for_one(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """A notice: whom it is addressed to. A token and what it has sent: whose it is."""
    if who.org != row.org:
        return Verdict.FOREIGN
    return _when(who.key == row.person)


def _notice_rows(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """Channels and deliveries: the organisation's administrator, who sees to whom and whether, never the key of a robot or what was said."""
    if who.org != row.org:
        return Verdict.FOREIGN
    if name in ("key", "secret", "params"):
        return Verdict.FOREIGN  # nobody: it only goes in
    return _when(who.role.endswith(".admin"))


def _saved_view(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """A saved view of a list: whose it is, or everybody's in his organisation when it is shared."""
    if who.org != row.org:
        return Verdict.FOREIGN
    return _when(bool(who.key == row.person or row.facts["shared"]))


def _job(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """A task: who ordered it; what failed, also his administrator. The platform sees that it failed, nothing of what is in it."""
    if who.org != row.org:
        return Verdict.ALLOWED if who.tier == "platform" and name == "public_id" else Verdict.FOREIGN
    if who.key == row.person:
        return Verdict.ALLOWED
    return _when(who.role.endswith(".admin") and name in ("public_id", "title", "last_error", "progress_text"))


def _records(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """Who looked at numbers: administrators of the organisation."""
    return _when(who.role.endswith(".admin")) if who.org == row.org else Verdict.FOREIGN


#: who may do which kind of import, and sees the files and results of it (domain.md 2.2)
IMPORTERS = {
    "customers": {"dealer.admin", "dealer.dispatcher"},
    "people": {"dealer.admin", "office.admin", "hq.admin"},
    "parts": {"dealer.admin", "dealer.storekeeper", "hq.admin", "hq.reviewer"},
    "register": {"hq.admin", "hq.reviewer"},
}  # fmt: skip


def _import(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """An import, its file and what it wrote: whoever of the organisation may do such an import himself."""
    if who.org != row.org:
        return Verdict.FOREIGN
    kind = (row.parent or row).facts["kind"]
    return _when(who.role in IMPORTERS[kind])


def _trial(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """A trial of a draft policy: who of the same organisation writes policies."""
    return _when(who.role in POLICY_WRITERS) if who.org == row.org else Verdict.FOREIGN


#: who writes policies of warranty, tries and puts them in force (domain.md 2.2): HQ; a dealer's administrator for unlisted makers
POLICY_WRITERS = {"hq.admin", "hq.reviewer", "dealer.admin"}


def _own_memory(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """What columns were taken for last time: the organisation's own."""
    return Verdict.ALLOWED if who.org == row.org else Verdict.FOREIGN


def _register(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """The manufacturer's register of machines and where they went: itself and its offices, never a dealer as a list."""
    if who.tier not in ("office", "hq") or who.maker != row.maker:
        return Verdict.FOREIGN
    return _when(who.role in IMPORTERS["register"])


def _contact(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """Whom an organisation shows: its own people and its partners', an office's manufacturer and a manufacturer's offices."""
    known = {who.org} | world.partners(who.org)
    if who.tier == "office":
        known.add(who.maker)
    if who.tier == "hq":
        known |= {code for code, card in world.organisations.items() if card.facts["parent"] == who.org}
    return Verdict.ALLOWED if who.tier in ("dealer", "office", "hq") and row.org in known else Verdict.FOREIGN


def _deputy(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """A leave: who goes, and his administrator."""
    if who.org != row.org or who.tier == "platform":
        return Verdict.FOREIGN
    return _when(who.key == row.person or who.role.endswith(".admin"))


#: who of the manufacturer's side looks after referrals (domain.md 2.2)
REFERRERS = {"office.admin", "office.manager", "office.engineer", "hq.admin", "hq.reviewer", "hq.call_centre"}


def _referral(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """What hotline or office wrote down: they; the dealer has it as his ticket, and no page of it. The number stays masked."""
    if not in_reach(who, row):
        return Verdict.FOREIGN
    asked_by_number = route == "tickets:refer_lookup"  # whoever has the whole number may ask whether it was referred
    return _when(who.role in REFERRERS and (asked_by_number or name not in ("phone", "phone_digits")))


def _nobody(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    """Accounts, links: no page shows them. A person's own number is his `Person` row's."""
    return Verdict.FOREIGN


def _everybody(world: World, who: Who, row: Row, name: str, route: str) -> Verdict:
    return Verdict.ALLOWED


RULES: dict[str, Rule] = {
    "core.accessrecord": _records,
    "core.counter": _own_dealer,
    "core.calendaryear": _everybody,
    "core.dictionaryentry": _everybody,
    "core.idempotencykey": _for_one,
    "core.job": _job,
    "equipment.customer": _own_dealer,
    "equipment.machine": _own_dealer,
    "equipment.merge": _own_dealer,
    "equipment.part": _published,
    "equipment.partnershipline": _partnership,
    "equipment.productline": _published,
    "equipment.productmodel": _published,
    "equipment.registermachine": _register,
    "equipment.shipment": _register,
    "equipment.warrantypolicy": _published,
    "equipment.warrantyversion": _published,
    "imports.columnmemory": _own_memory,
    "imports.importedrow": _import,
    "imports.importrun": _import,
    "notices.channel": _notice_rows,
    "notices.delivery": _notice_rows,
    "notices.notice": _for_one,
    "notices.preferences": _for_one,
    "partners.accesslink": _nobody,
    "partners.account": _nobody,
    "partners.apitoken": _for_one,
    "partners.contact": _contact,
    "partners.deputy": _deputy,
    "partners.organisation": _organisation,
    "partners.partnership": _partnership,
    "partners.person": _person,
    "partners.savedview": _saved_view,
    "partners.signinfailures": _nobody,
    "resources.dutychange": _own_dealer,
    "resources.dutyreminder": _own_dealer,
    "resources.dutysettings": _own_dealer,
    "resources.dutyshift": _shift,
    "resources.dutyswap": _swap,
    "settlement.checkrecord": _own_check,
    "settlement.checkrow": _own_check,
    "settlement.checkrun": _claim,
    "settlement.checksetting": _own_check,
    "settlement.amountlimit": _limit,
    "settlement.claimraise": _raise,
    "settlement.oldpart": _old_part,
    "settlement.oldpartrequest": _old_part,
    "settlement.oldpartcharge": _claim,
    "settlement.oldpartreminder": _own_dealer,
    "settlement.claim": _claim,
    "settlement.claimdecision": _claim,
    "settlement.claimevent": _claim,
    "settlement.claimline": _claim,
    "settlement.claimreminder": _own_dealer,
    "settlement.customerdebt": _asked_owner,
    "settlement.debtpayment": _asked_owner,
    "settlement.ownerapproval": _asked_owner,
    "settlement.preauthorisation": _claim,
    "settlement.ratecard": _card,
    "settlement.returnbox": _old_part,
    "settlement.standardhours": _card,
    **dict.fromkeys(
        (
            "settlement.statement",
            "settlement.statemententry",
            "settlement.statementevent",
            "settlement.statementline",
            "settlement.invoice",
            "settlement.payment",
        ),
        _claim,
    ),
    "settlement.travelband": _card,
    "settlement.usualway": _way,
    "tickets.assignment": _job_of_the_field,
    "tickets.clock": _job_of_the_field,
    "tickets.clockpause": _job_of_the_field,
    "tickets.clockring": _job_of_the_field,
    "tickets.districttier": _own_dealer,
    "tickets.entry": _job_of_the_field,
    "tickets.escalation": _job_of_the_field,
    "tickets.escalationanswer": _job_of_the_field,
    "tickets.evidence": _job_of_the_field,
    "tickets.faultline": _job_of_the_field,
    "tickets.faultlinemachine": _job_of_the_field,
    "tickets.goodsreturn": _goods_return,
    "tickets.goodsreturnevent": _goods_return,
    "tickets.lapsedsignature": _own_dealer,
    "tickets.linktries": _nobody,
    "tickets.partline": _job_of_the_field,
    "tickets.photo": _job_of_the_field,
    "tickets.policytrial": _trial,
    "tickets.printer": _own_dealer,
    "tickets.printsettings": _own_dealer,
    "tickets.promise": _promise,
    "tickets.publiclink": _own_dealer,
    "tickets.reminder": _own_dealer,
    "tickets.publishedcase": _published,
    "tickets.referral": _referral,
    "tickets.slip": _job_of_the_field,
    "tickets.slipfile": _job_of_the_field,
    "tickets.ticket": _job_of_the_field,
    "tickets.ticketmachine": _job_of_the_field,
    "tickets.trip": _job_of_the_field,
    "tickets.warrantyrequest": _job_of_the_field,
}


def foreignness(who: Who, row: Row) -> str:
    """In which way a row is not the viewer's: for the report, and so that every way has its cells."""
    if who.tier == "outside":
        return "stranger"
    if who.tier == "platform":
        return "business row"
    if row.dealer and who.tier == "dealer" and row.dealer != who.org:
        return "foreign dealer"
    if row.maker and who.tier != "dealer" and row.maker != who.maker:
        return "foreign maker"
    if row.dealer and who.tier == "office" and row.office != who.org:
        return "foreign region"
    if row.dealer and who.tier != "dealer" and not row.shared:
        return "not shared"
    if row.org and row.org != who.org:
        return "foreign organisation"
    return "foreign maker" if row.maker else "other"
