"""The tables that the checks compare with come from a spreadsheet, and then they judge (domain.md 9.3, B01 to B03)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.imports.kinds import Draft, Run, State
from settlement.enums import CheckCode
from settlement.models import CheckRow
from settlement.operations import claims
from settlement.operations.import_check_rows import KIND, remove_row
from settlement.queries import check_rows, checks
from tests import factories
from tests.people import People, act, refused, sees
from tests.settlement.claims import Claiming
from tests.settlement.operations.test_checks import codes
from tests.warranty import policy
from tickets.models import PartLine

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal


def bring(people: People, *rows: tuple[Any, ...], who: Any = None) -> tuple[list[State], list[Any]]:
    """Import rows of (table, key, value, most) as the engine does: read, judge, write what is new or changed."""
    who = who or people.reviewer
    drafts = []
    for line, cells in enumerate(rows, start=2):
        read = {
            one.name: one.read(cell) for one, cell in zip(KIND.fields, cells, strict=False) if cell not in ("", None)
        }
        drafts.append(Draft(line, read, cells))
    run = Run({})

    def both(viewer: Any) -> tuple[list[State], list[Any]]:
        verdicts = KIND.judge(viewer, run, drafts)
        chunk = [
            (draft, verdict)
            for draft, verdict in zip(drafts, verdicts, strict=True)
            if verdict.state in (State.NEW, State.CHANGED)
        ]
        return [one.state for one in verdicts], list(KIND.write(viewer, run, chunk, factories.NOW))

    return act(both, viewer=who)  # type: ignore[no-any-return]


def test_rows_are_new_changed_and_unchanged_by_table_code_and_what_they_fit(people):
    states, _written = bring(people, ("配件与型号", "BRG-1", "YE3-160M-4", "2"), ("工时与故障", "m10", "轴承", ""))
    assert states == [State.NEW, State.NEW]
    assert [(row.table, row.key, row.value, row.most) for row in factories.rows(CheckRow)] == [
        ("part_model", "BRG-1", "YE3-160M-4", D(2)), ("labour_fault", "M10", "轴承", None),
    ]  # fmt: skip
    states, written = bring(people, ("配件与型号", "BRG-1", "YE3-160M-4", "4"), ("工时与故障", "M10", "轴承", ""))
    assert (states, len(written)) == ([State.CHANGED, State.UNCHANGED], 1)
    assert factories.rows(CheckRow)[0].most == D(4)
    assert act(lambda viewer: KIND.undo(viewer, written, factories.NOW), viewer=people.reviewer) == []
    assert factories.rows(CheckRow)[0].most == D(2)


def test_a_part_wants_its_quantity(people):
    assert bring(people, ("配件与型号", "BRG-1", "YE3-160M-4", ""))[0] == [State.REJECTED]
    assert factories.rows(CheckRow) == []


def test_they_are_headquarters_own(people):
    for name in ("finance", "office", "accountant", "quality"):
        with refused("not_allowed"):
            bring(people, ("工时与型号", "M10", "YE3-160M-4", ""), who=getattr(people, name))
    bring(people, ("工时与型号", "M10", "YE3-160M-4", ""))
    (row,) = factories.rows(CheckRow)
    for who in (people.office, people.accountant, people.other_reviewer):
        assert sees(who, CheckRow) == []
    with refused("not_found"):
        act(remove_row, viewer=people.other_reviewer, public_id=row.public_id, now=factories.NOW)
    with refused("not_allowed"):
        act(remove_row, viewer=people.finance, public_id=row.public_id, now=factories.NOW)
    act(remove_row, viewer=people.reviewer, public_id=row.public_id, now=factories.NOW)
    assert factories.rows(CheckRow) == []


def test_with_rows_the_checks_judge_what_was_not_compared_before(people):
    policy(people.hq_admin)
    claiming = Claiming(people)
    run = claiming.checked()
    assert ({"B01", "B02", "B03"} <= set(run.no_data), run.findings) == (True, [])
    (part,) = act(lambda viewer: claiming_parts(viewer, claiming), viewer=people.reviewer)
    bring(
        people, ("工时与故障", "M10", "定子", ""), ("工时与型号", "M10", "YE3-200L-4", ""), ("配件与型号", part, "YE3-160M-4", "1"),
    )  # fmt: skip
    tried = act(
        checks.trial, viewer=people.reviewer, code=CheckCode.B03, is_on=True, params={}, months=1, now=run.at,
    )  # fmt: skip
    assert (tried.tried, tried.count) == (1, 1)  # a new table is tried on what was claimed before
    claiming.do(claims.take_back)
    run = claiming.checked()
    assert (run.outcome, codes(run)) == ("return", ["B01", "B02", "B03"])
    assert [row[1] for row in run.findings] == ["labour_not_for_fault", "labour_not_for_model", "too_many_parts"]
    assert not {"B01", "B02", "B03"} & set(run.no_data)
    bring(
        people, ("工时与故障", "M10", "轴承", ""), ("工时与型号", "M10", "YE3-160M-4", ""), ("配件与型号", part, "YE3-160M-4", "2"),
    )  # fmt: skip
    run = claiming.checked()
    assert (run.outcome, run.findings) == ("manual", [])


def claiming_parts(viewer: Any, claiming: Claiming) -> list[str]:
    return list(PartLine.objects.visible_to(viewer).filter(slip=claiming.slip).values_list("code", flat=True))


def test_the_tables_of_a_claim_cost_one_statement(people, django_assert_num_queries):
    bring(people, ("工时与型号", "M10", "A", ""), ("工时与型号", "M10", "B", ""), ("配件与型号", "P", "A", "2"))

    def read(viewer: Any) -> dict[str, Any]:
        with django_assert_num_queries(1):
            return check_rows.tables(viewer, people.sf.pk, ["M10", "P", "X"])

    found = act(read, viewer=people.reviewer)
    assert found == {
        "operation_faults": {}, "operation_models": {"M10": frozenset({"A", "B"})}, "part_models": {"P": {"A": D(2)}},
    }  # fmt: skip
    assert not any(
        act(lambda viewer: check_rows.tables(viewer, people.sf.pk, ["M10"]), viewer=people.accountant).values()
    )
