"""The sample data from nothing to the last open ticket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from core import tenancy
from core.calendars import local
from core.tenancy import Tier, Viewer
from notices.operations.send import mark_all_read
from partners.models import Organisation
from servicedesk.demo.claims import make_claims
from servicedesk.demo.duty import plan_duty
from servicedesk.demo.foundation import build
from servicedesk.demo.goods_returns import send_goods_back
from servicedesk.demo.old_parts import remind_of_old_parts, send_old_parts
from servicedesk.demo.plan import Verb
from servicedesk.demo.schedule import plan
from servicedesk.demo.statements import make_statements
from servicedesk.demo.support import make_support
from servicedesk.demo.walk import Walk

READ_AFTER = timedelta(days=1)  # people look at their messages; only today's are still unread


def is_seeded() -> bool:
    """Tell whether the database has organisations already."""
    platform = Viewer(tier=Tier.PLATFORM, org=0)
    with tenancy.acting(platform):
        return Organisation.objects.visible_to(platform).exists()


def seed(*, now: datetime, password: str, tell: Callable[[str], None]) -> dict[str, int]:
    """Make all sample data in the caller's transaction; returns how many tickets, slips and photos there are."""
    planned = plan(now)
    world = build(planned, password=password, tell=tell)
    walk = Walk(planned, world)
    done: Counter[Verb] = Counter()
    month = ""
    for job, step in walk.steps():
        if month != f"{local(step.at):%Y-%m}":
            month = f"{local(step.at):%Y-%m}"
            tell(f"{month}: {len(walk.tickets)} tickets, {done[Verb.PHOTO]} photos")
        walk.take(job, step)
        done[step.verb] += 1
    shifts = plan_duty(world.viewers, world.people, now)
    tell(f"duty roster: {shifts} shifts")
    make_support(walk, now)
    tell(f"old parts: {send_old_parts(world, now)} boxes sent")
    tell(f"{make_claims(walk, now)} claims")
    tell(f"{make_statements(walk, now)} statements")
    tell(f"reminded of {remind_of_old_parts(world, now)} old parts")
    tell(f"{send_goods_back(world, now)} returns to the factory")
    for viewer in world.viewers.values():
        with tenancy.acting(viewer):
            mark_all_read(viewer=viewer, now=now - READ_AFTER)
    slips = done[Verb.COMPLETE] + done[Verb.SOLVE_BY_PHONE]
    return {"tickets": len(walk.tickets), "slips": slips, "photos": done[Verb.PHOTO]}
