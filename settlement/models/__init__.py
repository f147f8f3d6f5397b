from settlement.models.authorisation import PreAuthorisation
from settlement.models.card import RateCard, StandardHours, TravelBand
from settlement.models.claim import Claim, ClaimDecision, ClaimEvent, ClaimLine
from settlement.models.debt import CustomerDebt, DebtPayment
from settlement.models.limit import AmountLimit, ClaimRaise, OwnerApproval
from settlement.models.old_part import OldPart, OldPartRequest, ReturnBox
from settlement.models.reminder import ClaimReminder
from settlement.models.route import UsualWay

__all__ = [
    "AmountLimit",
    "Claim",
    "ClaimDecision",
    "ClaimEvent",
    "ClaimLine",
    "ClaimRaise",
    "ClaimReminder",
    "CustomerDebt",
    "DebtPayment",
    "OldPart",
    "OldPartRequest",
    "OwnerApproval",
    "PreAuthorisation",
    "RateCard",
    "ReturnBox",
    "StandardHours",
    "TravelBand",
    "UsualWay",
]
