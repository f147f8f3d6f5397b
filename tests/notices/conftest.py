"""An installation with mail, SMS and robots, whose other ends are receivers of our own on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core import jobs, tick
from core.models import Job, JobState
from core.tenancy import Viewer
from notices.enums import ROBOTS, ChannelKind, Pace
from notices.models import Channel, Delivery, Preferences
from notices.operations.channels import RobotFacts, add_robot
from notices.operations.send import send
from notices.queries import kinds
from partners.enums import Role
from partners.models import Person
from servicedesk.environment import sms_gateway
from tests import factories, receivers
from tests.people import People, act

KEY = "abcdefgh-1234"
GROUP = kinds.Group("trial", gettext_lazy("Reminders"), frozenset({ChannelKind.MAIL}))
TOLD, TO_ONE, QUIETLY = "trial_told", "trial_to_one", "trial_other"


class Outside:
    """The other ends: `mails`, `sms` and a robot of each kind, with what they received; and the ways to use them."""

    def __init__(self, people: People, mails: receivers.Mails, others: dict[str, receivers.Posts]) -> None:
        self.people, self.mails, self.others = people, mails, others
        self.sms = others["sms"]

    def of(self, kind: ChannelKind) -> receivers.Posts:
        """The receiver behind robots of a kind."""
        return self.others[kind.value]

    def robot(self, kind: ChannelKind = ChannelKind.WECOM, *, by: Viewer | None = None, **facts: Any) -> Channel:
        """A robot of dealer CS01 that tells of the trial group at any hour."""
        base = f"{self.of(kind).url}/{kind.value}?key="
        values = {"name": f"{kind.value} 群", "groups": (GROUP.code,), "address": f"{base}{KEY}", **facts}
        made: Channel = act(
            add_robot,
            viewer=by or self.people.admin,
            facts=RobotFacts(kind=kind.value, **values),
            now=timezone.now(),
        )
        return made

    def prefers(self, name: str, *, mail: str = "", **columns: Any) -> Preferences:
        """How a known person is told: at any hour, at once, by mail when an address is named (confirmed)."""
        person = self.people.person(name)
        now = timezone.now()
        values = {"quiet_from": None, "quiet_to": None, "pace": Pace.AT_ONCE, "mail": mail, "mail_confirmed_at": now if mail else None}  # fmt: skip
        with factories.writing():
            row, _made = Preferences._plain.update_or_create(
                organisation_id=person.organisation_id, person_id=person.pk, defaults=values | columns
            )
        return row

    def tell(
        self, *names: str | Person, kind: str = TOLD, now: datetime | None = None, by: Viewer | None = None, **more: Any
    ) -> int:
        """The dispatcher tells people something; known ones by name."""
        arguments = {"params": {"title": "BX-1"}, "url": "/me/", **more}
        told: int = act(
            send,
            viewer=by or self.people.dispatcher,
            person_ids=[self.people.person(name).pk if isinstance(name, str) else name.pk for name in names],
            kind=kind,
            now=now or timezone.now(),
            **arguments,
        )
        return told

    def members(self, number: int) -> list[Person]:
        """So many technicians of the dealer, each with a confirmed address."""
        found = [factories.person(self.people.cs01, Role.TECHNICIAN) for _ in range(number)]
        with factories.writing():
            Preferences._plain.bulk_create(
                Preferences(
                    organisation_id=person.organisation_id,
                    person_id=person.pk,
                    quiet_from=None,
                    quiet_to=None,
                    mail=f"p{person.pk}@example.com",
                    mail_confirmed_at=timezone.now(),
                )
                for person in found
            )
        return found

    def leave(self) -> None:
        """What the installation does every few seconds: the tick rings, a worker works."""
        assert tick.tick(timezone.now())
        jobs.drain()

    def later(self) -> None:
        """As if enough time had passed for everything: pauses, rests, what a worker has in hand, the lease of its job."""
        past = timezone.now() - timedelta(seconds=1)
        with factories.writing():
            Delivery._plain.filter(state__in=("waiting", "failed")).update(next_at=past)
            Channel._plain.update(ready_at=None)
            Channel._plain.filter(rests_until__isnull=False).update(rests_until=past)
            Job._plain.filter(state=JobState.RUNNING).update(locked_until=past)

    @property
    def deliveries(self) -> list[Delivery]:
        """All deliveries as they stand."""
        return factories.rows(Delivery)

    @property
    def states(self) -> list[str]:
        """Their states."""
        return [row.state for row in self.deliveries]

    def by_kind(self, column: str = "state") -> dict[str, str]:
        """A column of the deliveries by the kind of their channel."""
        kinds_of = {row.pk: row.kind for row in factories.rows(Channel)}
        return {kinds_of[row.channel_id]: getattr(row, column) for row in self.deliveries}

    @property
    def channel(self) -> Channel:
        """The only channel there is."""
        (found,) = factories.rows(Channel)
        return found


@pytest.fixture
def outside(people: People, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    """Receivers for everything, and the settings that lead there."""
    known = {
        TOLD: kinds.Spec(gettext_lazy("%(title)s is ready."), GROUP, todo=gettext_lazy("Accept the job")),
        TO_ONE: kinds.Spec(gettext_lazy("%(title)s is ready."), GROUP, to_one=True),
        QUIETLY: kinds.Spec(gettext_lazy("%(title)s is ready."), kinds.SYSTEM),
    }
    for kind, spec in known.items():
        monkeypatch.setitem(kinds._kinds, kind, spec)
    with ExitStack() as stack:
        mails = stack.enter_context(receivers.mails())
        others = {name: stack.enter_context(receivers.posts()) for name in ("sms", *(kind.value for kind in ROBOTS))}
        settings.NOTICES_MAIL = True
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mails.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.DEFAULT_FROM_EMAIL = "售后服务 <service@example.com>"
        settings.SITE_URL = "https://service.example.com"
        settings.SMS_GATEWAY = sms_gateway(f"{others['sms'].url}/sms", token="t0ken", ok="code=0")
        settings.NOTICES_ALLOW_HOSTS = frozenset({"127.0.0.1"})
        settings.NOTICES_ROBOT_URLS = {kind.value: f"{others[kind.value].url}/{kind.value}?key=" for kind in ROBOTS}
        yield Outside(people, mails, others)
