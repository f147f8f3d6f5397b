"""`manage.py explain` prints the tables of the product as they are."""

import pytest
from django.core.management import call_command


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("rights", "person.deactivate dealer admin nobody deactivates himself"),
        ("states", "tickets ticket new contact contacted"),
        ("routes", "/sign-in/ partners:sign_in open partners.views.account.sign_in"),
        ("routes", "/people/ partners:people signed in partners.views.people.people_list"),
        ("jobs", "tickets.slip_pdf"),
        ("events", "job_ended a job is done or has failed for good notices.operations.send.tell_job_ended"),
    ],
)
def test_a_table_is_printed(capsys, what, line):
    call_command("explain", what)
    lines = [" ".join(printed.split()) for printed in capsys.readouterr().out.splitlines()]
    assert any(printed.startswith(line) for printed in lines)
