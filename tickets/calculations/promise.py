"""What a dealer promises, which of it holds for a site, and when its clocks warn (domain.md 5.2). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.cases import CHINA_DAYS
from core.working_days import WorkingDays
from tickets.calculations.clock import ClockFacts, Pause, Window, clock
from tickets.enums import CityTier

#: warnings at half the time, at four fifths, and at breach (domain.md 5.2)
BREACH = 100
THRESHOLDS = (50, 80, BREACH)

#: 27 capitals of provinces and autonomous regions, without 市
CAPITALS = frozenset(
    "石家庄 太原 呼和浩特 沈阳 长春 哈尔滨 南京 杭州 合肥 福州 南昌 济南 郑州 武汉 长沙 广州 南宁 海口 成都 贵阳 昆明 拉萨 西安 兰州 西宁"
    " 银川 乌鲁木齐".split()
)
MUNICIPALITIES = frozenset(("北京", "天津", "上海", "重庆"))


@dataclass(frozen=True)
class Terms:
    """One version of a promise. *_minutes: allowed from t0 on; solve None = not promised. *_windows: open hours, None = 7×24.

    municipalities: 直辖市 count as capitals. whole_prefecture: a capital's counties count as the capital.
    """

    response_minutes: int = 60
    arrival_capital_minutes: int = 240
    arrival_other_minutes: int = 720
    solve_minutes: int | None = None
    response_windows: tuple[Window, ...] | None = None
    arrival_windows: tuple[Window, ...] | None = None
    solve_windows: tuple[Window, ...] | None = None
    municipalities: bool = True
    whole_prefecture: bool = True


#: where nobody agreed on anything: an answer in 1 hour, on site in 4 or 12, day and night (domain.md 1.1)
DEFAULT = Terms()


def city_tier(province: str, city: str, district: str, terms: Terms = DEFAULT, override: str = "") -> CityTier:
    """Which promise of arrival holds at a site (城市等级). override: what the dealer has set for this district, before all else."""
    if override:
        return CityTier(override)
    town = city.removesuffix("市") if city else ""
    if town in MUNICIPALITIES or province.removesuffix("市") in MUNICIPALITIES:
        return CityTier.CAPITAL if terms.municipalities else CityTier.OTHER
    if town not in CAPITALS:
        return CityTier.OTHER
    inside = terms.whole_prefecture or not district.endswith(("县", "市"))
    return CityTier.CAPITAL if inside else CityTier.OTHER


@dataclass(frozen=True)
class Appointment:
    """The customer wants another time (客户预约): it takes the place of the due time of the arrival. made_at: when it was agreed."""

    at: datetime
    made_at: datetime


def due_of(facts: ClockFacts, appointment: Appointment | None = None) -> datetime | None:
    """When the promise is due; None while an open pause stands in the way.

    An appointment replaces the due time, and pauses that begin after it was made move it by their length (domain.md 5.2).
    """
    if appointment is None:
        return clock(facts).due
    later = timedelta()
    for pause in _merged(facts.pauses):
        if pause.start < appointment.made_at or pause.start >= appointment.at + later:
            continue
        if pause.end is None:
            return None
        later += pause.end - pause.start
    return appointment.at + later


def warnings_of(facts: ClockFacts, appointment: Appointment | None = None) -> dict[int, datetime | None]:
    """When each threshold is reached; None while an open pause stands before it.

    Of an appointment, the time between agreeing on it and keeping it is what is used up.
    """
    found: dict[int, datetime | None] = {}
    for percent in THRESHOLDS:
        if appointment is None:
            part = max(1, facts.allow_minutes * percent // 100)
            found[percent] = clock(replace(facts, allow_minutes=part)).due
        else:
            due = due_of(facts, appointment)
            left = appointment.at - appointment.made_at
            found[percent] = None if due is None else due - left * (100 - percent) / 100
    return found


def facts_of(
    started_at: datetime,
    allow_minutes: int,
    windows: tuple[Window, ...] | None,
    pauses: Iterable[Pause],
    *,
    met_at: datetime | None,
    now: datetime,
    days: WorkingDays = CHINA_DAYS,
) -> ClockFacts:
    """The facts of a running or met clock; seconds are cut, so that nobody is late by seconds (calculations.md)."""
    return ClockFacts(
        t0=minutely(started_at),
        allow_minutes=allow_minutes,
        windows=windows,
        pauses=tuple(Pause(minutely(p.start), None if p.end is None else minutely(p.end)) for p in pauses),
        met_at=None if met_at is None else max(minutely(met_at), minutely(started_at)),
        now=max(minutely(now), minutely(started_at)),
        days=days,
    )


def minutely(moment: datetime) -> datetime:
    """The instant without its seconds."""
    return moment.replace(second=0, microsecond=0)


def _merged(pauses: Iterable[Pause]) -> list[Pause]:
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda item: item.start):
        last = found[-1] if found else None
        if last is not None and (last.end is None or pause.start <= last.end):
            end = None if last.end is None or pause.end is None else max(last.end, pause.end)
            found[-1] = Pause(last.start, end)
        else:
            found.append(pause)
    return found


Hours = list[list[str]]


@dataclass(frozen=True)
class Version:
    """What is promised. *_windows: open hours as [["08:30", "17:30"]], None = day and night."""

    valid_from: datetime
    response_minutes: int
    arrival_capital_minutes: int
    arrival_other_minutes: int
    solve_minutes: int | None = None
    response_windows: Hours | None = None
    arrival_windows: Hours | None = None
    solve_windows: Hours | None = None
    municipalities: bool = True
    whole_prefecture: bool = True
    note: str = ""
