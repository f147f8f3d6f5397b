import pytest

from tests import factories
from tests.people import refused, sees
from tests.tickets.driver import STEP, Job
from tickets.enums import TicketState
from tickets.models import (
    Assignment,
    Entry,
    FaultLine,
    FaultLineMachine,
    PartLine,
    Photo,
    Slip,
    SlipFile,
    Ticket,
    TicketMachine,
    Trip,
)

HANGING = (TicketMachine, Assignment, Trip, Entry, Photo, Slip, FaultLine, FaultLineMachine, PartLine)


@pytest.fixture
def job(people):
    """A ticket of HF01, which shares with its maker HC only on demand."""
    return Job(people, desk=people.stranger, lead=people.stranger_technician)


def test_nothing_of_it_is_seen_before_and_all_that_may_be_after(people, job):
    job.to(TicketState.DONE)
    job.note("内部", internal=True)
    job.photo(internal=True)
    for copy in ("dealer", "customer", "maker"):
        with factories.writing():
            SlipFile.objects.create(
                slip=job.slip, copy=copy, file="x", sha256="0" * 64, pages=1, size=1, made_at=job.clock,
                dealer=people.hf01, manufacturer=people.hc, office=people.hc_ah,
            )  # fmt: skip
    for who in (people.other_office, people.other_reviewer):
        assert [sees(who, model) for model in (Ticket, *HANGING, SlipFile)] == [[]] * (len(HANGING) + 2)
    job.share()
    for who in (people.other_office, people.other_reviewer):
        assert [t.public_id for t in sees(who, Ticket)] == [job.key]
        for model in HANGING:
            hidden = {"internal": True} if model in (Entry, Photo) else {"id": 0}
            everything = [row for row in factories.rows(model) if row not in factories.rows(model, **hidden)]
            assert sees(who, model) == everything != []
        assert [file.copy for file in sees(who, SlipFile)] == ["maker"]
    for who in (people.office, people.reviewer, people.dispatcher):
        assert [sees(who, model) for model in (Ticket, *HANGING)] == [[]] * (len(HANGING) + 1)
    assert (job.last.verb, job.last.shared_with_maker) == ("shared", True)


def test_what_comes_later_is_shared_from_birth(people, job):
    job.share()
    for verb in ("dispatch", "accept", "arrive", "photograph"):
        getattr(job, verb)()
    job.complete(left_at=job.clock + STEP)
    for model in HANGING:
        assert sees(people.other_office, model) == factories.rows(model)


def test_once_is_enough(people, job):
    job.share()
    with refused("wrong_state"):
        job.share()


def test_only_the_desk_shares(people, job):
    for name in ("stranger_technician", "dispatcher", "other_office"):
        with refused("not_found"):
            job.share(by=getattr(people, name))
    job.dispatch()
    with refused("not_allowed"):
        job.share(by=people.stranger_technician)


def test_with_a_maker_that_is_not_on_the_platform_nothing_is_shared(people):
    maker = factories.maker("UNK", owner_dealer=people.cs01)
    factories.partnership(people.cs01, maker, listed=False)
    desk = people.fresh("dispatcher")
    customer = factories.customer(people.cs01)
    job = Job(people, desk=desk, customer=customer, machines=[factories.machine(customer, maker)])
    with refused("maker_not_listed"):
        job.share()
