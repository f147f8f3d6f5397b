"""The manufacturer's register of shipped machines (发货登记) from its ERP (domain.md 3). A machine is known by its serial number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import rights
from core.imports import values
from core.imports.kinds import Draft, Field, Kept, Kind, Problem, Run, State, Verdict, Written
from core.imports.undo import take_back
from core.tenancy import Viewer
from equipment.models import ProductModel, RegisterMachine, Shipment
from equipment.operations.import_customers import changes_of
from partners.enums import OrganisationKind
from partners.models import Organisation

OF_MACHINE = ("model", "ex_factory_on", "batch")
OF_SHIPMENT = ("consignee", "shipped_on", "order_number")

FIELDS = (
    Field("serial_number", gettext_lazy("Serial number"), ("出厂编号", "编号", "机号", "序列号", "机身号", "SN", "S/N", "产品编号", "Serial number"), values.codes(40), required=True, several=True, example="2603B017"),
    Field("model", gettext_lazy("Model"), ("产品型号", "型号", "规格型号", "型号规格", "物料描述", "Model"), values.code(60), required=True, example="YE3-160M-4"),
    Field("ex_factory_on", gettext_lazy("Ex-factory date"), ("出厂日期", "生产日期", "制造日期", "入库日期", "Ex-factory date"), values.day, example="2026-03-06"),
    Field("batch", gettext_lazy("Ex-factory batch"), ("出厂批次", "批次", "批号", "生产批次", "Batch"), values.code(30)),
    Field("shipped_on", gettext_lazy("Shipping date"), ("发货日期", "发运日期", "出库日期", "交货日期", "Shipping date"), values.day, example="2026-03-12"),
    Field("consignee", gettext_lazy("Shipped to"), ("收货单位", "收货方", "经销商", "客户", "客户名称", "购货单位", "发往", "Shipped to", "Dealer", "Consignee"), values.text(80), example="CS01"),
    Field("order_number", gettext_lazy("Order number"), ("订单号", "发货单号", "销售订单", "出库单号", "合同号", "Order number"), values.code(40)),
)  # fmt: skip


def judge(viewer: Viewer, run: Run, drafts: Sequence[Draft]) -> list[Verdict]:
    """New, changed or unchanged in the register of the viewer's manufacturer."""
    memo = run.memo
    if "models" not in memo:
        rows = ProductModel.objects.visible_to(viewer).filter(manufacturer_id=viewer.org).order_by("code")
        memo["models"] = {model.code.casefold(): model for model in rows}
        memo["codes"] = [model.code for model in memo["models"].values()]
        dealers = Organisation.objects.visible_to(viewer).filter(kind=OrganisationKind.DEALER).order_by("-code")
        memo["dealers"] = {
            values.squeezed(word): dealer
            for dealer in dealers
            for word in (dealer.name, dealer.short_name, dealer.code)
            if word
        }
    numbers = [draft.values["serial_number"] for draft in drafts]
    machines = RegisterMachine.objects.visible_to(viewer).filter(manufacturer_id=viewer.org, serial_number__in=numbers)
    known = {row.serial_number: row for row in machines.order_by("id")}
    shipped = Shipment.objects.visible_to(viewer).filter(machine__in=list(known.values())).order_by("id")
    shipments = {row.machine_id: row for row in shipped}
    return [_verdict(memo, draft, known.get(draft.values["serial_number"]), shipments) for draft in drafts]


def _verdict(
    memo: dict[str, Any], draft: Draft, machine: RegisterMachine | None, shipments: dict[int, Shipment]
) -> Verdict:
    model, key = draft.values["model"], draft.values["serial_number"]
    listed = memo["models"].get(model.casefold())
    if listed is None and (near := values.nearest(model, memo["codes"], 0.8)):
        problem = Problem("model", _("%(word)s was not found") % {"word": model}, near)
        return Verdict(State.REJECTED, key, (problem,))
    if machine is None:
        return Verdict(State.NEW, key)
    shipment = shipments.get(machine.pk)
    changed = changes_of(machine, _machine(memo, draft)) or (
        changes_of(shipment, _shipment(memo, draft)) if shipment else _has_shipment(draft)
    )
    return Verdict(State.CHANGED if changed else State.UNCHANGED, key, target=(machine, shipment))


