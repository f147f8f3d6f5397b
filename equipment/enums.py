from django.db import models
from django.utils.translation import gettext_lazy as _

from core.chips import Family


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


class Responsibility(models.TextChoices):
    """责任类别 (domain.md 4.4)."""

    MANUFACTURE = "manufacture", _("manufacture")
    DESIGN = "design", _("design")
    MATERIAL = "material", _("material / bought-in part")
    TRANSPORT = "transport", _("transport")
    INSTALLATION = "installation", _("installation")
    OPERATION = "operation", _("use and operation")
    MAINTENANCE = "maintenance", _("care and maintenance")
    OVERLOAD = "overload", _("beyond operating conditions")
    WEAR = "wear", _("natural wear")
    HUMAN = "human", _("human damage / opened privately")
    FORCE_MAJEURE = "force_majeure", _("force majeure")
    TO_APPRAISE = "to_appraise", _("to be appraised")


#: what a policy may leave out of the warranty; the first three classes are the manufacturer's own, the last one is nobody's yet
EXCLUDABLE = tuple(
    cause
    for cause in Responsibility
    if cause
    not in (Responsibility.MANUFACTURE, Responsibility.DESIGN, Responsibility.MATERIAL, Responsibility.TO_APPRAISE)
)


class EvidenceKind(models.TextChoices):
    """What proves a date of a machine, its hours or the day of a fault (domain.md 4.5)."""

    NAMEPLATE = "nameplate", _("photo of the nameplate")
    ACCEPTANCE = "acceptance", _("acceptance sheet")
    INSTALLATION = "installation", _("record of installation")
    INVOICE = "invoice", _("purchase invoice")
    ARRIVAL = "arrival", _("delivery note, signed")
    SHIPPED = "shipped", _("shipping papers")
    METER = "meter", _("photo of the hour meter")
    FAULT = "fault_day", _("operating record of the fault")


#: the basis that a paper gives its date to; what is not here proves no start of a period
PROVES: dict[str, str] = {
    EvidenceKind.ACCEPTANCE: WarrantyBasis.ACCEPTANCE,
    EvidenceKind.INSTALLATION: WarrantyBasis.INSTALLATION,
    EvidenceKind.INVOICE: WarrantyBasis.INVOICE,
    EvidenceKind.ARRIVAL: WarrantyBasis.ARRIVAL,
    EvidenceKind.SHIPPED: WarrantyBasis.SHIPPED,
}


class ModelMatch(models.TextChoices):
    """How a policy names models."""

    EXACT = "exact", _("this model")
    PREFIX = "prefix", _("models that begin so")


class PolicyRank(models.IntegerChoices):
    """How closely a policy names a machine: the order of the look-up (domain.md 4.3), the closest first."""

    MODEL = 1, _("by model")
    LINE = 2, _("by product line")
    MAKER = 3, _("of the manufacturer")


class VersionState(models.TextChoices):
    """A version of a policy: written, in force, replaced by a later one."""

    DRAFT = "draft", _("draft")
    IN_FORCE = "in_force", _("in force")
    REPLACED = "replaced", _("replaced")


class CompareDate(models.TextChoices):
    """Which day is held against the end of the period (domain.md 4.3)."""

    REPORTED = "reported", _("day of the report")
    FAILED = "failed", _("day of the fault")
    STARTED = "started", _("day work began")


class ReplacedPartRule(models.TextChoices):
    """How long a part is in warranty that was fitted in a repair (domain.md 4.3)."""

    MACHINE = "machine", _("as long as the machine")
    OWN = "own", _("a period of its own")
    LONGER = "longer", _("the longer of both")


class ExchangeRule(models.TextChoices):
    """Whether the period begins anew when the whole machine was exchanged (domain.md 4.3)."""

    KEEP = "keep", _("goes on")
    RESTART = "restart", _("begins anew")


#: how loud the state of a version is on a chip
FAMILIES: dict[str, Family] = {
    VersionState.DRAFT: "new",
    VersionState.IN_FORCE: "good",
    VersionState.REPLACED: "waiting",
}
