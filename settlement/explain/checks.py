"""What the automatic checks found in a claim, in words: what is wrong, with its numbers, and what to do (domain.md 9.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from settlement.calculations.check_registry import LIST, Params
from settlement.calculations.checks import Finding
from settlement.enums import AuthorisationKind, CheckCode, CheckOutcome
from tickets.enums import PhotoSlot

#: by Finding.reason
SENTENCES = {
    "over_time": gettext_noop("%(machine)s was in warranty until %(end)s, and there is no valid pre-authorisation."),
    "over_hours": gettext_noop("%(machine)s is over its limit of hours (meter: %(meter)s h), and there is no valid pre-authorisation."),
    "over": gettext_noop("%(machine)s is out of warranty, and there is no valid pre-authorisation."),
    "authorisation_missing": gettext_noop("“%(kind)s” needs a pre-authorisation, and the claim names none."),
    "authorisation_ended": gettext_noop(
        "The pre-authorisation %(number)s (%(kind)s) was valid until %(end)s; the job was finished on %(finished)s."
    ),
    "free_services_used": gettext_noop(
        "%(machine)s gets the free service “%(service)s” at most %(allowed)s times and has had it %(had)s times."
    ),
    "late": gettext_noop("Submitted %(days)s days after completion (%(finished)s); the limit is %(limit)s days."),
    "late_soon": gettext_noop("The job was finished %(days)s days ago (%(finished)s): %(left)s days are left to submit the claim."),
    "labour_not_for_fault": gettext_noop("Labour %(operation)s does not belong to the fault %(fault)s."),
    "labour_not_for_model": gettext_noop("Labour %(operation)s does not belong to the model %(model)s."),
    "part_not_for_model": gettext_noop("Part %(part)s does not fit the model %(model)s."),
    "too_many_parts": gettext_noop(
        "Part %(part)s: %(quantity)s fitted in %(machines)s × %(model)s, of which each takes %(most)s at most."
    ),
    "meter_lower": gettext_noop("The hour meter of %(machine)s shows %(hours)s h, less than the %(before)s h on %(day)s."),
    "meter_jumps": gettext_noop(
        "The hour meter of %(machine)s went from %(before)s h (%(day)s) to %(hours)s h; since then %(most)s h were possible at most."
    ),
    "slip_claimed": gettext_noop("This slip is claimed in %(claim)s already."),
    "fault_claimed": gettext_noop("The same fault of %(machine)s, finished on %(day)s, is claimed in %(claim)s already."),
    "repeat_undeclared": gettext_noop(
        "The same fault of %(machine)s was repaired %(days)s days before (%(slip)s), but no repeat repair is declared."
    ),
    "fault_claimed_elsewhere": gettext_noop("The same fault of %(machine)s is claimed by another partner already."),
    "repeat_elsewhere": gettext_noop(
        "The same fault of %(machine)s was repaired by another partner within %(limit)s days, but no repeat repair is declared."
    ),
    "same_photo_elsewhere": gettext_noop("One of the photos is also on a job of another partner."),
    "serial_missing": gettext_noop("%(machine)s has no serial number."),
    "not_in_register": gettext_noop("%(machine)s: the serial number %(serial)s is not in the manufacturer's register."),
    "not_sold": gettext_noop("%(machine)s: by the manufacturer's register, %(serial)s has not been sold yet."),
    "model_differs": gettext_noop("%(machine)s: %(serial)s is a %(there)s in the manufacturer's register, not a %(here)s."),
    "ex_factory_differs": gettext_noop(
        "%(machine)s: %(serial)s left the factory on %(there)s by the manufacturer's register, not on %(here)s."
    ),
    "dealer_inactive": gettext_noop("The dealer does not work for this manufacturer at present."),
    "line_unauthorised": gettext_noop("%(machine)s: the dealer is not authorised for the product line %(line)s."),
    "line_unknown": gettext_noop("%(machine)s belongs to no product line, so that no authorisation covers it."),
    "no_policy": gettext_noop("No warranty policy covers %(machine)s."),
    "old_parts_overdue": gettext_noop(
        "Old parts of settled claims have not come back since %(since)s, for more than %(months)s months."
    ),
    "campaign_not_released": gettext_noop("The campaign “%(campaign)s” is not released yet."),
    "campaign_not_evaluated": gettext_noop("The campaign “%(campaign)s” is not evaluated yet."),
    "photos_missing": gettext_noop("Photos are missing: %(slots)s."),
    "photos_unreadable": gettext_noop("Photos cannot be read: %(slots)s."),
    "signature_missing": gettext_noop("The customer's signature is missing."),
    "check_in_missing": gettext_noop("There is no check-in on site."),
    "supplier_wrong": gettext_noop("The failed part %(part)s is not made by %(supplier)s."),
    "part_over": gettext_noop("Part %(part)s: its own period ended on %(end)s, %(days)s days before the report."),
    "amount_high": gettext_noop("%(amount)s is above the limit of %(limit)s."),
    "km_over": gettext_noop("%(km)s km one way are claimed; usual are %(usual)s km, at most %(most)s km pass."),
    "second_trip": gettext_noop("Travel is claimed for %(trips)s trips."),
    "many_people": gettext_noop("%(people)s people were on site; more than %(limit)s are looked at."),
    "overnight": gettext_noop("Nights away: %(nights)s."),
    "jobs_overlap": gettext_noop("%(name)s was also on the job of slip %(slip)s, from %(begin)s to %(end)s."),
    "far_from_site": gettext_noop("The check-in was %(metres)s m from the site; up to %(limit)s m pass."),
    "times_typed_in": gettext_noop("Arrival or departure was entered afterwards."),
    "times_changed": gettext_noop("The slip says other times than the check-in."),
    "same_photo": gettext_noop("One of the photos is also on slip %(slip)s."),
    "trusted": gettext_noop("The dealer is trusted and %(amount)s is not above %(limit)s: approved without a person."),
}  # fmt: skip

#: the same with the numbers of the other dealer's job, for headquarters alone
WHOLE = {
    "fault_claimed_elsewhere": gettext_noop(
        "The same fault of %(machine)s, finished on %(day)s, is claimed by another partner already: %(claim)s."
    ),
    "repeat_elsewhere": gettext_noop(
        "The same fault of %(machine)s was repaired by another partner %(days)s days before (%(slip)s), but no repeat repair is declared."
    ),
    "same_photo_elsewhere": gettext_noop("One of the photos is also on the job %(slip)s of another partner."),
}  # fmt: skip

#: what to do: R and B for the dealer, M and A for who reviews
ADVICE = {
    CheckCode.R01: gettext_noop("Name a pre-authorisation that was valid on that day, or charge the customer."),
    CheckCode.R02: gettext_noop("Name the number of the pre-authorisation, or take the item out of the claim."),
    CheckCode.R03: gettext_noop("Take the free service out of the claim, or charge the customer."),
    CheckCode.R04: gettext_noop("Submit claims in time; ask the office if there was an important reason."),
    CheckCode.B01: gettext_noop("Correct the labour or the fault code."),
    CheckCode.B02: gettext_noop("Choose labour that is listed for this model, or correct the model."),
    CheckCode.B03: gettext_noop("Correct part number, quantity or model."),
    CheckCode.B04: gettext_noop("Compare the reading with the photo of the meter and correct it; say so when the meter was exchanged."),
    CheckCode.B05: gettext_noop("Withdraw this claim, or declare a repeat repair if it was a new job."),
    CheckCode.B06: gettext_noop("Declare the repeat repair and say why the fault came back."),
    CheckCode.B07: gettext_noop("Compare with the photo of the nameplate and correct the machine; if the nameplate is right, ask the office to have the register corrected."),
    CheckCode.B08: gettext_noop("Ask the office about the authorisation, then submit again."),
    CheckCode.B09: gettext_noop("Headquarters has to say which policy covers the machine."),
    CheckCode.B10: gettext_noop("Send the old parts back, or apply for an extension, then submit again."),
    CheckCode.B11: gettext_noop("Submit again when headquarters has released and evaluated the campaign."),
    CheckCode.B12: gettext_noop("Add what is missing, then submit again."),
    CheckCode.B13: gettext_noop("Correct the supplier as it stands on the failed part."),
    CheckCode.M01: gettext_noop("Decide whether the part is paid; labour and travel can be decided apart from it."),
    CheckCode.M02: gettext_noop("Look at each line before approving."),
    CheckCode.M03: gettext_noop("Compare with the route book, the check-ins and the pre-authorisation, and cut what was not needed."),
    CheckCode.M04: gettext_noop("Ask the dealer who was where, and compare the check-ins."),
    CheckCode.M05: gettext_noop("Compare photos, times and position, and ask the customer if in doubt."),
    CheckCode.A01: gettext_noop("Nothing is left to do; the claim stays open to spot checks."),
}  # fmt: skip

#: of checks that found no row of a table to compare with (尚无数据)
NO_DATA = {
    CheckCode.R03: gettext_noop("Free services were not counted: the manufacturer has not said how many there are."),
    CheckCode.B01: gettext_noop("Labour was not compared with the fault: a fault code, or the faults that the labour belongs to, are missing."),
    CheckCode.B02: gettext_noop("Labour was not compared with the model: nobody has said which models it belongs to."),
    CheckCode.B03: gettext_noop("Parts were not compared with the model: nobody has said which models they fit."),
    CheckCode.B07: gettext_noop("The serial number was not looked up: the manufacturer has no register of machines here."),
    CheckCode.B13: gettext_noop("The supplier was not compared: nobody has said who makes the part."),
    CheckCode.M03: gettext_noop("The distance was not compared: no usual distance is known."),
}  # fmt: skip


@dataclass(frozen=True)
class Explained:
    """A finding as a page shows it. name: of the check; text: what is wrong; advice: what to do."""

    code: CheckCode
    name: str
    outcome: CheckOutcome
    text: str
    advice: str


def explained(findings: Iterable[Finding]) -> list[Explained]:
    """Findings, or warnings, in the active language."""
    return [
        Explained(
            finding.code, str(finding.code.label), finding.outcome, _(_sentence(finding)) % _words(finding.params),
            _(ADVICE[finding.code]),
        )
        for finding in findings
    ]  # fmt: skip


def _sentence(finding: Finding) -> str:
    """With what is told of another dealer's job when the finding still says it."""
    whole = WHOLE.get(finding.reason)
    return whole if whole and not {"claim", "slip"}.isdisjoint(finding.params) else SENTENCES[finding.reason]


def in_short(findings: Iterable[Finding], length: int = 300) -> str:
    """Codes and sentences one after the other, for a reason of so many characters; what does not fit stands on the claim's page."""
    text = " ".join(f"{one.code} {one.text}" for one in explained(findings))
    return text if len(text) <= length else text[: length - 1] + "…"


def no_data(codes: Iterable[CheckCode]) -> list[str]:
    """What could not be checked, and why, in the active language."""
    return [_(NO_DATA[code]) for code in codes]


def _words(params: Params) -> dict[str, object]:
    """The numbers of a sentence, codes replaced by their labels."""
    words: dict[str, object] = dict(params)
    if "kind" in params:
        words["kind"] = AuthorisationKind(str(params["kind"])).label
    if "slots" in params:
        words["slots"] = _(", ").join(str(PhotoSlot(slot).label) for slot in str(params["slots"]).split(LIST))
    return words
