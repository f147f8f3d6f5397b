"""A new version of what a dealer promises the customers of a manufacturer's machines (服务承诺, domain.md 5.2)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import jobs, rights
from core.errors import Refused
from core.tenancy import Viewer
from partners.models import Organisation
from partners.queries import partnerships
from tickets.calculations.promise import Version
from tickets.models import Promise
from tickets.operations.exchange_promise import EXCHANGE, count_running
from tickets.operations.steps import fits

TYPING = timedelta(minutes=15)  # a form that stood open for a while is not "in the past"


@transaction.atomic
def set_promise(
    *, viewer: Viewer, manufacturer: str, version: Version, running: bool = False, now: datetime
) -> Promise:
    """Promise from a time on; rounds that began before keep what was promised then.

    running: at that time work that is running gets the new promise, too, by a job; its pauses so far count on, what was met stays.

    manufacturer: public id of one of the dealer's manufacturers.
    Errors: Refused("choice_unknown", field="manufacturer"), ("promise_in_past", field="valid_from"),
    ("promise_twice", field="valid_from"), ("text_too_long", field="note"), ("partnership_ended"), not_allowed.
    """
    rights.require(viewer, "promise.set")
    maker = Organisation.objects.visible_to(viewer).filter(public_id=manufacturer).exclude(id=viewer.org).first()
    partnership = partnerships.with_maker(viewer, maker.pk) if maker else None
    if maker is None or partnership is None:
        raise Refused("choice_unknown", field="manufacturer")
    if not partnership.holds:
        raise Refused("partnership_ended", field="manufacturer")
    if version.valid_from < now - TYPING:
        raise Refused("promise_in_past", field="valid_from")
    made = Promise(
        dealer_id=viewer.org,
        manufacturer_id=maker.pk,
        office_id=partnership.office_id,
        shared_with_maker=partnership.listed,
        made_at=now,
        made_by=viewer.name,
        **{**asdict(version), "note": fits(version.note, 200, field="note")},
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Refused("promise_twice", field="valid_from") from None
    if running:
        jobs.enqueue(
            EXCHANGE,
            viewer=viewer,
            now=now,
            title=_("New promise for running work: %(partner)s") % {"partner": maker.label},
            of=count_running(viewer, maker.pk),
            run_at=max(made.valid_from, timezone.now()),
            manufacturer=maker.pk,
        )
    return made
