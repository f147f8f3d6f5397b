from django.db import models
from django.utils.translation import gettext_lazy as _

from core.chips import Family


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


class ClaimState(models.TextChoices):
    """A claim for one slip (结算申请, domain.md 9.4)."""

    DRAFT = "draft", _("draft")
    FIRST = "first", _("waits for the first review")
    SECOND = "second", _("waits for the second review")
    RETURNED = "returned", _("sent back")
    REFUSED = "refused", _("refused")
    APPROVED = "approved", _("approved")
    APPEALED = "appealed", _("under appeal")
    AGREED = "agreed", _("waits for the statement")
    CHARGED = "charged", _("charged to the customer")
    VOID = "void", _("void")


#: the dealer still writes on it
CLAIM_WRITTEN = (ClaimState.DRAFT, ClaimState.RETURNED)
#: a reviewer has to look at it
CLAIM_IN_REVIEW = (ClaimState.FIRST, ClaimState.SECOND, ClaimState.APPEALED)
#: somebody has to do something
CLAIM_OPEN = (*CLAIM_WRITTEN, *CLAIM_IN_REVIEW, ClaimState.APPROVED, ClaimState.REFUSED)


class ReviewLevel(models.TextChoices):
    """At which turn a line was decided."""

    FIRST = "first", _("first review")
    SECOND = "second", _("second review")
    APPEAL = "appeal", _("appeal")


class CutReason(models.TextChoices):
    """Why a line is cut, a claim sent back or refused (domain.md 9.4, 扣减/退回/拒绝原因)."""

    OUT_OF_PERIOD = "out_of_period", _("out of the warranty period")
    NOT_QUALITY = "not_quality", _("no fault of quality (use, installation, people)")
    WEARING = "wearing", _("wearing part")
    PAPERS = "papers", _("papers are missing")
    PHOTOS = "photos", _("photos unclear, or no name plate")
    UNSIGNED = "unsigned", _("not signed")
    DISTANCE = "distance", _("distance above the usual one")
    HOURS = "hours", _("hours above the standard, or twice")
    PEOPLE = "people", _("more people than were agreed")
    LODGING = "lodging", _("lodging without invoice, or above the limit")
    PART_PRICE = "part_price", _("part above its settlement price")
    NOT_GENUINE = "not_genuine", _("part is not genuine")
    PART_QUANTITY = "part_quantity", _("more parts than the machine has")
    OLD_PART = "old_part", _("old part not returned, or another one")
    DUPLICATE = "duplicate", _("claimed twice")
    LATE = "late", _("claimed too late")
    NO_AUTHORISATION = "no_authorisation", _("not authorised beforehand")
    SECOND_TRIP = "second_trip", _("second trip without authorisation")
    CALL_BACK = "call_back", _("the call-back says otherwise")
    SERIAL = "serial", _("model or serial number does not fit")
    OUTSIDE = "outside", _("contains work outside warranty")
    OTHER_REASON = "other", _("another reason")


#: how loud a state of a claim is (core/chips.py)
FAMILIES: dict[str, Family] = {
    **dict.fromkeys(CLAIM_IN_REVIEW, "active"),
    ClaimState.RETURNED: "warning",
    ClaimState.APPROVED: "good",
    ClaimState.AGREED: "good",
    ClaimState.CHARGED: "waiting",
}
