"""Accounts: sign-in and its lock-out, links that set a password, changing the password (domain.md 2.4).

Accounts, links and counters are identity tables: they are written as the login user, after the rights table was asked.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from core import access, rights, tenancy
from core.errors import Refused
from core.tenancy import Tier, Viewer
from partners.calculations import phones
from partners.enums import TIER_OF_KIND, LinkPurpose, OrganisationKind
from partners.models import AccessLink, Account, Person, SignInFailures
from partners.queries import viewers

FAILURES = 5  # wrong passwords in a row until the door is shut (domain.md 2.4)
SHUT_FOR = timedelta(minutes=15)
INVITATION_DAYS, RESET_HOURS = 7, 24


@dataclass(frozen=True)
class IssuedLink:
    """A link as it is shown once to the administrator; only the hash of its token is kept."""

    token: str
    person: Person
    purpose: LinkPurpose
    expires_at: datetime


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def make_invitation(*, viewer: Viewer, person: Person, now: datetime) -> IssuedLink:
    """A link by which an invited person gets an account; valid 7 days, once. Earlier links of the person end.

    Errors: Refused("not_allowed", 403), Refused("person_has_account"), Refused("person_inactive").
    """
    rights.require(viewer, "person.invite", person)
    if person.account_id is not None:
        raise Refused("person_has_account", status=409)
    return _issue(viewer, person, LinkPurpose.INVITATION, now, timedelta(days=INVITATION_DAYS))


@transaction.atomic
def make_reset_link(*, viewer: Viewer, person: Person, now: datetime) -> IssuedLink:
    """A link by which a person sets a new password; valid 24 hours, once. Earlier links of the person end.

    Errors: Refused("not_allowed", 403), Refused("person_without_account"), Refused("person_inactive").
    """
    rights.require(viewer, "person.reset", person)
    if person.account_id is None:
        raise Refused("person_without_account", status=409)
    return _issue(viewer, person, LinkPurpose.RESET, now, timedelta(hours=RESET_HOURS))


def end_links(viewer: Viewer, person: Person, now: datetime) -> None:
    """Unused links of a person end: a newer one was made, the number changed, or the person left."""
    with tenancy.identity(viewer):
        AccessLink.objects.filter(person_id=person.pk, used_at=None, expires_at__gt=now).update(expires_at=now)


def _issue(viewer: Viewer, person: Person, purpose: LinkPurpose, now: datetime, valid: timedelta) -> IssuedLink:
    if not person.active:
        raise Refused("person_inactive", status=409)
    organisation = person.organisation
    token = secrets.token_urlsafe(24)
    end_links(viewer, person, now)
    with tenancy.identity(viewer):
        AccessLink.objects.create(
            token_hash=token_hash(token),
            purpose=purpose,
            organisation_id=organisation.pk,
            tier=tier_of(organisation.kind).value,
            person_id=person.pk,
            person_name=person.name,
            organisation_name=organisation.label,
            phone=person.phone,
            made_by=viewer.name or viewer.org_name,
            expires_at=now + valid,
            created_at=now,
        )
    return IssuedLink(token, person, purpose, now + valid)


def reset_link_of_operator(*, phone: str, now: datetime) -> str:
    """The token of a reset link for an account, whoever employs it: for `manage.py reset_link`, not for pages.

    It is the only reset of an account that several organisations use. Errors: Refused("account_unknown").
    """
    account = Account.objects.filter(phone=phones.normalised(phone), is_active=True).first()
    found = viewers.of_account(account.pk, None) if account else None
    if account is None or found is None:
        raise Refused("account_unknown", field="phone")
    token = secrets.token_urlsafe(24)
    AccessLink.objects.create(
        token_hash=token_hash(token),
        purpose=LinkPurpose.RESET,
        organisation_id=found[0].org,
        tier=found[0].tier.value,
        person_id=0,
        person_name=found[0].name,
        organisation_name=found[0].org_name,
        phone=account.phone,
        expires_at=now + timedelta(hours=RESET_HOURS),
        created_at=now,
    )
    return token


@transaction.atomic
def accept_link(*, token: str, phone: str, password: str, now: datetime) -> tuple[Account, int | None]:
    """Use a link: set the password and bind the person to the account with its number. Runs as the login user.

    An invitation makes the account, or finds the one with this number and then wants its present password: who makes a
    link in one organisation must not open another's door with it. For the same reason a reset is refused when the account
    works in other organisations, too. Returns the account and the person (None for a link of the operator).
    Wrong numbers and passwords are counted by the caller (`link_key`, the phone), as at sign-in.
    Errors: Refused("link_unknown" | "link_used" | "link_expired", 410), Refused("sign_in_locked", 429),
    Refused("link_phone_wrong", field="phone"), Refused("password_weak" | "account_password_wrong", field="password"),
    Refused("link_other_tier"), Refused("reset_elsewhere").
    """
    link = open_link(token, now, lock=True)
    require_unlocked(link_key(token), now)
    if phones.normalised(phone) != link.phone:
        raise Refused("link_phone_wrong", field="phone")
    if link.person_id == 0:
        account = Account.objects.get(phone=link.phone)
        _set_password(account, password)
        _use(link, now)
        return account, None
    employer = Viewer(tier=Tier(link.tier), org=link.organisation_id, partners=(link.organisation_id,))
    with tenancy.acting(employer):
        person = Person.objects.visible_to(employer).select_for_update().filter(id=link.person_id, active=True).first()
    if person is None or person.organisation_id != link.organisation_id:
        raise Refused("link_expired", status=410)
    if link.purpose == LinkPurpose.INVITATION:
        account = _account_of_invited(link, password, now)
        with tenancy.acting(employer):
            Person.objects.visible_to(employer).filter(id=person.pk).update(account=account)
    else:
        account = _account_of_reset(person, password)
    _use(link, now)
    member = Viewer(
        tier=employer.tier, org=employer.org, person_id=person.pk, name=person.name, partners=employer.partners
    )
    access.write(member, access.Action.PASSWORD_SET, f"{link.get_purpose_display()} · {link.made_by}", now)
    return account, person.pk


def open_link(token: str, now: datetime, *, lock: bool = False) -> AccessLink:
    """The link behind a token while it can be used. Errors as accept_link, all with status 410."""
    rows = AccessLink.objects.select_for_update() if lock else AccessLink.objects.all()
    link = rows.filter(token_hash=token_hash(token)).first()
    if link is None:
        raise Refused("link_unknown", status=410)
    if link.used_at is not None:
        raise Refused("link_used", status=410)
    if link.expires_at <= now:
        raise Refused("link_expired", status=410)
    return link


def link_key(token: str) -> str:
    """Under which name wrong phone numbers at a link are counted."""
    return f"link {token_hash(token)[:40]}"


def token_hash(token: str) -> str:
    """How a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def _account_of_invited(link: AccessLink, password: str, now: datetime) -> Account:
    account = Account.objects.filter(phone=link.phone).first()
    if account is None:
        account = Account(phone=link.phone)
        _set_password(account, password)
        return account
    found = viewers.of_account(account.pk, None)
    if found is not None and found[0].tier.value != link.tier:
        raise Refused("link_other_tier")
    require_unlocked(account.phone, now)
    if not account.is_active or not account.check_password(password):
        raise Refused("account_password_wrong", field="password")
    return account


