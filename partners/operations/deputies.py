"""Leaves and deputies, and whom an organisation shows to its partners (domain.md 2.4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from core import rights
from core.calendars import local_date
from core.errors import Refused
from core.tenancy import Tier, Viewer
from partners.models import Contact, Deputy, Person
from partners.queries import deputies, people


@transaction.atomic
def name_deputy(*, viewer: Viewer, person: str, deputy: str, first_day: date, last_day: date, now: datetime) -> Deputy:
    """From the first to the last day, both included, `deputy` acts for `person`; public ids of two people of the viewer's organisation.

    Everybody names his own, an administrator anybody's. Who shows the person as a contact sees it, too.
    Errors: NotFound, not_allowed, Refused("colleague_unknown", field="deputy"), ("deputy_days_wrong", field="last_day"),
    ("deputy_overlap", field="first_day"), ("deputy_away", field="deputy").
    """
    away = people.lock(viewer, person, version=None)  # so that two leaves typed at once are seen by each other
    rights.require(viewer, "deputy.name", away)
    found = people.all_of(viewer).filter(public_id=deputy, organisation_id=viewer.org, active=True).first()
    if found is None or found.pk == away.pk or away.organisation_id != viewer.org:
        raise Refused("colleague_unknown", field="deputy")
    if last_day < max(first_day, local_date(now)):
        raise Refused("deputy_days_wrong", field="last_day")
    known = deputies.overlapping(viewer, away.pk, first_day, last_day)
    if known is not None:
        raise Refused("deputy_overlap", field="first_day", first=f"{known.first_day}", last=f"{known.last_day}")
    if deputies.overlapping(viewer, found.pk, first_day, last_day) is not None:
        raise Refused("deputy_away", field="deputy", name=found.name)
    made = Deputy.objects.create(
        organisation_id=viewer.org,
        person=away,
        deputy=found,
        first_day=first_day,
        last_day=last_day,
        named_by=viewer.name,
    )
    follow(viewer, away, now)
    return made


@transaction.atomic
def end_leave(*, viewer: Viewer, public_id: str, now: datetime) -> None:
    """The person is back (or does not go): a leave that has begun ends with yesterday, one that has not is removed.

    Errors: NotFound, not_allowed.
    """
    leave = deputies.lock(viewer, public_id)
    rights.require(viewer, "deputy.name", leave.person)
    yesterday = local_date(now) - timedelta(days=1)
    if leave.first_day > yesterday:
        leave.delete()
    elif leave.last_day > yesterday:
        leave.last_day, leave.version = yesterday, leave.version + 1
        leave.save()
    follow(viewer, leave.person, now)


@transaction.atomic
def show_contact(*, viewer: Viewer, person: str, duty: str, now: datetime) -> Contact:
    """Show a person to the partners as somebody whom a request may name; again with another duty changes it.

    duty: what he looks after, up to 40 characters. Errors: NotFound, not_allowed, Refused("person_inactive").
    """
    found = people.lock(viewer, person, version=None)
    rights.require(viewer, "contact.show", found)
    if not found.active or found.organisation_id != viewer.org:
        raise Refused("person_inactive")
    contact = deputies.contact_of(viewer, found) or Contact(organisation_id=viewer.org, person_id=found.pk)
    contact.duty = duty.strip()[:40]
    _copy(viewer, contact, found, now)
    return contact


@transaction.atomic
def hide_contact(*, viewer: Viewer, person: str, now: datetime) -> None:
    """Show a person to partners no longer; what names him already stays. Errors: NotFound, not_allowed."""
    found = people.lock(viewer, person, version=None)
    rights.require(viewer, "contact.show", found)
    Contact.objects.visible_to(viewer).filter(organisation_id=viewer.org, person_id=found.pk).delete()


def follow(viewer: Viewer, person: Person, now: datetime) -> None:
    """After a change of the person or his leaves: what partners see of him follows; who is deactivated is not shown any more."""
    if person.organisation_id != viewer.org or viewer.tier is Tier.PLATFORM:
        return
    contact = deputies.contact_of(viewer, person)
    if contact is None:
        return
    if person.active:
        _copy(viewer, contact, person, now)
    else:
        contact.delete()


def _copy(viewer: Viewer, contact: Contact, person: Person, now: datetime) -> None:
    leaves = deputies.of_person(viewer, person, local_date(now))
    contact.name, contact.department = person.name, person.department
    contact.away = [[f"{one.first_day}", f"{one.last_day}", one.deputy_id, one.deputy.name] for one in leaves]
    contact.save()
