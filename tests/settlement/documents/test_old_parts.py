"""Labels of old parts and the list of a box (domain.md 10)."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.conf import settings

from settlement.documents import old_parts as papers
from settlement.queries import old_parts, return_boxes
from tests.people import act, refused
from tests.settlement.old_parts import Owed
from tests.tickets.documents.papers import squeezed, text_of
from tickets.enums import SheetPaper


def chosen(people, keys):
    return act(old_parts.several, viewer=people.storekeeper, public_ids=keys)


def test_a_label_says_all_that_the_appraiser_needs(people):
    owed = Owed(people)
    bearing, seal = owed.rows
    text = squeezed(text_of(papers.label_sheets(chosen(people, owed.keys), site="https://x.example")))
    for words in (
        bearing.number, bearing.slip_number, bearing.customer_name, bearing.model, bearing.serial_number, "BRG-6309深沟球轴承×2件", "A77",
        "前轴承6309内圈剥落,振速7.2mm/s", "粉尘、连续24h", f"{bearing.replaced_on}(应返{bearing.due_on})", "长沙瑞启", "主损件", seal.number,
        "附损件",
    ):  # fmt: skip
        assert squeezed(words) in text, words


def test_a_sheet_holds_eight_labels(people):
    parts = chosen(people, Owed(people).keys) * 5
    with pikepdf.open(io.BytesIO(papers.label_sheets(parts[:9], site="https://x.example"))) as pdf:
        assert len(pdf.pages) == 2
        assert [round(float(side) / 72 * 25.4) for side in pdf.pages[0].mediabox[2:]] == [210, 297]
    with pikepdf.open(io.BytesIO(papers.label_sheets(parts[:8], site="https://x.example"))) as pdf:
        assert len(pdf.pages) == 1
        assert len(pdf.pages[0].get_images()) == 8


def test_nothing_and_too_much_are_refused(people):
    with refused("part_missing", field="parts"):
        papers.label_sheets([], site="")
    with refused("too_many_labels", field="parts"):
        papers.label_sheets(chosen(people, Owed(people).keys) * 49, site="")


def test_the_list_of_a_box_names_its_way_and_its_parts(people):
    owed = Owed(people)
    owed.pack()
    owed.ship()
    box = act(return_boxes.one, viewer=people.storekeeper, public_id=owed.box)
    parts = act(old_parts.in_box, viewer=people.storekeeper, box=box)
    text = squeezed(text_of(papers.box_sheet(box, parts, site=settings.SITE_URL)))
    for words in (
        box.number,
        "长沙瑞启机电设备(示例)",
        "示范机电有限公司(示例)旧件库",
        "安能物流配货",
        "AN20260611",
        *(part.number for part in parts),
    ):
        assert squeezed(words) in text, words


@pytest.mark.django_db(transaction=True)
def test_papers_come_from_pages_and_hold_nobody_elses_part(sign_in, people):
    own, foreign = Owed(people), Owed(people, desk=people.stranger, lead=people.stranger_technician)
    client = sign_in(people.storekeeper)
    labels = client.post("/old-parts/labels/", {"parts": [own.keys[0], foreign.keys[0]]})
    assert labels["Content-Type"] == "application/pdf"
    text = text_of(labels.content)
    assert own.rows[0].number in text and foreign.rows[0].number not in text
    assert client.post("/old-parts/labels/", {"parts": [foreign.keys[0]]}).status_code == 422
    own.pack()
    assert own.rows[1].number in text_of(client.get(f"/return-boxes/{own.box}/sheet/").content)
    assert sign_in(people.stranger).get(f"/return-boxes/{own.box}/sheet/").status_code == 404
    assert sign_in(people.technician).post("/old-parts/labels/", {"parts": own.keys}).status_code == 403


@pytest.mark.parametrize(
    ("paper", "labels", "pages", "size"),
    [("a4", 9, 2, [210, 297]), ("a5", 5, 2, [210, 148]), ("a5", 4, 1, [210, 148]), ("third", 3, 2, [241, 93])],
)
def test_labels_come_on_three_papers(people, paper, labels, pages, size):
    parts = (chosen(people, Owed(people).keys) * 5)[:labels]
    made = papers.label_sheets(parts, site="https://x.example", paper=SheetPaper(paper))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == pages
        assert [round(float(side) / 72 * 25.4) for side in pdf.pages[0].mediabox[2:]] == size
    assert squeezed(parts[0].number) in squeezed(text_of(made))


@pytest.mark.parametrize(("paper", "size"), [("a4", [210, 297]), ("a5", [210, 148]), ("third", [241, 93])])
def test_the_list_of_a_box_carries_condition_and_fault_on_three_papers(people, paper, size):
    owed = Owed(people)
    owed.pack()
    box = act(return_boxes.one, viewer=people.storekeeper, public_id=owed.box)
    parts = act(old_parts.in_box, viewer=people.storekeeper, box=box)
    made = papers.box_sheet(box, parts, site="https://x.example", paper=SheetPaper(paper))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert [round(float(side) / 72 * 25.4) for side in pdf.pages[0].mediabox[2:]] == size
    for words in (box.number, parts[0].number, "粉尘、连续24h", "前轴承6309内圈剥落,振速7.2mm/s"):
        assert squeezed(words) in squeezed(text_of(made)), words
