"""What must be remembered even when the request is rolled back: refused access, a telephone number unmasked (reliability.md 3)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from core import tenancy
from core.models import AccessRecord
from core.tenancy import Viewer


class Action(StrEnum):
    """What an access record is about."""

    REFUSED = "refused"  # somebody asked for what his role does not include
    PHONE_SHOWN = "phone_shown"  # a telephone number was shown whole to somebody who sees it masked otherwise
    PASSWORD_SET = "password_set"  # noqa: S105  # a link was used to set a password


def remember(request: HttpRequest, action: Action | str, thing: str) -> None:
    """Write an access record of the request's viewer after its transaction, committed or not.

    action: one of `Action`, or its value. thing: what it was about, in words of the trade (a ticket's number, the address that was refused); 60 characters.
    A stranger leaves no record: it belongs to no organisation.
    """
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None:
        return
    now = timezone.now()
    survivors: list[Any] = request.survivors  # type: ignore[attr-defined]  # set by core.middleware.TenantTransaction
    survivors.append(lambda: write(viewer, Action(action), thing, now))


def write(viewer: Viewer, action: Action, thing: str, now: datetime) -> None:
    """Write an access record in the running transaction, under the viewer's role."""
    tenancy.enter(viewer)
    AccessRecord.objects.create(
        organisation_id=viewer.org,
        person_id=viewer.person_id,
        person_name=viewer.name[:60],
        action=action.value,
        thing=thing[:60],
        at=now,
    )
    tenancy.leave()
