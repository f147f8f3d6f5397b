"""What is signed does not change any more, whoever tries, past all of our code: as the application's real user."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, models, transaction

from core import tenancy
from core.errors import as_refusal
from tests import factories
from tests.people import act
from tests.tickets.driver import T0, Job
from tickets.calculations.content_hash import content_hash
from tickets.enums import SlipState, TicketState
from tickets.models import FaultLine, FaultLineMachine, PartLine, Slip
from tickets.operations.freeze_slip import _OUTSIDE, content_of
from tickets.queries import slips

OTHER_VALUES = {
    models.CharField: "x",
    models.TextField: "x",
    models.DateTimeField: T0 - timedelta(days=400),
    models.DateField: date(2001, 1, 1),
    models.DecimalField: Decimal("77.0"),
    models.PositiveSmallIntegerField: 77,
    models.PositiveIntegerField: 77,
    models.BigIntegerField: 77,
    models.BooleanField: True,
    models.JSONField: [[[1, 2, 3]]],
}
#: sharing, locks, print counts and the number of the paper form pass; technical columns are no content
MAY = {
    "office_id",
    "shared_with_maker",
    "locked",
    "printed",
    "paper_number",
    "updated_at",
    "version",
    "city_key",
    "shown_technician",
}


def other_value(field: models.Field, row: models.Model):
    """A value that the column can hold and does not hold now."""
    if field.column == "left_at":
        return row.left_at + timedelta(hours=1)
    if field.column == "arrived_at":
        return row.arrived_at - timedelta(hours=1)
    if field.get_internal_type() == "ArrayField":
        return ["x"]
    for kind, value in OTHER_VALUES.items():
        if isinstance(field, kind):
            return (not getattr(row, field.attname)) if kind is models.BooleanField else value
    raise AssertionError(field)


def columns(model) -> list[models.Field]:
    fields = [f for f in model._meta.concrete_fields if not f.primary_key and not isinstance(f, models.ForeignKey)]
    return [f for f in fields if f.column not in MAY]


@pytest.fixture(params=["signed", "refused", "void", "remote"])
def job(request, people):
    made = Job(people).to(TicketState.REMOTE_DONE if request.param == "remote" else TicketState.WAIT_SIGN)
    if request.param == "signed":
        made.sign()
    elif request.param == "refused":
        made.refuse_signature()
    elif request.param == "void":
        made.void()
    return made


def try_update(viewer, table, row, /, **values) -> None:
    with tenancy.acting(viewer):
        changed = table.objects.visible_to(viewer).filter(pk=row.pk).update(**values)
    assert changed == 1


def frozen(viewer, table, row, /, **values) -> None:
    """The update is refused by the trigger, in the words of the trade."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        try_update(viewer, table, row, **values)
    refusal = as_refusal(caught.value)
    assert refusal is not None and (refusal.code, refusal.status) == ("frozen", 409)


def test_no_column_of_a_frozen_slip_changes(people, job):
    slip = job.slip
    if slip.state == SlipState.SIGNED and slip.is_remote:
        fields = [f for f in columns(Slip) if f.column not in ("left_at", "arrived_at")]
    else:
        fields = columns(Slip)
    for field in fields:
        if field.column == "state":
            continue
        frozen(people.dispatcher, Slip, slip, **{field.attname: other_value(field, slip)})
    for state in SlipState.values:
        if state not in (slip.state, SlipState.VOID):
            frozen(people.dispatcher, Slip, slip, state=state)
    assert factories.again(slip).content_hash == slip.content_hash


@pytest.mark.parametrize("model", [FaultLine, FaultLineMachine, PartLine])
def test_no_line_of_it_changes_comes_or_goes(people, job, model):
    where = {"line__slip": job.slip} if model is FaultLineMachine else {"slip": job.slip}
    rows = factories.rows(model, **where)
    if not rows:
        assert model is PartLine and job.slip.is_remote
        return
    row = rows[0]
    for field in columns(model):
        frozen(people.dispatcher, model, row, **{field.attname: other_value(field, row)})
    with pytest.raises(IntegrityError), transaction.atomic(), tenancy.acting(people.dispatcher):
        model.objects.visible_to(people.dispatcher).filter(pk=row.pk).delete()
    row.pk = None
    if model is not FaultLineMachine:
        row.sequence = 99
    with pytest.raises(IntegrityError), transaction.atomic(), tenancy.acting(people.dispatcher):
        row.save(force_insert=True)
    assert len(factories.rows(model, **where)) == len(rows)


