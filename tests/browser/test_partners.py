"""Pages of accounts, people, organisations, partnerships, dictionaries, tasks and notices in a browser: ui.md 6, checks 8-11, 15-20, 24."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from core.access import Action
from core.models import AccessRecord, JobState
from partners.enums import Role
from partners.models import Person
from partners.operations.organisations import Card, add_unlisted_maker
from partners.operations.people import PersonFacts, invite_person
from tests import factories
from tests.browser.conftest import DESK, PHONE, WCAG, overflow, small_targets
from tests.people import People, act
from tests.people import sign_in as signed_in

LATIN = re.compile(r"[A-Za-z]{3,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def filled(people: People) -> dict[str, Any]:
    """Something of everything that the pages show, and the addresses by who opens them."""
    now = timezone.now()
    facts = PersonFacts(name="王海涛", phone="13900000001", roles=(Role.TECHNICIAN.value,), city="永州市")
    invited = act(invite_person, viewer=people.admin, facts=facts, now=now)
    maker = act(add_unlisted_maker, viewer=people.admin, code="WZ", card=Card(name="未知厂家"), now=now)
    waiting = factories.partnership(people.cs01, people.hc, manufacturer_confirmed_at=None, dealer_confirmed_at=None)
    gone = factories.person(people.cs01, Role.TECHNICIAN, name="赵国平", active=False)
    admin = people.person("admin")
    for kind in ("job_done", "job_failed"):
        factories.notice(admin, kind, params={"title": "历史工单导入"}, created_at=now)
    factories.job(admin, title="历史工单导入", state=JobState.RUNNING, done=23, of=120, run_at=now, created_at=now)
    factories.job(
        admin, "tickets.slip_pdf", title="月度汇总", state=JobState.FAILED, done=57, of=120, last_error="ValueError: 58"
    )
    factories.job(admin, title="服务单批量打印", state=JobState.DONE, result_url="/me/")
    with factories.writing():
        for action, thing in ((Action.REFUSED, "GET /people/"), (Action.PHONE_SHOWN, "BX-CS01-202611-0042")):
            AccessRecord.objects.create(
                organisation_id=people.cs01.pk, person_name="陈志强", action=action.value, thing=thing, at=now
            )
    person, found = people.person("technician").public_id, factories.rows(Person, id=gone.pk)[0]
    return {
        "": ["/sign-in/", f"/link/{invited.token}/"],
        "admin": [
            "/me/", "/people/", "/people/?q=000", "/people/invite/", f"/people/{person}/", f"/people/{person}/edit/",
            f"/people/{person}/deactivate/", f"/people/{found.public_id}/", f"/people/{invited.person.public_id}/",
            "/organisation/", f"/organisations/{people.cs01.public_id}/edit/", "/unlisted-makers/", "/unlisted-makers/add/",
            f"/organisations/{maker.public_id}/", "/partnerships/", f"/partnerships/{waiting.public_id}/",
            "/dictionaries/", "/dictionaries/industry/", "/tasks/", "/tasks/failed/", "/access/", "/notices/",
        ],
        "platform": [
            "/people/", "/organisations/", "/organisations/add/", f"/organisations/{people.hf01.public_id}/",
            "/partnerships/propose/", f"/partnerships/{people.partnership.public_id}/",
            f"/partnerships/{people.partnership.public_id}/terms/", f"/partnerships/{people.partnership.public_id}/assign/",
            "/dictionaries/industry/", "/tasks/failed/", "/notices/",
        ],
    }  # fmt: skip


def enter(context: BrowserContext, people: People, who: str, language: str = "zh-hans") -> Page:
    """A page of this person in the context, signed in."""
    if who:
        client = signed_in(Client(), getattr(people, who))
        client.post("/language/", {"language": language})
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": _home(context)}])
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": _home(context)}])
    return context.new_page()


def _home(context: BrowserContext) -> str:
    return str(context._impl_obj._options["baseURL"])


def picture(page: Page, *names: str) -> None:
    """A picture of the page where PICTURES names a folder."""
    if folder := os.environ.get("PICTURES"):
        name = "-".join(names).replace("/", "_").replace("?", "_")
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


LOOKS = [
    pytest.param(kind, least, scheme, language, id=f"{name}-{scheme}-{language}")
    for name, kind, least in (("phone", PHONE, 44), ("desk", DESK, 24))
    for scheme, language in (("light", "zh-hans"), ("dark", "en"))
]


@pytest.mark.parametrize(("kind", "least", "scheme", "language"), LOOKS)
def test_every_page_fits_is_accessible_and_has_targets_for_fingers(
    people: People,
    filled: dict[str, Any],
    open_context: Callable[..., BrowserContext],
    kind: dict[str, Any],
    least: int,
    scheme: str,
    language: str,
) -> None:
    problems: dict[str, Any] = {}
    for who, addresses in filled.items():
        page = enter(open_context(kind, color_scheme=scheme), people, who, language)
        for address in addresses:
            page.goto(address)
            short = re.sub(r"[2-9a-z]{16}", "x", address)[:40]
            picture(page, language, scheme, str(kind["viewport"]["width"]), who, short)
            found = [
                *(
                    f"{item['id']}: {item['nodes'][0]['html'][:120]}"
                    for item in Axe().run(page, options=WCAG).response["violations"]
                ),
                *(f"too small: {item}" for item in small_targets(page, least)),
                *(f"sticks out: {item}" for item in overflow(page)),
            ]
            if found:
                problems[f"{who} {short}"] = found
    assert problems == {}


def test_no_page_scrolls_sideways_from_320_to_1024(
    people: People, filled: dict[str, Any], open_context: Callable[..., BrowserContext]
) -> None:
    wide = {}
    for who, addresses in filled.items():
        page = enter(open_context(DESK), people, who)
        for address in addresses:
            page.goto(address)
            for width in (320, 412, 640, 1024):
                page.set_viewport_size({"width": width, "height": 800})
                if found := overflow(page):
                    wide[address, width] = found
    assert wide == {}


def test_a_chinese_page_has_no_english_word_and_an_english_page_no_chinese_label(
    people: People, filled: dict[str, Any], open_context: Callable[..., BrowserContext]
) -> None:
    """Codes, addresses and the name of the other language stay; so do names and dictionaries, which are data."""
    data = "CS01 WZ SF HF01 HC BX English GET people ValueError PF"
    labels = "main h2:not(.task-title), main label, main legend, main th[scope=col], main button, nav.side a, .hint[id]"
    wrong = {}
    for language in ("zh-hans", "en"):
        for who, addresses in filled.items():
            page = enter(open_context(DESK), people, who, language)
            for address in addresses:
                page.goto(address)
                if language == "zh-hans":
                    found = [w for w in LATIN.findall(page.inner_text("body")) if w not in data.split()]
                else:
                    texts = page.locator(labels).all_inner_texts()
                    found = [text for text in texts if CHINESE.search(text) and text != "中文"]
                if found:
                    wrong[language, who, address] = found
    assert wrong == {}


def test_an_empty_sign_in_puts_the_focus_on_the_summary(people: People, phone: BrowserContext, complaints: Any) -> None:
    complaints.expect("422")
    page = phone.new_page()
    page.goto("/sign-in/")
    page.get_by_role("button", name="登录").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert page.title().startswith("错误:")
    page.locator("[data-error-summary] a").first.click()
    expect(page.locator("#id_login")).to_be_focused()


def test_one_signs_in_and_out_and_back_shows_nothing(people: People, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/people/")
    page.fill("#id_login", people.admin.phone)
    page.fill("#id_password", factories.PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("人员")
    page.locator("header details[data-menu] summary").last.click()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    assert "陈志强" not in page.content()


def test_pages_are_read_and_forms_sent_without_javascript(
    people: People, open_context: Callable[..., BrowserContext]
) -> None:
    page = enter(open_context(DESK, java_script_enabled=False), people, "admin")
    page.goto("/people/?state=active")
    expect(page.locator("tbody tr")).to_have_count(7)
    page.goto("/people/invite/")
    page.fill("#id_name", "王海涛")
    page.fill("#id_phone", "13900000001")
    page.get_by_label("服务技师").check()
    page.get_by_role("button", name="生成邀请").click()
    expect(page.locator("pre")).to_contain_text("/link/")


def test_an_invitation_is_copied_and_its_code_is_drawn(people: People, desk: BrowserContext) -> None:
    page = enter(desk, people, "admin")
    desk.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/people/invite/")
    page.fill("#id_name", "王海涛")
    page.fill("#id_phone", "13900000001")
    page.get_by_label("服务技师").check()
    page.get_by_role("button", name="生成邀请").click()
    expect(page.locator("svg.qr")).to_be_visible()
    page.get_by_role("button", name="复制").click()
    assert "/link/" in page.evaluate("() => navigator.clipboard.readText()")
    picture(page, "issued-link")


def test_a_double_press_makes_one_person(people: People, desk: BrowserContext) -> None:
    page = enter(desk, people, "admin")
    page.goto("/people/invite/")
    page.fill("#id_name", "王海涛")
    page.fill("#id_phone", "13900000001")
    page.get_by_label("服务技师").check()
    page.get_by_role("button", name="生成邀请").dblclick()
    expect(page.locator("pre")).to_contain_text("/link/")
    assert len(factories.rows(Person, phone="13900000001")) == 1


def test_filtering_shows_new_rows_and_back_shows_the_whole_page(people: People, desk: BrowserContext) -> None:
    page = enter(desk, people, "admin")
    page.goto("/people/")
    page.get_by_role("searchbox").fill("陈志")
    page.get_by_role("searchbox").press("End")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("陈志强")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("人员")


def test_a_task_asks_again_by_itself_until_it_is_done(people: People, desk: BrowserContext) -> None:
    now = timezone.now()
    job = factories.job(people.person("admin"), state=JobState.RUNNING, done=1, of=3, run_at=now, created_at=now)
    page = enter(desk, people, "admin")
    page.goto("/tasks/")
    expect(page.locator(".job-progress")).to_contain_text("1/3")
    with factories.writing():
        type(job)._base_manager.filter(pk=job.pk).update(state=JobState.DONE, done=3)
    expect(page.locator(".job-progress [role=status]")).to_have_text("已完成")
    assert page.locator(".job-progress").get_attribute("hx-get") is None
