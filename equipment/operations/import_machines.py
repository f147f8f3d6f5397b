"""Machines at customers from a spreadsheet (domain.md 3, 18.6). A machine is known by manufacturer and serial number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dictionaries import words
from core.imports import values
from core.imports.kinds import Draft, Field, Kept, Kind, Option, Problem, Run, State, Verdict, Written
from core.imports.undo import take_back
from core.models.dictionary import DictionaryKind
from core.tenancy import Viewer
from equipment.models import Customer, Machine, ProductModel
from equipment.operations.customers import CustomerFacts, add_customers
from equipment.operations.import_customers import Customers, changes_of
from equipment.operations.machines import MachineFacts, add_machines, change_machine
from equipment.queries import catalogue

OF_CUSTOMER = {
    "customer_phone": "phone",
    "contact": "contact",
    "province": "province",
    "city": "city",
    "address": "address",
}
NO_MODEL = "不详"

FIELDS = (
    Field("customer", gettext_lazy("Customer name"), ("客户名称", "客户", "单位名称", "用户名称", "用户", "使用单位", "客户单位", "Customer", "Customer name"), values.text(60), required=True, example="永州市湘江水泥有限公司"),
    Field("customer_phone", gettext_lazy("Telephone"), ("联系电话", "电话", "手机", "手机号", "客户电话", "联系方式", "Phone", "Mobile"), values.phone, example="13800001111"),
    Field("contact", gettext_lazy("Contact"), ("联系人", "客户联系人", "Contact"), values.text(20)),
    Field("province", gettext_lazy("Province"), ("省", "省份", "Province"), values.text(20)),
    Field("city", gettext_lazy("City"), ("市", "城市", "City"), values.text(30)),
    Field("address", gettext_lazy("Address"), ("详细地址", "地址", "客户地址", "Address"), values.text(100)),
    Field("maker", gettext_lazy("Manufacturer"), ("厂家", "品牌", "制造商", "生产厂家", "Manufacturer", "Maker", "Brand"), values.text(80)),
    Field("product_type", gettext_lazy("Product type"), ("产品类型", "产品类别", "设备类型", "设备类别", "类型", "类别", "Product type"), values.text(40), example="三相异步电动机"),
    Field("model", gettext_lazy("Model"), ("产品型号", "型号", "规格型号", "型号规格", "设备型号", "机型", "Model", "Type"), values.code(60), required=True, example="YE3-160M-4"),
    Field("serial_number", gettext_lazy("Serial number"), ("出厂编号", "编号", "机号", "序列号", "机身号", "SN", "S/N", "Serial number", "Serial No", "出厂号", "产品编号"), values.codes(40), several=True, example="2603B017"),
    Field("ex_factory_on", gettext_lazy("Ex-factory date"), ("出厂日期", "生产日期", "制造日期", "Ex-factory date", "Made on"), values.day, example="2026-03-06"),
    Field("batch", gettext_lazy("Ex-factory batch"), ("出厂批次", "批次", "批号", "Batch"), values.code(30)),
    Field("shipped_on", gettext_lazy("Shipping date"), ("发货日期", "发运日期", "Shipping date"), values.day),
    Field("purchased_on", gettext_lazy("Purchase date (invoice)"), ("购机日期", "购买日期", "销售日期", "开票日期", "Purchase date"), values.day),
    Field("accepted_on", gettext_lazy("Installation / acceptance date"), ("验收日期", "安装日期", "安装/验收日期", "投运日期", "Installation date"), values.day),
    Field("host_brand", gettext_lazy("Host machine's brand"), ("主机品牌", "主机厂家"), values.text(40)),
    Field("host_model", gettext_lazy("Host machine's model"), ("主机型号", "配套主机"), values.code(40)),
    Field("host_number", gettext_lazy("Host machine's number"), ("主机编号",), values.code(40)),
    Field("location", gettext_lazy("Place of installation"), ("安装位置", "安装地点", "位置", "使用地点", "Location"), values.text(60), example="2 号生料磨"),
    Field("running_hours", gettext_lazy("Running hours"), ("累计运行小时", "运行小时", "运行时间", "Running hours"), values.amount(Decimal("99999999.9"), places=1)),
    Field("sold_by", gettext_lazy("Sold by"), ("销售经销商", "销售单位", "供货单位", "Sold by"), values.text(60)),
    Field("note", gettext_lazy("Note"), ("备注", "说明", "Note", "Remarks"), values.text(1000)),
)  # fmt: skip
PLAIN = tuple(
    one.name
    for one in FIELDS
    if one.name not in ("customer", "maker", "product_type", "model", "serial_number", *OF_CUSTOMER)
)


@dataclass(frozen=True)
class Target:
    """What a row means: which customer (by key while he is not entered), which facts, which machine that is there already."""

    customer_key: str
    customer: Customer | None
    facts: MachineFacts
    machine: Machine | None = None


class _Chunk:
    """What is known about the rows of a chunk, read with a few statements."""

    def __init__(self, viewer: Viewer, run: Run, drafts: Sequence[Draft]) -> None:
        self.viewer, self.run = viewer, run
        self.customers = Customers(viewer, run, (draft.values["customer"] for draft in drafts))
        memo = run.memo
        if "makers" not in memo:
            makers = catalogue.makers(viewer)
            memo["makers"] = {
                values.squeezed(word): maker.pk
                for maker in reversed(makers)
                for word in (maker.name, maker.short_name, maker.code)
                if word
            }
            memo["maker_words"] = {maker.label: maker.pk for maker in makers}
            memo["chosen"] = next((maker.pk for maker in makers if maker.public_id == run.options.get("maker")), None)
            memo["types"] = words(DictionaryKind.PRODUCT_TYPE)
            memo["models"] = {}
            memo["without_number"] = Counter()
            memo["known_without"] = {}
        numbers = {draft.values["serial_number"] for draft in drafts if draft.values.get("serial_number")}
        rows = Machine.objects.visible_to(viewer).filter(serial_number__in=numbers).select_related("customer")
        self.machines = {(row.manufacturer_id, row.serial_number): row for row in rows.order_by("id")}

    def maker(self, draft: Draft) -> tuple[int | None, Problem | None]:
        """The manufacturer that the row names, else the one chosen for the file."""
        memo, word = self.run.memo, draft.values.get("maker", "")
        if not word:
            chosen = memo["chosen"]
            return chosen, None if chosen else Problem("maker", _("choose the manufacturer"))
        found = memo["makers"].get(values.squeezed(word))
        if found is None:
            near = values.nearest(word, memo["maker_words"], 0.5)
            return None, Problem("maker", _("you do not work with %(word)s") % {"word": word}, near)
        return found, None

    def models(self, maker: int) -> tuple[dict[str, tuple[str, str]], list[str]]:
        """The manufacturer's models: small letters -> (code, product type), and all codes."""
        known = self.run.memo["models"]
        if maker not in known:
            rows = ProductModel.objects.visible_to(self.viewer).filter(manufacturer_id=maker).order_by("code")
            pairs = list(rows.values_list("code", "line__product_type"))
            known[maker] = ({code.casefold(): (code, kind) for code, kind in pairs}, [code for code, _kind in pairs])
        found: tuple[dict[str, tuple[str, str]], list[str]] = known[maker]
        return found

    def type_of(self, draft: Draft, maker: int) -> tuple[str, str, list[Problem]]:
        """Model and product type as they are kept."""
        model, kind = draft.values["model"], draft.values.get("product_type", "")
        published, listed = self.models(maker)
        if model.casefold() in published:
            return *published[model.casefold()], []
        types = self.run.memo["types"]
        near = values.nearest(model, listed, 0.8) if listed and model != NO_MODEL else ""
        if near and (not kind or values.squeezed(near) == values.squeezed(model)):
            return model, kind, [Problem("model", _("%(word)s was not found") % {"word": model}, near)]
        if not kind:
            return model, kind, [Problem("product_type", _("is missing, and the model is in nobody's list"))]
        if types and kind not in types:
            near = values.nearest(kind, types, 0.5)
            return model, kind, [Problem("product_type", _("%(word)s was not found") % {"word": kind}, near)]
        return model, kind, []


