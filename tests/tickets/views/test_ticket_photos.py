"""Photos on the ticket's page: the desk sees and removes them, the maker's side only sees."""

from __future__ import annotations

from bs4 import BeautifulSoup

from tests.people import sign_in
from tests.tickets.driver import Job
from tickets.enums import TicketState


def test_a_photo_stands_on_the_page_and_can_be_removed_by_the_desk(people, client):
    job = Job(people).to(TicketState.IN_WORK)
    job.photo("nameplate")
    for who, removes in ((people.dispatcher, True), (people.reviewer, False)):
        sign_in(client, who)
        soup = BeautifulSoup(client.get(f"/tickets/{job.key}/").content, "html.parser")
        (photo,) = soup.select("figure.photo")
        assert photo.find("img")["src"].startswith("/photos/")
        assert bool(photo.find("form")) is removes
    sign_in(client, people.dispatcher)
    form = BeautifulSoup(client.get(f"/tickets/{job.key}/").content, "html.parser").select_one("figure.photo form")
    response = client.post(
        form["action"], {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    )
    assert response.status_code == 302
    assert not BeautifulSoup(client.get(f"/tickets/{job.key}/").content, "html.parser").select("figure.photo")
