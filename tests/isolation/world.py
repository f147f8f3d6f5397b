"""A committed world of three dealers, two manufacturers and their offices, in which every text is a canary.

`build()` writes it as the fixture role, row by row from the models' own fields: whatever text, number, amount or file a row holds
is a token that exists nowhere else, and `World.tokens` knows to which row and field it belongs. So a leak is seen without asking the
product who may see what: `tests/isolation/domain.py` says that, in a table of its own.

    DA01  carries MA (everything shared, office MA-N), MB (on demand, no office), and an unlisted maker UA of its own
    DB02  carries MB (on demand, office MB-N), and an unlisted maker UB of its own; a partnership with MA waits to be confirmed
    DC03  carries MA, but in another region (office MA-S); its partnership with MB has ended
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pikepdf
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.test import Client
from django.utils import timezone

from core.calendars import local
from core.models import AccessRecord, CalendarYear, Counter, DictionaryEntry, IdempotencyKey, Job
from core.models.base import public_id as random_name
from equipment.enums import WarrantyBasis, WarrantyTime
from equipment.models import (
    Customer,
    Machine,
    Merge,
    Part,
    PartnershipLine,
    ProductLine,
    ProductModel,
    RegisterMachine,
    Shipment,
    WarrantyPolicy,
    WarrantyVersion,
)
from imports.models import ColumnMemory, ImportedRow, ImportRun
from notices.models import Channel, Delivery, Notice, Preferences
from partners.enums import Department, Role
from partners.middleware import SESSION_PERSON
from partners.models import AccessLink, Account, ApiToken, Contact, Deputy, Organisation, Partnership, Person, SavedView
from partners.operations.accounts import token_hash
from resources.models import DutyChange, DutyReminder, DutySettings, DutyShift, DutySwap
from settlement.calculations import check_record
from settlement.calculations.check_facts import Reference, Settings
from settlement.enums import ClaimState, EntryState, StatementState
from settlement.models import (
    AmountLimit,
    CheckRecord,
    CheckRow,
    CheckRun,
    CheckSetting,
    Claim,
    ClaimDecision,
    ClaimEvent,
    ClaimLine,
    ClaimRaise,
    ClaimReminder,
    CustomerDebt,
    DebtPayment,
    Invoice,
    OldPart,
    OldPartCharge,
    OldPartReminder,
    OldPartRequest,
    OwnerApproval,
    Payment,
    PreAuthorisation,
    RateCard,
    ReturnBox,
    StandardHours,
    Statement,
    StatementEntry,
    StatementEvent,
    StatementLine,
    TravelBand,
    UsualWay,
)
from tests import factories
from tests.settlement.checks import CLEAN
from tickets.calculations.judgement import Judgement, MachineFacts, kept
from tickets.enums import OPEN, WITH_TECHNICIAN, ReturnState, SlipState, TicketState, WarrantyOutcome
from tickets.models import (
    Assignment,
    Clock,
    ClockPause,
    ClockRing,
    DistrictTier,
    Entry,
    Escalation,
    EscalationAnswer,
    Evidence,
    FaultLine,
    FaultLineMachine,
    GoodsReturn,
    GoodsReturnEvent,
    LapsedSignature,
    PartLine,
    Photo,
    PolicyTrial,
    Printer,
    PrintSettings,
    Promise,
    PublicLink,
    PublishedCase,
    Referral,
    Reminder,
    Slip,
    SlipFile,
    Ticket,
    TicketMachine,
    Trip,
    WarrantyRequest,
)
from tickets.queries import public

S = TicketState

#: a result of warranty for which goodwill can be proposed
OVER = Judgement(
    MachineFacts(0, "X", "X", "X", None, "", date(2026, 6, 1)), WarrantyOutcome.OUT_OVER, WarrantyTime.OVER, WarrantyBasis.ACCEPTANCE,
    date(2025, 5, 1), date(2026, 5, 1), 31, goodwill_possible=True,
)  # fmt: skip

TOKEN = re.compile(r"ZQ[A-Z2-7]{6}")
PHONE = re.compile(r"166\d{8}")
AMOUNT = re.compile(r"(?<![\d.])\d{4,6}\.\d\d(?!\d)")
PUBLIC = re.compile(r"(?<![2-9a-hjkmnp-z])[2-9a-hjkmnp-z]{16}(?![2-9a-hjkmnp-z])")
NUMBER = re.compile(r"(?:(?:BX|FW|SJ|ZX)-[A-Z]{2}\d{2}-\d{6}-\d{4}|JJ-[A-Z]{2}\d{2}-\d{6}-\d{4}-\d)")

#: columns that hold no words of anybody: codes, hashes, how somebody likes his pages
TECHNICAL = {
    "sha256", "look", "op", "content_hash", "import_key", "theme", "density", "language", "password", "token_hash", "kind", "tier",
    "series", "period", "verb", "source_state", "target_state", "author_tier", "url", "result_url", "result_file", "action",
    "locked_by", "fingerprint", "standing", "groups", "problem", "last_problem", "message_id", "mail_nonce", "choices", "credit_code", "district", "locked", "unit", "duty", "login", "city_key", "shown_technician", "thread",
}  # fmt: skip
IDENTIFIERS = {"public_id", "qr_code", "proof_code"}
MONEY = {"cost", "parts_fee", "labour_fee", "unit_price", "price"}

#: (role, column department) of every tier; the role's name in the expectation tables is "<tier>.<name>"
ROLES: dict[str, dict[str, tuple[tuple[str, ...], str]]] = {
    "dealer": {
        "admin": ((Role.ADMIN,), ""),
        "dispatcher": ((Role.DISPATCHER,), ""),
        "technician": ((Role.TECHNICIAN,), ""),
        "storekeeper": ((Role.STOREKEEPER,), ""),
        "accountant": ((Role.ACCOUNTANT,), ""),
        "owner": ((Role.OWNER,), ""),
    },
    "office": {
        "admin": ((Role.ADMIN,), ""),
        "manager": ((Role.OFFICE_MANAGER,), ""),
        "engineer": ((Role.OFFICE_ENGINEER,), ""),
    },
    "hq": {
        "admin": ((Role.ADMIN,), ""),
        "reviewer": ((Role.REVIEWER,), Department.AFTER_SALES),
        "call_centre": ((Role.CALL_CENTRE,), Department.AFTER_SALES),
        "technical": ((Role.DEPARTMENT,), Department.TECHNICAL),
        "production": ((Role.DEPARTMENT,), Department.PRODUCTION),
        "quality": ((Role.DEPARTMENT,), Department.QUALITY),
        "parts_store": ((Role.PARTS_STORE,), ""),
        "finance": ((Role.FINANCE,), Department.FINANCE),
    },
    "platform": {"admin": ((Role.ADMIN,), "")},
}
#: people of a second of their kind, so that one's own work is told from a colleague's
COLLEAGUES = {"dealer": {"technician": ("technician2",)}, "platform": {"admin": ("admin2",)}}

#: dealers whose owner agrees to claims above a limit, and who at headquarters approves up to one
LIMITED, LIMITED_CHIEFS = ("DB02", "DC03"), ("MA.admin", "MB.reviewer")
ORGANISATIONS: dict[str, tuple[str, str, str]] = {  # code: (kind, parent, owner of an unlisted one)
    "PF": ("platform", "", ""),
    "MA": ("maker", "", ""),
    "MB": ("maker", "", ""),
    "MA-N": ("office", "MA", ""),
    "MA-S": ("office", "MA", ""),
    "MB-N": ("office", "MB", ""),
    "DA01": ("dealer", "", ""),
    "DB02": ("dealer", "", ""),
    "DC03": ("dealer", "", ""),
    "UA": ("maker", "", "DA01"),
    "UB": ("maker", "", "DB02"),
}
TIERS = {"platform": "platform", "maker": "hq", "office": "office", "dealer": "dealer"}

#: dealer, maker, office, sharing, confirmed, ended, listed
PARTNERSHIPS: tuple[tuple[str, str, str, str, bool, bool, bool], ...] = (
    ("DA01", "MA", "MA-N", "full", True, False, True),
    ("DA01", "MB", "", "on_demand", True, False, True),
    ("DB02", "MB", "MB-N", "on_demand", True, False, True),
    ("DC03", "MA", "MA-S", "full", True, False, True),
    ("DB02", "MA", "", "on_demand", False, False, True),
    ("DC03", "MB", "MB-N", "on_demand", True, True, True),
    ("DA01", "UA", "", "on_demand", True, False, False),
    ("DB02", "UB", "", "on_demand", True, False, False),
)

#: who is on duty, as the dealer lets others know it: offices and headquarters of his partners, and anybody with a code or link.
#: DB02's partnership with MA is not confirmed, DC03's with MB has ended: shown, and yet not to these
SHOWN_TO_MAKERS = {"DA01": False, "DB02": True, "DC03": True}
SHOWN_TO_PUBLIC = {"DA01": True, "DB02": False, "DC03": True}


@dataclass(eq=False)
class Row:
    """One row of the world: whose it is, in codes; `tokens` are its canaries by field."""

    model: str
    pk: int
    public_id: str = ""
    version: int = 1
    dealer: str = ""
    maker: str = ""
    office: str = ""
    org: str = ""
    person: str = ""
    shared: bool = False
    internal: bool = False
    state: str = ""
    source: str = ""
    copy: str = ""
    active: bool = True
    listed: bool = True
    admin: bool = False
    lead: str = ""
    crew: frozenset[str] = frozenset()
    parent: Row | None = None
    tokens: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def ticket(self) -> Row | None:
        """The ticket that the row hangs on, or is."""
        return self if self.model == "tickets.ticket" else self.parent.ticket if self.parent else None

    def __str__(self) -> str:
        owner = self.dealer or self.org or self.maker
        more = "".join(f" {part}" for part in (self.maker if self.dealer else "", self.state, self.copy) if part)
        return f"{self.model.split('.')[-1]} of {owner}{more}{' shared' if self.shared else ''} #{self.pk}"


@dataclass(frozen=True)
class Who:
    """Somebody who looks: role is "<tier>.<name>", key names the person; also: other organisations that the same human being works
    in. The stranger has no organisation."""

    key: str
    tier: str
    role: str
    org: str
    maker: str = ""
    department: str = ""
    session: str = ""
    person_id: int = 0
    account_id: int = 0
    also: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return self.key


STRANGER = Who("stranger", "outside", "stranger", "")


@dataclass(eq=False)
class World:
    """Everything there is: rows by model, tokens, people who look."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    tokens: dict[str, list[tuple[Row, str]]] = field(default_factory=dict)
    people: dict[str, Row] = field(default_factory=dict)
    viewers: dict[str, Who] = field(default_factory=dict)
    organisations: dict[str, Row] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    now: datetime = field(default_factory=timezone.now)

    def of(self, model: str, **traits: Any) -> list[Row]:
        """Rows of a model with these traits (columns of `Row`, or of its `facts`); a tuple means any of them."""
        return [row for row in self.rows.get(model, []) if all(_fits(row, name, want) for name, want in traits.items())]

    def one(self, model: str, **traits: Any) -> Row:
        """The first of `of`."""
        return self.of(model, **traits)[0]

    def partners(self, code: str) -> set[str]:
        """With whom an organisation has a partnership, confirmed or not; its own card, its manufacturer's or offices' are not in it."""
        found: set[str] = set()
        for dealer, maker, office, *_rest in PARTNERSHIPS:
            if code in (dealer, maker, office):
                found |= {dealer, maker, office} if code == dealer else {dealer}
                found |= {office} if code == maker else set()
        return found - {"", code}

    def makers_of(self, dealer: str) -> set[str]:
        """Whose catalogue a dealer reads: confirmed partners, its own unlisted makers."""
        return {m for d, m, _o, _s, confirmed, _e, _l in PARTNERSHIPS if d == dealer and confirmed}


