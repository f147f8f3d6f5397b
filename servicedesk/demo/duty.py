"""The dealers' duty rosters of this month and the next: planned by rotation, with a gap and an open request at CS01 (domain.md 14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import tenancy
from core.calendars import local_date
from core.tenancy import Viewer
from partners.models import Person
from resources.enums import ShiftKind
from resources.models import DutyShift
from resources.operations.planning import rotate
from resources.operations.settings import Hours, save_settings
from resources.operations.shifts import remove_shift
from resources.operations.swaps import ask_swap
from resources.queries import planning, roster
from resources.queries.planning import Rotation


@dataclass(frozen=True)
class Duty:
    """How a dealer plans: who plans, who takes turns, which shifts, for how many days each, and whether customers see who is on duty."""

    dealer: str
    planner: str
    head: str
    people: tuple[str, ...]
    kinds: tuple[ShiftKind, ...] = (ShiftKind.WHOLE,)
    days_each: int = 1
    deputies: bool = False
    shows_public: bool = False


DUTIES = (
    Duty(
        "CS01", "李静", "周岚", ("王海涛", "陈志强", "刘建军", "赵鹏", "何小明", "谢军"), (ShiftKind.DAY, ShiftKind.NIGHT),
        deputies=True, shows_public=True,
    ),
    Duty("HF01", "汪敏", "程恒", ("张磊", "孙浩", "许峰", "丁勇")),
    Duty("CD01", "曾洁", "蒋科", ("罗刚", "冯涛"), days_each=2),
    Duty("HY02", "肖红", "唐斌", ("唐斌", "邓超"), days_each=7, deputies=True),
)  # fmt: skip


def plan_duty(viewers: Mapping[str, Viewer], people: Mapping[str, Person], now: datetime) -> int:
    """Plan every dealer's roster as of `now`; how many shifts there are. viewers, people: by "organisation/name"."""
    first = local_date(now).replace(day=1)
    last = (first + timedelta(days=63)).replace(day=1) - timedelta(days=1)
    count = 0
    for row in DUTIES:
        _settings(viewers[f"{row.dealer}/{row.head}"], row, now)
        planner = viewers[f"{row.dealer}/{row.planner}"]
        wanted = Rotation(
            tuple(people[f"{row.dealer}/{name}"].public_id for name in row.people), tuple(row.kinds), first, last, row.days_each, row.deputies
        )  # fmt: skip
        with tenancy.acting(planner):
            seen = planning.fingerprint(planning.rotation(planner, wanted))
            count += len(rotate(viewer=planner, wanted=wanted, seen=seen, now=now))
    coming = _coming(viewers["CS01/李静"], now)
    with tenancy.acting(viewers["CS01/李静"]):
        night = next(
            shift for shift in coming if shift.kind == ShiftKind.NIGHT and shift.starts_at > now + timedelta(days=4)
        )
        remove_shift(viewer=viewers["CS01/李静"], public_id=night.public_id, expected_version=None, now=now)
    _ask(viewers, people, coming, now)
    return count - 1


def _settings(head: Viewer, row: Duty, now: datetime) -> None:
    with tenancy.acting(head):
        defaults = roster.settings(head)
        hours = Hours(*(defaults.hours_of(kind) for kind in (ShiftKind.DAY, ShiftKind.NIGHT, ShiftKind.WHOLE)))
        save_settings(
            viewer=head, hours=hours, shows_makers=True, shows_public=row.shows_public, expected_version=0, now=now
        )  # fmt: skip


def _coming(viewer: Viewer, now: datetime) -> list[DutyShift]:
    with tenancy.acting(viewer):
        return roster.between(viewer, now, now + timedelta(days=25))


def _ask(viewers: Mapping[str, Viewer], people: Mapping[str, Person], coming: list[DutyShift], now: datetime) -> None:
    """陈志强 would rather have another evening free, and offers 刘建军 an exchange."""
    asker, colleague = people["CS01/陈志强"], people["CS01/刘建军"]
    soon = [shift for shift in coming if shift.starts_at > now + timedelta(days=8)]
    own = next(shift for shift in soon if shift.person_id == asker.pk)
    other = next(shift for shift in soon if shift.person_id == colleague.pk and shift.deputy_id != asker.pk)
    viewer = viewers["CS01/陈志强"]
    with tenancy.acting(viewer):
        ask_swap(
            viewer=viewer, shift=own.public_id, colleague=colleague.public_id, other=other.public_id, note="孩子开家长会,能否换一天?", now=now
        )  # fmt: skip
