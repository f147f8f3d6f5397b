"""10,000 machines from an Excel file: reading, judging and writing, as the task does it."""

from __future__ import annotations

import io
import time

from openpyxl import Workbook

ROWS = 10_000
GOAL = 30.0


def measure() -> dict[str, object]:
    """Seconds from the stored file to the last machine; everything is taken back afterwards."""
    from dataclasses import replace

    from django.db import transaction
    from django.utils import timezone

    from core import tenancy
    from imports.enums import RunState
    from imports.models import ImportRun
    from imports.operations import runs
    from partners.enums import Role
    from partners.queries import viewers
    from tickets.queries import imports

    dealer = min(imports.dealer_ids().values())
    found = viewers.of_organisation(dealer)
    assert found is not None
    viewer = replace(found, roles=frozenset({Role.ADMIN.value}), name="bench")
    spent = 0.0
    with transaction.atomic():
        tenancy.enter(viewer)
        from equipment.queries import catalogue

        maker = catalogue.makers(viewer)[0]
        content = workbook(ROWS)
        begin = time.perf_counter()
        run = runs.upload(
            viewer=viewer, kind_name="machines", content=content, file_name="machines.xlsx",
            options={"maker": maker.public_id}, now=timezone.now(),
        )  # fmt: skip
        ImportRun.objects.visible_to(viewer).filter(pk=run.pk).update(state=RunState.RUNNING)
        work = runs.Work(viewer, run.public_id)
        assert work.begin(RunState.RUNNING)
        for some in work.chunks:
            work.write(some, timezone.now())
        work.end_write(timezone.now())
        spent = time.perf_counter() - begin
        done = runs.runs.one(viewer, run.public_id)
        assert (done.new, done.rejected) == (ROWS, 0), (done.new, done.rejected, done.sample[:3])
        transaction.set_rollback(True)
    return {
        "name": "import_machines",
        "value": round(spent, 1),
        "goal": GOAL,
        "unit": "s for 10,000 rows",
        "met": spent <= GOAL,
    }


def workbook(rows: int) -> bytes:
    """A list of machines of 400 customers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["客户名称", "联系电话", "产品型号", "出厂编号", "产品类型", "出厂日期", "安装位置"])
    for n in range(rows):
        sheet.append(
            [
                f"导入客户{n % 400}",
                f"1390000{n % 400:04d}",
                f"ZZ{n % 37}",
                f"BENCH{n:06d}",
                "三相异步电动机",
                "2026.3.6",
                f"{n % 9} 号车间",
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
