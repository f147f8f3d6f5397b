from tickets.models.escalation import Escalation, EscalationAnswer, PublishedCase
from tickets.models.printing import Printer, PrintSettings
from tickets.models.public import LinkTries, PublicLink
from tickets.models.referral import Referral
from tickets.models.slip import FaultLine, FaultLineMachine, LapsedSignature, PartLine, Slip, SlipFile
from tickets.models.ticket import Assignment, Entry, Photo, Ticket, TicketMachine, Trip

__all__ = [
    "Assignment",
    "Entry",
    "Escalation",
    "EscalationAnswer",
    "FaultLine",
    "FaultLineMachine",
    "LapsedSignature",
    "LinkTries",
    "PartLine",
    "Photo",
    "PrintSettings",
    "Printer",
    "PublicLink",
    "PublishedCase",
    "Referral",
    "Slip",
    "SlipFile",
    "Ticket",
    "TicketMachine",
    "Trip",
]
