from django.db import models
from django.utils.translation import gettext_lazy as _


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
