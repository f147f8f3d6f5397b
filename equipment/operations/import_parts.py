"""Parts with their prices from a spreadsheet. A part is known by manufacturer and number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import rights
from core.errors import Refused
from core.imports import values
from core.imports.kinds import Draft, Field, Kept, Kind, Option, Problem, Run, State, Verdict, Written
from core.imports.undo import take_back
from core.tenancy import Viewer
from equipment.models import Part
from equipment.operations.catalogue import PartFacts, add_parts, change_parts
from equipment.operations.import_customers import changes_of
from equipment.queries import catalogue

FIELDS = (
    Field("code", gettext_lazy("Part number"), ("配件编码", "配件编号", "物料编码", "物料号", "件号", "图号", "编码", "Part number", "Part No", "Code"), values.code(40), required=True, example="BRG-6309-2Z"),
    Field("name", gettext_lazy("Name"), ("配件名称", "物料名称", "名称", "品名", "Name", "Description"), values.text(60), required=True, example="深沟球轴承"),
    Field("unit", gettext_lazy("Unit"), ("单位", "计量单位", "Unit"), values.text(8), example="件"),
    Field("price", gettext_lazy("List price"), ("单价", "含税单价", "价格", "含税价", "售价", "标准价格", "Price", "List price"), values.amount(Decimal(999999999)), example="186.00"),
    Field("key_part", gettext_lazy("Key part"), ("关键件", "是否关键件", "Key part"), values.yes, example="是 / 否"),
)  # fmt: skip


def judge(viewer: Viewer, run: Run, drafts: Sequence[Draft]) -> list[Verdict]:
    """New, changed or unchanged in the list of one manufacturer. Errors: Refused("manufacturer_unknown")."""
    maker = _maker(viewer, run)
    known = catalogue.parts_of_codes(viewer, maker, [draft.values["code"] for draft in drafts])
    return [_verdict(draft, known.get(draft.values["code"].upper())) for draft in drafts]


def _verdict(draft: Draft, part: Part | None) -> Verdict:
    key = draft.values["code"].upper()
    if part is None:
        return Verdict(State.NEW, key)
    if not part.active:
        return Verdict(State.REJECTED, key, (Problem("code", _("this part is withdrawn; publish it again first")),))
    changes = changes_of(part, {name: value for name, value in draft.values.items() if name != "code"})
    return Verdict(State.CHANGED if changes else State.UNCHANGED, key, target=part)


def write(viewer: Viewer, run: Run, chunk: Sequence[tuple[Draft, Verdict]], now: datetime) -> list[Written]:
    """Through `add_parts` and `change_parts`."""
    maker = _maker(viewer, run)
    new = [draft for draft, verdict in chunk if verdict.state is State.NEW]
    made = add_parts(viewer=viewer, manufacturer_id=maker, facts=[PartFacts(**draft.values) for draft in new], now=now)
    done = [Written(draft.line, "part", row.pk, row.version) for draft, row in zip(new, made, strict=True)]
    changes: list[tuple[Part, PartFacts]] = []
    before: list[tuple[int, dict[str, Any]]] = []
    for draft, verdict in chunk:
        if verdict.state is State.CHANGED:
            part: Part = verdict.target
            wanted = changes_of(part, {name: value for name, value in draft.values.items() if name != "code"})
            before.append((draft.line, {name: getattr(part, name) for name in wanted}))
            present = PartFacts(**{name: getattr(part, name) for name in PartFacts.__dataclass_fields__})
            changes.append((part, replace(present, **wanted)))
    change_parts(viewer=viewer, manufacturer_id=maker, changes=changes, now=now)
    done += [
        Written(line, "part", part.pk, part.version, was)
        for (part, _f), (line, was) in zip(changes, before, strict=True)
    ]
    return done


def undo(viewer: Viewer, written: Sequence[Written], now: datetime) -> list[Kept]:
    """Delete the new ones, give the changed ones their former prices."""
    return take_back(viewer, Part, written, now, name=str)


def options(viewer: Viewer) -> list[Option]:
    """The manufacturer whose list it is: the own one, or a dealer's unlisted ones."""
    makers = [maker for maker in catalogue.makers(viewer) if rights.may(viewer, "import.parts", maker.pk)]
    choices: tuple[tuple[str, Any], ...] = tuple((maker.public_id, maker.label) for maker in makers)
    return [Option("maker", gettext_lazy("Manufacturer"), choices)]


def _maker(viewer: Viewer, run: Run) -> int:
    if "maker" not in run.memo:
        makers = {maker.public_id: maker.pk for maker in catalogue.makers(viewer)}
        chosen = makers.get(run.options.get("maker", ""))
        if chosen is None:
            raise Refused("manufacturer_unknown", field="maker")
        rights.require(viewer, "import.parts", chosen)
        run.memo["maker"] = chosen
    return int(run.memo["maker"])


KIND = Kind(
    name="parts",
    label=gettext_lazy("Parts and prices"),
    lead=gettext_lazy("Numbers, names and list prices of parts. Known by number; a new price list changes the prices."),
    action="import.parts",
    icon="package",
    fields=FIELDS,
    judge=judge,
    write=write,
    undo=undo,
    list_name="equipment:parts",
    options=options,
)
