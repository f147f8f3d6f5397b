"""How one wants to be told outside the portal, and the proof that an e-mail address is one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare

from core import jobs, limits, rights, tenancy
from core.errors import Refused
from core.models import public_id as random_name
from core.tenancy import Viewer
from notices.enums import MAIL_CODE, TO_LEAVE, ChannelKind, DeliveryState, Pace, Problem
from notices.models import Delivery, Preferences
from notices.operations import deliver
from notices.operations.outgoing import Said, personal_channel, written
from notices.queries import channels, kinds, preferences

CODE_LIVES = timedelta(minutes=30)
CODE_TRIES = 5
CODES_AN_HOUR = 5


@dataclass(frozen=True)
class Choice:
    """What somebody chose. on: group code -> kinds of channels; groups that are not named stay as they were.

    quiet: from and to, None = never quiet.
    """

    on: Mapping[str, Sequence[str]]
    quiet: tuple[time, time] | None
    pace: str


@transaction.atomic
def choose(*, viewer: Viewer, choice: Choice) -> Preferences:
    """Keep how the viewer wants to be told. A channel that the installation does not have now keeps what was chosen for it before.

    Errors: Refused("choice_unknown") with field "pace" or "on".
    """
    rights.require(viewer, "notice.choose")
    row = _lock(viewer)
    if choice.pace not in Pace.values:
        raise Refused("choice_unknown", field="pace")
    there = {kind.value for kind in channels.configured()}
    groups = {group.code: group for group in kinds.groups()}
    if not set(choice.on) <= set(groups) or not {kind for on in choice.on.values() for kind in on} <= there:
        raise Refused("choice_unknown", field="on")
    for code, on in choice.on.items():
        absent = [kind for kind in preferences.chosen(row, groups[code]) if kind not in there]
        row.choices[code] = sorted({*on, *absent})
    row.quiet_from, row.quiet_to = choice.quiet or (None, None)
    row.pace = choice.pace
    row.save()
    return row


@transaction.atomic
def ask_for_code(*, viewer: Viewer, address: str, now: datetime) -> Preferences:
    """Keep an e-mail address and send a code there; before it is entered, nothing else is sent there. The former address is forgotten.

    Errors: Refused("mail_not_configured"), Refused("mail_wrong", field="address"), Refused("codes_too_many").
    """
    rights.require(viewer, "notice.choose")
    if ChannelKind.MAIL not in channels.configured():
        raise Refused("mail_not_configured")
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise Refused("mail_wrong", field="address") from None
    if len(address) > 254:
        raise Refused("mail_wrong", field="address")
    if limits.too_many("mail_code", str(viewer.person_id), limit=CODES_AN_HOUR):
        raise Refused("codes_too_many")
    limits.count("mail_code", str(viewer.person_id), seconds=3600)
    row = _lock(viewer)
    row.mail, row.mail_confirmed_at = address, None
    row.mail_nonce, row.mail_asked_at, row.mail_tries = random_name(), now, 0
    row.save()
    way = personal_channel(viewer, ChannelKind.MAIL)
    former = Delivery.objects.visible_to(viewer).filter(channel=way, person_id=viewer.person_id, kind=MAIL_CODE)
    former.filter(state__in=TO_LEAVE).update(state=DeliveryState.GIVEN_UP, problem=Problem.NOBODY)
    said = Said(MAIL_CODE, {}, "/me/notices/", urgent=True)
    written(viewer, way, said, due=now, now=now, person_id=viewer.person_id, to=address).save()
    jobs.wake(deliver.KIND, [deliver.lane(viewer.org, viewer.tier, way.pk, way.kind)], now=now)
    return row


@transaction.atomic
def confirm_mail(*, viewer: Viewer, code: str, now: datetime) -> Preferences:
    """The code that came by mail: from now on messages go there.

    Errors: Refused("code_old") after half an hour or five wrong ones, Refused("code_wrong"), both with field "code". Whoever catches the
    latter has it counted by `count_wrong_code`.
    """
    rights.require(viewer, "notice.choose")
    row = _lock(viewer)
    if not row.mail_nonce or row.mail_asked_at is None or row.mail_asked_at < now - CODE_LIVES or row.mail_tries >= CODE_TRIES:  # fmt: skip
        raise Refused("code_old", field="code")
    if not constant_time_compare(preferences.code_for(row.mail, row.mail_nonce), "".join(code.split())):
        raise Refused("code_wrong", field="code")
    row.mail_confirmed_at, row.mail_nonce = now, ""
    row.save()
    return row


def count_wrong_code(viewer: Viewer) -> None:
    """Remember a wrong code. Called after the request's transaction, which the refusal has rolled back."""
    tenancy.enter(viewer)
    mine = Preferences.objects.visible_to(viewer).filter(organisation_id=viewer.org, person_id=viewer.person_id or 0)
    mine.update(mail_tries=F("mail_tries") + 1)
    tenancy.leave()


@transaction.atomic
def forget_mail(*, viewer: Viewer) -> Preferences:
    """No address any more, so no mail."""
    rights.require(viewer, "notice.choose")
    row = _lock(viewer)
    row.mail, row.mail_nonce, row.mail_confirmed_at = "", "", None
    row.save()
    return row


def _lock(viewer: Viewer) -> Preferences:
    """The viewer's own row, made when he has none yet, locked."""
    person_id = viewer.person_id or 0
    Preferences.objects.bulk_create(
        [Preferences(organisation_id=viewer.org, person_id=person_id)], ignore_conflicts=True
    )
    mine = Preferences.objects.visible_to(viewer).filter(organisation_id=viewer.org)
    return mine.select_for_update().get(person_id=person_id)
