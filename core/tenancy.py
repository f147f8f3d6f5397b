"""Who owns a row and who may see it: the two layers of isolation (docs/isolation.md).

Layer 1 lives here: the manager of a tenant model answers only `visible_to(viewer)` or `unscoped("reason")`.
Layer 2 is PostgreSQL's row level security: `core.row_security` makes its policies from the same declarations, and
`enter()` puts a transaction under the role and the settings that those policies read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models, transaction
from django.db.models import Q

from core.errors import NotFound


class Tier(StrEnum):
    """Where a viewer stands; each tier has a database role of its own (`app_<tier>`)."""

    DEALER = "dealer"
    OFFICE = "office"
    HQ = "hq"
    PLATFORM = "platform"
    OUTSIDE = "outside"
    SYSTEM = "system"

    @property
    def role(self) -> str:
        return f"app_{self.value}"


class Kind(StrEnum):
    """Kinds of tables; each model declares its kind once as `tenancy`. The policies per kind: `core.row_security`."""

    DEALER_PRIVATE = "dealer-private"
    SHARED = "shared"
    MAKER_PUBLISHED = "maker-published"
    MAKER_PRIVATE = "maker-private"
    COMMON = "common"
    PARTNERSHIP = "partnership"
    OWN = "own"
    PEOPLE = "people"
    JOB = "job"
    CONTACT = "contact"
    ORGANISATION = "organisation"
    IDENTITY = "identity"


@dataclass(frozen=True)
class Link:
    """What a customer's link or code has opened: these rows of one dealer and no others (0 = none of its kind)."""

    machine: int = 0
    ticket: int = 0
    slip: int = 0


@dataclass(frozen=True)
class Outside:
    """Which rows of a table somebody with a link sees: those whose `column` is the row that the link has opened.

    opened: a field of `Link`. only: a further column and its value.
    """

    column: str
    opened: str
    only: tuple[str, str] | None = None


@dataclass(frozen=True)
class Viewer:
    """The signed-in person in the organisation that is active, as every query and operation sees it.

    makers: manufacturers whose published rows a dealer may read (its partnerships and its own unlisted makers).
    own_makers: the unlisted makers among them (厂家未入驻), whose rows the dealer may write.
    partners: organisations whose card (name, phone) may be read, the own one included.
    maker: for an office the manufacturer it belongs to, for HQ itself, else None.
    link: for somebody without account what his link has opened; org is its dealer then.
    """

    tier: Tier
    org: int
    maker: int | None = None
    makers: tuple[int, ...] = ()
    own_makers: tuple[int, ...] = ()
    partners: tuple[int, ...] = ()
    account_id: int | None = None
    person_id: int | None = None
    name: str = ""
    phone: str = ""
    org_name: str = ""
    org_code: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    department: str = ""
    language: str = ""
    theme: str = ""
    density: str = ""
    link: Link | None = None

    def has(self, *roles: str) -> bool:
        """Whether the person has one of these roles."""
        return not self.roles.isdisjoint(roles)


class Unscoped(RuntimeError):
    """A tenant table was read without saying for whom. Use `visible_to(viewer)` in `queries/`."""


M = TypeVar("M", bound=models.Model)


def visible(model: type[models.Model], viewer: Viewer) -> Q | None:
    """The rows of `model` that `viewer` may see, as a condition; None when the tier sees no row of that kind."""
    kind: Kind = model.tenancy  # type: ignore[attr-defined]  # every tenant model declares it; core.row_security checks
    opened: Outside | None = getattr(model, "outside", None)
    if viewer.tier is Tier.OUTSIDE and opened is not None and viewer.link is not None:
        only = dict([opened.only]) if opened.only else {}
        return Q(dealer_id=viewer.org, **{opened.column: getattr(viewer.link, opened.opened)}, **only)
    rule = _VISIBLE.get((kind, viewer.tier))
    return rule(viewer) if rule else None


def _shared_office(v: Viewer) -> Q:
    return Q(office_id=v.org, shared_with_maker=True)


def _shared_hq(v: Viewer) -> Q:
    return Q(manufacturer_id=v.org, shared_with_maker=True)


def _own(v: Viewer) -> Q:
    return Q(organisation_id=v.org)


_ALL = Q()

_VISIBLE: dict[tuple[Kind, Tier], Callable[[Viewer], Q]] = {
    (Kind.DEALER_PRIVATE, Tier.DEALER): lambda v: Q(dealer_id=v.org),
    (Kind.SHARED, Tier.DEALER): lambda v: Q(dealer_id=v.org),
    (Kind.SHARED, Tier.OFFICE): _shared_office,
    (Kind.SHARED, Tier.HQ): _shared_hq,
    (Kind.MAKER_PUBLISHED, Tier.DEALER): lambda v: Q(manufacturer_id__in=v.makers),
    (Kind.MAKER_PUBLISHED, Tier.OFFICE): lambda v: Q(manufacturer_id=v.maker),
    (Kind.MAKER_PUBLISHED, Tier.HQ): lambda v: Q(manufacturer_id=v.org),
    (Kind.MAKER_PRIVATE, Tier.OFFICE): lambda v: Q(manufacturer_id=v.maker),
    (Kind.MAKER_PRIVATE, Tier.HQ): lambda v: Q(manufacturer_id=v.org),
    **{(Kind.COMMON, tier): lambda v: _ALL for tier in Tier if tier is not Tier.SYSTEM},
    (Kind.PARTNERSHIP, Tier.DEALER): lambda v: Q(dealer_id=v.org),
    (Kind.PARTNERSHIP, Tier.OFFICE): lambda v: Q(office_id=v.org),
    (Kind.PARTNERSHIP, Tier.HQ): lambda v: Q(manufacturer_id=v.org),
    (Kind.PARTNERSHIP, Tier.PLATFORM): lambda v: Q(listed=True),
    **{(Kind.OWN, tier): _own for tier in (Tier.DEALER, Tier.OFFICE, Tier.HQ, Tier.PLATFORM)},
    **{(Kind.PEOPLE, tier): _own for tier in (Tier.DEALER, Tier.OFFICE, Tier.HQ)},
    **{
        (Kind.CONTACT, tier): lambda v: Q(organisation_id__in=v.partners)
        for tier in (Tier.DEALER, Tier.OFFICE, Tier.HQ)
    },
    (Kind.PEOPLE, Tier.PLATFORM): lambda v: Q(is_admin=True),
    **{(Kind.JOB, tier): _own for tier in (Tier.DEALER, Tier.OFFICE, Tier.HQ)},
    (Kind.JOB, Tier.PLATFORM): lambda v: _ALL,
    (Kind.JOB, Tier.SYSTEM): lambda v: _ALL,
    **{(Kind.ORGANISATION, tier): lambda v: Q(id__in=v.partners) for tier in (Tier.OFFICE, Tier.HQ)},
    (Kind.ORGANISATION, Tier.DEALER): lambda v: Q(id__in=v.partners) | Q(owner_dealer_id=v.org),
    (Kind.ORGANISATION, Tier.PLATFORM): lambda v: Q(owner_dealer_id=None),
    (Kind.ORGANISATION, Tier.OUTSIDE): lambda v: Q(id=v.org),
}


