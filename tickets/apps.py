from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Tickets and service slips")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import events, rights
        from core.errors import sentence
        from tickets import rules

        rights.add(rules.RULES, rules.FIELDS)
        events.declare("ticket_reported", "a ticket was entered")
        events.declare("slip_signed", "a slip was frozen: signed, refused or by phone")
        events.declare("slip_voided", "a frozen slip was voided")
        sentence("reason_missing", _("Write the reason."))
        sentence("lead_missing", _("Choose the technician who goes."))
        sentence("appointment_missing", _("Enter the time of the appointment."))
        sentence("slip_without_number", _("This slip has no number yet; it can simply be changed."))
        sentence("slip_locked", _("A settlement claim stands on this slip; it cannot be voided any more."))
        sentence("slip_not_remote", _("Only a job solved by phone is finished without a signature."))
