"""A claim's lines in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from core import case_words
from core.cases import Step

SENTENCES = {
    "labour": gettext_noop("Labour %(operation)s: %(hours)s h × %(hourly)s = %(amount)s."),
    "labour_top_up": gettext_noop(
        "%(km)s km are within %(max_km)s km: labour of %(labour)s is topped up to %(least)s, by %(amount)s."
    ),
    "band_flat": gettext_noop("Band up to %(up_to)s km: flat %(flat)s."),
    "band_per_km": gettext_noop("Band up to %(up_to)s km: %(km)s km × %(per_km)s = %(amount)s."),
    "travel": gettext_noop("Travel, %(km)s km one way: %(trip)s a trip × %(trips)s = %(amount)s."),
    "away": gettext_noop("Away from %(left)s to %(back)s, %(away)s: days begun (24 h) %(days)s, nights %(nights)s."),
    "subsidy": gettext_noop("Subsidy: %(rate)s × %(people)s (people) × %(days)s (days) = %(amount)s."),
    "no_subsidy": gettext_noop("No subsidy: %(km)s km are not over %(over)s km."),
    "lodging": gettext_noop(
        "Lodging: invoice %(invoice)s, at most %(cap)s × %(people)s (people) × %(nights)s (nights) = %(most)s; paid %(amount)s."
    ),
    "no_work": gettext_noop("No times of work are given: nothing for night or holiday."),
    "night": gettext_noop("There was work between 22:00 and 06:00: once %(amount)s."),
    "no_night": gettext_noop("There was no work between 22:00 and 06:00: nothing for the night."),
    "holiday": gettext_noop("There was work in a holiday period: once %(amount)s."),
    "no_holiday": gettext_noop("There was no work in a holiday period: nothing for the holiday."),
    **case_words.DAYS,
    "part": gettext_noop("Part %(number)s (%(source)s): %(quantity)s × %(price)s × %(factor)s = %(amount)s."),
    "consumables": gettext_noop("Consumables: %(given)s, at most %(cap)s; paid %(amount)s."),
    "old_part_freight": gettext_noop("Freight of old parts: %(amount)s."),
    "other": gettext_noop("Other cost: %(amount)s."),
    "total": gettext_noop("Sum of the rounded lines: %(total)s."),
}

WRONG = {
    "beyond_bands": gettext_noop(
        "%(km)s km lie beyond the last band, which ends at %(last)s km: such a trip is paid by its travel receipt. Check the distance."
    ),
    "band_rate": gettext_noop("A band has either flat or per_km: give exactly one of them."),
    "band_not_rising": gettext_noop("Bands rise: up_to_km must be above the %(before)s km of the band before."),
}


def sentences(steps: Iterable[Step]) -> list[str]:
    """Each step of the calculation, in the active language."""
    return case_words.sentences(steps, SENTENCES)