class TenantQuerySet(models.QuerySet[M]):
    """A queryset that knows for whom it was made."""

    def one(self, **lookup: Any) -> M:
        """The single row, or `NotFound` (404) when it is missing or another's."""
        try:
            return self.get(**lookup)
        except (ObjectDoesNotExist, ValueError):
            raise NotFound from None


class TenantManager(models.Manager[M]):
    """Layer 1: rows come only through `visible_to(viewer)`, or `unscoped("why")`; new rows through `create`."""

    def _rows(self) -> TenantQuerySet[M]:
        return TenantQuerySet(self.model, using=self._db)

    def get_queryset(self) -> TenantQuerySet[M]:
        raise Unscoped(f"{self.model.__name__}.objects: say visible_to(viewer) or unscoped('reason')")

    def visible_to(self, viewer: Viewer) -> TenantQuerySet[M]:
        """The rows this viewer may see (docs/isolation.md)."""
        if settings.ISOLATION_LAYER_1_OFF:  # the isolation suite proves that layer 2 alone is enough
            return self._rows()
        condition = visible(self.model, viewer)
        return self._rows().none() if condition is None else self._rows().filter(condition)

    def unscoped(self, reason: str) -> TenantQuerySet[M]:
        """All rows that the database role lets through; `reason` says why no viewer is asked."""
        if not reason:
            raise ValueError("an unscoped query needs its reason")
        return self._rows()

    def create(self, **values: Any) -> M:
        """Insert one row; the policies of layer 2 refuse a row of another tenant."""
        return self._rows().create(**values)

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> list[M]:
        """Insert many rows; layer 2 as with `create`."""
        return self._rows().bulk_create(objs, *args, **options)


class TenantModel(models.Model):
    """Base of every table that holds rows of somebody: declares `tenancy` and reads through `TenantManager`."""

    tenancy: Kind
    #: tiers that may DELETE rows of this table; everything else keeps its rows
    deletable_by: tuple[Tier, ...] = ()
    #: tiers that may INSERT rows of this table, None = as the kind says
    insertable_by: tuple[Tier, ...] | None = None
    #: what somebody with a customer's link sees of this table, None = nothing
    outside: Outside | None = None

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "_plain"

    _plain = models.Manager()


if TYPE_CHECKING:
    ViewerLoader = Callable[[int], Viewer | None]


def enter(viewer: Viewer) -> None:
    """Put the running transaction under the viewer's role and settings (layer 2), until commit or `leave()`.

    One statement; SET LOCAL semantics, so it survives PgBouncer and cannot stick to a pooled connection.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("tenancy.enter() needs a transaction")
    role = "app_fixture" if settings.ISOLATION_LAYER_2_OFF else viewer.tier.role
    link = viewer.link or Link()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.org', %s, true), set_config('app.maker', %s, true),"
            " set_config('app.makers', %s, true), set_config('app.own_makers', %s, true),"
            " set_config('app.partners', %s, true), set_config('app.person', %s, true),"
            " set_config('app.link_machine', %s, true), set_config('app.link_ticket', %s, true),"
            " set_config('app.link_slip', %s, true),"
            " set_config('role', %s, true)",
            [
                str(viewer.org),
                str(viewer.maker or ""),
                _array(viewer.makers),
                _array(viewer.own_makers),
                _array(viewer.partners),
                str(viewer.person_id or ""),
                str(link.machine or ""),
                str(link.ticket or ""),
                str(link.slip or ""),
                role,
            ],
        )


def leave() -> None:
    """Back to the login user, who sees identity tables only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'none', true)")


@contextmanager
def acting(viewer: Viewer) -> Iterator[None]:
    """A transaction (or savepoint) of its own under the viewer's role: for jobs and commands."""
    with transaction.atomic():
        enter(viewer)
        yield
        leave()


@contextmanager
def identity(viewer: Viewer) -> Iterator[None]:
    """Inside a request of `viewer`: a moment as the login user, to write accounts and links; then back."""
    leave()
    yield
    enter(viewer)


def system(name: str = "") -> Viewer:
    """The worker itself: may read and write jobs and notices, nothing else."""
    return Viewer(tier=Tier.SYSTEM, org=0, name=name)


def _array(numbers: tuple[int, ...]) -> str:
    return "{" + ",".join(str(n) for n in numbers) + "}"
