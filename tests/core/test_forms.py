"""Our forms say what is missing at the field and lose nothing that was typed (core/forms.py)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation

from core.errors import Refused
from core.forms import CodeField, DayField, FigureField, Form, PhoneField, PlaceFields, apply_refusal


class Sample(Form):
    phone = PhoneField(label="电话")
    made_on = DayField(label="出厂日期", required=False, earliest=date(2000, 1, 1), latest=lambda: date(2026, 6, 30))
    hours = FigureField(label="小时", required=False, places=1, lowest=Decimal(0), highest=Decimal(99999))
    serial = CodeField(label="编号", required=False)
    widths = {"phone": "half"}


def sample(**data: str) -> Sample:
    return Sample({"phone": "13800001111", **data})


def errors(form: Any) -> dict[str, list[str]]:
    with translation.override("en"):
        return {name: list(map(str, problems)) for name, problems in form.errors.items()}


def test_values_come_out_in_our_own_form() -> None:
    form = sample(phone="+86 138 0000 1111", made_on="2026.6.3", hours="１２．５", serial=" ２６０３Ｂ－０１  x ")
    assert form.is_valid()
    assert form.cleaned_data == {
        "phone": "13800001111",
        "made_on": date(2026, 6, 3),
        "hours": Decimal("12.5"),
        "serial": "2603B-01 x",
    }


def test_empty_optional_fields_are_nothing() -> None:
    form = sample()
    assert form.is_valid()
    assert (form.cleaned_data["made_on"], form.cleaned_data["hours"], form.cleaned_data["serial"]) == (None, None, "")


@pytest.mark.parametrize(
    ("data", "field", "text"),
    [
        ({"phone": ""}, "phone", "Please fill this in."),
        ({"made_on": "gestern"}, "made_on", "Write the date as 2026-06-03."),
        ({"made_on": "1999-12-31"}, "made_on", "Not before 2000-01-01."),
        ({"made_on": "2026-07-01"}, "made_on", "Not after today (2026-06-30)."),
        ({"hours": "viel"}, "hours", "Write a figure, for example 12.5."),
        ({"hours": "1.25"}, "hours", "At most 1 decimals."),
        ({"hours": "-1"}, "hours", "Not less than 0."),
    ],
)
def test_the_error_says_what_to_type_and_the_text_stays(data: dict[str, str], field: str, text: str) -> None:
    form = sample(**data)
    assert errors(form) == {field: [text]}
    assert form[field].value() == data[field]


def test_a_date_goes_back_into_the_date_input_in_its_own_form() -> None:
    assert 'value="2026-06-03"' in str(sample(made_on="2026年6月3日")["made_on"])
    assert 'value="2026-06-03"' in str(Sample(initial={"made_on": date(2026, 6, 3)})["made_on"])


def test_a_refusal_stands_at_its_field_or_above_all() -> None:
    form = sample()
    with translation.override("en"):
        apply_refusal(form, Refused("model_missing", field="serial"))
        apply_refusal(form, Refused("model_missing", field="elsewhere"))
    text = "Enter the model; if nobody knows it, write 不详."
    assert errors(form) == {"serial": [text], "__all__": [text]}


@pytest.mark.parametrize("status", [403, 404, 409])
def test_rights_missing_rows_and_stale_pages_are_not_form_errors(status: int) -> None:
    with pytest.raises(Refused):
        apply_refusal(sample(), Refused("not_allowed", status=status))


class Place(PlaceFields, Form):
    pass


def place(**data: str) -> dict[str, Any]:
    query = QueryDict(mutable=True)
    query.update(data)
    form = Place(query)
    form.is_valid()
    return {name: form[name].value() for name in ("province", "city", "district", "address")}


def test_a_whole_address_in_the_street_is_cut_into_its_levels() -> None:
    assert place(address="湖南长沙岳麓区麓谷大道 1 号") == {
        "province": "湖南省",
        "city": "长沙市",
        "district": "岳麓区",
        "address": "麓谷大道 1 号",
    }


def test_short_names_become_full_ones_and_unknown_ones_stay() -> None:
    assert place(province="湖南", city="长沙", address="麓谷大道 1 号")["city"] == "长沙市"
    assert place(province="加州", city="旧金山", address="1st Street")["city"] == "旧金山"


def test_an_address_that_names_no_place_asks_for_it() -> None:
    form = Place(QueryDict("address=工业园八号楼"))
    assert errors(form) == {"province": ["Please fill this in."], "city": ["Please fill this in."]}
    assert form["address"].value() == "工业园八号楼"
