from django.db import models
from django.utils.translation import gettext_lazy as _

from core.chips import Family as Loudness


class FeeItem(models.TextChoices):
    """What a claim asks for (domain.md 9.1, 费用项目), in the order of its lines (calculations.md, claim)."""

    LABOUR = "labour", _("labour")
    LABOUR_TOP_UP = "labour_top_up", _("top-up to the minimum of labour")
    TRAVEL = "travel", _("travel")
    SUBSIDY = "subsidy", _("subsidy for the way")
    LODGING = "lodging", _("lodging")
    NIGHT = "night", _("night work")
    HOLIDAY = "holiday", _("work on a public holiday")
    PART = "part", _("part")
    CONSUMABLES = "consumables", _("consumables")
    OLD_PART_FREIGHT = "old_part_freight", _("freight of old parts")
    OTHER = "other", _("other cost")


class TravelMode(models.TextChoices):
    """How bands of distance pay (domain.md 9.1, set-up checks): 全程按档 or 分段累进."""

    WHOLE = "whole", _("whole distance by its band")
    PROGRESSIVE = "progressive", _("band by band")


class CardState(models.TextChoices):
    """A rate card: written, in force."""

    DRAFT = "draft", _("draft")
    IN_FORCE = "in_force", _("in force")


class OldPartState(models.TextChoices):
    """The life of an old part (domain.md 10): 应返 → 已装箱 → 已发运 → 已签收 → 鉴定中 → its end."""

    DUE = "due", _("due back")
    BOXED = "boxed", _("packed")
    SHIPPED = "shipped", _("on its way")
    RECEIVED = "received", _("received")
    APPRAISING = "appraising", _("being appraised")
    CONFIRMED = "confirmed", _("confirmed by appraisal")
    MISMATCH = "mismatch", _("does not match")
    MISSING = "missing", _("not in the box")
    CLAIMED = "claimed", _("claimed by the supplier")
    DESTROYED = "destroyed", _("destroyed")
    RETURNED = "returned", _("given back")
    EXEMPT = "exempt", _("need not go back")
    VOID = "void", _("void")


#: what the dealer still owes
OWED = (OldPartState.DUE, OldPartState.BOXED)
#: nothing more is expected of anybody
PART_ENDED = (
    OldPartState.CLAIMED, OldPartState.DESTROYED, OldPartState.RETURNED, OldPartState.EXEMPT, OldPartState.VOID,
)  # fmt: skip


class BoxState(models.TextChoices):
    """A box of old parts: filled, on its way, counted at headquarters."""

    PACKING = "packing", _("being packed")
    SHIPPED = "shipped", _("on its way")
    RECEIVED = "received", _("received")


class Transport(models.TextChoices):
    """How a box travels (domain.md 10): 配货, 专车, 铁路, 空运, 快递."""

    CONSOLIDATED = "consolidated", _("consolidated freight")
    OWN_VEHICLE = "own_vehicle", _("own vehicle")
    RAIL = "rail", _("rail")
    AIR = "air", _("air")
    COURIER = "courier", _("courier")


class PartFinding(models.TextChoices):
    """What the appraisal of an old part says (domain.md 10)."""

    QUALITY = "quality", _("a defect of quality")
    NOT_QUALITY = "not_quality", _("no defect of quality")
    UNDECIDED = "undecided", _("cannot be decided")
    SHORT = "short", _("pieces are missing")
    MISMATCH = "mismatch", _("not the part of the slip")
    NOT_GENUINE = "not_genuine", _("not a genuine part")


class PartRequest(models.TextChoices):
    """What a dealer may ask for an old part (domain.md 10): 延返, 免返."""

    EXTENSION = "extension", _("more time")
    EXEMPTION = "exemption", _("to keep it")


#: how loud each state is on its chip
FAMILIES: dict[str, Loudness] = {
    OldPartState.DUE: "new",
    **dict.fromkeys((OldPartState.BOXED, OldPartState.SHIPPED, BoxState.PACKING), "active"),
    **dict.fromkeys((OldPartState.RECEIVED, OldPartState.APPRAISING), "warning"),
    OldPartState.CONFIRMED: "good",
    **dict.fromkeys((OldPartState.MISMATCH, OldPartState.MISSING), "bad"),
    **dict.fromkeys(PART_ENDED, "waiting"),
}
