"""The queue of a reviewer: the claims that are his turn, what he looks at beside one, and which need no second look (domain.md 9.3, 9.4; ui.md 8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from core import rights
from core.tenancy import TenantQuerySet, Tier, Viewer
from settlement.enums import ClaimState
from settlement.models import Claim, ClaimDecision, ClaimLine, ClaimRaise
from settlement.queries.checks import is_running, last_run
from tickets.enums import SlipState
from tickets.models import FaultLine, FaultLineMachine

#: claims in a queue at most; claims and jobs beside one; claims in one bulk approval
MOST, BESIDE, MOST_AT_ONCE = 1_000, 10, 50


def queue(viewer: Viewer) -> TenantQuerySet[Claim]:
    """The claims that are the viewer's turn, in no order yet: of an office the first reviews, of headquarters those without an office, the second
    reviews and the appeals, but for what he has reviewed first or decided before (four eyes), or passed up."""
    rows = Claim.objects.visible_to(viewer)
    if viewer.tier is Tier.OFFICE:
        return rows.filter(state=ClaimState.FIRST)
    turn = Q(state=ClaimState.FIRST, office=None) | Q(state__in=(ClaimState.SECOND, ClaimState.APPEALED))
    me = viewer.person_id
    raised = ClaimRaise.objects.visible_to(viewer).filter(
        claim=OuterRef("pk"), state=OuterRef("state"), turn=OuterRef("turn"), author_id=me or 0
    )
    return rows.filter(turn, ~Exists(raised)).exclude(first_by_id=me).exclude(decided_by_id=me)


def keys(viewer: Viewer) -> list[str]:
    """The public ids of his queue, what is due first in front; at most MOST."""
    return list(queue(viewer).order_by("due_on", "id").values_list("public_id", flat=True)[:MOST])


def several(viewer: Viewer, public_ids: Sequence[str]) -> list[Claim]:
    """Those of his queue, what is due first in front, with slip, ticket and card; at most MOST_AT_ONCE."""
    rows = queue(viewer).filter(public_id__in=public_ids) if public_ids else queue(viewer)
    return list(rows.select_related("slip", "slip__ticket", "card", "dealer").order_by("due_on", "id")[:MOST_AT_ONCE])


def verb(viewer: Viewer, claim: Claim) -> str:
    """How the viewer lets a claim of his queue through: "pass" or "approve"; "" when it is not his turn."""
    return next((name for name in ("pass", "approve") if rights.may(viewer, f"claim.{name}", claim)), "")


def clean(viewer: Viewer, claim: Claim, now: datetime) -> bool:
    """Whether the automatic checks found nothing in it, so that it may be approved together with others; one that they never saw is not clean."""
    return not claim.flags and not is_running(claim, now) and last_run(viewer, claim) is not None


def standing_sums(viewer: Viewer, chosen: Sequence[Claim]) -> dict[int, Decimal]:
    """By claim what stands of it now: the last word on each line, without one what is claimed. One statement."""
    last = ClaimDecision.objects.visible_to(viewer).filter(line=OuterRef("pk")).order_by("-id").values("approved")[:1]
    rows = ClaimLine.objects.visible_to(viewer).filter(claim__in=chosen, turn=F("claim__turn"))
    standing = rows.annotate(stands=Coalesce(Subquery(last), F("claimed"))).order_by("claim_id")
    return dict(standing.values_list("claim_id").annotate(total=Sum("stands")))


def former(viewer: Viewer, claim: Claim) -> list[Claim]:
    """The last claims of this dealer that were decided, the latest first."""
    rows = Claim.objects.visible_to(viewer).filter(
        dealer_id=claim.dealer_id, manufacturer_id=claim.manufacturer_id, decided_at__isnull=False
    )
    return list(rows.exclude(pk=claim.pk).select_related("slip").order_by("-decided_at", "-id")[:BESIDE])


def faults(viewer: Viewer, claim: Claim) -> list[FaultLine]:
    """What the slip says of each fault."""
    return list(FaultLine.objects.visible_to(viewer).filter(slip=claim.slip).order_by("sequence"))


def jobs_on(viewer: Viewer, claim: Claim) -> list[FaultLineMachine]:
    """Other signed jobs on the claim's machine, by its number, the latest first."""
    if not claim.serial_number:
        return []
    rows = FaultLineMachine.objects.visible_to(viewer).filter(
        manufacturer_id=claim.manufacturer_id, serial_number=claim.serial_number, line__slip__state=SlipState.SIGNED
    )
    rows = rows.exclude(line__slip=claim.slip).select_related("line", "line__slip")
    return list(rows.order_by("-line__slip__finished_at", "-id")[:BESIDE])
