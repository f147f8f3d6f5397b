"""The whole sample work before a moment: the worked month, the year and the open tickets (domain.md 21)."""

from datetime import datetime
from random import Random

from core.calendars import SHANGHAI
from servicedesk.demo.june import is_over, june
from servicedesk.demo.machines import MachinePark
from servicedesk.demo.plan import Plan
from servicedesk.demo.today import today
from servicedesk.demo.year import Diary, truncated, year


def plan(now: datetime) -> Plan:
    """Plan all sample work up to `now` (aware). The same day gives the same work; only open tickets move with the hour.

    The June fixture keeps its dates; before 2026-07-01 there is none.
    """
    random = Random(f"{now.astimezone(SHANGHAI):%Y-%m-%d}")
    park, diary = MachinePark(random), Diary(random)
    fixture = [truncated(job, now) for job in june(park, random)] if is_over(now) else []
    open_jobs = today(now, park, random)
    for job in (*fixture, *open_jobs):
        diary.note(job)
    closed = year(now, park, random, diary)
    park.fill_up(now.astimezone(SHANGHAI).date())
    jobs = sorted((*fixture, *closed, *open_jobs), key=lambda job: (job.reported_at, job.key))
    return Plan(now, tuple(park.machines.values()), tuple(jobs))
