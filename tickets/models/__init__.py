from tickets.models.clock import Clock, ClockPause, ClockRing, DistrictTier, Promise
from tickets.models.escalation import Escalation, EscalationAnswer, PublishedCase
from tickets.models.goods_return import GoodsReturn, GoodsReturnEvent
from tickets.models.printing import Printer, PrintSettings
from tickets.models.public import LinkTries, PublicLink
from tickets.models.referral import Referral
from tickets.models.reminder import Reminder
from tickets.models.slip import FaultLine, FaultLineMachine, LapsedSignature, PartLine, Slip, SlipFile
from tickets.models.ticket import Assignment, Entry, Photo, Ticket, TicketMachine, Trip
from tickets.models.warranty import Evidence, PolicyTrial, WarrantyRequest

__all__ = [
    "Assignment",
    "Clock",
    "ClockPause",
    "ClockRing",
    "DistrictTier",
    "Entry",
    "Escalation",
    "EscalationAnswer",
    "Evidence",
    "FaultLine",
    "FaultLineMachine",
    "GoodsReturn",
    "GoodsReturnEvent",
    "LapsedSignature",
    "LinkTries",
    "PartLine",
    "Photo",
    "PolicyTrial",
    "PrintSettings",
    "Printer",
    "Promise",
    "PublicLink",
    "PublishedCase",
    "Referral",
    "Reminder",
    "Slip",
    "SlipFile",
    "Ticket",
    "TicketMachine",
    "Trip",
    "WarrantyRequest",
]
