from settlement.models.card import RateCard, StandardHours, TravelBand
from settlement.models.claim import Claim, ClaimDecision, ClaimEvent, ClaimLine
from settlement.models.route import UsualWay

__all__ = [
    "Claim",
    "ClaimDecision",
    "ClaimEvent",
    "ClaimLine",
    "RateCard",
    "StandardHours",
    "TravelBand",
    "UsualWay",
]
