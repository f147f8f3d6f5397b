from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SettlementConfig(AppConfig):
    name = "settlement"
    verbose_name = _("Settlement")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import chips, events, exports, rights, tick
        from core.errors import sentence
        from core.imports import kinds as import_kinds
        from notices.queries import kinds
        from settlement import enums, notices, rules, tasks
        from settlement.operations import import_check_rows, old_parts
        from settlement.queries import links
        from tickets.queries import sections

        rights.add(rules.RULES)
        chips.register(enums.FAMILIES)
        kinds.register(notices.KINDS)
        import_kinds.register(import_check_rows.KIND)
        events.on("slip_signed", old_parts.slip_signed)
        events.on("slip_voided", old_parts.slip_voided)
        events.on("ticket_shared", old_parts.ticket_shared)
        tick.on_tick(tasks.plan_morning)
        exports.register("debts", "settlement.views.debts.export")
        sections.ticket_links.append(links.ask_authorisation)
        for code, text in (_CARDS | _ROUTES | _OLD_PARTS | _CLAIMS | _STATEMENTS).items():
            sentence(code, text)


#: why a rate card cannot be written so, or not come into force (operations/cards.py)
_CARDS = {
    "card_has_draft": _("There is a draft for this level already: edit that one, or discard it."),
    "card_begins_early": _(
        "A version began on %(after)s already. A new one begins later: jobs that were finished before keep their card."
    ),
    "card_begins_past": _(
        "A new version begins today or later: jobs that are finished already keep the card that they had."
    ),
    "card_broken": _("%(n)s findings stand in the way: mend them in the draft first."),
    "amount_wrong": _("Write an amount of money with two decimals at most, not below zero."),
    "km_wrong": _("Kilometres between 0 and 99,999, with one decimal at most."),
    "factor_wrong": _("A factor lies between 0 and 10."),
    "band_backwards": _("This band ends before it begins."),
    "band_rate_missing": _("A band has either an amount for a trip or one for a kilometre: fill in exactly one."),
    "band_twice": _("Another band ends at this distance."),
    "hours_wrong": _("Code, name and hours (with one decimal) cannot be right here: %(row)s"),
    "hours_twice": _("This work stands twice with the same line and size: %(row)s"),
    "line_unknown": _("There is no product line %(line)s in use."),
    "minimum_incomplete": _("The minimum for short trips needs both: the distance, and the labour paid at least."),
}

#: why a usual way cannot be entered so (operations/routes.py)
_ROUTES = {
    "site_unknown": _("Write city and district by their full names, such as 永州市冷水滩区."),
    "way_wrong": _("Kilometres above 0 and up to 99,999, with one decimal at most."),
}

#: why an old part cannot be packed, sent, counted or appraised so (operations/old_parts.py, return_boxes.py)
_OLD_PARTS = {
    "part_missing": _("Choose at least one old part."),
    "one_maker_a_box": _("A box goes to one manufacturer: these parts belong to several."),
    "box_missing": _("The part lies in no box."),
    "box_empty": _("There is nothing in this box."),
    "code_not_in_box": _("Not in this box: %(codes)s. Check the label, or count it with its own box."),
    "nothing_counted": _("Scan or tick what is in the box."),
    "extension_wrong": _("The new day lies after the present one, by %(days)s days at most."),
    "finding_missing": _("Choose what was found."),
    "finding_note_missing": _("Write what was seen and measured."),
    "destruction_photo_missing": _("Add a photo of the destruction."),
}

