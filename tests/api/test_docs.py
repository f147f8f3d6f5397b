"""The examples of docs/api.md, run with the real curl against a real server, and the document that is kept in the repository."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import timezone

from notices.models import Notice, Preferences
from partners.operations.api_tokens import make_token
from servicedesk import api_docs
from tests import factories
from tests.people import act
from tests.tickets.driver import picture
from tickets.models import Photo, Slip, Ticket

ROOT = Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)


def token(who: Any) -> str:
    return act(make_token, viewer=who, name="curl", scope="write", days=30, now=timezone.now()).secret


@pytest.mark.slow
def test_every_example_of_the_documentation_works(people, live_server, tmp_path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture("docs"))
    blocks = BLOCK.findall((ROOT / "docs" / "api.md").read_text())
    assert len(blocks) == 8
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        env={
            **os.environ,
            "SITE": live_server.url,
            "TOKEN": token(people.dispatcher),
            "FIELD": token(people.technician),
            "MAKER": people.sf.public_id,
            "TECHNICIAN": people.person("technician").public_id,
            "PHOTO": str(photo),
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (ticket,) = factories.rows(Ticket)
    assert (ticket.state, ticket.lead_name) == ("in_work", "陈志强")
    (slip,) = factories.rows(Slip)
    assert str(slip.km) == "27.5"
    assert len(factories.rows(Photo)) == 1
    (preferences,) = factories.rows(Preferences)
    assert preferences.pace == "gathered"
    assert [notice.read_at is not None for notice in factories.rows(Notice, person_id=preferences.person_id)] == [True]


def test_the_kept_document_is_what_the_product_says():
    assert (ROOT / "docs" / "openapi.yaml").read_text() == api_docs.document_text()


def test_the_document_is_openapi_3_1_and_names_every_address():
    kept = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text())
    assert kept["openapi"] == "3.1.0"
    from servicedesk.api_urls import urlpatterns

    assert len(kept["paths"]) == len(urlpatterns)
    for methods in kept["paths"].values():
        for operation in methods.values():
            assert "default" in operation["responses"]


def test_the_api_is_shown_to_people_who_are_signed_in(people, sign_in, client):
    assert client.get("/api/").status_code == 302
    browser = sign_in(people.owner)
    page = browser.get("/api/").content.decode()
    assert "/api/v1/tickets/{public_id}/dispatch" in page
    assert "Idempotency-Key" in page
    assert browser.get("/api/openapi.yaml").content.decode().startswith("openapi: 3.1.0")
