"""Who is on leave and who acts for him; whom partners may name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.errors import Refused
from core.tenancy import Viewer
from partners.models import Contact, Deputy, Person

HOPS = 4  # a deputy on leave has a deputy of his own; longer chains end at the last one found


@dataclass(frozen=True)
class Named:
    """Whom a forward reaches. instead_of: name of the one who was chosen and is on leave until `until`, else ""."""

    person_id: int
    name: str
    department: str = ""
    instead_of: str = ""
    until: date | None = None


def of_person(viewer: Viewer, person: Person, today: date) -> list[Deputy]:
    """The leaves of a person that have not ended, the next one first."""
    rows = Deputy.objects.visible_to(viewer).filter(person_id=person.pk, last_day__gte=today)
    return list(rows.select_related("person", "deputy").order_by("first_day", "id"))


def overlapping(viewer: Viewer, person_id: int, first: date, last: date) -> Deputy | None:
    """A leave of the person that shares a day with this period."""
    rows = Deputy.objects.visible_to(viewer).filter(person_id=person_id, first_day__lte=last, last_day__gte=first)
    return rows.order_by("first_day").first()


def lock(viewer: Viewer, public_id: str) -> Deputy:
    """One leave, locked. Errors: NotFound."""
    rows = Deputy.objects.visible_to(viewer).select_for_update(of=("self",)).select_related("person", "deputy")
    return rows.one(public_id=public_id)


def colleague(viewer: Viewer, public_id: str, today: date) -> Named:
    """A colleague of the viewer's organisation, or who acts for him today. Errors: Refused("colleague_unknown", field="to")."""
    person = (
        Person.objects.visible_to(viewer).filter(public_id=public_id, organisation_id=viewer.org, active=True).first()
    )
    if person is None:
        raise Refused("colleague_unknown", field="to")
    return stand_in(viewer, person, today)


def stand_in(viewer: Viewer, person: Person, today: date) -> Named:
    """The person himself, or who acts for him today."""
    away = _away_today(viewer, today)
    now, until = person, None
    for _hop in range(HOPS):
        leave = away.get(now.pk)
        if leave is None:
            break
        now, until = leave.deputy, until or leave.last_day
    instead = person.name if now.pk != person.pk else ""
    return Named(now.pk, now.name, now.department or person.department, instead, until if instead else None)


def with_deputies(viewer: Viewer, person_ids: Iterable[int], today: date) -> set[int]:
    """These people of the viewer's organisation, and who acts today for those of them who are on leave. One statement."""
    known, away = set(person_ids), _away_today(viewer, today)
    return known | {away[person].deputy_id for person in known if person in away}


def _away_today(viewer: Viewer, today: date) -> dict[int, Deputy]:
    rows = Deputy.objects.visible_to(viewer).filter(first_day__lte=today, last_day__gte=today, deputy__active=True)
    return {leave.person_id: leave for leave in rows.select_related("deputy").order_by("id")}


def contacts(viewer: Viewer, organisation_id: int) -> list[Contact]:
    """The people whom an organisation shows to its partners, by name; [] when it is no partner."""
    rows = Contact.objects.visible_to(viewer).filter(organisation_id=organisation_id)
    return list(rows.order_by("department", "name", "id"))


def contact_of(viewer: Viewer, person: Person) -> Contact | None:
    """How a person of the viewer's own organisation is shown to partners; None when he is not."""
    return Contact.objects.visible_to(viewer).filter(organisation_id=viewer.org, person_id=person.pk).first()


def named(rows: Iterable[Contact], public_id: str, today: date) -> Named:
    """The chosen one of these contacts, or who acts for him today. Errors: Refused("colleague_unknown", field="to")."""
    contact = next((row for row in rows if row.public_id == public_id), None)
    if contact is None:
        raise Refused("colleague_unknown", field="to")
    leave = leave_of(contact, today)
    if leave is None:
        return Named(contact.person_id, contact.name, contact.department)
    until, deputy_id, deputy = leave
    return Named(deputy_id, deputy, contact.department, contact.name, until)


def leave_of(contact: Contact, today: date) -> tuple[date, int, str] | None:
    """(last day, deputy's key, deputy's name) when the contact is on leave today."""
    for first, last, deputy_id, deputy in contact.away:
        if date.fromisoformat(first) <= today <= date.fromisoformat(last):
            return date.fromisoformat(last), deputy_id, deputy
    return None


def contact_words(contact: Contact, today: date) -> str:
    """A contact as a choice: name, duty, and who acts for him while he is on leave."""
    words = " · ".join(part for part in (contact.name, contact.get_department_display(), contact.duty) if part)
    leave = leave_of(contact, today)
    if leave is None:
        return words
    return _("%(who)s (on leave until %(until)s, %(deputy)s acts for him)") % {
        "who": words, "until": f"{leave[0]:%m-%d}", "deputy": leave[2],
    }  # fmt: skip


def colleague_words(viewer: Viewer, person: Person, today: date) -> str:
    """A colleague as a choice, in the same way."""
    words = " · ".join(
        part for part in (person.name, person.get_department_display() if person.department else "") if part
    )
    acting = stand_in(viewer, person, today)
    if not acting.instead_of or acting.until is None:
        return words
    return _("%(who)s (on leave until %(until)s, %(deputy)s acts for him)") % {
        "who": words, "until": f"{acting.until:%m-%d}", "deputy": acting.name,
    }  # fmt: skip
