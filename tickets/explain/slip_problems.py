"""What a slip still lacks, in sentences that say what to do (ui.md 3.11): codes of calculations/slip_checks in, words out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from core.errors import Refused, Sentence
from tickets.calculations.slip_checks import Problem
from tickets.enums import PhotoSlot

#: code -> sentence; %(name)s places come from the problem's params
SENTENCES: Mapping[str, Sentence] = {
    "customer_name_short": gettext_lazy("The customer's name needs at least 2 characters."),
    "address_short": gettext_lazy("Write the address with street and number."),
    "contact_short": gettext_lazy("Write who was spoken with on site."),
    "phone_wrong": gettext_lazy(
        "Write a mobile number (11 digits), a landline with area code (0731-88880000) or a 400/800 number."
    ),
    "unknown_reason_missing": gettext_lazy(
        "Serial number and ex-factory date stand on the nameplate. If they cannot be read, choose why."
    ),
    "ex_factory_wrong": gettext_lazy("The ex-factory date lies between 2000-01-01 and today."),
    "machine_not_covered": gettext_lazy("%(machine)s is in no fault line. Tick it where it belongs."),
    "late_unexplained": gettext_lazy("The promised arrival was missed: say why first."),
    "arrived_missing": gettext_lazy("Write when you arrived."),
    "arrival_before_report": gettext_lazy("The arrival cannot be earlier than the report."),
    "left_missing": gettext_lazy("Write when you left, or leave it to the moment of handing in."),
    "in_future": gettext_lazy("This time lies in the future."),
    "leaving_before_arrival": gettext_lazy("The departure must be later than the arrival."),
    "long_stay": gettext_lazy("More than 24 hours on site: correct the times, or confirm it below."),
    "people_wrong": gettext_lazy("Between 1 and 10 people."),
    "hours_wrong": gettext_lazy("Hours in steps of 0.5, from 0.5 to 200."),
    "warranty_reason_missing": gettext_lazy(
        "Your tick differs from the computed result: write why, or change the tick."
    ),
    "fault_line_missing": gettext_lazy("Add a fault line."),
    "reported_short": gettext_lazy("Write what the customer says, at least 4 characters."),
    "diagnosis_poor": gettext_lazy(
        "Write symptom and readings, for example “drive end noisy, three-phase current 28/29/35 A”."
    ),
    "responsibility_missing": gettext_lazy("Choose the responsibility."),
    "cause_missing": gettext_lazy("Write the cause."),
    "solution_short": gettext_lazy("Write what was done, at least 4 characters."),
    "treatment_missing": gettext_lazy("Choose the kind of treatment."),
    "line_without_machine": gettext_lazy("Tick the machines that this fault line is about."),
    "part_unnamed": gettext_lazy("Write part number and name."),
    "quantity_wrong": gettext_lazy("The quantity is larger than 0."),
    "part_source_missing": gettext_lazy("Choose where the part came from."),
    "part_proof_missing": gettext_lazy(
        "%(part)s is a key part you bought: write the number on the part or its box, and take a photo of it."
    ),
}

#: Problem.params of this code name a photo slot
PHOTO = "photo_missing"


@dataclass(frozen=True)
class Sentenced:
    """One thing to do, at its field."""

    field: str
    text: str
    code: str


def sentences(problems: Sequence[Problem]) -> list[Sentenced]:
    """The problems in words, in the order of the form; all missing photos are one sentence."""
    found: list[Sentenced] = []
    slots = [problem.params["slot"] for problem in problems if problem.code == PHOTO]
    for problem in problems:
        if problem.code != PHOTO:
            found.append(Sentenced(problem.field, str(SENTENCES[problem.code]) % problem.params, problem.code))
        elif problem.params["slot"] == slots[0]:
            found.append(Sentenced(problem.field, photos_left(slots), problem.code))
    return found


def photos_left(slots: Sequence[str]) -> str:
    """还差 2 张照片: 铭牌、更换后."""
    names = _(", ").join(str(PhotoSlot(slot).label) for slot in slots)
    return ngettext("%(n)s photo is missing: %(names)s", "%(n)s photos are missing: %(names)s", len(slots)) % {
        "n": len(slots),
        "names": names,
    }


def in_chinese(refusal: Refused) -> str:
    """A refusal in one line for a record of the trade, with everything that the slip lacks where it says so."""
    with override("zh-hans"):
        found = getattr(refusal, "problems", None)
        return "；".join(item.text for item in sentences(found)) if found else str(refusal)