def judge(viewer: Viewer, run: Run, drafts: Sequence[Draft]) -> list[Verdict]:
    """New, changed or unchanged. A row without serial number is known by customer, model and place, and how manieth it is."""
    chunk = _Chunk(viewer, run, drafts)
    return [_verdict(chunk, draft) for draft in drafts]


def _verdict(chunk: _Chunk, draft: Draft) -> Verdict:
    maker, problem = chunk.maker(draft)
    problems = [problem] if problem else []
    model, kind = "", ""
    if maker is not None:
        model, kind, wrong = chunk.type_of(draft, maker)
        problems += wrong
    found = chunk.customers.find(draft.values["customer"], draft.values.get("customer_phone", ""), "customer")
    if found.problem:
        problems.append(found.problem)
    if problems or maker is None:
        return Verdict(State.REJECTED, problems=tuple(problems))
    plain = {name: draft.values[name] for name in PLAIN if name in draft.values}
    facts = MachineFacts(maker, kind, model, draft.values.get("serial_number", ""), **plain)
    target = Target(found.key, found.customer, facts)
    if not facts.serial_number:
        return _without_number(chunk, target)
    key = f"{maker}|{facts.serial_number}"
    machine = chunk.machines.get((maker, facts.serial_number))
    if machine is None:
        return Verdict(State.NEW, key, target=target)
    if found.customer is None or machine.customer_id != found.customer.pk:
        text = _("%(number)s stands at %(customer)s") % {"number": facts.serial_number, "customer": machine.customer}
        return Verdict(State.REJECTED, key, (Problem("customer", text),))
    changes = changes_of(machine, {**plain, "model": model})
    state = State.CHANGED if changes else State.UNCHANGED
    return Verdict(state, key, target=replace(target, machine=machine))


