from tickets.models.printing import Printer, PrintSettings
from tickets.models.slip import FaultLine, FaultLineMachine, PartLine, Slip, SlipFile
from tickets.models.ticket import Assignment, Entry, Photo, Ticket, TicketMachine, Trip

__all__ = [
    "Assignment",
    "Entry",
    "FaultLine",
    "FaultLineMachine",
    "PartLine",
    "Photo",
    "PrintSettings",
    "Printer",
    "Slip",
    "SlipFile",
    "Ticket",
    "TicketMachine",
    "Trip",
]
