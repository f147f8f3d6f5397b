"""A draft of a policy is tried on the tickets of the last twelve months before it is put in force (domain.md 4.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import jobs, rights
from core.errors import Refused
from core.tenancy import Viewer
from equipment.calculations.policy_choice import Offer
from equipment.enums import VersionState
from equipment.queries import warranty as policies
from tickets.models import PolicyTrial
from tickets.queries import trials

KIND = "tickets.policy_trial"
#: a trial looks at the reports of so many days
DAYS = 365
#: of the changed tickets so many are kept, the rest is counted
MOST_CHANGED = 5_000


@transaction.atomic
def order_trial(*, viewer: Viewer, public_id: str, now: datetime) -> PolicyTrial:
    """Order the trial of a draft (public_id is the version's), as a task with a progress bar; an earlier trial of it goes.

    Errors: NotFound; not_allowed; wrong_state (409) when it is no draft any more.
    """
    version = policies.version(viewer, public_id)
    rights.require(viewer, "policy.write", version.policy)
    if version.state != VersionState.DRAFT:
        raise Refused("wrong_state", status=409)
    PolicyTrial.objects.visible_to(viewer).filter(policy_version=version).delete()
    trial = PolicyTrial(
        organisation_id=viewer.org,
        policy_version=version,
        draft_version=version.version,
        person_id=viewer.person_id,
        asked_by=viewer.name,
        asked_at=now,
    )
    job = jobs.enqueue(
        KIND,
        viewer=viewer,
        now=now,
        title=_("Trial of %(policy)s") % {"policy": version.policy.name},
        trial=trial.public_id,
    )
    trial.job = job.public_id
    trial.save(force_insert=True)
    return trial


def offers_of(viewer: Viewer, trial: PolicyTrial) -> list[Offer] | None:
    """The manufacturer's policies as they would be with the draft, for reports of every day; None when it is none any more."""
    version = trials.draft_of(viewer, trial)
    return (
        None
        if version is None
        else trials.with_draft(viewer, policies.offers(viewer, version.manufacturer_id), version)
    )


@transaction.atomic
def keep_trial(
    *,
    viewer: Viewer,
    trial: PolicyTrial,
    counts: Counter[tuple[str, str]],
    changed: Sequence[tuple[int, str, str]],
    skipped: int,
    now: datetime,
) -> None:
    """Keep what a trial has found; a second run of the task writes the same once more."""
    trial.tickets, trial.skipped = sum(counts.values()), skipped
    trial.counts = [[was, then, number] for (was, then), number in sorted(counts.items())]
    trial.changed = [list(row) for row in changed[:MOST_CHANGED]]
    trial.finished_at = now
    trial.save()


def since(now: datetime) -> datetime:
    """The first report that a trial of now looks at."""
    return now - timedelta(days=DAYS)
