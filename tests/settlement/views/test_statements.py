"""Pages of statements: list, month's close, one statement, objections, invoice and payment, papers (domain.md 11)."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import jobs
from core.models import Job
from settlement.models import Statement, StatementEntry
from settlement.operations import statements
from tests import factories
from tests.settlement.statements import CLOSING, JUNE, NUMBER, Month, invoice_xml
from tests.tickets.driver import picture

pytestmark = pytest.mark.django_db(transaction=True)
ALLOWED: dict[str, int] = json.loads((Path(__file__).parent.parent / "query_counts.json").read_text())


def closed(people, *amounts):
    month = Month(people)
    for amount in amounts or ("328.00",):
        month.claim(amount)
    made = month.close()
    assert made is not None
    return month, made


def page(made, step=""):
    return f"/statements/{made.public_id}/{step}"


def again(made):
    return factories.rows(Statement, public_id=made.public_id)[0]


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_month_is_closed_with_progress_and_the_dealer_reads_it(people, sign_in):
    month = Month(people)
    month.claim("328.00")
    finance = sign_in(people.finance)
    assert "生成月度对账单" in text(finance, "/statements/")
    wrong = finance.post("/statements/close/", {"month": "2026-13", "tax_rate": "0.13"})
    assert (wrong.status_code, "2026-06" in wrong.content.decode()) == (422, True)
    answer = finance.post("/statements/close/", {"month": "2026-06", "tax_rate": "0.13"})
    (job,) = factories.rows(Job, kind="settlement.close_month")
    assert answer["Location"].endswith(f"/{job.public_id}/")
    jobs.drain()
    assert factories.rows(Job, kind="settlement.close_month")[0].result_url == "/statements/?state=all&month=2026-06"
    (made,) = factories.rows(Statement)
    dealer = sign_in(people.accountant)
    assert made.number in text(dealer, "/statements/")
    seen = text(dealer, page(made))
    for word in ("328.00", "人民币叁佰贰拾捌元整", "290.27", "37.73", "确认"):
        assert word in seen
    assert sign_in(people.technician).get("/statements/").status_code == 403
    assert sign_in(people.stranger_admin).get(page(made)).status_code == 404


def test_objection_and_answer(people, sign_in):
    _month, made = closed(people, "328.00", "60.00")
    dealer = sign_in(people.accountant)
    url = page(made, "2/object/")
    assert "60.00" in text(dealer, url)
    answer = dealer.post(url, {"version": made.version, "reason": ""})
    assert answer.status_code == 422
    assert dealer.post(url, {"version": made.version, "reason": "少算一趟"}).status_code == 302
    assert again(made).payable == 328
    assert dealer.post(page(made, "1/object/"), {"version": made.version, "reason": "旧页"}).status_code == 409
    reviewer = sign_in(people.reviewer)
    assert "少算一趟" in text(reviewer, page(made))
    url = page(made, "2/answer/")
    answer = reviewer.post(url, {"version": again(made).version, "amount": "61.00", "text": "核对"})
    assert (answer.status_code, "60.00" in answer.content.decode()) == (422, True)
    answer = reviewer.post(url, {"version": again(made).version, "amount": "45.00", "text": "按单趟"})
    assert (answer.status_code, again(made).payable) == (302, 373)
    assert sign_in(people.finance).get(url).status_code == 403


def test_from_confirmation_to_the_money(people, sign_in):
    _month, made = closed(people)
    dealer, finance = people.accountant, people.finance

    def step(who, verb, **data):
        return sign_in(who).post(page(made, f"{verb}/"), {"version": again(made).version, **data})

    def read(who, verb=""):
        return text(sign_in(who), page(made, verb))

    assert step(dealer, "confirm").status_code == 302
    assert "示范" in read(finance, "notify/")
    assert step(finance, "notify", title="示范机电有限公司", tax_number="短").status_code == 422
    assert step(finance, "notify", title="示范机电有限公司", tax_number="91430100MA4L00000X").status_code == 302
    day = made.made_at.date().isoformat()

    def invoice(amount, content):
        paper = SimpleUploadedFile("发票.xml", content)
        return step(dealer, "invoice", number=NUMBER, amount=amount, issued_on=day, paper=paper)

    off = invoice("328.01", invoice_xml(NUMBER, "328.01"))
    assert off.status_code == 422
    assert NUMBER in off.content.decode()  # nothing typed is lost
    bomb = invoice("328.00", invoice_xml(NUMBER, "328.00", prefix='<!DOCTYPE a [<!ENTITY b "x">]>'))
    assert (bomb.status_code, "无法识别" in bomb.content.decode()) == (422, True)
    assert invoice("328.00", invoice_xml(NUMBER, "328.00")).status_code == 302
    seen = read(finance)
    file_url = next(part.split('"')[0] for part in seen.split('href="') if part.startswith("/invoices/"))
    kept = sign_in(finance).get(file_url)
    assert "attachment" in kept["Content-Disposition"]
    assert b"".join(kept.streaming_content) == invoice_xml(NUMBER, "328.00")
    assert sign_in(people.stranger_admin).get(file_url).status_code == 404
    assert step(finance, "verify").status_code == 302
    assert 'value="328.00"' in read(finance, "pay/")
    paid = {"way": "bank", "paid_on": day, "reference": "20260708"}
    assert step(finance, "pay", amount="400", **paid).status_code == 422
    assert step(finance, "pay", amount="200", **paid).status_code == 302
    assert "128.00" in read(dealer)
    assert step(finance, "unpay", payment="1", reason="记错").status_code == 302
    assert step(finance, "pay", amount="328", **paid).status_code == 302
    assert step(dealer, "close").status_code == 302
    assert again(made).state == "closed"
    assert "20260708" in read(dealer)


def test_papers_say_what_the_page_says(people, sign_in):
    month = Month(people)
    month.claim("328.00")
    month.entry("activity", "300.00", reason="=1+1 夏季巡检")
    made = month.close()
    client = sign_in(people.accountant)
    answer = client.get(page(made, "pdf/"))
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 1
    answer = client.get(page(made, "sheet/"))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        cells = book.read("xl/worksheets/sheet1.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
    assert "<v>328.00</v>" in cells
    assert "<f>" not in cells
    assert "=1+1 夏季巡检" in words
    assert "人民币陆佰贰拾捌元整" in words


def test_entries_are_written_and_taken_back(people, sign_in):
    month = Month(people)
    client = sign_in(people.finance)
    assert "长沙瑞启" in text(client, "/statement-entries/new/")
    data = {
        "partnership": month.partnership.public_id, "item": "assessment", "amount": "-200.00", "month": "2026-06", "reason": "有效投诉一次",
    }  # fmt: skip
    without = client.post("/statement-entries/new/", data)
    assert (without.status_code, "有效投诉一次" in without.content.decode()) == (422, True)
    scan = SimpleUploadedFile("单.jpg", picture("complaint"), content_type="image/jpeg")
    assert client.post("/statement-entries/new/", data | {"amount": "200", "paper": scan}).status_code == 422
    scan.seek(0)
    assert client.post("/statement-entries/new/", data | {"paper": scan}).status_code == 302
    (row,) = factories.rows(StatementEntry)
    seen = text(sign_in(people.accountant), "/statement-entries/")
    assert "有效投诉一次" in seen
    assert "−200.00" in seen
    assert sign_in(people.accountant).get(f"/statement-entries/{row.public_id}/paper/").status_code == 200
    assert sign_in(people.stranger_admin).get(f"/statement-entries/{row.public_id}/paper/").status_code == 404
    url = f"/statement-entries/{row.public_id}/withdraw/"
    assert sign_in(people.finance).post(url, {"version": row.version}).status_code == 302
    assert factories.rows(StatementEntry)[0].state == "withdrawn"
    assert month.close() is None


def test_more_statements_and_lines_cost_no_more(people, sign_in):
    month, made = closed(people, "10.00")
    counts: dict[str, list[int]] = {"statements": [], "statement": [], "entries": []}

    def count():
        client = sign_in(people.accountant)
        for name, url in (
            ("statements", "/statements/?state=all"),
            ("statement", page(made)),
            ("entries", "/statement-entries/"),
        ):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            counts[name].append(sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries))

    month.entry("activity", "20.00", month=date(2026, 7, 1))
    count()
    month.do(statements.void, people.finance, made.public_id, reason="重做")
    for amount in ("30.00", "40.00"):
        month.entry("activity", amount)
    made = month.close()
    month.clock = CLOSING + timedelta(days=31)
    month.close(month=date(2026, 7, 1))
    count()
    assert counts == {name: [ALLOWED[name]] * 2 for name in counts}
    assert made.month == JUNE
