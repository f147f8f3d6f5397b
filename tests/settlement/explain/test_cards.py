"""Every finding has its sentence, and two versions differ in what was changed and nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import override

from settlement.calculations.cards import BandFacts, HoursFacts, check
from settlement.explain.cards import FINDINGS, differences, sentences
from tests.settlement.cards import BANDS, HOURS, facts

D = Decimal
LINES = {"YE3": "YE3 系列"}


def band(begin, end, amount):
    return BandFacts(D(begin), D(end), flat=D(amount))


#: cards that together have everything that a check can find
CARDS = (
    facts(hourly=D(0), bands=(), hours=(), consumables_cap=D(0), lodging_cap=D(0)),
    facts(bands=(band(5, 20, 60), band(30, 40, 50), band(35, 50, 70)), factors={"consigned": D(1)}),
    facts(hours=(HoursFacts("A", "甲", D(2), "WQ", 160), HoursFacts("A", "甲", D(1), "WQ"), HoursFacts("B", "乙", D(0), "WQ"))),
    facts(short_max_km=D(400), short_min_labour=D(1), subsidy_over_km=D(300)),
)  # fmt: skip


def test_every_finding_has_a_sentence_with_its_numbers():
    found = [finding for card in CARDS for finding in check(card, LINES)]
    assert {finding.code for finding in found} == set(FINDINGS)
    for language in ("en", "zh-hans"):
        with override(language):
            assert all("%(" not in text and text.endswith((".", "。")) for _broken, text in sentences(found))


def test_a_finding_is_said_in_the_readers_language():
    found = check(facts(bands=BANDS[1:]), LINES)
    with override("en"):
        assert sentences(found) == [(True, "The first band begins at 20 km: shorter trips would be paid by none.")]
    with override("zh-hans"):
        assert sentences(found) == [(True, "第一档从 20 公里开始:更近的没有档可用。")]


def test_two_versions_differ_in_what_was_changed_and_nothing_else():
    longer = (BANDS[0], BandFacts(D(20), D(300), per_km=D("3.20")))
    later = facts(
        valid_from=date(2027, 1, 1), bands=longer, hours=(*HOURS[1:], HoursFacts("K", "新作业", D(2), "YE3", 160))
    )
    with override("en"):
        found = [(row.label, row.theirs, row.mine) for row in differences(facts(), later, LINES)]
    assert found == [
        ("For jobs finished from", "2026-01-01", "2027-01-01"),
        ("above 20 up to 300 km", "3.00 a kilometre", "3.20 a kilometre"),
        ("M10 换电机轴承 · size up to 160", "3 h", ""),
        ("K 新作业 · YE3 系列 · size up to 160", "", "2 h"),
    ]


def test_the_same_card_differs_in_nothing():
    assert differences(facts(), facts(), LINES) == []
