from django.db import models
from django.utils.translation import gettext_lazy as _

from core.tenancy import Tier


class OrganisationKind(models.TextChoices):
    """Kinds of organisations; a department is a column of the person, a branch one of person and ticket."""

    PLATFORM = "platform", _("platform")
    MAKER = "maker", _("manufacturer")
    OFFICE = "office", _("regional office")
    DEALER = "dealer", _("dealer")


TIER_OF_KIND = {
    OrganisationKind.PLATFORM: Tier.PLATFORM,
    OrganisationKind.MAKER: Tier.HQ,
    OrganisationKind.OFFICE: Tier.OFFICE,
    OrganisationKind.DEALER: Tier.DEALER,
}


class Role(models.TextChoices):
    """Roles (domain.md 2.2); a person has one or more, all of its organisation's tier. ADMIN exists in every tier."""

    ADMIN = "admin", _("administrator")
    DISPATCHER = "dispatcher", _("dispatcher")
    TECHNICIAN = "technician", _("technician")
    STOREKEEPER = "storekeeper", _("storekeeper")
    ACCOUNTANT = "accountant", _("accountant")
    OWNER = "owner", _("owner")
    OFFICE_MANAGER = "office_manager", _("office manager")
    OFFICE_ENGINEER = "office_engineer", _("office engineer")
    REVIEWER = "reviewer", _("after-sales reviewer")
    CALL_CENTRE = "call_centre", _("call centre")
    DEPARTMENT = "department", _("department member")
    PARTS_STORE = "parts_store", _("old-parts store")
    FINANCE = "finance", _("finance")


#: in place of a role: the viewer is a customer with a link, for whom the product writes into the dealer's rows. Nobody's role.
BY_LINK = "by_link"
#: in place of a role: the manufacturer has referred a customer, and the product enters him at the dealer's. Nobody's role.
BY_REFERRAL = "by_referral"

ROLES_OF_TIER: dict[Tier, tuple[Role, ...]] = {
    Tier.DEALER: (Role.ADMIN, Role.DISPATCHER, Role.TECHNICIAN, Role.STOREKEEPER, Role.ACCOUNTANT, Role.OWNER),
    Tier.OFFICE: (Role.ADMIN, Role.OFFICE_MANAGER, Role.OFFICE_ENGINEER),
    Tier.HQ: (Role.ADMIN, Role.REVIEWER, Role.CALL_CENTRE, Role.DEPARTMENT, Role.PARTS_STORE, Role.FINANCE),
    Tier.PLATFORM: (Role.ADMIN,),
}


class Department(models.TextChoices):
    """HQ departments (domain.md 2.1); technical, production and quality see neither money nor telephone."""

    NONE = "", _("none")
    AFTER_SALES = "after_sales", _("after-sales department")
    TECHNICAL = "technical", _("technical department")
    PRODUCTION = "production", _("production department")
    QUALITY = "quality", _("quality department")
    FINANCE = "finance_department", _("finance department")


#: departments that see the fault and neither money nor how to reach the customer (domain.md 2.3)
WITHOUT_MONEY = (Department.TECHNICAL, Department.PRODUCTION, Department.QUALITY)


class Sharing(models.TextChoices):
    """How much of a dealer's work its manufacturer sees (domain.md 2.1)."""

    ON_DEMAND = "on_demand", _("only what is referred, escalated or claimed")
    FULL = "full", _("everything, from the first day")


class Level(models.TextChoices):
    """Authorisation level of a dealer."""

    NONE = "", _("no level")
    FIRST = "1", _("level 1")
    SECOND = "2", _("level 2")
    THIRD = "3", _("level 3")


class Scheme(models.TextChoices):
    """Settlement scheme (domain.md 9, 12)."""

    NONE = "", _("not agreed")
    PER_SLIP = "per_slip", _("slip by slip")
    LUMP_SUM = "lump_sum", _("yearly lump sum")


class LinkPurpose(models.TextChoices):
    """What a link to an account page is for."""

    INVITATION = "invitation", _("invitation")
    RESET = "reset", _("password reset")


class TokenScope(models.TextChoices):
    """What a program may do with a token."""

    READ = "read", _("read only")
    WRITE = "write", _("read and write")