def _fits(row: Row, name: str, want: Any) -> bool:
    has = row.facts[name] if name in row.facts else getattr(row, name, None)
    return has in want if isinstance(want, tuple | set | frozenset) else has == want


def build() -> World:
    """Write the world and commit it."""
    with factories.writing():
        builder = _Builder()
        builder.build()
    return builder.world


class _Builder:
    def __init__(self) -> None:
        self.world = World()
        self.codes: dict[int, str] = {}
        self.persons: dict[int, str] = {}
        self.by_pk: dict[tuple[str, int], Row] = {}
        self._count = itertools.count(1)
        self._phones = itertools.count(20_000_001, 37)
        self._amounts = itertools.count(4_007, 13)
        self._numbers: dict[tuple[str, str, str], int] = {}

    # ── canaries ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def word(self) -> str:
        """A word that exists once."""
        number, text = next(self._count) * 7_368_787 % 32**6, ""
        for _place in range(6):
            number, digit = divmod(number, 32)
            text += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[digit]
        return f"ZQ{text}"

    def phone(self) -> str:
        """A mobile number that exists once."""
        return f"166{next(self._phones)}"

    def add(self, model: type[models.Model], **values: Any) -> Any:
        """Write one row; every text that is not given is a canary. Returns the object; its `Row` is in the world."""
        canaries: dict[str, Any] = {}
        for column in model._meta.concrete_fields:
            if column.name not in values and column.attname not in values:
                canary = self._canary(column)
                if canary is not None:
                    canaries[column.name] = canary
        for name in ("phone_digits", "phone2_digits"):
            if name in canaries:
                canaries[name] = canaries[name.removesuffix("_digits")]
        made = model(**values, **canaries)
        made.save(force_insert=True)
        self.note(made)
        return made

    def _canary(self, column: models.Field[Any, Any]) -> Any:
        name = column.name
        if name in TECHNICAL or name in IDENTIFIERS or column.choices:
            return None
        if isinstance(column, models.FileField):
            return default_storage.save(f"isolation/{random_name()}.bin", ContentFile(self._jpeg(self.word())))
        if isinstance(column, models.CharField | models.TextField):
            return self.phone() if re.search(r"phone2?(_digits)?$", name) else self.word()[: column.max_length or 99]
        if name in MONEY:
            return Decimal(f"{next(self._amounts)}.37")
        if column.__class__.__name__ == "ArrayField" and isinstance(column.base_field, models.CharField):  # type: ignore[attr-defined]
            return [] if name in ("districts", "roles") else [self.word()]
        return None

    @staticmethod
    def _jpeg(word: str) -> bytes:
        return b"\xff\xd8\xff\xfe\x00\x0a" + word.encode() + b"\xff\xd9"

    def note(self, made: Any) -> Row:
        """Enter a written row and its canaries."""
        meta = made._meta
        row = Row(meta.label_lower, made.pk)
        plain = {
            "public_id": "public_id", "version": "version", "shared": "shared_with_maker", "internal": "internal", "state": "state",
            "source": "source", "copy": "copy", "active": "active", "listed": "listed", "admin": "is_admin",
        }  # fmt: skip
        for name, column in plain.items():
            if hasattr(made, column):
                setattr(row, name, getattr(made, column))
        for name, column in {
            "dealer": "dealer_id", "maker": "manufacturer_id", "office": "office_id", "org": "organisation_id",
        }.items():  # fmt: skip
            row_value = getattr(made, column, None)
            setattr(row, name, self.codes.get(row_value, "") if row_value else "")
        row.person = self.persons.get(getattr(made, "person_id", None) or 0, "")
        for name in (
            "card", "ticket", "slip", "clock", "escalation", "statement", "claim", "line", "partnership", "run", "part",
        ):  # fmt: skip
            key = getattr(made, f"{name}_id", None)
            if name == "card" and isinstance(made, Claim):
                continue  # it hangs on its slip
            if key is not None and (name != "line" or not isinstance(made, RegisterMachine | Referral)):
                parent = made._meta.get_field(name).related_model._meta.label_lower
                row.parent = self.by_pk[parent, key]
                break
        if isinstance(made, Ticket):
            sent = {self.persons[key] for key in (*made.crew_ids, *made.worked_ids)}
            row.crew, row.lead = frozenset(sent), self.persons.get(made.lead_person_id or 0, "")
        for column in meta.concrete_fields:
            self._enter(row, column.name, column.value_from_object(made))
        self.world.rows.setdefault(row.model, []).append(row)
        self.by_pk[row.model, row.pk] = row
        return row

    def _enter(self, row: Row, name: str, value: Any) -> None:
        for text in _strings(value):
            if name in IDENTIFIERS and text:
                self._token(row, name, text)
            elif isinstance(value, Decimal) and name in MONEY:
                self._token(row, name, f"{value:.2f}")
            else:
                for found in (*TOKEN.findall(text), *PHONE.findall(text), *NUMBER.findall(text)):
                    self._token(row, name, found)
        if isinstance(value, models.fields.files.FieldFile) and value.name and value.name.endswith(".bin"):
            with default_storage.open(value.name) as file:
                for found in TOKEN.findall(file.read().decode("latin-1")):
                    self._token(row, name, found)

    def _token(self, row: Row, name: str, text: str) -> None:
        row.tokens.setdefault(name, text)
        facts = self.world.tokens.setdefault(text, [])
        if (row, name) not in facts:
            facts.append((row, name))

    # ── the cast ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def build(self) -> None:
        self.organisations()
        self.people()
        self.partnerships()
        self.catalogues()
        self.customers()
        self.duty()
        self.every_ticket()
        self.support()
        self.old_parts()
        self.claims()
        self.statements()
        self.checks()
        self.goods_returns()
        self.messages()
        self.imports()
        self.trials()
        self.counters()
        self.sessions()

    def organisations(self) -> None:
        self.org: dict[str, Any] = {}
        for code, (kind, parent, owner) in ORGANISATIONS.items():
            row = Organisation(
                code=code,
                kind=kind,
                name=f"{code} {self.word()}",
                short_name=f"{code} {self.word()}",
                service_phone=self.phone(),
                address=self.word(),
                parent=self.org.get(parent),
                owner_dealer=self.org.get(owner),
            )
            row.save(force_insert=True)
            self.codes[row.pk] = code
            self.org[code] = row
            noted = self.note(row)
            noted.org, noted.facts["owner"], noted.facts["parent"] = code, owner, parent
            noted.facts["kind"] = kind
            self.world.organisations[code] = noted
        for kind in ("dealer", "maker", "office"):  # to be closed and opened again by the platform
            for place in (1, 2):
                spare = self.add(
                    Organisation,
                    code=f"X{kind[0].upper()}{place}",
                    kind=kind,
                    parent=self.org["MB"] if kind == "office" else None,
                    active=place == 1,
                )
                self.codes[spare.pk] = spare.code
                noted = self.by_pk["partners.organisation", spare.pk]
                noted.org, noted.facts["owner"], noted.facts["parent"] = (
                    spare.code,
                    "",
                    "MB" if kind == "office" else "",
                )
                noted.facts["kind"], noted.facts["spare"] = kind, True

    def person(self, code: str, name: str, roles: Sequence[str], department: str = "", **values: Any) -> Any:
        number = self.phone()
        if "account" not in values:
            account = Account(phone=number, username=f"{code.lower()}.{name}", password=factories.password_hash())
            account.save(force_insert=True)
            self.note(account)
            values["account"] = account
        made = self.add(
            Person,
            organisation=self.org[code],
            phone=number,
            roles=[str(role) for role in roles],
            is_admin=Role.ADMIN in roles,
            department=str(department),
            **values,
        )
        key = f"{code}.{name}"
        self.persons[made.pk] = key
        row = self.by_pk["partners.person", made.pk]
        row.person, row.facts["roles"], row.facts["name"] = key, tuple(str(role) for role in roles), name
        row.facts["object"], row.facts["account"] = made, made.account_id
        self.world.people[key] = row
        return made

    def people(self) -> None:
        made: dict[str, Any] = {}
        for code, (kind, _parent, owner) in ORGANISATIONS.items():
            if owner:
                continue
            tier = TIERS[kind]
            for name, (roles, department) in ROLES[tier].items():
                for key in (name, *COLLEAGUES.get(tier, {}).get(name, ())):
                    made[f"{code}.{key}"] = self.person(code, key, roles, department)
                    self.viewer(code, tier, name, key, department)
            first = next(iter(ROLES[tier].values()))[0] if tier != "dealer" else (Role.DISPATCHER,)
            last = (Role.ADMIN,) if tier == "platform" else tuple(first)
            self.person(code, "spare", last)
            self.person(code, "gone", last, active=False)
            self.person(code, "invited", last, account=None)
        # one human being, two dealers
        account = made["DA01.storekeeper"].account
        self.person("DC03", "also_elsewhere", (Role.STOREKEEPER,), account=account)
        whose = self.world.viewers["DA01.storekeeper"]
        self.world.viewers[whose.key] = Who(**{**whose.__dict__, "also": frozenset({"DC03"})})
        for code in ("DA01", "DB02"):
            row = self.world.people[f"{code}.invited"]
            token = f"link-{code}-{self.word()}"
            self.world.links[code] = token
            link = AccessLink(
                token_hash=token_hash(token), purpose="invitation", organisation_id=self.org[code].pk, tier="dealer",
                person_id=row.pk, person_name=row.tokens["name"], organisation_name=self.org[code].short_name,
                phone=row.tokens["phone"], made_by=self.word(), expires_at=self.world.now + timedelta(days=5), created_at=self.world.now,
            )  # fmt: skip
            link.save(force_insert=True)
            self.note(link).org = code

    def viewer(self, code: str, tier: str, name: str, key: str, department: str) -> None:
        row = self.world.people[f"{code}.{key}"]
        kind, parent, _owner = ORGANISATIONS[code]
        person = row.facts["object"]
        self.world.viewers[row.person] = Who(
            row.person, tier, f"{tier}.{name}", code, parent if kind == "office" else code if kind == "maker" else "",
            str(department), "", person.pk, person.account_id,
        )  # fmt: skip

    def partnerships(self) -> None:
        self.ties: dict[tuple[str, str], Any] = {}
        for dealer, maker, office, sharing, confirmed, ended, listed in PARTNERSHIPS:
            made = self.add(
                Partnership,
                dealer=self.org[dealer],
                manufacturer=self.org[maker],
                office=self.org.get(office),
                listed=listed,
                level="2",
                sharing=sharing,
                dealer_confirmed_at=self.world.now if confirmed else None,
                manufacturer_confirmed_at=self.world.now if confirmed else None,
                **({} if confirmed else {"dealer_confirmed_by": "", "manufacturer_confirmed_by": ""}),
            )
            if ended:
                made.ended_at = self.world.now
                made.save()
            row = self.by_pk["partners.partnership", made.pk]
            row.facts["holds"], row.facts["ended"], row.facts["waiting"] = confirmed and not ended, ended, not confirmed
            self.ties[dealer, maker] = made
            self.add(
                Promise, dealer=self.org[dealer], manufacturer=self.org[maker], office=self.org.get(office), shared_with_maker=listed,
                valid_from=self.world.now - timedelta(days=99), made_at=self.world.now,
            )  # fmt: skip
            self.add(
                UsualWay, dealer=self.org[dealer], manufacturer=self.org[maker], office=self.org.get(office), shared_with_maker=listed,
                km=168,
            )  # fmt: skip

    def catalogues(self) -> None:
        self.lines: dict[str, Any] = {}
        self.drafts: dict[str, Any] = {}
        for code, (kind, _parent, _owner) in ORGANISATIONS.items():
            if kind != "maker":
                continue
            maker = self.org[code]
            for active in (True, True, False):
                line = self.add(ProductLine, manufacturer=maker, active=active)
                self.lines.setdefault(code, line)
                self.add(ProductModel, manufacturer=maker, line=line, active=True)
                self.add(ProductModel, manufacturer=maker, line=line, active=False)
                self.add(Part, manufacturer=maker, active=active)
            for state in ("draft", "in_force", "replaced"):
                policy = self.add(WarrantyPolicy, manufacturer=maker, match="exact", priority=len(state))
                version = self.add(
                    WarrantyVersion, manufacturer=maker, policy=policy, number=1, state=state, valid_from=date(2025, 1, 1),
                    start_rules=[{"basis": "ex_factory", "months": 12, "evidence": []}], exclusions=[],
                )  # fmt: skip
                self.by_pk["equipment.warrantypolicy", policy.pk].facts["standing"] = state
                if state == "draft":
                    self.drafts[code] = version
            self.rate_cards(maker, self.lines[code])
        for (dealer, maker), tie in self.ties.items():
            self.add(
                PartnershipLine, partnership=tie, dealer=self.org[dealer], manufacturer=self.org[maker], office=tie.office,
                listed=tie.listed, line=self.lines[maker],
            )  # fmt: skip

    def rate_cards(self, maker: Any, line: Any) -> None:
        """A draft that can come into force, and a card in force; their rows are written while they are drafts."""
        for level, state in (("1", "draft"), ("2", "in_force")):
            card = self.add(
                RateCard, manufacturer=maker, level=level, number=1, state="draft", valid_from=date(2025, 1, 1), hourly=80,
                currency="CNY",
            )  # fmt: skip
            self.add(TravelBand, manufacturer=maker, card=card, from_km=0, up_to_km=300, per_km=3)
            self.add(StandardHours, manufacturer=maker, card=card, line=line, size_up_to=160, hours=3)
            self.add(StandardHours, manufacturer=maker, card=card, line=None, hours=1)
            if state == "in_force":
                RateCard._base_manager.filter(pk=card.pk).update(state=state)
                self.by_pk["settlement.ratecard", card.pk].state = state

    def customers(self) -> None:
        self.customer: dict[str, Any] = {}
        self.machine: dict[tuple[str, str], Any] = {}
        for dealer in ("DA01", "DB02", "DC03"):
            by_use = {}
            self.add(PrintSettings, dealer=self.org[dealer])
            self.add(Printer, dealer=self.org[dealer])
            self.add(DistrictTier, dealer=self.org[dealer], tier="other")
            for use in ("work", "spare", "gone"):
                made = self.add(Customer, dealer=self.org[dealer], active=use != "gone", address=f"{self.word()} 12号")
                self.by_pk["equipment.customer", made.pk].facts["use"] = use
                self.customer.setdefault(dealer, made)
                by_use[use] = made.pk
            self.add(
                Merge, dealer=self.org[dealer], kind="customer", kept_id=by_use["spare"], gone_id=by_use["gone"], moved={}, facts={},
                merged_at=self.world.now,
            )  # fmt: skip
            for maker in sorted(self.world.makers_of(dealer)):
                for use in ("work", "spare", "gone"):
                    self.new_machine(dealer, maker, use)

    def new_machine(self, dealer: str, maker: str, use: str) -> Any:
        made = self.add(
            Machine, dealer=self.org[dealer], customer=self.customer[dealer], manufacturer=self.org[maker], active=use != "gone",
            ex_factory_on=date(2025, 3, 6), line=self.lines[maker],
        )  # fmt: skip
        row = self.by_pk["equipment.machine", made.pk]
        row.facts["use"], row.maker = use, maker
        self.machine.setdefault((dealer, maker), made)
        return made

    # ── duty ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def duty(self) -> None:
        """Each dealer's roster: one shift that runs, one that follows, and for each technician days to swap, to change and to remove."""
        now = self.world.now.replace(second=0, microsecond=0)
        for dealer, makers in SHOWN_TO_MAKERS.items():
            self.add(
                DutySettings, dealer=self.org[dealer], shows_makers=makers, shows_public=SHOWN_TO_PUBLIC[dealer]
            )  # fmt: skip
            main, second = (self.world.people[f"{dealer}.{name}"] for name in ("technician", "technician2"))
            lead = self.world.people[f"{dealer}.dispatcher"]
            for row in (main, second):
                row.facts["on_roster"] = True
            running = self.shift(dealer, now - timedelta(hours=6), main, second, lead, use="running")
            self.shift(dealer, now + timedelta(hours=18), second, None, None, use="next")
            days = iter(range(3, 90))
            for person, colleague in ((main, second), (second, main)):
                for use in ("plain", "plain", "asked", "asked", "asked", "removed"):
                    shift = self.shift(dealer, now + timedelta(days=next(days)), person, None, None, use=use)
                    if use == "asked":
                        other = self.shift(
                            dealer, now + timedelta(days=next(days)), colleague, None, None, use="offered"
                        )
                        swap = self.add(
                            DutySwap, dealer=self.org[dealer], shift=shift, other=other, asked_by_id=person.pk, asked_to_id=colleague.pk,
                            asked_at=now, expires_at=shift.starts_at, state="asked",
                        )  # fmt: skip
                        row = self.by_pk["resources.dutyswap", swap.pk]
                        row.facts["by"], row.facts["to"] = person.person, colleague.person
                    if use == "removed":
                        self.change(dealer, "removed", shift, undone=False)
            self.change(dealer, "added", running, undone=True)
            self.add(DutyReminder, dealer=self.org[dealer], kind="gap", day=local(now).date(), told_at=now)

    def shift(
        self, dealer: str, starts: datetime, person: Row, deputy: Row | None, leader: Row | None, *, use: str
    ) -> Any:
        """A shift of 24 hours; a removed one stands nowhere on the roster."""
        made = self.add(
            DutyShift, dealer=self.org[dealer], day=local(starts).date(), kind="whole", starts_at=starts, ends_at=starts + timedelta(hours=24),
            person_id=person.pk, deputy_id=deputy.pk if deputy else None, leader_id=leader.pk if leader else None,
            removed_at=self.world.now if use == "removed" else None,
        )  # fmt: skip
        row = self.by_pk["resources.dutyshift", made.pk]
        row.person, row.facts["use"], row.facts["day"] = person.person, use, made.day
        row.facts["on_it"] = {one.person for one in (person, deputy) if one}
        return made

    def change(self, dealer: str, verb: str, shift: Any, *, undone: bool) -> None:
        """A line of the log, as `resources.operations.changes` writes it."""
        whose = self.world.people[self.by_pk["resources.dutyshift", shift.pk].person]
        facts = {
            "day": shift.day.isoformat(), "kind": shift.kind, "starts_at": shift.starts_at.isoformat(), "ends_at": shift.ends_at.isoformat(),
            "phone": shift.phone, "note": shift.note, "person": whose.pk, "person_name": whose.tokens["name"], "deputy": None,
            "deputy_name": "", "leader": None, "leader_name": "",
        }  # fmt: skip
        line = {"shift": shift.pk, "version": shift.version, "before": facts, "after": None}
        if verb == "added":
            line |= {"before": None, "after": facts}
        made = self.add(
            DutyChange, dealer=self.org[dealer], verb=verb, at=self.world.now, by_id=None, lines=[line],
            undone_at=self.world.now if undone else None,
        )  # fmt: skip
        self.by_pk["resources.dutychange", made.pk].facts["undone"] = undone

    # ── tickets ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def every_ticket(self) -> None:
        for dealer, maker, office, shared, states in (
            ("DA01", "MA", "MA-N", True, tuple(S)),
            ("DA01", "MB", "", False, tuple(S)),
            ("DA01", "UA", "", False, (S.CONTACTED, S.IN_WORK, S.DONE)),
            ("DB02", "MB", "MB-N", False, tuple(S)),
            ("DC03", "MA", "MA-S", True, tuple(S)),
        ):
            for state in states:
                self.ticket(dealer, maker, office, state, shared=shared)
        for state in (S.NEW, S.IN_WORK, S.DONE, S.REMOTE_DONE, S.FOLLOWED_UP, S.CLOSED):
            self.ticket("DA01", "MB", "", state, shared=True, source="hq_referral")
            self.ticket("DB02", "MB", "MB-N", state, shared=True, source="hq_referral")
            self.ticket("DA01", "MA", "MA-N", state, shared=False)
            self.ticket("DC03", "MA", "MA-S", state, shared=False)
        for dealer, maker, office, shared in (
            ("DA01", "MA", "MA-N", True), ("DA01", "MB", "", False), ("DB02", "MB", "MB-N", True), ("DC03", "MA", "MA-S", True),
        ):  # fmt: skip
            self.ticket(dealer, maker, office, S.DONE, shared=shared, slip=SlipState.REFUSED)
            self.ticket(dealer, maker, office, S.IN_WORK, shared=shared, slip=SlipState.VOID)
            self.ticket(dealer, maker, office, S.DONE, shared=shared, source="hq_referral")
            for state in (S.DISPATCHED, S.IN_WORK, S.WAIT_SIGN, S.DONE):
                self.ticket(dealer, maker, office, state, shared=shared, lead="technician2")

    # ── claims ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def claims(self) -> None:
        """Claims in each state, each on a signed slip of its own; without an office and in another region those that differ there."""
        some = (ClaimState.DRAFT, ClaimState.FIRST, ClaimState.SECOND, ClaimState.APPEALED)
        for dealer, maker, office, states in (
            ("DA01", "MA", "MA-N", tuple(ClaimState)), ("DA01", "MB", "", some), ("DB02", "MB", "MB-N", tuple(ClaimState)), ("DC03", "MA", "MA-S", some),
        ):  # fmt: skip
            for state in states:
                self.claim(dealer, maker, office, state)

        self.limits()
        self.authorisations()

    def authorisations(self) -> None:
        """Of each partnership one that is asked and one that was granted, on shared tickets."""
        now = self.world.now
        for dealer, maker, office in (
            ("DA01", "MA", "MA-N"),
            ("DA01", "MB", ""),
            ("DB02", "MB", "MB-N"),
            ("DC03", "MA", "MA-S"),
        ):
            ticket = self.world.one("tickets.ticket", dealer=dealer, maker=maker, shared=True)
            for kind, state, more in (
                ("second_trip", "asked", {"answer": "", "answered_by": ""}),
                ("long_trip", "granted", {"valid_until": local(now).date() + timedelta(days=30), "answered_at": now}),
            ):
                self.add(
                    PreAuthorisation, dealer=self.org[dealer], manufacturer=self.org[maker], office=self.org.get(office), shared_with_maker=True,
                    ticket_id=ticket.pk, number=self.number("YS", dealer), kind=kind, state=state, amount=None, granted_amount=None, km=None,
                    asked_at=now, **more,
                )  # fmt: skip

    def limits(self) -> None:
        """Limits below every claim (of 60 yuan): of two dealers, and of somebody at headquarters, whose colleague has none."""
        now = self.world.now
        for code in LIMITED:
            self.add(AmountLimit, organisation=self.org[code], person_id=None, amount=Decimal("50.00"), set_at=now)
        for key in LIMITED_CHIEFS:
            chief, code = self.world.people[key], key.partition(".")[0]
            self.add(AmountLimit, organisation=self.org[code], person_id=chief.pk, amount=Decimal("50.00"), set_at=now)

    def claim(self, dealer: str, maker: str, office: str, state: str) -> None:
        """Its lines are written while it is a draft, as the triggers want it."""
        now, draft = self.world.now, state == ClaimState.DRAFT
        self.ticket(dealer, maker, office, S.CLOSED, shared=not draft or maker == "MA")
        row = self.world.rows["tickets.slip"][-1]
        row.facts["claimed"] = state != ClaimState.VOID
        slip = Slip._plain.get(pk=row.pk)
        Slip._base_manager.filter(pk=row.pk).update(locked=True)
        columns = {
            "dealer": self.org[dealer], "manufacturer": self.org[maker], "office": self.org.get(office), "shared_with_maker": not draft,
        }  # fmt: skip
        card = next(card for card in self.world.of("settlement.ratecard", maker=maker) if card.state == "in_force")
        made = self.add(
            Claim, **columns, slip=slip, card_id=card.pk, state="draft", number="" if draft else self.number("JS", dealer),
            currency="CNY", finished_on=local(now).date(), one_way_km=Decimal(12), left_at=now - timedelta(hours=4), back_at=now,
            claimed=Decimal("60.00"), begun_at=now, due_on=local(now).date() + timedelta(days=5),
        )  # fmt: skip
        line = self.add(ClaimLine, **columns, claim=made, turn=1, sequence=1, item="travel", claimed=Decimal("60.00"))
        self.add(ClaimEvent, **columns, claim=made, verb="begin", at=now, author_id=None)
        decided = state in (
            ClaimState.APPROVED, ClaimState.REFUSED, ClaimState.APPEALED, ClaimState.AGREED, ClaimState.STATED, ClaimState.SETTLED,
        )  # fmt: skip
        self.add(ClaimReminder, dealer=columns["dealer"], slip=slip, kind="late", due_on=local(now).date(), at=now)
        if decided or state == ClaimState.SECOND:
            self.add(
                ClaimDecision, **columns, line=line, level="first", approved=Decimal("50.00"), reason="distance", at=now, author_id=None
            )  # fmt: skip
        asked = {"claim": made, "amount": Decimal("60.00"), "asked_at": now}
        if state == ClaimState.CHARGED:
            row.facts["charged"] = True
            debt = self.add(
                CustomerDebt, dealer=columns["dealer"], slip=slip, claim=made, number=self.number("SK", dealer), state="owed", currency="CNY",
                amount=Decimal("60.00"), paid=Decimal("0.00"), begun_on=local(now).date(), reason="", waived_by="",
            )  # fmt: skip
            self.add(
                DebtPayment,
                dealer=columns["dealer"],
                debt=debt,
                amount=Decimal("1.00"),
                paid_on=local(now).date(),
                way="cash",
                at=now,
            )
        if state == ClaimState.RETURNED:
            self.add(OwnerApproval, dealer=columns["dealer"], state="asked", answer="", answered_by="", **asked)
        if state == ClaimState.APPROVED:
            self.add(OwnerApproval, dealer=columns["dealer"], state="granted", answered_at=now, **asked)
            self.add(
                ClaimRaise, organisation=self.org[maker], claim=made, state="second", turn=1, at=now,
                author_id=self.world.people[f"{maker}.reviewer"].pk,
            )  # fmt: skip
        approved = Decimal("50.00") if decided else None
        Claim._base_manager.filter(pk=made.pk).update(state=state, approved=approved)
        self.by_pk["settlement.claim", made.pk].state = state

    # ── statements ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def statements(self) -> None:
        """Statements in each state, a month each, the one that is being checked last; entries that wait, stand on one, were taken back."""
        some = (StatementState.PAID, StatementState.INVOICED, StatementState.CHECKING)
        last = StatementState.CHECKING
        every = (*(state for state in StatementState if state != last), last)
        for dealer, maker, office, states in (
            ("DA01", "MA", "MA-N", every), ("DA01", "MB", "", some), ("DB02", "MB", "MB-N", every), ("DC03", "MA", "MA-S", some),
        ):  # fmt: skip
            columns = {
                "dealer": self.org[dealer], "manufacturer": self.org[maker], "office": self.org.get(office), "shared_with_maker": True,
            }  # fmt: skip
            for state in (EntryState.WAITING, EntryState.WITHDRAWN):
                self.entry(columns, state)
            for month, state in enumerate(states, start=1):
                self.statement(columns, date(2025, month, 1), state, last=state == last)

    def entry(self, columns: dict[str, Any], state: str) -> Any:
        return self.add(
            StatementEntry, **columns, item="activity", amount=Decimal("30.00"), month=date(2025, 1, 1), state=state,
            entered_at=self.world.now,
        )  # fmt: skip

    def statement(self, columns: dict[str, Any], month: date, state: str, *, last: bool) -> None:
        """Two lines of 30.00, of which one is objected to where the dealer still checks; made as it begins, as the triggers want it."""
        now, checking = self.world.now, state == StatementState.CHECKING
        total = Decimal("30.00") if checking else Decimal("60.00")
        net = (total / Decimal("1.13")).quantize(Decimal("0.01"))
        with_invoice = state in ("invoiced", "received", "paying", "paid", "closed")
        paid = {"paying": Decimal("20.00"), "paid": total, "closed": total}.get(state, Decimal(0))
        made = self.add(
            Statement, **columns, number=f"DZ-{columns['manufacturer'].code}-{columns['dealer'].code}-{month:%Y%m}", month=month,
            state="checking", currency="CNY", lines_sum=total, payable=total, net=net, tax=total - net, tax_rate=Decimal("0.13"), paid=paid,
            made_at=now, due_on=local(now).date(),
        )  # fmt: skip
        for place in (1, 2):
            objected = checking and place == 2
            texts = {} if objected else {"objection": "", "objected_by": ""}
            self.add(
                StatementLine, **columns, **texts, statement=made, sequence=place, item="activity", amount=Decimal("30.00"),
                standing=not objected, entry=self.entry(columns, EntryState.TAKEN), objected_at=now if objected else None, answer="",
                answered_by="",
            )  # fmt: skip
        self.add(StatementEvent, **columns, statement=made, verb="make", at=now, author_id=None)
        if with_invoice:
            judged = "verified" if state != "invoiced" else "handed_in"
            self.add(
                Invoice, **columns, statement=made, amount=total, issued_on=month, state=judged, handed_in_at=now, red_number="",
                number=f"{made.pk:020d}",
            )  # fmt: skip
        if paid:
            self.add(
                Payment, **columns, statement=made, sequence=1, amount=paid, way="bank", paid_on=month, entered_at=now, undone_by="",
                undone_reason="",
            )  # fmt: skip
        Statement._base_manager.filter(pk=made.pk).update(state=state)
        row = self.by_pk["settlement.statement", made.pk]
        row.state, row.facts["last"] = state, last

    def checks(self) -> None:
        """How the manufacturers have set their checks, and what these found: told to both sides, and in full for headquarters alone."""
        kept_facts = check_record.kept
        now, facts = self.world.now, kept_facts(replace(CLEAN, machines=(), stays=(), other_stays=()))
        for maker in ("MA", "MB"):
            self.add(CheckSetting, organisation=self.org[maker], code="M02", params={"amount": "1500.00"})
            for _again in range(2):
                self.add(CheckRow, organisation=self.org[maker], table="part_model", most=Decimal(2))
        for row in self.world.of("settlement.claim"):
            if row.state not in (ClaimState.FIRST, ClaimState.APPEALED):
                continue
            claim = Claim._base_manager.get(pk=row.pk)
            run = self.add(
                CheckRun, dealer=self.org[row.dealer], manufacturer=self.org[row.maker], office=self.org.get(row.office), shared_with_maker=True,
                claim=claim, turn=1, submitted_at=now, outcome="manual", no_data=["M03"], at=now,
                findings=[["M05", "same_photo", "manual", {"slip": self.word()}]],
            )  # fmt: skip
            self.add(
                CheckRecord, organisation=self.org[row.maker], run=run, facts=facts, reference=kept_facts(Reference()), settings=kept_facts(Settings()), at=now,
                findings=[["M05", "same_photo_elsewhere", "manual", {"slip": self.word()}]],
            )  # fmt: skip

    # ── referrals, requests for support, contacts, leaves ────────────────────────────────────────────────────────────────────────

    def support(self) -> None:
        """Referrals in each state, requests for support at each level and for each department, cases, contacts, leaves."""
        now = self.world.now
        for code in ("MA", "MB"):
            for _place in (1, 2):
                self.add(PublishedCase, manufacturer=self.org[code], product_type=self.word(), published_at=now)
        for code, (kind, _parent, owner) in ORGANISATIONS.items():
            if owner or kind == "platform":
                continue
            people = [
                row
                for row in self.world.of("partners.person", org=code, active=True)
                if row.facts["name"] in self._names(code)
            ]
            for row in people[:2]:
                self.add(
                    Contact, organisation=self.org[code], person_id=row.pk, department="technical" if kind == "maker" else "",
                    away=[[f"{local(now):%Y-%m-%d}", f"{local(now):%Y-%m-%d}", people[-1].pk, self.word()]] if row is people[1] else [],
                )  # fmt: skip
            for row in people:
                other = next(one for one in people if one is not row)
                self.add(
                    Deputy, organisation=self.org[code], person_id=row.pk, deputy_id=other.pk, first_day=local(now).date(), last_day=local(now).date(),
                )  # fmt: skip
        ties = (("DA01", "MA", "MA-N"), ("DA01", "MB", ""), ("DB02", "MB", "MB-N"), ("DC03", "MA", "MA-S"))
        for dealer, maker, office in ties:
            for state in ("sent", "arrived_there", "taken", "asked"):
                self.referral(dealer, maker, office, state)
            full = (dealer, maker) == ("DA01", "MA")
            departments = ("after_sales", "technical", "production", "quality") if full else ("technical",)
            self.escalation(dealer, maker, office, "draft")
            for state in ("wait_office", "at_office") if office else ():
                self.escalation(dealer, maker, office, state)
            for department in departments:
                for state in ("wait_hq", "at_hq"):
                    self.escalation(dealer, maker, office, state, department)
            for state in ("answered", "closed"):
                self.escalation(dealer, maker, office, state)

    def _names(self, code: str) -> set[str]:
        tier = TIERS[ORGANISATIONS[code][0]]
        return set(ROLES[tier])

    def referral(self, dealer: str, maker: str, office: str, state: str) -> None:
        now = self.world.now
        made = self.add(
            Referral, dealer=self.org[dealer], manufacturer=self.org[maker], office=self.org.get(office), shared_with_maker=True,
            state=state, source="hq_referral", sender_id=self.org[maker].pk, sent_at=now, line=self.lines[maker],
            customer_reported_at=now, arrived_at=None if state == "sent" else now, asked_at=now if state == "asked" else None,
        )  # fmt: skip
        if state == "sent":
            return
        step = S.CONTACTED if state == "taken" else S.NEW
        self.ticket(dealer, maker, office, step, shared=True, source="hq_referral", referral=made)
        ticket = self.world.rows["tickets.ticket"][-1]
        ticket.facts["referral"], ticket.facts["asked"] = True, state == "asked"
        self.by_pk["tickets.referral", made.pk].facts["of_ticket"] = ticket  # its steps are told on the ticket

    def escalation(self, dealer: str, maker: str, office: str, state: str, department: str = "") -> None:
        now = self.world.now
        draft = state == "draft"
        shared = not draft or (dealer, maker) in (("DA01", "MA"), ("DC03", "MA"))
        supporting = state not in ("draft", "closed")
        self.ticket(dealer, maker, office, S.ACCEPTED, shared=shared, supported=supporting)
        row = self.world.rows["tickets.ticket"][-1]
        row.facts["escalated"], row.facts["supported"] = state != "closed", supporting
        ticket = row.facts.pop("object")
        columns = {"dealer": self.org[dealer], "manufacturer": self.org[maker], "office": self.org.get(office)}
        made = self.add(
            Escalation, **columns, shared_with_maker=not draft, ticket=ticket, state=state, department=department,
            number="" if draft else self.number("SJ", dealer), readings={"operating_condition": self.word()},
            begun_at=now, due_at=now + timedelta(hours=2), submitted_at=None if draft else now, family="other",
            closed_at=now if state == "closed" else None,
        )  # fmt: skip
        noted = self.by_pk["tickets.escalation", made.pk]
        noted.facts["department"], noted.facts["level"] = department, state
        if state in ("answered", "closed"):
            self.add(
                EscalationAnswer, **columns, shared_with_maker=True, escalation=made, next_on=now.date(), at=now, department="",
            )  # fmt: skip

    def ticket(
        self,
        dealer: str,
        maker: str,
        office: str,
        state: str,
        *,
        shared: bool,
        source: str = "",
        slip: str = "",
        lead: str = "technician",
        referral: Any = None,
        supported: bool = False,
    ) -> None:
        now = self.world.now
        told, arrived, left = (now - timedelta(hours=h) for h in (5, 3, 1))
        begun = state in (S.ARRIVED, S.IN_WORK, S.WAIT_PART, S.WAIT_CUST, S.WAIT_SIGN, S.DONE, S.FOLLOWED_UP, S.CLOSED)
        sent = state in WITH_TECHNICIAN or begun
        finished = state in (S.DONE, S.REMOTE_DONE, S.FOLLOWED_UP, S.CLOSED)
        held = state in (S.APPOINTED, S.ARRIVED)
        late = state in (S.DONE, S.FOLLOWED_UP)
        person = self.world.people[f"{dealer}.{lead}"]
        columns = {
            "dealer": self.org[dealer], "manufacturer": self.org[maker], "office": self.org.get(office), "shared_with_maker": shared,
        }  # fmt: skip
        ticket = self.add(
            Ticket,
            **columns,
            customer=self.customer[dealer],
            number=self.number("BX", dealer),
            state=state,
            source=source or ("wechat" if state == S.NEW else "phone"),
            urgency="stopped" if lead == "technician2" else "normal",
            reported_at=told,
            recorded_at=told,
            round_started_at=told,
            contacted_at=None if state == S.NEW else told,
            contact_channel="" if state == S.NEW else "phone",
            appointment_at=now + timedelta(days=1) if state == S.APPOINTED else None,
            dispatched_at=told if sent else None,
            lead_person_id=person.pk if sent else None,
            crew_ids=[person.pk] if sent else [],
            worked_ids=[person.pk] if begun else [],
            arrived_at=arrived if begun else None,
            finished_at=left if finished else None,
            closed_at=now if state in (S.CLOSED, S.MERGED, S.CANCELLED) else None,
            follow_up="satisfied" if state in (S.FOLLOWED_UP, S.CLOSED) else "",
            address=f"{self.word()} 8号",
            held=held,
            late_unexplained=late,
            referral=referral,
            supported_since=told if supported else None,
            transfer_asked_at=told if referral is not None and referral.state == "asked" else None,
            warranty="out_over",
            judgement=[kept(replace(OVER, facts=replace(OVER.facts, machine=self.machine[dealer, maker].pk)))],
        )
        self.by_pk["tickets.ticket", ticket.pk].facts |= {"held": held, "late": late}
        if supported or state == S.ACCEPTED:
            self.by_pk["tickets.ticket", ticket.pk].facts["object"] = ticket
        on_it = self.add(TicketMachine, **columns, ticket=ticket, machine=self.machine[dealer, maker])
        child: dict[str, Any] = {**columns, "ticket": ticket}
        for kind, internal in (("note", False), ("note", True), ("call", True), ("call", False)):
            self.add(
                Entry, **{**child, "shared_with_maker": shared and not internal}, kind=kind, internal=internal, at=told,
                recorded_at=told, author_id=person.pk, facts={"channel": "phone", "reached": True} if kind == "call" else {},
            )  # fmt: skip
        self.add(Entry, **child, kind="step", verb="dispatch", facts={"crew": [self.word()]}, at=told, recorded_at=told)
        self.add(Entry, **child, kind="fact", verb="changed", facts={"was": {"fault": self.word()}}, at=told, recorded_at=told)  # fmt: skip
        if sent:
            self.add(
                Assignment, **child, person_id=person.pk, is_lead=True, assigned_at=told, active=state not in (S.MERGED, S.CANCELLED)
            )  # fmt: skip
            self.add(Assignment, **child, person_id=person.pk, active=False, assigned_at=told, ended_at=told)
        if begun:
            gone = left if state not in (S.ARRIVED, S.IN_WORK) or slip else None
            self.add(Trip, **child, sequence=1, set_out_at=told, arrived_at=arrived, left_at=gone)
            self.by_pk["tickets.ticket", ticket.pk].facts["on_site"] = gone is None
            for slot in ("nameplate", "fault", "after", "part", *(["paper"] if state == S.WAIT_SIGN else [])):
                self.photo(child, slot, internal=False)
            self.photo(child, "other", internal=True)
            self.photo(child, "proof", internal=False)
            paper = Photo._plain.get(pk=self.world.rows["tickets.photo"][-1].pk)
            self.add(
                Evidence,
                **child,
                machine=on_it,
                kind="acceptance",
                day=date(2025, 3, 20),
                photo=paper,
                recorded_at=told,
            )
            for kind, asked_by in (("goodwill", office or maker), ("start", dealer)) if finished else ():
                self.add(
                    WarrantyRequest, **child, kind=kind, maker_percent=None, start_on=date(2025, 3, 20) if kind == "start" else None,
                    asked_by_org=self.org[asked_by].pk, asked_by_id=0, asked_at=told, state="asked", answer="", answered_by="",
                )  # fmt: skip
        clock = self.add(
            Clock, **child, kind="arrival", state="met" if begun else "running", bucket="", ended="", started_at=told, allow_minutes=240,
            met_at=arrived if begun else None, used_minutes=120 if begun else None, city_tier="capital",
        )  # fmt: skip
        self.add(ClockRing, **columns, clock=clock, threshold=50, due_at=told, rung_at=now)
        self.add(ClockPause, **child, reason="customer_later", started_at=told, ended_at=None if held else now)
        if state == S.WAIT_PART:
            self.add(Reminder, dealer=columns["dealer"], ticket=ticket, kind="part", day=local(now).date(), at=now)
        if state not in (S.NEW, S.CONTACTED):
            self.link(ticket, "progress")
        wanted = slip or {
            S.IN_WORK: SlipState.DRAFT, S.WAIT_PART: SlipState.DRAFT, S.WAIT_CUST: SlipState.DRAFT, S.WAIT_SIGN: SlipState.WAIT_SIGN,
            S.DONE: SlipState.SIGNED, S.REMOTE_DONE: SlipState.SIGNED, S.FOLLOWED_UP: SlipState.SIGNED, S.CLOSED: SlipState.SIGNED,
        }.get(state, "")  # fmt: skip
        if wanted:
            self.slip(child, on_it, wanted, remote=state == S.REMOTE_DONE)
        if slip == SlipState.VOID:
            self.slip(child, on_it, SlipState.DRAFT)

    def photo(self, child: dict[str, Any], slot: str, *, internal: bool) -> None:
        self.add(
            Photo, **{**child, "shared_with_maker": child["shared_with_maker"] and not internal}, slot=slot, internal=internal,
            width=320, height=240, size=1, source="camera", recorded_at=self.world.now, op=random_name(), sha256=random_name() * 4,
        )  # fmt: skip
        row = self.world.rows["tickets.photo"][-1]
        row.facts["slot"] = slot

    def slip(self, child: dict[str, Any], on_it: Any, state: str, *, remote: bool = False) -> None:
        now = self.world.now
        columns = {name: value for name, value in child.items() if name != "ticket"}
        numbered = state != SlipState.DRAFT
        frozen = state in (SlipState.SIGNED, SlipState.REFUSED, SlipState.VOID)
        texts = {} if numbered else dict.fromkeys(("void_reason", "voided_by", "refusal_reason", "signer"), "")
        final = {
            "state": state, "frozen_at": now if frozen else None, "content_hash": random_name() * 4 if frozen else "",
            "voided_at": now if state == SlipState.VOID else None,
        }  # fmt: skip
        made = self.add(
            Slip,
            **child,
            number=self.number("FW", self.codes[columns["dealer"].pk]) if numbered else "",
            is_remote=remote,
            from_paper=not numbered and child["ticket"].state == S.WAIT_CUST,
            in_warranty="no",
            arrived_at=None if remote else now - timedelta(hours=3),
            left_at=None if remote else now - timedelta(hours=1),
            people=1,
            hours=Decimal("2.0"),
            km=Decimal("27.5"),
            finished_at=now - timedelta(hours=1) if numbered else None,
            completed_at=now if numbered else None,
            signature_kind="drawn" if frozen else "",
            rating="4" if frozen else "",
            address=f"{self.word()} 一号厂房",
            **texts,
        )
        line = self.add(
            FaultLine, **columns, slip=made, responsibility="material", treatment="replace_part", standard_hours=Decimal(3),
            fault_part="", symptom="",
        )  # fmt: skip
        self.add(FaultLineMachine, **columns, line=line, ticket_machine=on_it, ex_factory_on=date(2025, 3, 6))
        self.add(PartLine, **columns, slip=made, source="maker_free")
        Slip._plain.filter(pk=made.pk).update(**final)
        row = self.by_pk["tickets.slip", made.pk]
        row.state, row.facts["remote"], row.facts["from_paper"] = state, remote, made.from_paper
        if state in (SlipState.DRAFT, SlipState.WAIT_SIGN):
            self.add(
                LapsedSignature, dealer=columns["dealer"], slip=made, op=random_name(), rating="4", signed_at=now, arrived_at=now,
                strokes=None, technician_strokes=None,
            )  # fmt: skip
        if state == SlipState.WAIT_SIGN:
            self.link(child["ticket"], "sign", made)
        if frozen:
            for copy in ("dealer", "customer", "maker"):
                word = self.word()
                name = default_storage.save(f"isolation/{random_name()}.pdf", ContentFile(_pdf(word)))
                shared = bool(columns["shared_with_maker"]) and copy == "maker"
                self.add(
                    SlipFile, **{**columns, "shared_with_maker": shared}, slip=made, copy=copy, file=name, pages=1, size=1, made_at=now,
                    sha256=random_name() * 4,
                )  # fmt: skip
                self._token(self.world.rows["tickets.slipfile"][-1], "file", word)

    def link(self, ticket: Any, kind: str, slip: Any = None) -> None:
        """A customer's link to a ticket, or to a slip that waits for its signature."""
        token = f"{random_name()}{random_name()}"
        made = self.add(
            PublicLink, dealer_id=ticket.dealer_id, kind=kind, ticket=ticket, slip=slip, token_hash=public.token_hash(token),
            nonce=random_name(), created_at=self.world.now,
            expires_at=self.world.now + timedelta(hours=72) if slip else None,
        )  # fmt: skip
        row = self.by_pk["tickets.publiclink", made.pk]
        row.parent = self.by_pk["tickets.ticket", ticket.pk]
        row.facts["kind"], row.facts["token"] = kind, token

    def number(self, series: str, dealer: str) -> str:
        """The next number of a series, as the product counts it."""
        key = (series, dealer, f"{local(self.world.now):%Y%m}")
        self._numbers[key] = self._numbers.get(key, 0) + 1
        return f"{series}-{dealer}-{key[2]}-{self._numbers[key]:04d}"

    # ── old parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def old_parts(self) -> None:
        """Of each partnership old parts in every state, with boxes on every stretch of the way; what has been sent or asked for is shared."""
        for dealer, maker, shared in (
            ("DA01", "MA", True), ("DA01", "MB", False), ("DB02", "MB", False), ("DC03", "MA", True),
        ):  # fmt: skip
            slip = next(
                s
                for s in self.world.of("tickets.slip", dealer=dealer, maker=maker, state="signed")
                if s.shared is shared
            )
            boxes = {state: self.return_box(dealer, maker, state) for state in ("packing", "shipped", "received")}
            for state, asked in (("due", ""), ("due", ""), ("due", "extension"), ("due", "exemption")):
                self.old_part(slip, state, asked=asked, shared=shared or bool(asked))
            for _place in (1, 2):
                self.old_part(slip, "boxed", box=boxes["packing"], shared=shared)
                self.old_part(slip, "shipped", box=boxes["shipped"], shared=True)
            for state in ("received", "appraising", "confirmed", "mismatch", "missing", "destroyed"):
                self.old_part(slip, state, box=boxes["received"], shared=True)
            self.old_part(slip, "void", shared=shared)

    def return_box(self, dealer: str, maker: str, state: str) -> Any:
        return self.add(
            ReturnBox, dealer=self.org[dealer], manufacturer=self.org[maker], office=self.ties[dealer, maker].office,
            shared_with_maker=state != "packing", number=self.number("ZX", dealer), state=state, begun_at=self.world.now,
            transport="rail",
        )  # fmt: skip

    def old_part(self, slip: Row, state: str, *, shared: bool, asked: str = "", box: Any = None) -> None:
        day = local(self.world.now).date()
        columns = {
            "dealer": self.org[slip.dealer], "manufacturer": self.org[slip.maker], "office": self.ties[slip.dealer, slip.maker].office,
            "shared_with_maker": shared,
        }  # fmt: skip
        found = {"finding": "quality", "appraised_at": self.world.now} if state in ("confirmed", "destroyed") else {}
        closed = {"closed_at": self.world.now} if state == "destroyed" else {"photo": ""}
        number = self.number("JJ", slip.dealer)
        made = self.add(
            OldPart, **columns, **found, **closed, slip_id=slip.pk, sequence=int(number[-4:]), number=f"{number}-1", state=state, quantity=2,
            causal=True, replaced_on=day, due_on=day + timedelta(days=30), asked=asked, box=box,
        )  # fmt: skip
        self.by_pk["settlement.oldpart", made.pk].facts |= {"asked": asked, "box": box.pk if box else None}
        if state == "due":
            self.add(
                OldPartReminder,
                dealer=columns["dealer"],
                part=made,
                duty="remind",
                due_on=made.due_on,
                at=self.world.now,
            )
        if state in ("mismatch", "missing"):
            taken = {"taken_on": day} if state == "missing" else {"taken_by": ""}
            self.add(
                OldPartCharge, **columns, **taken, part=made, kind="reversal", amount=Decimal("84.00"), because="mismatch", marked_on=day
            )  # fmt: skip
        if asked:
            until = day + timedelta(days=40) if asked == "extension" else None
            texts = dict.fromkeys(("answer", "answered_by"), "")
            self.add(
                OldPartRequest, **columns, **texts, part=made, kind=asked, state="asked", until=until, asked_at=self.world.now
            )  # fmt: skip

    # ── goods that go back to the factory ────────────────────────────────────────────────────────────────────────────────────────

    def goods_returns(self) -> None:
        """Returns in each state, each on a machine of its own; what is decided both ways: it comes back, and it stays there."""
        some = (ReturnState.ASKED, ReturnState.SHIPPED, ReturnState.QUOTED)
        for dealer, maker, states in (
            ("DA01", "MA", tuple(ReturnState)), ("DA01", "MB", some), ("DB02", "MB", tuple(ReturnState)), ("DC03", "MA", some),
        ):  # fmt: skip
            for state in states:
                for decision in ("repair", "scrap") if state == ReturnState.DECIDED else ("repair",):
                    self.goods_return(dealer, maker, state, decision)

    def goods_return(self, dealer: str, maker: str, state: str, decision: str) -> None:
        day = local(self.world.now).date()
        columns = {
            "dealer": self.org[dealer], "manufacturer": self.org[maker], "office": self.ties[dealer, maker].office,
            "shared_with_maker": True,
        }  # fmt: skip
        made = self.add(
            GoodsReturn, **columns, machine=self.new_machine(dealer, maker, "return"), number=self.number("FC", dealer), state=state,
            wish="repair", freight="maker", applied_on=day, due_on=day, send_until=day + timedelta(days=9), shipped_on=day,
            conclusion="quality", decision=decision,
        )  # fmt: skip
        self.by_pk["tickets.goodsreturn", made.pk].facts["decision"] = decision
        self.add(GoodsReturnEvent, **columns, goods_return=made, verb="apply", at=self.world.now)

    # ── messages, jobs, records ──────────────────────────────────────────────────────────────────────────────────────────────────

    def messages(self) -> None:
        now = self.world.now
        tiers = {code: TIERS[kind] for code, (kind, _parent, _owner) in ORGANISATIONS.items()}
        for key, who in list(self.world.viewers.items()):
            organisation, person_id = self.org[who.org], who.person_id
            for _place in (1, 2):
                params = {name: self.word() for name in ("number", "customer", "city", "who", "reason")}
                self.add(
                    Notice, organisation=organisation, person_id=person_id, kind="ticket_new_job", params=params, url="/me/",
                    created_at=now,
                )  # fmt: skip
            chosen = self.add(
                Preferences, organisation=organisation, person_id=person_id, mail=f"{self.word()}@example.com", mail_confirmed_at=now,
                mail_nonce=random_name(), mail_asked_at=now + timedelta(days=1),
            )  # fmt: skip
            self.by_pk["notices.preferences", chosen.pk].facts["nonce"] = chosen.mail_nonce
            for state in ("waiting", "failed", "cancelled", "done"):
                made = self.add(
                    Job, kind="core.nothing", payload={"note": self.word()}, organisation_id=organisation.pk, tier=tiers[who.org],
                    person_id=person_id, state=state, run_at=now, created_at=now, attempts=1, of=4, done=2,
                    result_file=default_storage.save(f"isolation/{random_name()}.txt", ContentFile(self.word().encode()))
                    if state == "done" else "",
                )  # fmt: skip
                row = self.by_pk["core.job", made.pk]
                row.person = key
                if made.result_file:
                    with default_storage.open(made.result_file) as file:
                        self._token(row, "result_file", file.read().decode())
            self.add(
                ApiToken, organisation_id=organisation.pk, person_id=person_id, scope="write", token_hash=token_hash(key),
                expires_at=now + timedelta(days=30),
            )  # fmt: skip
            for shared in (False, True):
                view = self.add(
                    SavedView, organisation_id=organisation.pk, person_id=person_id, list_name="tickets", query="state=all", shared=shared,
                )  # fmt: skip
                self.by_pk["partners.savedview", view.pk].facts["shared"] = shared
            self.add(
                IdempotencyKey, organisation_id=organisation.pk, person_id=person_id, fingerprint="", status=200, created_at=now,
            )  # fmt: skip
            self.add(
                AccessRecord,
                organisation_id=organisation.pk,
                person_id=person_id,
                action="refused",
                at=now - timedelta(minutes=5),
            )
        for code, (_kind, _parent, owner) in ORGANISATIONS.items():
            if not owner:
                self.channels(code)
        CalendarYear._plain.create(year=2027, off=[date(2027, 1, 1)], work=[date(2027, 1, 9)], changed_at=now)
        for year in CalendarYear._plain.order_by("id"):
            row = Row("core.calendaryear", year.pk, facts={"year": year.year})
            self.world.rows.setdefault("core.calendaryear", []).append(row)
        for entry in DictionaryEntry._plain.order_by("id"):
            row = Row("core.dictionaryentry", entry.pk, active=entry.active)
            row.facts |= {"kind": entry.kind, "label": entry.label}
            self.world.rows.setdefault(row.model, []).append(row)

    def channels(self, code: str) -> None:
        """Two robots, mail and SMS of an organisation, and deliveries in every state by each of them."""
        now, admin = self.world.now, self.world.people[f"{code}.admin"]
        for kind in ("wecom", "dingtalk", "mail", "sms"):
            texts = {} if kind in ("wecom", "dingtalk") else dict.fromkeys(("name", "key", "key_end", "secret"), "")
            way = self.add(
                Channel, organisation=self.org[code], kind=kind, groups=["jobs"], failures=1, last_failure_at=now,
                last_problem="timeout", **texts,
            )  # fmt: skip
            self.by_pk["notices.channel", way.pk].facts["kind"] = kind
            for state in ("waiting", "failed", "sent", "given_up"):
                self.add(
                    Delivery, organisation=self.org[code], channel=way, person_id=None if texts == {} else admin.pk, state=state,
                    kind="ticket_new_job", params={"number": self.word(), "customer": self.word()}, url="/me/", attempts=1, due_at=now,
                    next_at=now, created_at=now, sent_at=now if state == "sent" else None, problem="" if state == "sent" else "timeout",
                )  # fmt: skip

    def imports(self) -> None:
        """Of every kind of import one in each state, and the manufacturers' registers."""
        heads = {"customers": "甲列,乙列", "people": "甲列,乙列,丙列", "parts": "甲列,乙列", "register": "甲列,乙列"}
        cells = {"people": "{},16612345678,管理员"}
        for code, (kind, _parent, owner) in ORGANISATIONS.items():
            own = next((maker for maker, (_k, _p, dealer) in ORGANISATIONS.items() if dealer == code), "")
            kinds = {
                "dealer": ["customers", "people", *(["parts"] if own else [])], "maker": ["register", "people", "parts"],
                "office": ["people"],
            }  # fmt: skip
            if owner or kind not in kinds:
                continue
            maker = self.org[own if kind == "dealer" else code].public_id if own or kind == "maker" else ""
            for what in kinds[kind]:
                for state in ("columns", "checked", "imported"):
                    word, mend = self.word(), self.word()
                    table = f"{heads[what]}\n{cells.get(what, '{},YE3').format(word)}\n".encode()
                    words = {
                        "sample": [
                            {
                                "line": 2,
                                "state": "rejected",
                                "cells": [["name", self.word()]],
                                "problems": [self.word()],
                            }
                        ]
                    }
                    words |= {"notices": [self.word()], "kept": [[self.word(), self.word()]]}
                    made = self.add(
                        ImportRun, organisation=self.org[code], kind=what, state=state, file_name=f"{self.word()}.csv", job="",
                        file=default_storage.save(f"isolation/{random_name()}.csv", ContentFile(table)), chosen=None,
                        mend_file="" if state == "columns" else default_storage.save(f"isolation/{random_name()}.xlsx", ContentFile(mend.encode())),
                        options={"maker": maker}, rows=2, new=1, rejected=1, finished_at=self.world.now, **words,
                    )  # fmt: skip
                    row = self.by_pk["imports.importrun", made.pk]
                    row.facts |= {"kind": what, "mend": bool(made.mend_file)}
                    self._token(row, "file", word)
                    if made.mend_file:
                        self._token(row, "mend_file", mend)
                self.add(
                    ImportedRow,
                    organisation=self.org[code],
                    run=made,
                    line=2,
                    thing="customer",
                    thing_id=0,
                    before=None,
                )
                self.add(ColumnMemory, organisation=self.org[code], kind=what, heads={"丁列": self.word()})
            if kind == "maker":
                for _place in (1, 2):
                    machine = self.add(RegisterMachine, manufacturer=self.org[code])
                    self.add(Shipment, manufacturer=self.org[code], machine=machine)

    def trials(self) -> None:
        """A trial of each manufacturer's draft, HQ's own or the dealer's of its unlisted manufacturer."""
        for maker, draft in self.drafts.items():
            owner = ORGANISATIONS[maker][2] or maker
            self.add(
                PolicyTrial, organisation=self.org[owner], policy_version=draft, draft_version=1, job="", asked_at=self.world.now,
                finished_at=self.world.now, tickets=0,
            )  # fmt: skip

    def counters(self) -> None:
        for (series, dealer, period), last in self._numbers.items():
            self.add(Counter, dealer_id=self.org[dealer].pk, series=series, period=period, last=last)

    def sessions(self) -> None:
        """A session for everybody, made in the world itself, so that every copy of it knows them."""
        with transaction.atomic():
            for key, who in self.world.viewers.items():
                client = Client()
                client.force_login(Account.objects.get(pk=who.account_id))
                session = client.session
                session[SESSION_PERSON] = who.person_id
                session.save()
                self.world.viewers[key] = Who(**{**who.__dict__, "session": session.session_key or ""})
        self.world.viewers["stranger"] = STRANGER


def _strings(value: Any) -> Iterable[str]:
    """All texts in a column's value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Decimal):
        yield str(value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)


def _pdf(word: str) -> bytes:
    """A small PDF that says the word in plain text."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Contents = pdf.make_stream(f"BT /F1 12 Tf 40 800 Td ({word}) Tj ET".encode())
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


__all__ = ["AMOUNT", "NUMBER", "OPEN", "PHONE", "PUBLIC", "STRANGER", "TOKEN", "Row", "Who", "World", "build"]
