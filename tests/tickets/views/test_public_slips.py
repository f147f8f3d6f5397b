"""Pages without account about a slip: signing on the customer's phone, the proof of a paper (domain.md 8.5, 18.5)."""

from __future__ import annotations

import json
import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.people import act, refused
from tests.tickets.driver import STROKES, Job
from tickets.enums import Copy, SlipState, TicketState
from tickets.models import Entry, LinkTries, PublicLink, Slip
from tickets.operations import by_link, tries

pytestmark = pytest.mark.django_db(transaction=True)
DIGITS = "1234"  # of 13874651234, the contact's number on the driver's slips


@pytest.fixture
def job(people):
    """A job whose slip waits for its signature."""
    return Job(people, at=timezone.now() - timedelta(hours=6)).to(TicketState.WAIT_SIGN)


def link(job, by=None):
    """A sign link, as the technician makes it."""
    who = by or job.people.technician
    return act(by_link.make_sign_link, viewer=who, public_id=job.slip.public_id, now=timezone.now())


def let_in(client, token):
    """Past the four digits."""
    answer = client.post(f"/s/{token}/digits", {"digits": DIGITS})
    assert answer.status_code == 302 and answer.url == f"/s/{token}"
    return client


def answer(job, **more):
    """What the customer's form sends."""
    return {
        "version": job.slip.version,
        "rating": "5",
        "opinion": "",
        "signer": "张建国",
        "strokes": json.dumps(STROKES),
        **more,
    }


def text_of(page):
    return page.content.decode()


def test_without_the_digits_nothing_but_the_number_is_shown(client, job):
    token = link(job)
    html = text_of(client.get(f"/s/{token}"))
    assert job.slip.number in html and 'name="digits"' in html
    assert "轴承 6309" not in html and job.slip.customer_name not in html
    assert client.post(f"/s/{token}", answer(job)).status_code == 200
    assert job.slip.state == SlipState.WAIT_SIGN


def test_the_customer_signs_on_his_phone(client, job):
    token = link(job)
    page = let_in(client, token).get(f"/s/{token}")
    html = text_of(page)
    assert page.status_code == 200 and "前轴承 6309 内圈剥落" in html and "¥ 0.00" in html
    assert client.post(f"/s/{token}", answer(job, strokes="")).status_code == 422
    assert client.post(f"/s/{token}", answer(job)).status_code == 302
    slip = job.slip
    assert (slip.state, slip.rating, slip.signer, slip.signature_kind) == (SlipState.SIGNED, "5", "张建国", "drawn")
    assert (slip.technician, slip.technician_phone) == (job.people.technician.name, job.people.technician.phone)
    assert job.state == TicketState.DONE
    entry = factories.rows(Entry, verb="sign")[0]
    assert (entry.author_name, entry.author_tier) == ("张建国", "outside")
    assert factories.rows(PublicLink)[0].used_at is not None
    assert slip.number in text_of(client.get(f"/s/{token}"))
    assert client.post(f"/s/{token}", answer(job)).status_code == 200  # twice: it says that it is signed
    assert len(factories.rows(Entry, verb="sign")) == 1


def test_by_name_without_drawing(client, job):
    token = link(job)
    let_in(client, token)
    assert client.post(f"/s/{token}", answer(job, strokes="", confirmed="on", rating="1")).status_code == 422
    done = client.post(f"/s/{token}", answer(job, strokes="", confirmed="on", rating="1", opinion="太慢"))
    assert done.status_code == 302
    assert (job.slip.signature_kind, job.slip.opinion) == ("typed", "太慢")


def test_afterwards_the_same_address_gives_the_customers_copy_and_no_other(client, job):
    token = link(job)
    let_in(client, token).post(f"/s/{token}", answer(job))
    assert "copy.pdf" not in text_of(client.get(f"/s/{token}"))
    keep_files(job)
    assert f"/s/{token}/copy.pdf" in text_of(client.get(f"/s/{token}"))
    pdf = client.get(f"/s/{token}/copy.pdf")
    assert pdf.status_code == 200 and b"".join(pdf.streaming_content) == b"%PDF customer"
    somebody = Client()  # the address was forwarded: not without the digits
    assert somebody.get(f"/s/{token}/copy.pdf").url == f"/s/{token}"
    assert somebody.get(f"/s/{token}").status_code == 200


