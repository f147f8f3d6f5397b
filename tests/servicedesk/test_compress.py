"""Pages go compressed; what a program reads by its version does not."""

import gzip

import brotli
import pytest

from tests.tickets.driver import Job


@pytest.mark.parametrize(
    ("accepted", "way", "unpack"),
    [
        ("gzip, deflate", "gzip", gzip.decompress),
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("br;q=0.5, gzip", "br", brotli.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
    ],
)
def test_a_page_is_compressed_for_who_can_read_it(accepted, way, unpack, people, sign_in):
    Job(people)
    browser = sign_in(people.dispatcher)
    plain = browser.get("/tickets/?state=all")
    packed = browser.get("/tickets/?state=all", headers={"Accept-Encoding": accepted})
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, way)
    assert len(packed.content) * 3 < len(plain.content)
    assert b"</html>" in unpack(packed.content)
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert packed.headers["Content-Length"] == str(len(packed.content))


def test_the_length_of_a_page_tells_nothing(people, sign_in):
    browser = sign_in(people.dispatcher)
    lengths = {len(browser.get("/tickets/", headers={"Accept-Encoding": "br"}).content) for _time in range(12)}
    assert len(lengths) > 3


def test_an_answer_of_the_api_keeps_its_tag(people, sign_in):
    job = Job(people)
    answer = sign_in(people.dispatcher).get(f"/api/v1/tickets/{job.key}", headers={"Accept-Encoding": "gzip"})
    assert (answer.headers.get("Content-Encoding"), answer.headers["ETag"].startswith('"')) == (None, True)


def test_a_file_of_the_pages_brings_few_headers(client):
    answer = client.get("/static/img/mark.svg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not {"Access-Control-Allow-Origin", "Cross-Origin-Opener-Policy", "Referrer-Policy"} & set(answer.headers)
