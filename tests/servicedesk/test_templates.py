"""Templates are read by people and served without the breaks between tags (docs/decisions/0011)."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from servicedesk.templates import joined

LONGEST = 520  # characters of a line; a single tag with many attributes may be long


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ("<p>\n  <b>a</b>\n</p>\n", "<p><b>a</b></p>\n"),
        ("{% if a %}\n  <b>a</b>\n{% endif %}", "{% if a %}<b>a</b>{% endif %}"),
        ("<p>one\n  two</p>", "<p>one\n  two</p>"),
        ("{{ a }}\n{{ b }}", "{{ a }}\n{{ b }}"),
        ("<b>a</b> <i>b</i>", "<b>a</b> <i>b</i>"),
        ("<td>\n  {{ a }}\n</td>", "<td>\n  {{ a }}\n</td>"),
    ],
)
def test_breaks_between_tags_go_and_those_beside_words_stay(written: str, served: str) -> None:
    assert joined(written) == served


def test_the_engine_serves_joined_templates() -> None:
    source = get_template("tickets/_ticket_rows.html").template.source
    assert "\n<td" not in source and "<td" in source


def test_no_line_is_longer_than_a_reader_follows() -> None:
    folder = Path(settings.BASE_DIR) / "templates"
    found = [
        f"{path.relative_to(folder)}:{number}"
        for path in folder.rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > LONGEST and "print_help" not in path.name
    ]
    assert found == []
