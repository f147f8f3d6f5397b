from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Tickets and service slips")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import chips, events, exports, rights, tick
        from core.errors import sentence
        from core.imports import kinds as import_kinds
        from equipment.operations import merging
        from equipment.queries import machines, sections
        from notices.queries import kinds
        from partners.operations import handing_over
        from tickets import enums, notices, rules, tasks
        from tickets.operations import exchange_promise, hand_over, import_old_orders, judge, merge_files, ring_clocks
        from tickets.queries import histories

        sections.of_customer.append(histories.of_customer)
        sections.of_machine.append(_machine_warranty)
        sections.of_version.append(_policy_trial)
        sections.of_machine.append(histories.of_machine)
        sections.customer_links.append(histories.report_of_customer)
        sections.machine_links.append(histories.report_of_machine)
        sections.machine_links.append(histories.sticker_of_machine)
        sections.machine_links.append(histories.return_of_machine)
        machines.history_checks.append(histories.has_tickets)
        merging.register("customer", "tickets", merge_files.move_tickets)
        merging.register("machine", "ticket_machines", merge_files.move_machines)
        merging.register("machine", "goods_returns", merge_files.move_returns)
        handing_over.register(handing_over.OpenWork(_("open tickets"), hand_over.open_tickets, hand_over.hand_over))
        rights.add(rules.RULES, rules.FIELDS)
        exports.register("tickets", "tickets.views.lists.export")
        exports.register("slips", "tickets.views.slip_list.export")
        exports.register("rates", "tickets.views.rates.export")
        chips.register(enums.FAMILIES)
        chips.register(enums.WARRANTY_FAMILIES)
        chips.register(enums.RETURN_FAMILIES)
        kinds.register(notices.KINDS)
        kinds.register(notices.RETURN_KINDS)
        import_kinds.register(import_old_orders.KIND)
        tick.on_tick(tasks.plan_night)
        tick.on_tick(ring_clocks.ring)
        tick.on_tick(tasks.plan_reminders)
        tick.on_tick(tasks.plan_calendar)
        events.on("machine_changed", judge.machine_changed)
        events.on("calendar_changed", exchange_promise.calendar_changed)
        events.declare("ticket_reported", "a ticket was entered")
        events.declare("slip_signed", "a slip was frozen: signed, refused or by phone")
        events.declare("slip_voided", "a frozen slip was voided")
        events.declare("ticket_shared", "a ticket was shown to its manufacturer")
        sentence("merge_both_on_ticket", _("Both machines stand on the same ticket: they are two."))
        sentence("promise_in_past", _("A promise begins now or later: what was promised before stays as it was."))
        sentence("promise_twice", _("From this time on there is a promise already: choose another time."))
        sentence("pause_in_future", _("A pause cannot begin in the future: enter when it began."))
        sentence("pause_before_report", _("The pause cannot begin before the report."))
        sentence(
            "calls_missing", _("Log %(n)s calls that nobody answered first; then the customer counts as unreachable.")
        )
        sentence("reason_missing", _("Write the reason."))
        sentence("lead_missing", _("Choose the technician who goes."))
        sentence("appointment_missing", _("Enter the time of the appointment."))
        sentence("slip_without_number", _("This slip has no number yet; it can simply be changed."))
        sentence("slip_locked", _("A settlement claim stands on this slip; it cannot be voided any more."))
        sentence("no_partnership", _("There is no partnership with the manufacturer %(maker)s."))
        sentence("slip_not_remote", _("Only a job solved by phone is finished without a signature."))
        sentence("escalation_open", _("A request for support on this ticket is on its way already: %(number)s."))
        sentence("readings_missing", _("Some readings are missing: %(n)s. Without them nobody can judge from afar."))
        for code, text in _SENTENCES.items():
            sentence(code, text)