def keep_files(job):
    """The three files, as the worker keeps them."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    from tickets.operations import slip_files

    files = {}
    for copy in Copy:
        content = f"%PDF {copy.value}".encode()
        name = default_storage.save("slips/test/x.pdf", ContentFile(content))
        files[copy] = slip_files.KeptFile(name, "0" * 64, 1, len(content))
    act(slip_files.keep, viewer=job.people.dispatcher, public_id=job.slip.public_id, files=files, now=timezone.now())


def test_the_sixth_try_within_an_hour_is_refused_even_with_the_right_digits(client, job):
    token = link(job)
    for left in (4, 3, 2, 1, 0):
        assert client.post(f"/s/{token}/digits", {"digits": "0000"}).url == f"/s/{token}?left={left}"
    page = client.post(f"/s/{token}/digits", {"digits": DIGITS})
    assert page.status_code == 429 and re.search(r"\d+ (minutes|分钟)", text_of(page))
    other = link(job)  # a fresh link is no fresh start
    assert client.post(f"/s/{other}/digits", {"digits": DIGITS}).status_code == 429
    with factories.writing():
        LinkTries.objects.update(since=timezone.now() - timedelta(hours=1, minutes=1))
    let_in(client, other)


def test_many_tries_at_once_are_not_more_tries(job):
    token = link(job)
    codes = []

    def guess(number):
        try:
            codes.append(Client().post(f"/s/{token}/digits", {"digits": f"{number:04d}"}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [302] * tries.DIGITS.most + [429] * 3


def test_the_tries_are_counted_without_redis(client, job, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    token = link(job)
    for _try in range(5):
        client.post(f"/s/{token}/digits", {"digits": "0000"})
    assert client.post(f"/s/{token}/digits", {"digits": DIGITS}).status_code == 429


def test_a_cookie_of_another_link_opens_nothing(client, people, job):
    token = link(job)
    let_in(client, token)
    second = Job(people, at=timezone.now() - timedelta(hours=5)).to(TicketState.WAIT_SIGN)
    other = link(second)
    client.cookies["pass"]["path"] = "/"
    assert 'name="digits"' in text_of(client.get(f"/s/{other}"))


def test_a_link_ends_after_72_hours_and_with_the_next_one(client, job):
    token = link(job)
    newer = link(job)
    gone = client.get(f"/s/{token}")
    assert gone.status_code == 410 and "72" in text_of(gone)
    let_in(client, newer)
    with factories.writing():
        PublicLink.objects.unscoped("the test ages it").update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.post(f"/s/{newer}", answer(job)).status_code == 410
    assert job.slip.state == SlipState.WAIT_SIGN


def test_a_slip_that_is_corrected_meanwhile_is_not_signed(client, job):
    token = link(job)
    version = job.slip.version
    let_in(client, token)
    job.correct()
    assert client.get(f"/s/{token}").status_code == 409
    assert client.post(f"/s/{token}", answer(job, version=version)).status_code == 409
    assert job.slip.state == SlipState.DRAFT


def test_what_was_signed_on_the_screen_meanwhile_is_shown(client, job):
    token = link(job)
    let_in(client, token)
    version = job.slip.version
    job.sign()
    page = client.post(f"/s/{token}", answer(job, version=version))
    assert page.status_code == 200 and job.slip.number in text_of(page)


def test_only_who_may_sign_makes_the_link(people, job):
    for who, code in ((people.accountant, "not_allowed"), (people.second_technician, "not_found")):
        with refused(code):
            link(job, by=who)
    with refused("wrong_state"):
        job.sign()
        link(job)


def test_a_slip_without_a_number_to_check_gets_no_link(people):
    job = Job(people, at=timezone.now() - timedelta(hours=6)).to(TicketState.WAIT_SIGN)
    with factories.writing():
        Slip._plain.filter(pk=job.slip.pk).update(phone="")
    with refused("no_number"):
        link(job)


def test_the_technicians_page_shows_the_code(sign_in, people, job):
    client = sign_in(people.technician)
    assert f"/slips/{job.slip.public_id}/link/" in text_of(client.get(f"/slips/{job.slip.public_id}/"))
    page = client.post(f"/slips/{job.slip.public_id}/link/")
    assert page.status_code == 200 and re.search(r"/s/[\w-]{32}", text_of(page)) and "<svg" in text_of(page)


def test_the_desks_page_shows_the_progress_link(sign_in, people):
    job = Job(people)
    client = sign_in(people.dispatcher)
    assert f"/tickets/{job.key}/link/" in text_of(client.get(f"/tickets/{job.key}/"))
    page = client.post(f"/tickets/{job.key}/link/")
    assert page.status_code == 200 and re.search(r"/t/[\w-]{32}", text_of(page))


# ── the proof ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_proof_shows_what_stands_on_the_paper(client, job):
    slip = job.sign()
    html = text_of(client.get(f"/p/{slip.proof_code}"))
    short = " ".join(slip.content_hash[at : at + 4] for at in (0, 4, 8))
    for word in (slip.number, job.people.cs01.name, job.ticket.model_summary, short):
        assert word in html
    for word in (slip.customer_name, slip.phone, "轴承 6309", "0.00"):
        assert word not in html
    let = client.post(f"/p/{slip.proof_code}/digits", {"digits": DIGITS})
    assert let.url == f"/p/{slip.proof_code}"
    html = text_of(client.get(f"/p/{slip.proof_code}"))
    assert "前轴承 6309 内圈剥落" in html and "更换前后轴承" in html and "0.00" in html
    assert slip.phone not in html and slip.customer_name not in html


def test_the_proof_of_a_void_slip_says_void(client, job):
    slip = job.sign()
    job.void()
    html = text_of(client.get(f"/p/{slip.proof_code}"))
    assert "note bad" in html and "note good" not in html


def test_a_slip_that_nobody_signed_has_no_proof_yet(client, job):
    assert client.get(f"/p/{job.slip.proof_code}").status_code == 404


def test_wrong_digits_at_the_proof_are_counted(client, job):
    slip = job.sign()
    for _try in range(5):
        client.post(f"/p/{slip.proof_code}/digits", {"digits": "0000"})
    assert client.post(f"/p/{slip.proof_code}/digits", {"digits": DIGITS}).status_code == 429


@pytest.mark.parametrize(
    ("phone", "found"),
    [
        ("13874651234", {"1234"}),
        ("138 7465 1234", {"1234"}),
        ("0731-88881111-205", {"1205", "1111"}),
        ("0731-88881111", {"1111"}),
        ("400-800-1234", {"1234"}),
        ("", set()),
        ("110", set()),
    ],
)
def test_which_digits_prove_the_number(phone, found):
    from tickets.queries.public import endings

    assert endings(phone) == found
