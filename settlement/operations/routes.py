"""Writing the route book (domain.md 9.1): an office for its dealers, headquarters for all of its own."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from core import districts, rights
from core.errors import Refused
from core.tenancy import Viewer
from partners.queries import partnerships
from settlement.calculations.cards import MOST_KM
from settlement.models import UsualWay
from settlement.queries import routes

#: number of the lock under which the book of one dealer is written
BOOK = 5_275


@transaction.atomic
def enter_way(*, viewer: Viewer, partnership: str, start: str, site: str, km: Decimal, now: datetime) -> UsualWay:
    """Enter how far it is, or correct what stands there: start and site together are one line.

    partnership: public id. start: the dealer's branch, "" = its own address. site: city and district by their names. km: one way.
    Errors: not_allowed (403); NotFound; Refused("partnership_ended", 409); ("site_unknown"), ("way_wrong").
    """
    rights.require(viewer, "route.write")
    tie = partnerships.one(viewer, partnership)
    partnerships.require_holding(viewer, dealer_id=tie.dealer_id, manufacturer_id=tie.manufacturer_id)
    found = districts.find(site.strip())
    if not found.city or found.rest.strip():
        raise Refused("site_unknown", field="site")
    if not 0 < km <= MOST_KM or km != round(km, 1):
        raise Refused("way_wrong", field="km")
    with connection.cursor() as cursor:  # two people enter the same line: the second one corrects the first one's
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [BOOK, tie.dealer_id % 2**31])
    line = {"start": start.strip()[:30], "city": found.city, "district": found.district}
    rows = UsualWay.objects.visible_to(viewer).filter(dealer=tie.dealer, manufacturer=tie.manufacturer, **line)
    way = rows.first()
    if way is None:
        way = UsualWay(
            dealer=tie.dealer,
            manufacturer=tie.manufacturer,
            office=tie.office,
            shared_with_maker=True,
            version=0,
            **line,
        )
    way.km, way.changed_by = km, viewer.name
    way.version += 1
    way.save()
    return way


@transaction.atomic
def remove_way(*, viewer: Viewer, public_id: str, now: datetime) -> None:
    """Take a line out of the book. Errors: not_allowed (403); NotFound; Refused("partnership_ended", 409)."""
    rights.require(viewer, "route.write")
    way = routes.one(viewer, public_id)
    partnerships.require_holding(viewer, dealer_id=way.dealer_id, manufacturer_id=way.manufacturer_id)
    way.delete()