def _account_of_reset(person: Person, password: str) -> Account:
    account = Account.objects.filter(pk=person.account_id or 0).first()
    if account is None:
        raise Refused("link_expired", status=410)
    found = viewers.of_account(account.pk, None)
    if found is not None and any(membership.person_id != person.pk for membership in found[1]):
        raise Refused("reset_elsewhere")
    _set_password(account, password)
    clear_failures(account.phone)
    return account


def _use(link: AccessLink, now: datetime) -> None:
    link.used_at = now
    link.save(update_fields=["used_at"])


def _set_password(account: Account, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as problem:
        raise Refused("password_weak", field="password", why=" ".join(problem.messages)) from problem
    account.set_password(password)
    account.save()


# ── sign-in ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def sign_in(*, request: HttpRequest, login: str, password: str, now: datetime) -> Account:
    """The account that signs in with phone number or user name and password. Runs as the login user.

    A failure is counted by the caller with `count_failure` after the rollback. Errors: Refused("sign_in_locked", 429),
    Refused("sign_in_wrong"), Refused("no_membership").
    """
    key = login_key(login)
    require_unlocked(key, now)
    account = authenticate(request, username=login, password=password)
    if not isinstance(account, Account):
        raise Refused("sign_in_wrong")
    clear_failures(key)
    if viewers.of_account(account.pk, None) is None:
        raise Refused("no_membership")
    return account


def login_key(login: str) -> str:
    """Under which name failures are counted: an account's number, whichever of its names was typed."""
    account = Account.objects.by_login(login)
    return account.phone if account else login.strip().casefold()[:64]


def require_unlocked(key: str, now: datetime) -> None:
    """Errors: Refused("sign_in_locked", 429) with the minutes that are left."""
    row = SignInFailures.objects.filter(login=key, locked_until__gt=now).first()
    if row is not None and row.locked_until is not None:
        raise Refused("sign_in_locked", status=429, minutes=-(-(row.locked_until - now).seconds // 60))


@transaction.atomic
def count_failure(*, key: str, now: datetime) -> None:
    """Count a wrong password; the fifth in a row shuts the door for 15 minutes. In a transaction that is kept.

    The counter stands in PostgreSQL: a lost Redis opens no door. Failures older than 15 minutes are forgotten.
    """
    row, _ = SignInFailures.objects.select_for_update().get_or_create(login=key[:64], defaults={"last_at": now})
    recent = row.last_at > now - SHUT_FOR
    row.failures = row.failures + 1 if recent else 1
    row.last_at = now
    row.locked_until = now + SHUT_FOR if row.failures >= FAILURES else None
    row.save()


def count_failure_of(account_id: int | None, *, now: datetime) -> None:
    """The same for somebody who is signed in and gave a wrong present password."""
    for phone in Account.objects.filter(pk=account_id or 0).values_list("phone", flat=True):
        count_failure(key=phone, now=now)


def clear_failures(key: str) -> None:
    """A right password: nothing is counted any more."""
    SignInFailures.objects.filter(login=key).delete()


# ── one's own account ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def change_password(*, viewer: Viewer, present: str, new: str, now: datetime) -> Account:
    """Change one's own password; the caller renews the session.

    Errors: Refused("present_password_wrong", field="present"), Refused("password_weak", field="new").
    """
    with tenancy.identity(viewer):
        account = Account.objects.select_for_update().get(pk=viewer.account_id or 0)
        require_unlocked(account.phone, now)
        if not account.check_password(present):
            raise Refused("present_password_wrong", field="present")
        try:
            _set_password(account, new)
        except Refused as refusal:
            refusal.field = "new"
            raise
    return account


def tier_of(kind: str) -> Tier:
    """The tier of an organisation's people."""
    return TIER_OF_KIND[OrganisationKind(kind)]
