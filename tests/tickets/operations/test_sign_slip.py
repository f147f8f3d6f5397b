import pytest

from core.errors import Refused
from tests import factories
from tests.people import act, refused
from tests.tickets.driver import STROKES, Job
from tests.tickets.facts import jobs_of, kinds_told, told
from tickets.calculations.content_hash import content_hash
from tickets.enums import TicketState
from tickets.models import Photo
from tickets.operations.complete_slip import Incomplete
from tickets.operations.freeze_slip import content_of
from tickets.operations.photos import remove_photo


@pytest.fixture
def job(people):
    return Job(people, companions=[people.second_technician]).to(TicketState.WAIT_SIGN)


def test_a_drawn_signature_freezes_the_slip_and_finishes_the_ticket(people, job):
    finished = job.slip.finished_at
    job.sign(rating="4", opinion="处理得快", signer="欧阳建国")
    slip, ticket = job.slip, job.ticket
    assert (slip.state, slip.signature_kind, slip.signer, slip.rating) == ("signed", "drawn", "欧阳建国", "4")
    assert slip.strokes == slip.technician_strokes == STROKES
    assert (slip.technician, slip.technician_phone) == ("陈志强", people.technician.phone)
    assert slip.frozen_at == job.clock
    assert (ticket.state, ticket.finished_at) == (TicketState.DONE, finished)
    assert job.last.facts == {"slip": slip.number, "rating": "4", "kind": "drawn"}


def test_the_hash_is_the_same_after_loading(people, job):
    job.sign()
    from tickets.queries import slips

    kept = act(lambda viewer: content_hash(content_of(viewer, slips.one(viewer, job.slip.public_id))), viewer=job.desk)
    assert (len(kept), kept) == (64, job.slip.content_hash)


def test_the_files_are_made_by_a_job_of_the_signing_person(people, job):
    job.sign()
    (row,) = jobs_of("tickets.slip_pdf")
    assert (row.payload, row.title, row.of) == ({"slip": job.slip.public_id}, job.slip.number, 3)
    assert (row.organisation_id, row.tier, row.person_id) == (people.cs01.pk, "dealer", people.technician.person_id)


def test_the_desk_is_told(people, job):
    job.sign()
    assert told(people)["dispatcher"] == [f"{job.ticket.customer_name} signed slip {job.slip.number}"]
    assert kinds_told(people, "owner") == []


def test_the_event_is_told_in_the_same_transaction(people, job, monkeypatch):
    from core import events

    heard = []
    monkeypatch.setitem(events._handlers, "slip_signed", [lambda **facts: heard.append(facts["slip"].number)])
    job.sign()
    assert heard == [job.slip.number]


def test_a_second_signature_is_refused(people, job):
    job.sign()
    before = job.slip
    with refused("wrong_state"):
        job.sign(signer="别人")
    with refused("wrong_state"):
        job.refuse_signature()
    assert (job.slip.version, job.slip.signer, len(jobs_of("tickets.slip_pdf"))) == (before.version, before.signer, 1)


@pytest.mark.parametrize(
    ("strokes", "code"),
    [
        (None, "signature_empty"),
        ([], "signature_empty"),
        ([[]], "signature_empty"),
        ([[[10, 10, 0], [11, 10, 5]]], "signature_empty"),
        ("scribble", "signature_malformed"),
        ([[["x", 1, 2]]], "signature_malformed"),
        ([[[n % 100, n % 90, n] for n in range(5_001)]], "signature_too_long"),
    ],
)
def test_a_signature_needs_strokes(people, job, strokes, code):
    with refused(code, field="strokes"):
        job.sign(strokes=strokes)
    assert (job.slip.state, job.state) == ("wait_sign", TicketState.WAIT_SIGN)


@pytest.mark.parametrize(
    ("answer", "code", "field"),
    [
        ({"rating": ""}, "rating_missing", "rating"),
        ({"rating": "6"}, "rating_missing", "rating"),
        ({"rating": "2"}, "opinion_missing", "opinion"),
        ({"rating": "1", "opinion": "  "}, "opinion_missing", "opinion"),
        ({"opinion": "好" * 201}, "text_too_long", "opinion"),
    ],
)
def test_the_customer_rates_and_says_why_he_is_dissatisfied(people, job, answer, code, field):
    with refused(code, field=field):
        job.sign(**answer)


def test_the_technicians_own_signature_is_checked_too(people, job):
    with refused("signature_empty", field="technician_strokes"):
        job.sign(technician_strokes=[[[1, 1, 0]]])
    job.sign(technician_strokes=None)
    assert job.slip.technician_strokes is None


def test_who_signs_is_the_contact_unless_another_is_named(people, job):
    job.sign()
    assert job.slip.signer == "张工"


def test_the_technician_named_is_the_lead_whoever_holds_the_phone(people, job):
    job.sign(by=people.dispatcher)
    slip = job.slip
    assert (slip.technician_id, slip.technician) == (people.technician.person_id, "陈志强")
    assert slip.technician_phone == people.technician.phone


def test_a_photo_taken_away_meanwhile_is_missed(people, job):
    photo = factories.rows(Photo, ticket=job.ticket, slot="nameplate")[0]
    act(remove_photo, viewer=people.dispatcher, public_id=photo.public_id, now=job.tick())
    with pytest.raises(Incomplete) as caught:
        job.sign()
    assert [(p.code, p.params) for p in caught.value.problems] == [("photo_missing", {"slot": "nameplate"})]


def test_a_companion_does_not_sign_for_the_lead(people, job):
    with pytest.raises(Refused) as caught:
        job.sign(by=people.second_technician)
    assert (caught.value.code, caught.value.status) == ("not_allowed", 403)
