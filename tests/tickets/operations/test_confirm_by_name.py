import pytest

from tests.people import refused
from tests.tickets.driver import Job
from tickets.enums import TicketState


def test_a_typed_name_is_a_kind_of_its_own(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    job.confirm_by_name(signer=" 喻晓敏 ", rating="5")
    slip = job.slip
    assert (slip.state, slip.signature_kind, slip.signer, slip.strokes) == ("signed", "typed", "喻晓敏", None)
    assert (job.state, job.last.verb, job.last.facts["kind"]) == (TicketState.DONE, "sign", "typed")


@pytest.mark.parametrize("name", ["", " ", "张"])
def test_a_name_is_wanted(people, name):
    job = Job(people).to(TicketState.WAIT_SIGN)
    with refused("signer_missing", field="signer"):
        job.confirm_by_name(signer=name)
