"""Reading the duty roster: shifts of a time, one shift, what is not covered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from core import public_holidays
from core.calendars import local, local_date
from core.errors import Refused
from core.tenancy import TenantQuerySet, Viewer
from core.working_days import WorkingDays
from resources.calculations.hours import DayBar, Span, bars, gaps, midnight, whole_minute
from resources.enums import ShiftKind
from resources.models import DutySettings, DutyShift
from resources.queries.words import clock_words, kind_word, weekday

HORIZON = timedelta(days=30)  # domain.md 14: gap check for every hour of 7×24; the task: of the next 30 days
NEAR = timedelta(days=7)  # a gap so near is told every day
HOLIDAY_DUE = timedelta(days=7)  # domain.md 14: the roster of a holiday is due a week before

#: order of the list by API, by its index
ORDERS = {"ends": ("ends_at", "id")}


def settings(viewer: Viewer) -> DutySettings:
    """The dealer's settings; who never saved any has the defaults (not saved, version 1)."""
    return DutySettings.objects.visible_to(viewer).first() or DutySettings(dealer_id=viewer.org)


def standing(viewer: Viewer) -> TenantQuerySet[DutyShift]:
    """The shifts that are on the roster, with their people, in no order yet."""
    rows = DutyShift.objects.visible_to(viewer).filter(removed_at=None)
    return rows.select_related("person", "deputy", "leader")


def between(viewer: Viewer, first: datetime, last: datetime) -> list[DutyShift]:
    """The shifts that touch [first, last), in order. One statement."""
    return list(standing(viewer).filter(ends_at__gt=first, starts_at__lt=last).order_by("ends_at"))


def of_days(viewer: Viewer, first: date, last: date) -> list[DutyShift]:
    """The shifts that begin on the Chinese days from `first` to `last`, in order. One statement."""
    rows = standing(viewer).filter(ends_at__gt=midnight(first), day__gte=first, day__lte=last)
    return list(rows.order_by("ends_at"))


def one(viewer: Viewer, public_id: str) -> DutyShift:
    """A shift that is on the roster. Errors: NotFound."""
    return standing(viewer).one(public_id=public_id)


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> DutyShift:
    """The shift, locked. version: what the page showed, None = not compared. Errors: NotFound, Refused("stale", 409)."""
    shift = standing(viewer).select_for_update(of=("self",)).one(public_id=public_id)
    if version is not None and version != shift.version:
        at = shift.updated_at
        raise Refused("stale", status=409, who=shift.changed_by, when=f"{local(at):%m-%d %H:%M}", at=at)
    return shift


def lock_several(viewer: Viewer, ids: list[int]) -> dict[int, DutyShift]:
    """Shifts by id, removed ones too, locked in the order of their ids."""
    rows = DutyShift.objects.visible_to(viewer).select_related("person", "deputy", "leader").filter(id__in=ids)
    return {row.pk: row for row in rows.select_for_update(of=("self",)).order_by("id")}


def in_the_way(viewer: Viewer, span: Span, *, but: int | None = None) -> DutyShift | None:
    """The first shift that overlaps the span, other than the one with the id `but`; None when it is free."""
    rows = standing(viewer).filter(ends_at__gt=span[0], starts_at__lt=span[1]).exclude(id=but or 0)
    return rows.order_by("ends_at").first()


def mine(viewer: Viewer, now: datetime, *, limit: int = 100) -> list[DutyShift]:
    """The viewer's own shifts from now on, as main, deputy or leader, the running one first. One statement."""
    me = viewer.person_id or 0
    rows = standing(viewer).filter(Q(person_id=me) | Q(deputy_id=me) | Q(leader_id=me), ends_at__gt=now)
    return list(rows.order_by("ends_at")[:limit])


def to_exchange(viewer: Viewer, mine: DutyShift, now: datetime) -> list[DutyShift]:
    """Colleagues' shifts of the next 30 days that could be taken in exchange for one of the viewer's. One statement."""
    me = viewer.person_id
    return [
        shift
        for shift in between(viewer, now, now + HORIZON)
        if shift.starts_at > now and shift.pk != mine.pk and me not in (shift.person_id, shift.deputy_id)
    ]


def is_planned(viewer: Viewer) -> bool:
    """Whether the dealer uses the roster at all: it has or had a shift."""
    return standing(viewer).exists()


@dataclass(frozen=True)
class Holiday:
    """A holiday period by its days: a run of days off that contains a public holiday (domain.md 19.2)."""

    first: date
    last: date


def holidays(days: WorkingDays, first: date, last: date) -> list[Holiday]:
    """The holiday periods that touch the days from first to last, in order and whole. days: of `core.public_holidays`."""
    found = days.holiday_periods(first.toordinal(), last.toordinal())
    return [Holiday(date.fromordinal(begin), date.fromordinal(end)) for begin, end in found]


@dataclass(frozen=True)
class Ahead:
    """The next 30 days: when nobody is on duty, day by day as bars, and holiday periods whose roster is due, with their gaps.

    days: the working days by which they were found.
    """

    gaps: list[Span]
    bars: list[DayBar]
    due: list[tuple[Holiday, list[Span]]]
    days: WorkingDays

    @property
    def open_holidays(self) -> list[tuple[Holiday, list[Span]]]:
        """Those of the due holiday periods that are not covered."""
        return [(holiday, missing) for holiday, missing in self.due if missing]


def ahead(viewer: Viewer, now: datetime) -> Ahead:
    """What is covered from this minute on, to the minute. Two statements."""
    begin = whole_minute(now)
    covered = [(shift.starts_at, shift.ends_at) for shift in between(viewer, begin, begin + HORIZON)]
    today, days = local_date(begin), public_holidays.working_days()
    due = [
        (holiday, gaps(covered, max(begin, midnight(holiday.first)), midnight(holiday.last + timedelta(days=1))))
        for holiday in holidays(days, today, today + HOLIDAY_DUE)
    ]
    return Ahead(gaps(covered, begin, begin + HORIZON), bars(covered, begin, begin + HORIZON), due, days)


@dataclass(frozen=True)
class ShiftRow:
    """A shift in finished words, for pages, paper and workbook. day: ISO. mine: the viewer is on it; running: it is on now."""

    public_id: str
    day: str
    weekday: str
    kind: str
    word: str
    hours: str
    starts: str
    ends: str
    main: str
    phone: str
    deputy: str
    leader: str
    note: str
    mine: bool = False
    running: bool = False


def row(shift: DutyShift, *, me: int | None = None, now: datetime | None = None) -> ShiftRow:
    """A shift in words; needs its people. me: whose own shifts are marked; now: the running one is marked."""
    return ShiftRow(
        public_id=shift.public_id,
        day=shift.day.isoformat(),
        weekday=weekday(shift.day),
        kind=str(ShiftKind(shift.kind).label),
        word=kind_word(shift.kind),
        hours=clock_words(shift.starts_at, shift.ends_at),
        starts=f"{local(shift.starts_at):%Y-%m-%d %H:%M}",
        ends=f"{local(shift.ends_at):%Y-%m-%d %H:%M}",
        main=shift.person.name,
        phone=shift.number,
        deputy=shift.deputy.name if shift.deputy else "",
        leader=shift.leader.name if shift.leader else "",
        note=shift.note,
        mine=me is not None and me in (shift.person_id, shift.deputy_id),
        running=now is not None and shift.starts_at <= now < shift.ends_at,
    )
