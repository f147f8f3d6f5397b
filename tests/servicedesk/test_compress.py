"""Pages go compressed; what a program reads by its version does not."""

import gzip

from tests.tickets.driver import Job


def test_a_page_is_compressed_for_who_can_read_it(people, sign_in):
    Job(people)
    browser = sign_in(people.dispatcher)
    plain = browser.get("/tickets/?state=all")
    packed = browser.get("/tickets/?state=all", headers={"Accept-Encoding": "gzip, br"})
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert len(packed.content) * 3 < len(plain.content)
    assert b"</html>" in gzip.decompress(packed.content)
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_an_answer_of_the_api_keeps_its_tag(people, sign_in):
    job = Job(people)
    answer = sign_in(people.dispatcher).get(f"/api/v1/tickets/{job.key}", headers={"Accept-Encoding": "gzip"})
    assert (answer.headers.get("Content-Encoding"), answer.headers["ETag"].startswith('"')) == (None, True)
