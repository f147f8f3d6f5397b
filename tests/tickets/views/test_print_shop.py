"""Pages of printing: papers of a slip, the look and the printers of a dealer, paper numbers, many slips at once."""

from __future__ import annotations

import io
from decimal import Decimal

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core import jobs
from core.models.job import Job as JobRow
from core.models.job import JobState
from tests import factories
from tests.people import act, refused
from tests.tickets.documents.papers import pages_of, text_of
from tests.tickets.driver import Job, picture
from tests.tickets.facts import jobs_of
from tickets.enums import Copy, PaperColour, TicketState
from tickets.models import Printer, PrintSettings, SlipFile
from tickets.operations.batch_print import order_batch
from tickets.operations.print_settings import Look, save_look, save_printer
from tickets.operations.print_slip import print_slip

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("留底联", "客户联", "厂家联")
COLOURS = (PaperColour.WHITE, PaperColour.GREEN, PaperColour.BLUE)


@pytest.fixture
def signed(people):
    """A signed slip of CS01 whose files are kept."""
    job = Job(people).to(TicketState.DONE)
    jobs.drain()
    return job


def form_of(**more):
    names = dict(zip(("dealer_copy", "customer_copy", "maker_copy"), NAMES, strict=True))
    colours = dict(zip(("dealer_colour", "customer_colour", "maker_colour"), COLOURS, strict=True))
    return {**names, **colours, "foot_line": "谢谢惠顾", "default_paper": "half", "version": "0", **more}


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def read(response):
    assert response.status_code == 200
    return body(response)


# ── one slip ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_paper_can_be_chosen_on_the_slips_page(people, sign_in, signed):
    page = sign_in(people.dispatcher).get(reverse("tickets:slip", args=[signed.slip.public_id]))
    html = page.content.decode()
    assert all(f'value="{way}"' in html for way in ("a4", "a5", "whole", "half", "third", "half-form", "third-form"))


@pytest.mark.parametrize(
    ("paper", "size"), [("a5", (595, 420)), ("half", (683, 396)), ("whole-form", (683, 792)), ("third", (683, 264))]
)
def test_printing_counts_and_leads_to_the_paper(people, sign_in, signed, paper, size):
    client = sign_in(people.dispatcher)
    press = client.post(reverse("tickets:slip_print", args=[signed.slip.public_id]), {"paper": paper})
    assert press.status_code == 302
    content = read(client.get(press["Location"]))
    assert tuple(map(round, pages_of(content)[0])) == size
    assert "补打" not in text_of(content)
    press = client.post(reverse("tickets:slip_print", args=[signed.slip.public_id]), {"paper": paper})
    assert "补打 1" in text_of(read(client.get(press["Location"])))
    assert signed.slip.printed == 2


def test_the_printers_offset_goes_into_the_form(people, sign_in, signed):
    printer = people_do(people, save_printer, name="前台针打", x=Decimal("1.5"), y=Decimal("-0.5"))
    client = sign_in(people.dispatcher)
    press = client.post(
        reverse("tickets:slip_print", args=[signed.slip.public_id]),
        {"paper": "half-form", "printer": printer.public_id, "paper_number": ""},
    )
    assert printer.public_id in press["Location"]
    moved = read(client.get(press["Location"]))
    still = read(client.get(press["Location"].partition("?")[0]))
    assert moved != still


def test_a_void_slip_is_marked_on_every_paper_and_its_kept_files_stay(people, sign_in, signed):
    before = kept_bytes(signed)
    signed.void(reason="里程写错")
    client = sign_in(people.dispatcher)
    for paper in ("a5", "half", "third-form"):
        text = text_of(read(client.get(reverse("tickets:slip_paper", args=[signed.slip.public_id, paper]))))
        assert "作废" in text
        assert "里程写错" in text
    triplicate = read(client.get(reverse("tickets:slip_pdf", args=[signed.slip.public_id, "triplicate"])))
    assert text_of(triplicate).count("作废") == 3
    assert kept_bytes(signed) == before


