"""Rows for tests, one function each, without surprises: what is not named gets a plain default.

Rows are written under `app_fixture`, a role of the test cluster that no policy binds (reliability.md 12); it works inside a
test's transaction as well as with real commits. Everything else in a test runs as the application's user.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from core.models import DictionaryEntry, Job
from core.tenancy import Viewer
from equipment.models import Customer, Machine, Part, ProductLine, ProductModel
from notices.models import Notice
from partners.enums import OrganisationKind, Role, Sharing
from partners.models import Account, Organisation, Partnership, Person
from partners.queries import viewers

PASSWORD = "Correct-Horse-7"
NOW = datetime(2026, 6, 11, 2, 30, tzinfo=UTC)  # 10:30 at the desk in Changsha

_sequence = itertools.count(1)


@contextmanager
def writing() -> Iterator[None]:
    """A moment as the role that no policy binds; afterwards the role is what it was."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        (before,) = cursor.fetchone()
        cursor.execute("SET LOCAL ROLE app_fixture")
        yield
        cursor.execute("SELECT set_config('role', %s, true)", [before])


def again(row: Any) -> Any:
    """The row as it stands in the database now, whoever may see it."""
    with writing():
        return type(row)._base_manager.get(pk=row.pk)


def rows(model: Any, *order: str, **lookup: Any) -> list[Any]:
    """All rows of a table that fit, whoever may see them; by id, or in the given order."""
    with writing():
        return list(model._base_manager.filter(**lookup).order_by(*(order or ("id",))))


@cache
def password_hash() -> str:
    """The hash of PASSWORD, made once."""
    return make_password(PASSWORD)


def phone() -> str:
    """A telephone number that nobody else in the run has."""
    return f"1660{next(_sequence):07d}"


# ── organisations and people ─────────────────────────────────────────────────────────────────────────────────────────────────────


def organisation(kind: str, code: str = "", **values: Any) -> Organisation:
    """An organisation; an office needs parent=."""
    code = code or f"{kind[:2].upper()}{next(_sequence):04d}"
    with writing():
        return Organisation.objects.create(kind=kind, code=code, **{"name": f"{code}(示例)", **values})


def dealer(code: str = "", **values: Any) -> Organisation:
    """A dealer."""
    return organisation(OrganisationKind.DEALER, code, **values)


def maker(code: str = "", **values: Any) -> Organisation:
    """A manufacturer; owner_dealer= makes it unlisted (厂家未入驻): then give it a partnership(listed=False)."""
    return organisation(OrganisationKind.MAKER, code, **values)


def office(parent: Organisation, code: str = "", **values: Any) -> Organisation:
    """A regional office of a manufacturer."""
    return organisation(OrganisationKind.OFFICE, code, parent=parent, **values)


def partnership(dealer: Organisation, maker: Organisation, **values: Any) -> Partnership:
    """A partnership that both sides have confirmed, shared on demand, without office."""
    values = {
        "sharing": Sharing.ON_DEMAND,
        "dealer_confirmed_at": NOW,
        "dealer_confirmed_by": "管理员",
        "manufacturer_confirmed_at": NOW,
        "manufacturer_confirmed_by": "管理员",
        **values,
    }
    with writing():
        return Partnership.objects.create(dealer=dealer, manufacturer=maker, **values)


def account(phone_number: str = "", **values: Any) -> Account:
    """An account with PASSWORD."""
    with writing():
        return Account.objects.create(phone=phone_number or phone(), **{"password": password_hash(), **values})


def person(organisation: Organisation, *roles: str, **values: Any) -> Person:
    """A member of an organisation, with an account of its own unless account= says otherwise."""
    number = values.pop("phone", "") or phone()
    if "account" not in values:
        values["account"] = account(number)
    values = {"name": f"人员{next(_sequence)}", "is_admin": Role.ADMIN in roles, **values}
    with writing():
        return Person.objects.create(
            organisation=organisation, phone=number, roles=[str(role) for role in roles], **values
        )


def viewer(person: Person) -> Viewer:
    """How queries and operations see this person now."""
    found = viewers.of_person(person.pk)
    assert found is not None, f"{person} is not active"
    return found


# ── equipment ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def product_line(maker: Organisation, code: str = "", **values: Any) -> ProductLine:
    """A product line of a manufacturer."""
    code = code or f"L{next(_sequence)}"
    values = {"name": f"{code} 系列", "product_type": "三相异步电动机", **values}
    with writing():
        return ProductLine.objects.create(manufacturer=maker, code=code, **values)


def product_model(line: ProductLine, code: str = "") -> ProductModel:
    """A model of a line."""
    with writing():
        return ProductModel.objects.create(
            manufacturer_id=line.manufacturer_id, line=line, code=code or f"YE3-{next(_sequence)}M-4"
        )


def part(maker: Organisation, code: str = "", **values: Any) -> Part:
    """A genuine part."""
    with writing():
        return Part.objects.create(
            manufacturer=maker, code=code or f"BRG-{next(_sequence)}", **{"name": "深沟球轴承", **values}
        )


def customer(dealer: Organisation, **values: Any) -> Customer:
    """A customer of a dealer."""
    number = values.setdefault("phone", phone())
    values = {
        "name": f"客户{next(_sequence)}(示例)",
        "contact": "张工",
        "province": "湖南省",
        "city": "永州市",
        "district": "冷水滩区",
        "address": "工业园 1 号",
        "industry": "矿山",
        "phone_digits": number,
        **values,
    }
    with writing():
        return Customer.objects.create(dealer=dealer, **values)


def machine(customer: Customer, maker: Organisation, **values: Any) -> Machine:
    """A machine at a customer's."""
    values = {
        "product_type": "三相异步电动机",
        "model": "YE3-160M-4",
        "serial_number": f"2603B{next(_sequence):04d}",
        **values,
    }
    with writing():
        return Machine.objects.create(dealer_id=customer.dealer_id, customer=customer, manufacturer=maker, **values)


# ── common ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def notice(person: Person, kind: str, **values: Any) -> Notice:
    """A message to a person."""
    with writing():
        return Notice.objects.create(
            organisation_id=person.organisation_id, person_id=person.pk, kind=kind, **{"created_at": NOW, **values}
        )


def job(person: Person, kind: str = "core.nothing", **values: Any) -> Job:
    """A job that a person asked for; no worker is rung."""
    who = viewer(person)
    values = {"title": "测试任务", "run_at": NOW, "created_at": NOW, **values}
    with writing():
        return Job.objects.create(
            kind=kind, organisation_id=who.org, tier=who.tier.value, person_id=person.pk, **values
        )


def words(kind: str) -> Sequence[str]:
    """The codes of a dictionary, in order."""
    return [entry.code for entry in rows(DictionaryEntry, "position", kind=kind)]