def _machine_warranty(viewer: Any, machine: Any) -> Any:
    """The section of `views.warranty`, which is loaded when a page is asked for."""
    from tickets.views.warranty import machine_section

    return machine_section(viewer, machine)


def _policy_trial(viewer: Any, version: Any) -> Any:
    """The same for the trial of a draft policy."""
    from tickets.views.warranty import trial_section

    return trial_section(viewer, version)


_SENTENCES = {
    "district_not_found": _("I do not know this district. Write city and district, such as 长沙市浏阳市."),
    "customer_missing": _("Enter the customer's name."),
    "phone_missing": _("Enter the customer's telephone number."),
    "no_office": _("There is no office in charge; the request goes to headquarters."),
    "phenomenon_poor": _(
        "“Broken” or “does not turn” alone does not help anybody. Write what is seen and measured, for example: "
        "“noise at the drive end, 78 ℃ at the bearing, currents 28/29/35 A”."
    ),
    "photos_missing_here": _("At least one photo of what is seen: choose one of the ticket's, or take one."),
    "photo_unknown": _("One of these photos is not on the ticket any more. Choose again."),
    "answer_missing": _("Write the answer."),
    "next_step_missing": _("An answer names the next step."),
    "next_person_missing": _("An answer names who does the next step."),
    "next_on_missing": _("An answer names until when the next step is done."),
    "next_on_past": _("The next step lies in the past. Choose today or a later day."),
    "escalation_target": _("Choose another open request of the same dealer."),
    "case_missing": _("A published case needs this."),
    "case_names_somebody": _(
        "A published case names nobody: take the name or number of dealer, customer or ticket out."
    ),
    "paper_number_taken": _("Slip %(number)s stands on the paper form with this number already."),
    "paper_number_wrong": _("The number on the paper form has up to 20 letters and digits, without blanks."),
    "printer_name_missing": _("Give the printer a name."),
    "printer_taken": _("There is a printer with this name already."),
    "offset_wrong": _("The offset is a step of 0.5 mm, at most 20 mm."),
    "copy_name_missing": _("Every copy needs a name."),
    "paper_unknown": _("Choose one of the papers."),
    "nothing_picked": _("Tick at least one slip in the list."),
    "too_many_picked": _("At most %(n)s slips are printed at once."),
    "batch_empty": _("None of these slips could be printed: %(numbers)s."),
    "too_many_labels": _("At most %(n)s labels at once."),
    "too_many_pictures": _("At most %(n)s photos, please."),
    "too_often": _("Too many tries. Please try again in %(minutes)s minutes, or call the dealer."),
    "no_number": _("There is no telephone number on this slip to check with. Please ask the dealer."),
    "machine_scrapped": _("This machine is marked as scrapped; nothing can be reported for it here."),
    "link_over": _("This link was used already or its time has passed. Ask the service technician for a new code."),
    "colleague_no_technician": _("Open tickets go to a technician; choose one."),
    "machine_missing": _("Choose or enter at least one machine."),
    "several_makers": _("The machines of one report are of one manufacturer; enter a second report for the other one."),
    "machine_of_other_customer": _("This machine stands at another customer's."),
    "fault_missing": _("Write what the customer says, at least four characters."),
    "reported_in_future": _("The report cannot be later than now."),
    "partnership_ended": _("The partnership with this manufacturer is not confirmed or has ended."),
    "appointment_in_past": _("The appointment must lie in the future."),
    "agreed_with_missing": _("Write with whom the time was agreed."),
    "arrival_before_report": _("The arrival cannot be earlier than the report (%(reported)s)."),
    "arrival_before_departure": _("The arrival cannot be earlier than %(departed)s, when he set out or left last."),
    "leaving_before_arrival": _("The departure must be later than the arrival (%(arrived)s)."),
    "in_future": _("This time lies in the future."),
    "by_hand_reason_missing": _("A time that is entered later needs its reason."),
    "no_open_trip": _("Nobody is on site: first record the arrival."),
    "still_on_site": _("First record that the technician has left the site."),
    "text_missing": _("Write something."),
    "image_missing": _("Send the picture as the file “photo”."),
    "moment_wrong": _("Write a time as 2026-06-11T07:30:00+08:00."),
    "op_missing": _("This photo was not sent properly. Choose it again."),
    "too_many_photos": _("A ticket holds at most 60 photos. Remove one first."),
    "photo_in_use": _("This photo belongs to a finished round or proves a part, and stays."),
    "maker_not_listed": _("This manufacturer is not on the platform; nothing can be shared with it."),
    "merge_target": _("Choose another open ticket of the same customer."),
    "follow_up_self": _("Whoever did the job does not do its follow-up call. Ask a colleague or the office."),
    "note_missing": _("Write what the customer said."),
    "rework_too_late": _("More than 90 days have passed; enter a new report."),
    "machine_on_slip": _("This machine stands on a slip already; correct or void the slip first."),
    "day_missing": _("Enter the date that stands on it."),
    "hours_missing": _("Enter the hours on the meter."),
    "goodwill_not_possible": _(
        "Goodwill can be proposed within the policy's days after the period, or for causes of installation or operation."
    ),
    "percent_wrong": _("A share between 1 and 100 percent."),
    "request_open": _("The manufacturer was asked already and has not answered yet."),
    "maker_not_asked": _("Share the ticket with the manufacturer first."),
    "shipping_proof_missing": _(
        "First add a paper that proves when the machine went out: shipping, delivery, invoice or acceptance."
    ),
    "start_wrong": _("The start lies between the ex-factory date and the report."),
    "decline_reason_missing": _("Write why."),
    "four_eyes": _("Whoever asked does not answer. A colleague has to do it."),
    "machine_has_request": _("The manufacturer was asked about the warranty of this machine; it stays on the ticket."),
    "fee_negative": _("A fee cannot be negative."),
    "slip_incomplete": _("The slip is not complete yet: %(n)s to do."),
    "month_moved": _("The departure would move the slip into another month. Void the slip and write a new one."),
    "slip_of_earlier_round": _("This slip belongs to an earlier round and stays as it is."),
    "paper_day_wrong": _("The day of the signature lies between %(first)s, when the site was left, and %(last)s."),
    "rating_missing": _("Ask the customer for a rating."),
    "opinion_missing": _("The customer is not satisfied: write down why."),
    "signer_missing": _("Enter the name of the person who confirms."),
    "choice_unknown": _("Choose one of the given answers."),
    "text_too_long": _("This text is too long: at most %(n)s characters."),
    "number_wrong": _("This number cannot be right."),
    "quantity_wrong": _("Enter a quantity above zero."),
    "companion_unknown": _("Choose companions among the active technicians."),
    "follow_up_alone": _(
        "Whoever did the job does not do its follow-up call, and nobody else here may. The office may do it."
    ),
    "rework_before_finish": _("The fault cannot come back before the work was finished."),
    "carrier_missing": _("Write who carries it."),
    "waybill_wrong": _("A waybill has 6 to 32 letters, digits and hyphens."),
    "ship_to_missing": _("Write where it is sent to."),
    "send_until_wrong": _("It leaves today or later: choose the last day."),
    "pieces_wrong": _("Between 1 and %(most)s pieces."),
    "weight_wrong": _("Write the weight in kilograms, above zero."),
    "price_wrong": _("Write an amount of money above zero, with two decimals at most."),
    "inspection_missing": _("Write what was found and measured."),
    "merge_both_return": _("Both machines are on their way to the factory: they are two."),
    "return_open": _("This machine is on its way to the factory already: %(number)s."),
    "goods_travel_back": _("It travels back to the dealer: enter carrier and waybill."),
    "goods_stay_there": _("It was scrapped or taken back: nothing travels."),
    "solved_before_report": _("The result cannot be earlier than the report."),
}
