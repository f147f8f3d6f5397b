"""The platform writes the reference lists, all read them."""

from __future__ import annotations

import pytest

from core.models import DictionaryEntry
from partners.operations.dictionaries import add_word, change_word
from tests import factories
from tests.factories import NOW
from tests.people import act, refused, sees


def test_a_new_word_stands_at_the_end_of_its_list(people):
    entry = act(add_word, viewer=people.platform, kind="industry", label=" 造船 ", now=NOW)
    assert factories.words("industry")[-1] == "造船" == entry.label
    assert entry in sees(people.technician, DictionaryEntry, kind="industry")


def test_a_word_stands_once_in_a_list(people):
    with refused("constraint", field="label"):
        act(add_word, viewer=people.platform, kind="industry", label="矿山", now=NOW)
    with refused("word_missing", field="label"):
        act(add_word, viewer=people.platform, kind="industry", label=" ", now=NOW)


def test_a_changed_word_keeps_its_code(people):
    entry = factories.rows(DictionaryEntry, kind="industry", code="矿山")[0]
    arguments = {"viewer": people.platform, "entry_id": entry.pk, "now": NOW}
    act(change_word, label="矿业", position=99, active=False, **arguments)
    changed = factories.again(entry)
    assert (changed.code, changed.label, changed.position, changed.active) == ("矿山", "矿业", 99, False)


@pytest.mark.parametrize("name", ["admin", "hq_admin", "technician"])
def test_nobody_else_writes(people, name):
    with refused("not_allowed"):
        act(add_word, viewer=getattr(people, name), kind="industry", label="造船", now=NOW)