@transaction.atomic
def write(viewer: Viewer, run: Run, chunk: Sequence[tuple[Draft, Verdict]], now: datetime) -> list[Written]:
    """Enter and change rows of the register. Errors: Refused("not_allowed", 403)."""
    rights.require(viewer, "import.register")
    memo = run.memo
    new = [draft for draft, verdict in chunk if verdict.state is State.NEW]
    machines = RegisterMachine.objects.bulk_create(
        [
            RegisterMachine(
                manufacturer_id=viewer.org, serial_number=draft.values["serial_number"], changed_by=viewer.name,
                **_machine(memo, draft),
            )
            for draft in new
        ],
        batch_size=500,
    )  # fmt: skip
    done = [Written(draft.line, "register", row.pk) for draft, row in zip(new, machines, strict=True)]
    to_ship = [(draft, machine) for draft, machine in zip(new, machines, strict=True) if _has_shipment(draft)]
    for draft, verdict in chunk:
        if verdict.state is not State.CHANGED:
            continue
        machine, shipment = verdict.target
        if changes := changes_of(machine, _machine(memo, draft)):
            done.append(_changed(draft, "register", machine, changes, by=viewer.name))
        if shipment is None and _has_shipment(draft):
            to_ship.append((draft, machine))
        elif shipment and (changes := changes_of(shipment, _shipment(memo, draft))):
            done.append(_changed(draft, "shipment", shipment, changes, main=not done or done[-1].line != draft.line))
    lines_done = {one.line for one in done if one.main}
    shipments = Shipment.objects.bulk_create(
        [Shipment(manufacturer_id=viewer.org, machine=machine, **_shipment(memo, draft)) for draft, machine in to_ship],
        batch_size=500,
    )
    done += [
        Written(draft.line, "shipment", row.pk, main=draft.line not in lines_done)
        for (draft, _machine_row), row in zip(to_ship, shipments, strict=True)
    ]
    return done


def _changed(
    draft: Draft, thing: str, row: Any, changes: dict[str, Any], *, main: bool = True, by: str = ""
) -> Written:
    before = {name: value.pk if hasattr(value := getattr(row, name), "pk") else value for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    if by:
        row.changed_by = by
    row.version += 1
    row.save()
    return Written(draft.line, thing, row.pk, row.version, before, main=main)


def _machine(memo: dict[str, Any], draft: Draft) -> dict[str, Any]:
    facts = {name: draft.values[name] for name in OF_MACHINE if name in draft.values}
    listed = memo["models"].get(facts["model"].casefold())
    if listed is not None:
        facts |= {"model": listed.code, "line_id": listed.line_id}
    return facts


def _shipment(memo: dict[str, Any], draft: Draft) -> dict[str, Any]:
    facts = {name: draft.values[name] for name in OF_SHIPMENT if name in draft.values}
    dealer = memo["dealers"].get(values.squeezed(facts.get("consignee", "")))
    return facts | {"dealer_id": dealer.pk} if dealer else facts


def _has_shipment(draft: Draft) -> bool:
    return any(draft.values.get(name) for name in OF_SHIPMENT)


def undo(viewer: Viewer, written: Sequence[Written], now: datetime) -> list[Kept]:
    """Shipments first, then machines. Errors: Refused("not_allowed", 403)."""
    rights.require(viewer, "import.register")
    shipments = [one for one in written if one.thing == "shipment"]
    machines = [one for one in written if one.thing == "register"]
    return [
        *take_back(viewer, Shipment, shipments, now, name=str),
        *take_back(viewer, RegisterMachine, machines, now, name=str),
    ]


KIND = Kind(
    name="register",
    label=gettext_lazy("Register of shipped machines"),
    lead=gettext_lazy(
        "What left the factory and where it went, from your ERP. Known by serial number; dealers never see the list."
    ),
    action="import.register",
    icon="factory",
    fields=FIELDS,
    judge=judge,
    write=write,
    undo=undo,
    list_name="imports:history",
)
