from settlement.models.authorisation import PreAuthorisation
from settlement.models.card import RateCard, StandardHours, TravelBand
from settlement.models.check import CheckRecord, CheckRun, CheckSetting
from settlement.models.check_row import CheckRow
from settlement.models.claim import Claim, ClaimDecision, ClaimEvent, ClaimLine
from settlement.models.debt import CustomerDebt, DebtPayment
from settlement.models.limit import AmountLimit, ClaimRaise, OwnerApproval
from settlement.models.old_part import OldPart, OldPartRequest, ReturnBox
from settlement.models.old_part_duty import OldPartCharge, OldPartReminder
from settlement.models.reminder import ClaimReminder
from settlement.models.route import UsualWay
from settlement.models.statement import Invoice, Payment, Statement, StatementEntry, StatementEvent, StatementLine

__all__ = [
    "AmountLimit",
    "CheckRecord",
    "CheckRow",
    "CheckRun",
    "CheckSetting",
    "Claim",
    "ClaimDecision",
    "ClaimEvent",
    "ClaimLine",
    "ClaimRaise",
    "ClaimReminder",
    "CustomerDebt",
    "DebtPayment",
    "Invoice",
    "OldPart",
    "OldPartCharge",
    "OldPartReminder",
    "OldPartRequest",
    "OwnerApproval",
    "Payment",
    "PreAuthorisation",
    "RateCard",
    "ReturnBox",
    "StandardHours",
    "Statement",
    "StatementEntry",
    "StatementEvent",
    "StatementLine",
    "TravelBand",
    "UsualWay",
]
