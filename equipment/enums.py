from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerSource(models.TextChoices):
    """Where a customer comes from (domain.md 3)."""

    DIRECT = "direct", _("direct sale")
    RESALE = "resale", _("second-tier sale")
    HOST_MACHINE = "host_machine", _("came with a host machine")


class CustomerGrade(models.TextChoices):
    """How a customer is treated in planning."""

    TYPICAL = "typical", _("typical customer")
    KEY = "key", _("key customer")
    ORDINARY = "ordinary", _("ordinary")


class PartSource(models.TextChoices):
    """Where a fitted part came from (domain.md 3): 厂家调拨, 寄售, 自购原厂, 紧急自购, 客户自备."""

    MAKER_FREE = "maker_free", _("sent free by the manufacturer")
    CONSIGNED = "consigned", _("consigned")
    BOUGHT_GENUINE = "bought_genuine", _("bought, genuine")
    BOUGHT_URGENT = "bought_urgent", _("bought in an emergency")
    CUSTOMER = "customer", _("supplied by the customer")


class WarrantyBasis(models.TextChoices):
    """The day that a warranty period is counted from (domain.md 4.3)."""

    ACCEPTANCE = "acceptance", _("date of acceptance")
    INSTALLATION = "installation", _("date of installation")
    INVOICE = "invoice", _("date of the purchase invoice")
    ARRIVAL = "arrival", _("date of arrival")
    SHIPPED = "shipped", _("date of shipment")
    EX_FACTORY = "ex_factory", _("date ex factory")


class WarrantyTime(models.TextChoices):
    """Whether a report lies in the warranty period: the first of the three questions of domain.md 4.4."""

    IN = "in", _("in the period")
    OVER = "over", _("after the period")
    OVER_HOURS = "over_hours", _("over the limit of hours")
    UNKNOWN = "unknown", _("no date known")
    TO_VERIFY = "to_verify", _("to be verified")
