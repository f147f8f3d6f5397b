"""Pages of policies: list, one with its versions, writing with rows of start rules, putting in force."""

from __future__ import annotations

from datetime import date

import pytest

from core import jobs
from equipment.models import WarrantyPolicy, WarrantyVersion
from tests import factories
from tests.people import sign_in
from tests.warranty import draft, next_draft, policy

FORM = {
    "name": "整机三包", "match": "prefix", "model": "YE3-", "priority": "100", "valid_from": "2026-01-01", "rules-0-basis": "acceptance",
    "rules-0-months": "12", "rules-0-evidence": ["acceptance"], "rules-1-basis": "ex_factory", "rules-1-months": "18",
    "grace_months": "6", "goodwill_days": "30", "part_periods": "机封 3\n填料 1 个月", "replaced_part_rule": "machine",
    "exchange_rule": "keep", "compare_date": "reported", "exclusions": ["wear", "operation"], "inclusive_end": "on",
}  # fmt: skip


def test_a_policy_is_written_on_one_page(client, people):
    sign_in(client, people.reviewer)
    page = client.get("/warranty/new/")
    assert page.status_code == 200
    answer = client.post("/warranty/new/", FORM)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    (made,) = factories.rows(WarrantyPolicy)
    (version,) = factories.rows(WarrantyVersion)
    assert (made.model, made.match, made.changed_by) == ("YE3-", "prefix", "吴丽")
    assert version.start_rules == [
        {"basis": "acceptance", "months": 12, "evidence": ["acceptance"]},
        {"basis": "ex_factory", "months": 18, "evidence": []},
    ]
    assert (version.part_periods, version.exclusions) == ({"机封": 3, "填料": 1}, ["operation", "wear"])
    assert (version.inclusive_end, version.repair_extension) == (True, False)
    page = client.get(answer["Location"]).content.decode()
    assert "验收" in page
    assert "机封 3 个月" in page
    assert "整机三包" in client.get("/warranty/").content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rules-0-basis": "", "rules-0-months": "", "rules-1-basis": "", "rules-1-months": ""}, "至少写一条起算规则"),
        ({"rules-0-months": ""}, "起算规则要两项都填"),
        ({"rules-1-basis": "acceptance"}, "已有一条起算规则用了这个日期"),
        ({"made_from": "2026-02-01", "made_until": "2026-01-01"}, "出厂日期区间的结束早于开始"),
        ({"valid_until": "2025-12-31"}, "适用报修的结束日早于开始日"),
        ({"part_periods": "机封 三个月"}, "每行写一个部位和月数"),
        ({"cap_basis": "ex_factory"}, "封顶要两项都填"),
    ],
)
def test_what_is_refused_has_its_own_sentence_and_nothing_typed_is_lost(client, people, changes, words):
    sign_in(client, people.reviewer)
    answer = client.post("/warranty/new/", FORM | changes | {"note": "没有丢的备注"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "没有丢的备注" in page
    assert 'value="YE3-"' in page
    assert factories.rows(WarrantyPolicy) == []


def test_a_clash_names_the_other_policy(client, people):
    draft(people.hq_admin, scope={"name": "旧政策", "model": "YE3-", "match": "prefix"})
    sign_in(client, people.reviewer)
    answer = client.post("/warranty/new/", FORM)
    assert answer.status_code == 422
    assert "旧政策" in answer.content.decode()


def test_a_version_says_what_differs_and_asks_before_it_is_in_force(client, people):
    first = policy(people.hq_admin)
    version = next_draft(people.hq_admin, first, valid_from=date(2026, 7, 1), grace_months=3)
    sign_in(client, people.reviewer)
    page = client.get(f"/warranty/versions/{version.public_id}/force/").content.decode()
    assert "试算去年的报修单" in page
    assert "宽限月数" in page
    answer = client.post(f"/warranty/versions/{version.public_id}/force/", {"version": version.version})
    assert answer.status_code == 302
    assert factories.again(version).state == "in_force"
    page = client.get(answer["Location"]).content.decode()
    assert "与第 1 版的差别" in page


def test_a_stale_page_puts_nothing_in_force(client, people):
    version = draft(people.hq_admin)
    sign_in(client, people.reviewer)
    answer = client.post(f"/warranty/versions/{version.public_id}/force/", {"version": version.version + 1})
    assert answer.status_code == 422
    assert factories.again(version).state == "draft"


def test_a_draft_is_written_again_ended_and_thrown_away(client, people):
    first = policy(people.hq_admin)
    sign_in(client, people.reviewer)
    key = factories.rows(WarrantyPolicy)[0].public_id
    fields = FORM | {"valid_from": "2026-08-01"}
    assert client.post(f"/warranty/{key}/draft/", fields).status_code == 302
    second = factories.rows(WarrantyVersion)[-1]
    assert client.post(f"/warranty/{key}/draft/", fields | {"version": "9"}).status_code == 422
    assert client.post(f"/warranty/{key}/draft/", fields | {"version": "1", "goodwill_days": "7"}).status_code == 302
    assert factories.again(second).goodwill_days == 7
    assert client.post(f"/warranty/versions/{second.public_id}/discard/").status_code == 302
    late = f"/warranty/versions/{first.public_id}/end/"
    assert client.get(late).status_code == 200
    assert client.post(late, {"last_day": "2019-01-01", "version": "2"}).status_code == 422
    assert client.post(late, {"last_day": "2030-12-31", "version": "2"}).status_code == 302
    assert factories.again(first).valid_until == date(2030, 12, 31)
    edit = {"name": "新名", "priority": "100", "version": factories.rows(WarrantyPolicy)[0].version}
    assert client.post(f"/warranty/{key}/edit/", edit).status_code == 302
    assert client.post(f"/warranty/{key}/edit/", edit | {"model": "YE4-"}).status_code == 422


def test_a_trial_stands_on_the_page_that_asks(client, people):
    version = draft(people.hq_admin)
    sign_in(client, people.reviewer)
    address = f"/warranty/versions/{version.public_id}/"
    assert client.post(f"{address}trial/").status_code == 302
    assert "progress" in client.get(f"{address}force/").content.decode()
    jobs.drain()
    page = client.get(f"{address}force/").content.decode()
    assert "0 张" in page


@pytest.mark.parametrize("name", ["dispatcher", "technician", "office", "quality"])
def test_others_read_and_are_offered_nothing_to_write(client, people, name):
    version = policy(people.hq_admin)
    sign_in(client, getattr(people, name))
    key = factories.rows(WarrantyPolicy)[0].public_id
    page = client.get(f"/warranty/{key}/")
    assert page.status_code == 200
    assert "新版本" not in page.content.decode()
    for address in (f"/warranty/{key}/draft/", f"/warranty/versions/{version.public_id}/end/"):
        assert client.get(address).status_code == 403