@pytest.mark.parametrize("paper", ["a4", "a5-form", "a4-form", "letter", "half-x"])
def test_a_paper_that_there_is_not_is_not_found(people, sign_in, signed, paper):
    assert (
        sign_in(people.dispatcher).get(reverse("tickets:slip_paper", args=[signed.slip.public_id, paper])).status_code
        == 404
    )


@pytest.mark.parametrize("who", ["office", "reviewer", "stranger", "second_technician"])
def test_others_get_no_paper(people, sign_in, signed, who):
    address = reverse("tickets:slip_paper", args=[signed.slip.public_id, "half"])
    assert sign_in(getattr(people, who)).get(address).status_code == 404


# ── the number of the paper form ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_paper_number_is_entered_at_printing_and_stands_on_the_slip(people, sign_in, signed):
    client = sign_in(people.dispatcher)
    address = reverse("tickets:slip_print", args=[signed.slip.public_id])
    press = client.post(address, {"paper": "half", "paper_number": " a0001234 "})
    assert press.status_code == 302
    assert signed.slip.paper_number == "A0001234"
    client.post(address, {"paper": "a4"})
    assert signed.slip.paper_number == "A0001234"


def test_a_paper_number_is_used_once_by_a_dealer(people, sign_in, signed):
    other = Job(people).to(TicketState.DONE)
    people_do(people, print_slip, public_id=other.slip.public_id, paper_number="7001", who="dispatcher")
    client = sign_in(people.dispatcher)
    address = reverse("tickets:slip_print", args=[signed.slip.public_id])
    page = client.post(address, {"paper": "half", "paper_number": "7001"})
    assert page.status_code == 422
    assert other.slip.number in page.content.decode()
    assert (signed.slip.paper_number, signed.slip.printed) == ("", 0)
    for wrong in ("70 01", "号码", "x" * 21):
        assert client.post(address, {"paper": "half", "paper_number": wrong}).status_code == 422
    theirs = Job(people, desk=people.stranger, lead=people.stranger_technician).to(TicketState.DONE)
    people_do(people, print_slip, public_id=theirs.slip.public_id, paper_number="7001", who="stranger")
    assert theirs.slip.paper_number == "7001"


def test_missing_numbers_between_lowest_and_highest(people, sign_in):
    for number in ("A098", "A101", "A099", "7", "NR-X"):
        job = Job(people).to(TicketState.DONE)
        people_do(people, print_slip, public_id=job.slip.public_id, paper_number=number, who="dispatcher")
    job.void()
    html = sign_in(people.accountant).get(reverse("tickets:paper_numbers")).content.decode()
    assert "A098 – A101" in html
    assert ">A100<" in html
    assert ">A099<" not in html
    assert sign_in(people.technician).get(reverse("tickets:paper_numbers")).status_code == 403


# ── look and printers ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_look_is_saved_and_drawn_and_kept_files_stay(people, sign_in, signed):
    before = kept_bytes(signed)
    client = sign_in(people.admin)
    address = reverse("tickets:print_look")
    assert "存根联" in client.get(address).content.decode()
    logo = SimpleUploadedFile("logo.jpg", picture(), content_type="image/jpeg")
    assert client.post(address, form_of(logo=logo)).status_code == 302
    row = factories.rows(PrintSettings)[0]
    with default_storage.open(row.logo.name) as file, Image.open(file) as image:
        assert (image.format, max(image.size)) == ("JPEG", 320)
    html = client.get(address).content.decode()
    assert all(word in html for word in ("留底联", "谢谢惠顾", "data:image/png;base64"))
    sample = text_of(read(client.get(reverse("tickets:print_sample", args=["a5"]))))
    assert "第一联(白)留底联·经销商留存" in sample
    assert "第二联(绿)客户联" in sample
    assert kept_bytes(signed) == before
    later = Job(people).to(TicketState.DONE)
    jobs.drain()
    dealers = kept_bytes(later)["dealer"]
    assert "留底联" in text_of(dealers)
    assert "谢谢惠顾" in text_of(dealers)
    with pikepdf.open(io.BytesIO(dealers)) as pdf:
        assert any(thing.get("/Subtype") == "/Image" for thing in pdf.objects if isinstance(thing, pikepdf.Stream))


