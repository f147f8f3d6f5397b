"""Which product lines a partnership covers (domain.md 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core import rights
from core.tenancy import Viewer
from equipment.models import PartnershipLine
from equipment.queries import coverage
from partners.models import Partnership
from partners.queries import partnerships


@transaction.atomic
def cover_lines(*, viewer: Viewer, partnership_id: str, line_ids: Sequence[str], now: datetime) -> Partnership:
    """Say which lines of its manufacturer a partnership covers; none at all means every line.

    partnership_id, line_ids: public ids; lines of another manufacturer and unknown ones are not found.
    Errors: NotFound, Refused("not_allowed", 403).
    """
    rights.require(viewer, "coverage.change", partnerships.one(viewer, partnership_id))
    partnership = coverage.lock_partnership(viewer, partnership_id)
    wanted = {line.id for line in coverage.lines_named(viewer, partnership, line_ids)}
    covered = coverage.rows_of(viewer, partnership)
    have = set(covered.values_list("line_id", flat=True))
    covered.filter(line_id__in=have - wanted).delete()
    PartnershipLine.objects.bulk_create(
        PartnershipLine(
            partnership=partnership,
            dealer_id=partnership.dealer_id,
            manufacturer_id=partnership.manufacturer_id,
            office_id=partnership.office_id,
            listed=partnership.listed,
            line_id=line_id,
        )
        for line_id in sorted(wanted - have)
    )
    return partnership
