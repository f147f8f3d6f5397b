from settlement.models.card import RateCard, StandardHours, TravelBand
from settlement.models.claim import Claim, ClaimDecision, ClaimEvent, ClaimLine
from settlement.models.old_part import OldPart, OldPartRequest, ReturnBox
from settlement.models.reminder import ClaimReminder
from settlement.models.route import UsualWay

__all__ = [
    "Claim",
    "ClaimDecision",
    "ClaimEvent",
    "ClaimLine",
    "ClaimReminder",
    "OldPart",
    "OldPartRequest",
    "RateCard",
    "ReturnBox",
    "StandardHours",
    "TravelBand",
    "UsualWay",
]