def test_the_preview_shows_what_is_typed_and_saves_nothing(people, sign_in):
    client = sign_in(people.admin)
    address = reverse("tickets:print_preview")
    part = client.post(address, form_of(), headers={"hx-request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="print-preview"')
    assert "留底联" in part
    whole = client.post(address, form_of()).content.decode()
    assert "留底联" in whole
    assert "<h1" in whole
    assert factories.rows(PrintSettings) == []


def test_a_look_of_another_time_is_stale_and_a_logo_must_be_a_picture(people, sign_in):
    people_do(people, save_look, look=Look(names=NAMES, colours=COLOURS), expected_version=0)
    client = sign_in(people.admin)
    address = reverse("tickets:print_look")
    assert client.post(address, form_of(version="0")).status_code == 409
    text = SimpleUploadedFile("logo.png", b"no picture", content_type="image/png")
    assert client.post(address, form_of(version="1", logo=text)).status_code == 422
    assert client.post(address, form_of(version="1", dealer_copy="")).status_code == 422
    assert client.post(address, form_of(version="1")).status_code == 302


def test_printers_have_offsets_in_half_millimetres(people, sign_in):
    client = sign_in(people.admin)
    add = reverse("tickets:printer_add")
    assert client.post(add, {"name": "前台", "offset_x": "1.5", "offset_y": "-2"}).status_code == 302
    assert client.post(add, {"name": "前台", "offset_x": "0", "offset_y": "0"}).status_code == 422
    for wrong in ("0.3", "21", "x"):
        assert client.post(add, {"name": "后台", "offset_x": wrong, "offset_y": "0"}).status_code == 422
    row = factories.rows(Printer)[0]
    assert (row.offset_x, row.offset_y) == (Decimal("1.5"), Decimal("-2.0"))
    page = client.get(reverse("tickets:printer", args=[row.public_id]))
    assert page.status_code == 200
    ruler = read(client.get(reverse("tickets:printer_ruler", args=[row.public_id, "half"])))
    assert "X +1.5 mm Y -2.0 mm" in text_of(ruler)
    assert client.get(reverse("tickets:printer_ruler", args=[row.public_id, "a5"])).status_code == 404
    assert sign_in(people.stranger_admin).get(reverse("tickets:printer", args=[row.public_id])).status_code == 404
    client = sign_in(people.admin)
    assert client.post(reverse("tickets:printer_remove", args=[row.public_id])).status_code == 302
    assert factories.rows(Printer) == []


@pytest.mark.parametrize("name", ["print_look", "printer_add"])
def test_settings_are_the_administrators(people, sign_in, name):
    assert sign_in(people.dispatcher).get(reverse(f"tickets:{name}")).status_code == 403
    assert sign_in(people.hq_admin).get(reverse(f"tickets:{name}")).status_code == 403


def test_the_guide_has_drawings_with_words_for_who_does_not_see_them(people, sign_in):
    html = sign_in(people.technician).get(reverse("tickets:print_help")).content.decode()
    assert html.count('class="guide"') == 4
    assert html.count('role="img" aria-label="') >= 4


# ── many slips ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ticked_slips_become_one_pdf(people, sign_in):
    made = [Job(people).to(TicketState.DONE) for _place in range(3)]
    jobs.drain()
    made[1].void(reason="重复")
    client = sign_in(people.dispatcher)
    page = client.get(reverse("tickets:slips")).content.decode()
    assert all(f'name="pick" value="{job.slip.public_id}"' in page for job in made)
    press = client.post(reverse("tickets:slip_batch"), {"pick": [job.slip.public_id for job in made], "paper": "a4"})
    row = jobs_of("tickets.slip_batch")[0]
    assert press["Location"] == reverse("partners:task_poll", args=[row.public_id])
    jobs.drain()
    row = jobs_of("tickets.slip_batch")[0]
    assert (row.state, row.done, row.of) == (JobState.DONE, 3, 3)
    content = read(client.get(reverse("partners:task_result", args=[row.public_id])))
    texts = text_of(content).split("\f")
    assert len(pages_of(content)) == 9
    assert [("作废" in text) for text in texts[:9]] == [False] * 3 + [True] * 3 + [False] * 3
    assert [job.slip.number in texts[place * 3] for place, job in enumerate(made)] == [True] * 3
    assert "补打" not in text_of(content)
    assert [job.slip.printed for job in made] == [1, 1, 1]


def test_a_second_batch_says_reprint_and_a_second_run_counts_nothing(people):
    made = [Job(people).to(TicketState.DONE) for _place in range(2)]
    jobs.drain()
    for _time in range(2):
        row = people_do(
            people, order_batch, public_ids=[job.slip.public_id for job in made], paper="half", who="dispatcher"
        )
        jobs.drain()
    run_again(row)
    name = jobs_of("tickets.slip_batch")[1].result_file
    with default_storage.open(name) as file:
        text = text_of(file.read())
    assert text.count("补打 1") >= 2
    assert [job.slip.printed for job in made] == [2, 2]
    assert len(default_storage.listdir(name.rpartition("/")[0])[1]) == 1


def test_what_cannot_be_printed_is_named_and_the_others_are_kept(people, sign_in):
    made = [Job(people).to(TicketState.DONE) for _place in range(3)]
    jobs.drain()
    lost = next(row for row in factories.rows(SlipFile, slip=made[1].slip) if row.copy == Copy.MAKER)
    default_storage.delete(lost.file.name)
    row = people_do(people, order_batch, public_ids=[job.slip.public_id for job in made], paper="a4", who="dispatcher")
    jobs.drain()
    row = jobs_of("tickets.slip_batch")[0]
    assert row.state == JobState.DONE
    assert made[1].slip.number in row.progress_text
    with default_storage.open(row.result_file) as file:
        content = file.read()
    assert len(pages_of(content)) == 6
    page = sign_in(people.dispatcher).get(reverse("partners:task_poll", args=[row.public_id])).content.decode()
    assert made[1].slip.number in page


def test_when_none_can_be_printed_the_job_fails_with_their_numbers(people):
    job = Job(people).to(TicketState.DONE)
    jobs.drain()
    for row in factories.rows(SlipFile, slip=job.slip):
        default_storage.delete(row.file.name)
    people_do(people, order_batch, public_ids=[job.slip.public_id], paper="a4", who="dispatcher")
    jobs.drain()
    row = jobs_of("tickets.slip_batch")[0]
    assert row.state == JobState.FAILED
    assert job.slip.number in row.last_error


def test_a_batch_is_of_one_to_fifty_own_frozen_slips(people):
    job = Job(people).to(TicketState.DONE)
    key = job.slip.public_id
    draft = Job(people).to(TicketState.WAIT_SIGN).slip.public_id
    for code, keys, paper in (
        ("nothing_picked", [], "a4"),
        ("too_many_picked", [f"x{place}" for place in range(51)], "a4"),
        ("paper_unknown", [key], "b5"),
        ("not_found", [key, "nothing"], "a4"),
    ):
        with refused(code):
            people_do(people, order_batch, public_ids=keys, paper=paper, who="dispatcher")
    with refused("wrong_state"):
        people_do(people, order_batch, public_ids=[draft], paper="a4", who="dispatcher")
    with refused("not_found"):
        people_do(people, order_batch, public_ids=[key], paper="a4", who="stranger")
    assert job.slip.printed == 0


def people_do(people, operation, *, who="admin", **facts):
    """Do an operation as one of the known people, and commit."""
    return act(operation, viewer=getattr(people, who), now=factories.NOW, **facts)


def kept_bytes(job: Job) -> dict[str, bytes]:
    """The kept files of a slip by copy."""
    found = {}
    for row in factories.rows(SlipFile, slip=job.slip):
        with default_storage.open(row.file.name) as file:
            found[row.copy] = file.read()
    return found


def run_again(row) -> None:
    """Let a job run once more, as after a worker that was lost at the very end."""
    with factories.writing():
        JobRow._base_manager.filter(pk=row.pk).update(state=JobState.WAITING, run_at=timezone.now())
    assert jobs.drain() == 1
