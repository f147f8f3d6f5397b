import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from tests import factories
from tests.people import act, refused, sees
from tests.tickets.driver import Job, picture
from tests.tickets.facts import shared_columns
from tickets.calculations.slip_input import PartInput
from tickets.enums import TicketState
from tickets.models import Photo
from tickets.operations import photos as operation
from tickets.operations.photos import MAX_PHOTOS, remove_photo


def photos(job):
    return factories.rows(Photo, ticket=job.ticket)


def test_a_photo_is_made_anew_and_kept_under_a_random_name(people):
    job = Job(people).to(TicketState.ARRIVED)
    photo = job.photo("nameplate", taken_at=job.clock)
    assert (photo.slot, photo.source, photo.taken_at, photo.author_name) == (
        "nameplate",
        "camera",
        job.clock - timedelta(minutes=10),
        "陈志强",
    )
    assert photo.file.name.startswith("photos/2026/06/") and len(photo.file.name) == len("photos/2026/06/") + 36
    with default_storage.open(photo.file.name) as kept:
        content = kept.read()
    assert content != picture("nameplate")
    assert Image.open(io.BytesIO(content)).format == "JPEG"
    assert shared_columns(photo) == shared_columns(job.ticket)
    assert (job.last.kind, job.last.facts) == ("photo", {"photo": photo.public_id, "slot": "nameplate"})


def test_the_same_op_twice_is_one_photo(people):
    job = Job(people).to(TicketState.ARRIVED)
    first, again = job.photo(op="phone-0001"), job.photo(op="phone-0001")
    assert first.pk == again.pk
    assert len(photos(job)) == 1
    assert len([e for e in job.log if e.kind == "photo"]) == 1


def test_an_op_of_another_ticket_is_no_answer(people):
    Job(people).to(TicketState.ARRIVED).photo(op="phone-0001")
    with refused("op_missing"):
        Job(people).to(TicketState.ARRIVED).photo(op="phone-0001")


def test_an_op_of_another_dealer_is_none_of_ours(people):
    Job(people, desk=people.stranger, lead=people.stranger_technician).to(TicketState.ARRIVED).photo(op="phone-0001")
    assert Job(people).to(TicketState.ARRIVED).photo(op="phone-0001").pk


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"data": b"no picture"}, "not_an_image"),
        ({"op": "short"}, "op_missing"),
        ({"op": "x" * 41}, "op_missing"),
        ({"slot": "ceiling"}, "choice_unknown"),
        ({"source": "dream"}, "choice_unknown"),
    ],
)
def test_what_is_no_photo_is_refused(people, facts, code):
    job = Job(people).to(TicketState.ARRIVED)
    with refused(code):
        job.photo(**facts)
    assert photos(job) == []


def test_a_ticket_holds_no_more_than_it_can_show(people, monkeypatch):
    monkeypatch.setattr(operation, "MAX_PHOTOS", 1)
    assert MAX_PHOTOS == 60
    job = Job(people).to(TicketState.ARRIVED)
    job.photo()
    with refused("too_many_photos"):
        job.photo()


def test_a_clock_that_is_plainly_wrong_is_not_believed(people):
    job = Job(people).to(TicketState.ARRIVED)
    assert job.photo(taken_at=job.clock + timedelta(days=1)).taken_at is None
    assert job.photo(taken_at=job.clock - timedelta(days=61)).taken_at is None


def test_at_any_time_by_crew_and_desk_and_by_nobody_else(people):
    job = Job(people).to(TicketState.CLOSED)
    for name in ("technician", "dispatcher", "admin"):
        assert job.photo(by=getattr(people, name)).pk
    for name in ("owner", "office", "reviewer"):
        with refused("not_allowed"):
            job.photo(by=getattr(people, name))
    for name in ("stranger", "second_technician", "other_office"):
        with refused("not_found"):
            job.photo(by=getattr(people, name))


def test_an_internal_photo_stays_with_the_dealer(people):
    job = Job(people).to(TicketState.ARRIVED)
    shown, hidden = job.photo(), job.photo(internal=True)
    assert sees(people.office, Photo) == sees(people.reviewer, Photo) == [shown]
    assert sees(people.dispatcher, Photo) == [shown, hidden]
    assert [e.shared_with_maker for e in job.log[-2:]] == [True, False]


def remove(job, photo, by=None):
    return act(remove_photo, viewer=by or job.lead, public_id=photo.public_id, now=job.tick())


def test_a_photo_is_taken_away_with_its_files_after_the_commit(people, django_capture_on_commit_callbacks):
    job = Job(people).to(TicketState.ARRIVED)
    photo = job.photo()
    with django_capture_on_commit_callbacks(execute=True):
        remove(job, photo)
    assert photos(job) == []
    assert not default_storage.exists(photo.file.name) and not default_storage.exists(photo.thumbnail.name)
    assert (job.last.verb, job.last.facts) == ("photo_removed", {"slot": "other"})


def test_not_after_the_work_not_of_an_earlier_round_and_not_a_proof(people):
    job = Job(people).to(TicketState.IN_WORK)
    proof = job.photo("part")
    job.save(parts=[PartInput("BRG-6309", "轴承", supply_photo=proof.public_id)])
    with refused("photo_in_use"):
        remove(job, proof)
    done = Job(people).to(TicketState.DONE)
    first = photos(done)[0]
    with refused("wrong_state"):
        remove(done, first)
    done.reopen()
    with refused("photo_in_use"):
        remove(done, first, by=people.dispatcher)


def test_a_foreign_photo_does_not_exist(people):
    job = Job(people).to(TicketState.ARRIVED)
    photo = job.photo()
    for name in ("stranger", "second_technician", "other_hq_admin"):
        with refused("not_found"):
            remove(job, photo, by=getattr(people, name))
    for name in ("office", "reviewer", "owner"):
        with refused("not_allowed"):
            remove(job, photo, by=getattr(people, name))
    assert photos(job) == [photo]
