"""Nothing that belongs to people stands in the log, and every line is JSON with ids."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.db import DataError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from servicedesk.log_words import hide_secrets

PHONES = (
    "13812345678",
    "138-1234-5678",
    "138 1234 5678",
    "+8613812345678",
    "073188889999",
    "0731-88889999",
    "400-820-8820",
)
NAME, WORD, TOKEN = "王小明", "搜索的词", "VerySecretToken-abcdefghijkl"


def fails(request: HttpRequest, word: str) -> HttpResponse:
    raise ValueError(f"{NAME} {PHONES[0]} {request.POST}")


def database_fails(request: HttpRequest, word: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [f"{NAME} {PHONES[0]}"])
    raise DataError("not reached")


def talks(request: HttpRequest, word: str) -> HttpResponse:
    logging.getLogger("somebody.elses").warning("number %s at %s", PHONES[1], request.get_full_path())
    structlog.get_logger("ours").warning(
        "said", phone=PHONES[3], link=f"/link/{TOKEN}", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    return HttpResponse("ok")


urlpatterns = [
    path("", include("servicedesk.urls")),
    path("fails/<word>/", fails, name="fails"),
    path("database/<word>/", database_fails, name="database_fails"),
    path("talks/<word>/", talks, name="talks"),
]
handler404, handler500 = "servicedesk.error_pages.page_not_found", "servicedesk.error_pages.server_error"
for view in (fails, database_fails, talks):
    view.public = True  # type: ignore[attr-defined]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the production's handler writes, from INFO on."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    given = settings.LOGGING["formatters"]["json"]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(**{name: value for name, value in given.items() if name != "()"})
    )
    levels = {name: logging.getLogger(name).level for name in ("", "django")}
    for name in levels:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_request_is_one_line_of_ids(client, people, sign_in, log):
    sign_in(people.dispatcher)
    log.truncate(0)
    log.seek(0)
    response = client.get("/tickets/", {"q": NAME})
    (line,) = lines(log)
    assert line["event"] == "request"
    assert (line["route"], line["method"], line["status"]) == ("tickets:tickets", "GET", 200)
    assert (line["person"], line["organisation"]) == (people.dispatcher.person_id, people.dispatcher.org)
    assert line["ms"] > 0
    assert line["request_id"] == response["X-Request-ID"]
    assert line["level"] == "info"
    assert line["timestamp"]


def test_a_sent_request_id_is_not_believed(client, db, log):
    response = client.get("/sign-in/", headers={"X-Request-ID": PHONES[0]})
    assert response["X-Request-ID"] != PHONES[0]
    assert PHONES[0] not in log.getvalue()


@pytest.mark.urls(__name__)
def test_what_belongs_to_people_is_nowhere_in_the_log(client, people, sign_in, log):
    client.raise_request_exception = False
    sign_in(people.dispatcher)
    requests = 0
    for phone in PHONES:
        for address in (f"/tickets/{phone}/", f"/nowhere/{NAME}/{phone}/", f"/link/{TOKEN}/", f"/fails/{phone}/", f"/database/{phone}/", f"/talks/{phone}/", "/tickets/", "/customers/"):  # fmt: skip
            query = {"q": f"{WORD} {phone}", "phone": phone, "name": NAME}
            headers = {
                "User-Agent": f"phone {phone}",
                "Referer": f"https://x.example/?q={phone}",
            }
            client.get(address, query)
            client.post(address, query | {"password": TOKEN}, query_params=query)
            client.get(address, query, headers=headers)
            requests += 3
    client.get("/", headers={"Host": f"{PHONES[0]}.example.com"})
    client.post("/sign-in/", {"login": PHONES[0], "password": TOKEN})
    text = log.getvalue()
    assert len([line for line in lines(log) if line["event"] == "request"]) == requests + 2
    for phone in PHONES:
        assert phone not in text, phone
    for word in (NAME, WORD, TOKEN, "User-Agent", "csrfmiddlewaretoken"):
        assert word not in text, word


@pytest.mark.urls(__name__)
def test_a_fault_says_where_it_happened_and_under_which_number(client, db, log):
    client.raise_request_exception = False
    response = client.get("/fails/x/")
    assert response.status_code == 500
    found = [line for line in lines(log) if "fault" in line]
    assert len(found) == 1
    assert found[0]["request_id"] == response["X-Request-ID"]
    assert found[0]["route"] == "fails"
    assert found[0]["event"] == "Internal Server Error"
    (fault,) = found[0]["fault"]
    assert fault["type"] == "builtins.ValueError"
    assert fault["places"][-1].endswith(" fails")
    assert "text" not in fault


@pytest.mark.parametrize(
    "text", ["2026-11-27T08:15:00.123456Z", "5f3a9c1e-0731-4d2a", "ticket CS01-202611-0042", "1716.345678901 s"]
)
def test_what_only_looks_like_a_number_stays(text):
    assert hide_secrets(None, "info", {"event": text}) == {"event": text}


def test_the_password_of_a_server_is_hidden():
    event = hide_secrets(None, "info", {"event": "no answer from redis://:geheim@redis.example/0"})
    assert event["event"] == "no answer from redis://:…@redis.example/0"