def _without_number(chunk: _Chunk, target: Target) -> Verdict:
    """The n-th machine without number of one customer, model and place: unchanged as long as so many are there."""
    memo, facts = chunk.run.memo, target.facts
    like = (target.customer_key, facts.manufacturer_id, facts.model, facts.location)
    if like not in memo["known_without"]:
        rows = Machine.objects.visible_to(chunk.viewer).filter(
            customer=target.customer, manufacturer_id=facts.manufacturer_id, model=facts.model, location=facts.location,
            serial_number="",
        )  # fmt: skip
        memo["known_without"][like] = rows.count() if target.customer else 0
    memo["without_number"][like] += 1
    nth = memo["without_number"][like]
    state = State.UNCHANGED if nth <= memo["known_without"][like] else State.NEW
    return Verdict(state, f"{'|'.join(map(str, like))}|{nth}", target=target)


def write(viewer: Viewer, run: Run, chunk: Sequence[tuple[Draft, Verdict]], now: datetime) -> list[Written]:
    """Through `add_customers`, `add_machines` and `change_machine`."""
    done: list[Written] = []
    customers: dict[str, Customer] = run.memo.setdefault("made_customers", {})
    new = [(draft, verdict.target) for draft, verdict in chunk if verdict.state is State.NEW]
    missing: dict[str, Draft] = {}
    for draft, target in new:
        if target.customer is None and target.customer_key not in customers:
            missing.setdefault(target.customer_key, draft)
    made = add_customers(viewer=viewer, facts=[_customer(draft) for draft in missing.values()], now=now)
    for (key, draft), customer in zip(missing.items(), made, strict=True):
        customers[key] = customer
        done.append(Written(draft.line, "customer", customer.pk, customer.version, main=False))
    machines = add_machines(
        viewer=viewer,
        machines=[(target.customer or customers[target.customer_key], target.facts) for _draft, target in new],
        now=now,
    )
    done += [
        Written(draft.line, "machine", row.pk, row.version) for (draft, _target), row in zip(new, machines, strict=True)
    ]
    for draft, verdict in chunk:
        if verdict.state is State.CHANGED:
            done.append(_change(viewer, draft, verdict.target, now))
    return done


def _change(viewer: Viewer, draft: Draft, target: Target, now: datetime) -> Written:
    machine = target.machine
    assert machine is not None  # it is changed, so it is there
    plain = {name: draft.values[name] for name in PLAIN if name in draft.values}
    changes = changes_of(machine, {**plain, "model": target.facts.model})
    names = [name for name in MachineFacts.__dataclass_fields__ if name != "conditions"]
    present = MachineFacts(**{name: getattr(machine, name) for name in names}, conditions=tuple(machine.conditions))
    row = change_machine(
        viewer=viewer,
        public_id=machine.public_id,
        facts=replace(present, **changes),
        expected_version=machine.version,
        now=now,
    )
    before = {name: getattr(machine, name) for name in changes}
    if "model" in changes:
        before |= {"line": machine.line_id, "product_type": machine.product_type}
    return Written(draft.line, "machine", row.pk, row.version, before)


def _customer(draft: Draft) -> CustomerFacts:
    more = {mine: draft.values[name] for name, mine in OF_CUSTOMER.items() if name in draft.values}
    return CustomerFacts(name=draft.values["customer"], **more)


def undo(viewer: Viewer, written: Sequence[Written], now: datetime) -> list[Kept]:
    """Machines first, then the customers that came with them."""
    machines = [one for one in written if one.thing == "machine"]
    customers = [one for one in written if one.thing == "customer"]
    return [
        *take_back(viewer, Machine, machines, now, name=str),
        *take_back(viewer, Customer, customers, now, name=str),
    ]


def options(viewer: Viewer) -> list[Option]:
    """The manufacturer of the rows that name none."""
    choices: tuple[tuple[str, Any], ...] = tuple((maker.public_id, maker.label) for maker in catalogue.makers(viewer))
    hint = gettext_lazy("For rows that name no manufacturer")
    return [Option("maker", gettext_lazy("Manufacturer"), choices, hint)]


KIND = Kind(
    name="machines",
    label=gettext_lazy("Machines"),
    lead=gettext_lazy(
        "Machines at your customers. Known by manufacturer and serial number; customers that are missing are entered, too."
    ),
    action="import.machines",
    icon="settings",
    fields=FIELDS,
    judge=judge,
    write=write,
    undo=undo,
    list_name="equipment:machines",
    options=options,
)
