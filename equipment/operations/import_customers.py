"""Customers from a spreadsheet (domain.md 18.6). A customer is known by name and telephone number."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.imports import values
from core.imports.kinds import Draft, Field, Kept, Kind, Problem, Run, State, Verdict, Written
from core.imports.undo import take_back
from core.tenancy import Viewer
from core.typed import digits
from equipment.enums import CustomerGrade, CustomerSource
from equipment.models import Customer
from equipment.operations.customers import CustomerFacts, add_customers, change_customer

SOURCES = {"直销": CustomerSource.DIRECT, "直接销售": CustomerSource.DIRECT, "二级": CustomerSource.RESALE, "二级销售": CustomerSource.RESALE,
           "分销": CustomerSource.RESALE, "主机配套": CustomerSource.HOST_MACHINE, "配套": CustomerSource.HOST_MACHINE}  # fmt: skip
GRADES = {"典型客户": CustomerGrade.TYPICAL, "典型": CustomerGrade.TYPICAL, "重点": CustomerGrade.KEY, "重点客户": CustomerGrade.KEY,
          "一般": CustomerGrade.ORDINARY, "普通": CustomerGrade.ORDINARY, "一般客户": CustomerGrade.ORDINARY}  # fmt: skip

FIELDS = (
    Field("name", gettext_lazy("Customer name"), ("客户名称", "客户", "单位名称", "用户名称", "公司名称", "客户单位", "名称", "Customer", "Customer name", "Company"), values.text(60), required=True, example="永州市湘江水泥有限公司"),
    Field("contact", gettext_lazy("Contact"), ("联系人", "客户联系人", "联络人", "Contact", "Contact person"), values.text(20), example="张工"),
    Field("phone", gettext_lazy("Telephone"), ("联系电话", "电话", "手机", "手机号", "手机号码", "客户电话", "联系方式", "Phone", "Telephone", "Mobile"), values.phone, example="13800001111"),
    Field("phone2", gettext_lazy("Second telephone"), ("备用电话", "电话2", "其他电话", "Phone 2"), values.phone),
    Field("province", gettext_lazy("Province"), ("省", "省份", "所在省", "Province"), values.text(20), example="湖南省"),
    Field("city", gettext_lazy("City"), ("市", "城市", "所在市", "地市", "City"), values.text(30), example="永州市"),
    Field("district", gettext_lazy("District"), ("区", "区县", "县", "District"), values.text(30), example="冷水滩区"),
    Field("address", gettext_lazy("Address"), ("详细地址", "地址", "客户地址", "单位地址", "Address", "Street"), values.text(100), example="工业园 1 号"),
    Field("credit_code", gettext_lazy("Unified credit code"), ("统一社会信用代码", "信用代码", "税号", "纳税人识别号", "Tax number"), values.code(18)),
    Field("industry", gettext_lazy("Industry"), ("行业", "客户行业", "所属行业", "Industry"), values.text(40), example="水泥"),
    Field("source", gettext_lazy("Source"), ("客户来源", "来源", "Source"), values.choice(SOURCES), example="直销 / 二级 / 主机配套"),
    Field("grade", gettext_lazy("Grade"), ("等级", "客户等级", "级别", "Grade"), values.choice(GRADES), example="典型客户 / 重点 / 一般"),
    Field("note", gettext_lazy("Note"), ("备注", "说明", "Note", "Remarks"), values.text(1000)),
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """Which customer a row means. key: the same for all rows that mean him; customer: None = he is not entered yet."""

    key: str
    customer: Customer | None = None
    problem: Problem | None = None


class Customers:
    """The dealer's customers with the names of a chunk, and those that the file itself brings (in the run's memo)."""

    def __init__(self, viewer: Viewer, run: Run, names: Iterable[str]) -> None:
        self._new: dict[str, dict[str, str]] = run.memo.setdefault("new_customers", {})
        wanted = {variant for name in names for variant in _variants(name)}
        rows = Customer.objects.visible_to(viewer).filter(name__in=wanted).order_by("-active", "id")
        self._known: dict[str, list[Customer]] = {}
        for row in rows:
            self._known.setdefault(values.squeezed(row.name), []).append(row)

    def find(self, name: str, phone: str, field: str) -> Found:
        """The customer of this name and number; a row without number means the only one of the name. field: where a fault stands."""
        plain, number = values.squeezed(name), digits(phone)
        fresh = self._new.get(plain, {})
        known = self._known.get(plain, [])
        if number:
            same = [row for row in known if number in (row.phone_digits, row.phone2_digits)]
            if not same and len(known) == 1 and not known[0].phone_digits:
                same = known
        else:
            same = known
        if key := fresh.get(number) or (fresh.get("") if number else next(iter(fresh.values()), None)):
            # brought by an earlier row of this file; it may be written meanwhile
            return Found(key, same[0] if same else None)
        if len(same) == 1 or (same and number):
            return Found(f"#{same[0].pk}", same[0])
        if same:
            text = _("%(n)s customers have this name; the telephone number tells which") % {"n": len(same)}
            return Found("", problem=Problem(field, text))
        key = f"{plain}|{number}"
        self._new.setdefault(plain, {})[number] = key
        return Found(key)


def judge(viewer: Viewer, run: Run, drafts: Sequence[Draft]) -> list[Verdict]:
    """New, changed or unchanged; empty cells change nothing."""
    known = Customers(viewer, run, (draft.values["name"] for draft in drafts))
    return [_verdict(known, draft) for draft in drafts]


def _verdict(known: Customers, draft: Draft) -> Verdict:
    found = known.find(draft.values["name"], draft.values.get("phone", ""), "name")
    if found.problem:
        return Verdict(State.REJECTED, problems=(found.problem,))
    if found.customer is None:
        return Verdict(State.NEW, found.key)
    changes = changes_of(found.customer, {name: value for name, value in draft.values.items() if name != "name"})
    return Verdict(State.CHANGED if changes else State.UNCHANGED, found.key, target=found.customer)


def write(viewer: Viewer, run: Run, chunk: Sequence[tuple[Draft, Verdict]], now: datetime) -> list[Written]:
    """Through `add_customers` and `change_customer`."""
    new = [draft for draft, verdict in chunk if verdict.state is State.NEW]
    made = add_customers(viewer=viewer, facts=[CustomerFacts(**draft.values) for draft in new], now=now)
    done = [Written(draft.line, "customer", row.pk, row.version) for draft, row in zip(new, made, strict=True)]
    for draft, verdict in chunk:
        if verdict.state is State.CHANGED:
            customer: Customer = verdict.target
            present = CustomerFacts(**{name: getattr(customer, name) for name in CustomerFacts.__dataclass_fields__})
            changes = changes_of(customer, {name: value for name, value in draft.values.items() if name != "name"})
            row = change_customer(
                viewer=viewer, public_id=customer.public_id, facts=replace(present, **changes),
                expected_version=customer.version, now=now,
            )  # fmt: skip
            before = {name: getattr(customer, name) for name in changes}
            done.append(Written(draft.line, "customer", row.pk, row.version, before))
    return done


def undo(viewer: Viewer, written: Sequence[Written], now: datetime) -> list[Kept]:
    """Delete the new ones, give the changed ones their former values."""
    return take_back(viewer, Customer, written, now, name=str, restored=_digits_again)


def changes_of(row: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    """What of the wanted values the row does not have yet; empty ones change nothing."""
    return {name: value for name, value in wanted.items() if value not in ("", None) and getattr(row, name) != value}


def _digits_again(customer: Customer) -> None:
    customer.phone_digits, customer.phone2_digits = digits(customer.phone), digits(customer.phone2)


def _variants(name: str) -> set[str]:
    """How the same name may be written: with brackets of either width."""
    half = unicodedata.normalize("NFKC", name)
    return {name, half, half.replace("(", "（").replace(")", "）")}


KIND = Kind(
    name="customers",
    label=gettext_lazy("Customers"),
    lead=gettext_lazy("Names, contacts and addresses of your customers. Known by name and telephone number."),
    action="import.customers",
    icon="users",
    fields=FIELDS,
    judge=judge,
    write=write,
    undo=undo,
    list_name="equipment:customers",
)
