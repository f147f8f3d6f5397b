"""The people whom everybody knows (style.md 3, rule 23), and the ways to act as one of them.

Dealer CS01 works for maker SF (all shared, office SF-HN); dealer HF01 works for maker HC (on demand, office HC-AH) and must see
nothing of CS01. `people.dispatcher` is a viewer; `people.person("dispatcher")` its row; `people.cs01` an organisation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from django.test import Client

from core import tenancy
from core.errors import Refused
from core.tenancy import Viewer
from partners.enums import Department, OrganisationKind, Role, Sharing
from partners.middleware import SESSION_PERSON
from partners.models import Account, Organisation, Partnership, Person
from tests import factories

#: name: (organisation, Chinese name, roles, further columns)
KNOWN: dict[str, tuple[str, str, tuple[str, ...], dict[str, Any]]] = {
    "platform": ("PF", "平台管理员", (Role.ADMIN,), {}),
    # dealer CS01
    "admin": ("CS01", "周岚", (Role.ADMIN,), {}),
    "owner": ("CS01", "黄总", (Role.OWNER,), {}),
    "dispatcher": ("CS01", "李静", (Role.DISPATCHER,), {}),
    "technician": ("CS01", "陈志强", (Role.TECHNICIAN,), {"city": "长沙市"}),
    "second_technician": ("CS01", "刘建军", (Role.TECHNICIAN,), {"city": "永州市"}),
    "storekeeper": ("CS01", "何小明", (Role.STOREKEEPER,), {}),
    "accountant": ("CS01", "谢军", (Role.ACCOUNTANT,), {}),
    # dealer HF01, the stranger
    "stranger_admin": ("HF01", "丁勇", (Role.ADMIN,), {}),
    "stranger": ("HF01", "孙浩", (Role.DISPATCHER, Role.OWNER), {}),
    "stranger_technician": ("HF01", "张磊", (Role.TECHNICIAN,), {}),
    # maker SF and its office
    "hq_admin": ("SF", "于洋", (Role.ADMIN,), {}),
    "reviewer": ("SF", "吴丽", (Role.REVIEWER,), {"department": Department.AFTER_SALES}),
    "call_centre": ("SF", "江月", (Role.CALL_CENTRE,), {"department": Department.AFTER_SALES}),
    "quality": ("SF", "钱进", (Role.DEPARTMENT,), {"department": Department.QUALITY}),
    "finance": ("SF", "秦芳", (Role.FINANCE,), {"department": Department.FINANCE}),
    "office": ("SF-HN", "郭伟", (Role.OFFICE_MANAGER,), {}),
    "office_engineer": ("SF-HN", "方梅", (Role.OFFICE_ENGINEER,), {}),
    "office_admin": ("SF-HN", "彭程", (Role.ADMIN,), {}),
    # maker HC and its office: other brand, other region
    "other_hq_admin": ("HC", "梁宇", (Role.ADMIN,), {}),
    "other_reviewer": ("HC", "沈洁", (Role.REVIEWER,), {"department": Department.AFTER_SALES}),
    "other_office": ("HC-AH", "宋涛", (Role.OFFICE_MANAGER,), {}),
}


class People:
    """The known people and organisations; viewers are made when they are first asked for."""

    organisations: ClassVar[tuple[tuple[str, str, str, str], ...]] = (
        ("PF", OrganisationKind.PLATFORM, "平台", ""),
        ("CS01", OrganisationKind.DEALER, "长沙瑞启机电设备(示例)", "长沙瑞启"),
        ("HF01", OrganisationKind.DEALER, "合肥恒聚动力(示例)", "合肥恒聚"),
        ("SF", OrganisationKind.MAKER, "示范机电有限公司(示例)", "示范机电"),
        ("HC", OrganisationKind.MAKER, "皓川电机有限公司(示例)", "皓川电机"),
        ("SF-HN", OrganisationKind.OFFICE, "湖南办事处", ""),
        ("HC-AH", OrganisationKind.OFFICE, "安徽办事处", ""),
    )

    def __init__(self) -> None:
        self._viewers: dict[str, Viewer] = {}
        with factories.writing():
            self._by_code = self._make_organisations()
            self._persons = self._make_persons()
            self.partnership, self.other_partnership = self._make_partnerships()
        self.platform_org, self.cs01, self.hf01 = (self._by_code[code] for code in ("PF", "CS01", "HF01"))
        self.sf, self.hc = self._by_code["SF"], self._by_code["HC"]
        self.sf_hn, self.hc_ah = self._by_code["SF-HN"], self._by_code["HC-AH"]

    def _make_organisations(self) -> dict[str, Organisation]:
        made: dict[str, Organisation] = {}
        for offices in (False, True):
            rows = [
                Organisation(
                    code=code,
                    kind=kind,
                    name=name,
                    short_name=short,
                    service_phone="0731-88880000",
                    address="示例路 1 号",
                    parent=made[code.split("-")[0]] if offices else None,
                )
                for code, kind, name, short in self.organisations
                if (kind == OrganisationKind.OFFICE) is offices
            ]
            made |= {row.code: row for row in Organisation.objects.bulk_create(rows)}
        return made

    def _make_persons(self) -> dict[str, Person]:
        accounts = [
            Account(phone=f"199000000{place:02d}", username=name, password=factories.password_hash())
            for place, name in enumerate(KNOWN, start=1)
        ]
        Account.objects.bulk_create(accounts)
        persons = [
            Person(
                organisation=self._by_code[code],
                account=account,
                name=name,
                phone=account.phone,
                roles=[str(role) for role in roles],
                is_admin=Role.ADMIN in roles,
                **columns,
            )
            for account, (code, name, roles, columns) in zip(accounts, KNOWN.values(), strict=True)
        ]
        return dict(zip(KNOWN, Person.objects.bulk_create(persons), strict=True))

    def _make_partnerships(self) -> tuple[Partnership, Partnership]:
        by = self._by_code
        return (
            factories.partnership(by["CS01"], by["SF"], office=by["SF-HN"], sharing=Sharing.FULL, level="1"),
            factories.partnership(by["HF01"], by["HC"], office=by["HC-AH"], sharing=Sharing.ON_DEMAND, level="2"),
        )

    def person(self, name: str) -> Person:
        """The row of a known person, as it was made."""
        return self._persons[name]

    def name_of(self, viewer: Viewer) -> str:
        """By which name we know this viewer."""
        return next(name for name, person in self._persons.items() if person.pk == viewer.person_id)

    def fresh(self, name: str) -> Viewer:
        """The viewer as he would be at his next request: after a change of roles or partnerships."""
        self._viewers[name] = factories.viewer(self._persons[name])
        return self._viewers[name]

    def __getattr__(self, name: str) -> Viewer:
        if name not in KNOWN:
            raise AttributeError(name)
        return self._viewers.get(name) or self.fresh(name)


def act(operation: Any, *, viewer: Viewer, **arguments: Any) -> Any:
    """Do an operation (or a query whose first argument is `viewer`) as the middleware would: under the viewer's role."""
    with tenancy.acting(viewer):
        return operation(viewer=viewer, **arguments)


def sees(viewer: Viewer, model: Any, **lookup: Any) -> list[Any]:
    """The rows of a table that a viewer sees, by id, with both layers on."""
    with tenancy.acting(viewer):
        return list(model.objects.visible_to(viewer).filter(**lookup).order_by("id"))


@contextmanager
def refused(code: str, *, field: str | None = None) -> Iterator[None]:
    """The block must be refused with exactly this code (and field, when one is named); nothing of it is kept."""
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.code == code
    if field is not None:
        assert caught.value.field == field


def sign_in(client: Client, who: Viewer | Person) -> Client:
    """Sign the client in as this person, without the sign-in page, in a browser that nobody has used before."""
    client.cookies.clear()
    person = who if isinstance(who, Person) else factories.rows(Person, id=who.person_id)[0]
    client.force_login(Account.objects.get(pk=person.account_id))
    session = client.session
    session[SESSION_PERSON] = person.pk
    session.save()
    return client
