"""Every finding of the automatic checks is said in whole sentences, with its numbers and what to do, in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils.translation import override

from settlement.calculations.check_facts import Reference
from settlement.calculations.check_registry import CHECKS
from settlement.calculations.checks import ELSEWHERE
from settlement.enums import CheckCode
from settlement.explain.checks import ADVICE, NO_DATA, SENTENCES, explained, no_data
from tests.settlement.calculations.test_checks import CASES
from tests.settlement.checks import at, dealer, evidence, outing, reported

LANGUAGES = ("en", "zh-hans")


def findings():
    """One of every sentence that the checks know."""
    found = [finding for _code, _reason, failing, _passing in CASES for finding in reported(**failing).findings]
    return [*found, *reported(submitted_at=at("2026-07-05 09:00"), **dealer(unreturned_since=None)).warnings]


def test_every_check_exists_and_every_reason_has_a_sentence():
    assert all(CHECKS[code] for code in CheckCode)
    assert {finding.reason for finding in findings()} | set(ELSEWHERE) == set(SENTENCES)
    assert set(ADVICE) == set(CheckCode)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_is_a_whole_sentence_with_its_numbers(language):
    with override(language):
        for finding, shown in zip(findings(), explained(findings()), strict=True):
            for text in (shown.text, shown.advice):
                assert "%(" not in text and text.endswith((".", "。")), (finding.reason, text)
            for name, value in finding.params.items():
                assert name in ("kind", "slots", "limit") or str(value) in shown.text, (finding.reason, name)


def test_every_check_is_said_otherwise_in_chinese():
    words = {}
    for language in LANGUAGES:
        with override(language):
            words[language] = [text for one in explained(findings()) for text in (one.name, one.text, one.advice)]
            words[language] += no_data(NO_DATA)
    assert all(english != chinese for english, chinese in zip(*words.values(), strict=True))
    assert all(any("一" <= sign <= "鿿" for sign in text) for text in words["zh-hans"])


@pytest.mark.parametrize(
    ("language", "changes", "text"),
    [
        ("en", outing(km=Decimal(168), usual_km=Decimal(152)), "168 km one way are claimed; usual are 152 km, at most 159.6 km pass."),
        ("zh-hans", outing(km=Decimal(168), usual_km=Decimal(152)), "申报单程 168 公里,常用里程 152 公里,最多 159.6 公里。"),
        ("en", evidence(present=frozenset({"fault"})), "Photos are missing: after replacement, nameplate."),
        ("zh-hans", evidence(present=frozenset({"fault"})), "缺少照片:更换后、铭牌。"),
        ("en", {"courier": True}, "“old part sent by courier” needs a pre-authorisation, and the claim names none."),
        ("zh-hans", {"courier": True}, "“旧件快递返回”需要预授权,申请里没有填。"),
    ],
)  # fmt: skip
def test_a_finding_is_said_in_the_readers_language(language, changes, text):
    with override(language):
        assert [one.text for one in explained(reported(**changes).findings)] == [text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_could_not_be_checked_is_said(language):
    codes = {*reported(Reference()).no_data, *reported(**outing(usual_km=None)).no_data}
    assert codes == set(NO_DATA)
    with override(language):
        assert all(text.endswith((".", "。")) for text in no_data(codes))
