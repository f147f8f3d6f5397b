"""The pages of an import, one after the other, as a person goes through them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import jobs
from core.imports.sheets import read_file
from equipment.models import Customer
from imports.models import ImportRun
from imports.operations import runs
from tests import factories
from tests.imports.files import xlsx
from tests.imports.test_runs import CUSTOMERS, upload
from tests.people import People, sees

pytestmark = pytest.mark.django_db(transaction=True)


def send(client: Client, kind: str, content: bytes, name: str = "客户.xlsx", **more: str) -> Any:
    return client.post(reverse("imports:new", args=[kind]), {"file": SimpleUploadedFile(name, content), **more})


def test_from_the_file_to_the_undone_import(people: People, sign_in: Any) -> None:
    client: Client = sign_in(people.dispatcher)
    home = client.get(reverse("imports:history")).content.decode()
    assert reverse("imports:new", args=["customers"]) in home
    assert reverse("imports:new", args=["people"]) not in home
    answer = send(client, "customers", xlsx(CUSTOMERS))
    page = client.get(answer["Location"]).content.decode()
    assert "岳阳化工" in page
    (run,) = factories.rows(ImportRun)
    where = {
        name: reverse(f"imports:{name}", args=[run.public_id]) for name in ("run", "start", "mend", "undo", "columns")
    }
    assert client.post(where["start"]).status_code == 422
    mend = client.get(where["mend"])
    assert "attachment" in mend["Content-Disposition"]
    assert read_file(b"".join(mend.streaming_content))[0].rows[1][1][0] == "岳阳化工"
    assert client.post(where["start"], {"only_right": "on"}).status_code == 302
    working = client.get(where["run"]).content.decode()
    assert 'hx-get="' + where["run"] in working
    assert (
        client.get(where["run"], headers={"HX-Request": "true"}).content.decode().startswith('<div class="job-progress')
    )
    jobs.drain()
    assert client.get(where["run"], headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert len(sees(people.dispatcher, Customer)) == 2
    assert where["undo"] in client.get(where["run"]).content.decode()
    client.post(where["undo"])
    jobs.drain()
    assert sees(people.dispatcher, Customer) == []
    assert "客户.xlsx" in client.get(reverse("imports:history")).content.decode()
    assert client.get(where["columns"]).status_code == 409


def test_columns_that_are_not_recognised_are_asked_for(people: People, sign_in: Any) -> None:
    client: Client = sign_in(people.dispatcher)
    answer = send(client, "customers", xlsx([["甲方", "电联"], ["永州市湘江水泥", "13874651234"]]))
    page = client.get(answer["Location"]).content.decode()
    assert "甲方" in page
    assert "永州市湘江水泥" in page
    assert client.post(answer["Location"], {"column0": "", "column1": "phone"}).status_code == 422
    done = client.post(answer["Location"], {"column0": "name", "column1": "phone"})
    assert done.status_code == 302
    assert "永州市湘江水泥" in client.get(done["Location"]).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("客户.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, ".xlsx"),
        ("客户.xlsx", b"", ""),
        ("客户.xlsx", b"PK\x03\x04", ".xlsx"),
        ("客户.png", b"\x89PNG\r\n\x1a\n\0\0", ".xlsx"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(
    people: People, sign_in: Any, name: str, content: bytes, said: str
) -> None:
    answer = send(sign_in(people.dispatcher), "customers", content, name)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert factories.rows(ImportRun) == []


@pytest.mark.parametrize("kind", ["customers", "machines", "people", "work_orders", "parts", "register", "check_rows"])
def test_every_template_is_recognised_as_it_is(people: People, sign_in: Any, kind: str) -> None:
    from core.imports import kinds
    from core.imports.columns import find_table

    client: Client = sign_in(people.reviewer if kind in ("parts", "register", "check_rows") else people.admin)
    content = client.get(reverse("imports:template", args=[kind])).content
    what = kinds.get(kind)
    assert what is not None
    table = find_table(read_file(content), what.fields)
    assert table is not None
    assert list(table.mapping) == [one.name for one in what.fields]


def test_a_large_file_is_checked_by_a_task(people: People, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "AT_ONCE", 2)
    client: Client = sign_in(people.dispatcher)
    answer = send(client, "customers", xlsx(CUSTOMERS))
    assert "<progress" in client.get(answer["Location"]).content.decode()
    jobs.drain()
    assert "岳阳化工" in client.get(answer["Location"]).content.decode()


def test_a_large_file_that_turns_out_unreadable_says_so(
    people: People, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.imports import sheets
    from imports.queries import runs as asked

    monkeypatch.setattr(asked, "LARGE", 100)
    monkeypatch.setattr(asked, "LOOK", 3)
    client: Client = sign_in(people.dispatcher)
    answer = send(client, "customers", xlsx(CUSTOMERS))
    assert answer.status_code == 302
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    jobs.drain()
    assert (
        "100,000" in client.get(answer["Location"]).content.decode()
        or "10 万" in client.get(answer["Location"]).content.decode()
    )


def test_what_may_not_be_done_has_no_page(people: People, sign_in: Any) -> None:
    made = upload(people.dispatcher, "customers", xlsx(CUSTOMERS))
    pages = [
        reverse("imports:history"),
        reverse("imports:new", args=["customers"]),
        reverse("imports:run", args=[made.public_id]),
    ]
    client: Client = sign_in(people.technician)
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]
    client = sign_in(people.stranger)
    assert client.get(pages[2]).status_code == 404
    assert client.get(reverse("imports:new", args=["nothing"])).status_code == 404
