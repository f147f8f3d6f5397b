from settlement.models.card import RateCard, StandardHours, TravelBand
from settlement.models.check import CheckRecord, CheckRun, CheckSetting
from settlement.models.check_row import CheckRow
from settlement.models.claim import Claim, ClaimDecision, ClaimEvent, ClaimLine
from settlement.models.old_part import OldPart, OldPartRequest, ReturnBox
from settlement.models.route import UsualWay

__all__ = [
    "CheckRecord",
    "CheckRow",
    "CheckRun",
    "CheckSetting",
    "Claim",
    "ClaimDecision",
    "ClaimEvent",
    "ClaimLine",
    "OldPart",
    "OldPartRequest",
    "RateCard",
    "ReturnBox",
    "StandardHours",
    "TravelBand",
    "UsualWay",
]