#: why a claim cannot be written or decided so (operations/claims.py, operations/review_claims.py)
_CLAIMS = {
    "slip_not_signed": _("Only a slip that the customer has signed is claimed."),
    "claim_exists": _("There is a claim for this slip already: %(number)s."),
    "card_missing": _("No rate card was in force on %(day)s for this dealer: ask the manufacturer."),
    "claim_empty": _("There is nothing to claim: choose the work, or write the distance."),
    "beyond_bands": _(
        "The bands of the rate card end at %(last)s km: claim such a trip as other cost, by its receipts."
    ),
    "trips_wrong": _("Between 0 and %(most)s trips."),
    "people_wrong": _("Between 1 and %(most)s people."),
    "back_before_left": _("The way back ends after it began."),
    "work_unknown": _("The rate card has no work %(work)s for this machine."),
    "appealed_before": _("An appeal is made once; this claim had its appeal."),
    "appeal_late": _("The time to appeal ended on %(day)s."),
    "approved_too_much": _("Not more than what is claimed."),
    "cut_reason_missing": _("Say why less is approved than claimed."),
    "claim_line_unknown": _("The claim has other lines by now: load the page again."),
    "nothing_approved": _("Nothing of it would be approved: refuse the claim, with its reason."),
    "check_running": _("The automatic checks are still running: try again in a moment."),
    "warn_after_limit": _("The warning comes before the limit, not after it."),
    "debt_exists": _("The customer is charged for this slip already: %(number)s."),
    "debt_amount_wrong": _("Not more than what is still owed, and not less than nothing in all."),
    "paid_on_wrong": _("A payment is written down on its day or later."),
    "authorisation_asked": _("This has been asked for already, and nobody has answered yet."),
    "authorisation_day_wrong": _("A day from today on, within %(most)s days."),
    "owner_first": _("Above %(limit)s yuan the owner agrees first: ask him."),
    "owner_not_needed": _("The owner's word is not needed for this amount."),
    "owner_asked": _("The owner has been asked already."),
    "owner_not_asked": _("The owner has not been asked, or has answered already."),
    "above_share": _("Goodwill of %(percent)s %%: at most %(most)s yuan of this claim are approved, cut the rest."),
    "above_limit": _("You approve up to %(limit)s yuan: pass the claim up, or approve less."),
    "within_limit": _("This amount is within your limit: decide yourself."),
    "raised_before": _("You have passed it up already."),
    "nobody_higher": _("Nobody else may approve this amount: ask your administrator for a higher limit."),
    "claim_flagged": _("The automatic checks find something in it: look at it by itself."),
    "too_many_claims": _("At most %(most)s claims at once."),
    "claim_four_eyes": _("Two people decide: who has looked at it first, or decided before, does not decide now."),
}

#: why a month cannot be closed, or a statement not go on so (operations/close_month.py, statements.py, invoices.py, payments.py)
_STATEMENTS = {
    "month_not_over": _("This month is not over yet."),
    "tax_rate_wrong": _("Choose one of the tax rates."),
    "statement_unpaid": _("It is not paid yet."),
    "statement_empty": _("There is nothing to pay: no invoice is needed."),
    "statement_followed": _("Statement %(number)s of a later month stands on it: make that one void first."),
    "objected_before": _("This line was objected to already; the answer stands."),
    "not_objected": _("Nobody waits for an answer on this line."),
    "answer_amount_wrong": _("An amount of the same sign as the line's, at most %(most)s yuan."),
    "title_missing": _("Write to whom the invoice is made out."),
    "tax_number_wrong": _("A tax number has 15 to 20 letters and digits."),
    "invoice_number_wrong": _("An invoice number has 20 digits, an older one 8."),
    "invoice_amount_differs": _("The invoice is over %(payable)s yuan to the cent, or it cannot be taken."),
    "invoice_day_wrong": _("The invoice is of a day between the statement's month and today."),
    "invoice_file_wrong": _("Add the invoice as PDF, OFD or XML."),
    "invoice_xml_broken": _("This XML is no electronic invoice that can be read here: add the PDF or OFD."),
    "invoice_xml_differs": _("The file is of invoice %(number)s over %(amount)s yuan: correct what you typed."),
    "payment_amount_wrong": _("Above zero, and at most the %(rest)s yuan that are open."),
    "payment_day_wrong": _("The payment is of a day between the statement's month and today."),
    "reference_missing": _("Write the bank's number of the transfer."),
    "entry_sign_wrong": _("A deduction is negative, what is paid is positive; zero is neither."),
    "entry_paper_missing": _("Add the paper on which it stands, as PDF or photo."),
}
