"""The tables of the checks from a spreadsheet, and taking a row out (domain.md 9.3, B01 to B03). A row is known by table, code and what it fits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import rights
from core.imports import values
from core.imports.kinds import Draft, Field, Kept, Kind, Problem, Run, State, Verdict, Written
from core.imports.undo import take_back
from core.tenancy import Viewer
from settlement.enums import CheckTable
from settlement.models import CheckRow

#: how people write the tables, squeezed -> ours
TABLES = {
    "工时与故障": CheckTable.LABOUR_FAULT.value,
    "工时与型号": CheckTable.LABOUR_MODEL.value,
    "配件与型号": CheckTable.PART_MODEL.value,
    "工时故障": CheckTable.LABOUR_FAULT.value,
    "工时型号": CheckTable.LABOUR_MODEL.value,
    "配件型号": CheckTable.PART_MODEL.value,
    **{values.squeezed(table.value): table.value for table in CheckTable},
}
FIELDS = (
    Field("table", gettext_lazy("Table"), ("对照表", "表", "类别", "Table"), values.choice(TABLES), required=True, example="配件与型号"),
    Field("key", gettext_lazy("Code of labour or part"), ("编码", "工时代码", "配件编码", "代码", "Code"), values.code(40), required=True, example="BRG-6309-2Z"),
    Field("value", gettext_lazy("Fits"), ("适用", "适用故障", "适用型号", "故障", "型号", "Fits"), values.text(60), required=True, example="YE3-160M-4"),
    Field("most", gettext_lazy("At most in one machine"), ("单机用量", "用量", "最多", "数量", "Quantity"), values.amount(Decimal(99999)), example="2"),
)  # fmt: skip

Key = tuple[str, str, str]


def _key(draft: Draft) -> Key:
    return draft.values["table"], draft.values["key"].upper(), draft.values["value"]


def judge(viewer: Viewer, run: Run, drafts: Sequence[Draft]) -> list[Verdict]:
    """New, changed or unchanged in the tables of the viewer's manufacturer; a part wants its quantity."""
    rows = CheckRow.objects.visible_to(viewer).filter(key__in={_key(draft)[1] for draft in drafts}).order_by("id")
    known = {(row.table, row.key, row.value): row for row in rows}
    return [_verdict(draft, known.get(_key(draft))) for draft in drafts]


def _verdict(draft: Draft, row: CheckRow | None) -> Verdict:
    key, most = "|".join(_key(draft)), _most(draft)
    if draft.values["table"] == CheckTable.PART_MODEL and not most:
        return Verdict(State.REJECTED, key, (Problem("most", _("write how many one machine takes")),))
    if row is None:
        return Verdict(State.NEW, key)
    return Verdict(State.UNCHANGED if row.most == most else State.CHANGED, key, target=row)


def _most(draft: Draft) -> Decimal | None:
    return draft.values.get("most") if draft.values["table"] == CheckTable.PART_MODEL else None


@transaction.atomic
def write(viewer: Viewer, run: Run, chunk: Sequence[tuple[Draft, Verdict]], now: datetime) -> list[Written]:
    """Enter and change rows. Errors: Refused("not_allowed", 403)."""
    rights.require(viewer, "import.check_rows")
    new = [draft for draft, verdict in chunk if verdict.state is State.NEW]
    made = CheckRow.objects.bulk_create(
        [
            CheckRow(
                organisation_id=viewer.org, table=table, key=key, value=value, most=_most(draft), changed_by=viewer.name
            )
            for draft in new
            for table, key, value in [_key(draft)]
        ],
        batch_size=500,
    )  # fmt: skip
    done = [Written(draft.line, "check_row", row.pk) for draft, row in zip(new, made, strict=True)]
    for draft, verdict in chunk:
        if verdict.state is State.CHANGED:
            row: CheckRow = verdict.target
            before = {"most": f"{row.most:f}" if row.most is not None else None}
            row.most, row.changed_by = _most(draft), viewer.name
            row.version += 1
            row.save()
            done.append(Written(draft.line, "check_row", row.pk, row.version, before))
    return done


def undo(viewer: Viewer, written: Sequence[Written], now: datetime) -> list[Kept]:
    """Errors: Refused("not_allowed", 403)."""
    rights.require(viewer, "import.check_rows")
    return take_back(viewer, CheckRow, written, now, name=str)


@transaction.atomic
def remove_row(*, viewer: Viewer, public_id: str, now: datetime) -> None:
    """Take a row out of its table. Errors: not_allowed (403), NotFound."""
    rights.require(viewer, "check.write")
    CheckRow.objects.visible_to(viewer).one(public_id=public_id).delete()


KIND = Kind(
    name="check_rows",
    label=gettext_lazy("Tables for the checks of claims"),
    lead=gettext_lazy(
        "Which labour fits which fault and model, which parts fit which model and how many a machine takes. A code without a row is not judged."
    ),
    action="import.check_rows",
    icon="list-checks",
    fields=FIELDS,
    judge=judge,
    write=write,
    undo=undo,
    list_name="settlement:check_rows",
)