def test_neither_the_makers_side_changes_it(people, job):
    for name in ("office", "reviewer"):
        frozen(getattr(people, name), Slip, job.slip, opinion="x")


def test_nobody_deletes_a_slip(people, job):
    from django.db import ProgrammingError

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        tenancy.acting(people.dispatcher),
    ):
        Slip.objects.visible_to(people.dispatcher).filter(pk=job.slip.pk)._raw_delete("default")


def test_sharing_locks_and_prints_pass(people, job):
    viewer = people.dispatcher
    try_update(viewer, Slip, job.slip, shared_with_maker=False)
    try_update(viewer, Slip, job.slip, shared_with_maker=True, office_id=people.hc_ah.pk)
    try_update(viewer, Slip, job.slip, locked=True, printed=3, version=9)
    for model in (FaultLine, PartLine):
        for row in factories.rows(model, slip=job.slip):
            try_update(viewer, model, row, shared_with_maker=False)


def test_voiding_passes_with_its_own_columns_only(people):
    viewer, job = people.dispatcher, Job(people).to(TicketState.DONE)
    voiding = {"state": SlipState.VOID, "void_reason": "写错", "voided_at": T0, "voided_by": "李静"}
    frozen(viewer, Slip, job.slip, **voiding, number="FW-CS01-202606-9999")
    frozen(viewer, Slip, job.slip, void_reason="写错")
    try_update(viewer, Slip, job.slip, **voiding)
    frozen(viewer, Slip, job.slip, void_reason="换个说法")


def test_drafts_and_waiting_slips_are_free(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    try_update(people.dispatcher, Slip, job.slip, opinion="x")


# ── the hash ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def digest(job) -> str:
    return act(lambda viewer: content_hash(content_of(viewer, slips.one(viewer, job.slip.public_id))), viewer=job.desk)


def test_the_hash_is_what_anybody_computes_later(people, job):
    assert digest(job) == job.slip.content_hash or job.slip.state == SlipState.VOID


def test_sharing_locking_printing_and_voiding_leave_the_hash(people):
    job = Job(people).to(TicketState.DONE)
    try_update(people.dispatcher, Slip, job.slip, locked=True, printed=2, shared_with_maker=False)
    assert digest(job) == job.slip.content_hash
    try_update(people.dispatcher, Slip, job.slip, locked=False)
    job.void()
    assert digest(job) == job.slip.content_hash


def test_the_hash_changes_with_every_signed_value(people):
    """On a copy of the content, value by value, however deep it lies."""
    job = Job(people).to(TicketState.DONE)
    content = act(lambda viewer: content_of(viewer, slips.one(viewer, job.slip.public_id)), viewer=job.desk)
    whole = content_hash(content)
    seen = {whole}
    for path in _leaves(content):
        changed = _with(content, path, "changed")
        seen.add(content_hash(changed))
    assert len(seen) == 1 + len(list(_leaves(content)))


def test_what_is_not_signed_is_named(people):
    """Every column is either signed or in the short list of what is not; a new column must choose."""
    job = Job(people).to(TicketState.DONE)
    content = act(lambda viewer: content_of(viewer, slips.one(viewer, job.slip.public_id)), viewer=job.desk)
    names = {field.name for field in Slip._meta.concrete_fields if field.editable}
    only_where_true = {"from_paper"}
    assert names - _OUTSIDE - only_where_true == set(content) - {"ticket", "faults", "parts"}
    for name in (
        "customer_name",
        "phone",
        "arrived_at",
        "hours",
        "parts_fee",
        "rating",
        "strokes",
        "finished_at",
        "km",
    ):
        assert name in content


def test_equal_values_in_other_clothes_are_equal():
    one = {"hours": Decimal("3"), "strokes": ((10, -0.0, 5.0),), "n": 1, "at": T0}
    other = {"at": T0.astimezone(), "n": 1, "strokes": [[10, 0.0, 5.00]], "hours": Decimal("3.00")}
    assert content_hash(one) == content_hash(other)


def _leaves(value, path=()):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index))
    else:
        yield path


def _with(value, path, new):
    if not path:
        return new
    here, *rest = path
    if isinstance(value, dict):
        return {key: _with(item, rest, new) if key == here else item for key, item in value.items()}
    return [_with(item, rest, new) if index == here else item for index, item in enumerate(value)]
