"""The shape of what is typed about customers, machines and the catalogue (domain.md 3, 8.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dictionaries import words
from core.forms import CodeField, DayField, FigureField, Form, PhoneField, PlaceFields, choices_of
from core.models.dictionary import DictionaryKind
from core.tenancy import Viewer
from equipment.enums import CustomerGrade, CustomerSource
from equipment.models import Customer, Machine, Part, ProductLine
from equipment.queries import catalogue, customers, machines
from partners.models import Organisation

ALL = gettext_lazy("all")
EARLIEST = date(2000, 1, 1)  # domain.md 8.1
CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")  # domain.md 19.4


def today() -> date:
    """The day at the desk."""
    return timezone.localdate()


class CustomerForm(PlaceFields, Form):
    """A customer; fields with a star in domain.md 3 are obligatory."""

    name = forms.CharField(label=gettext_lazy("Customer name"), min_length=2, max_length=60)
    contact = forms.CharField(label=gettext_lazy("Contact"), min_length=2, max_length=20)
    phone = PhoneField(label=gettext_lazy("Telephone"))
    phone2 = PhoneField(label=gettext_lazy("Second telephone"), required=False)
    industry = forms.ChoiceField(label=gettext_lazy("Industry"), required=False)
    credit_code = CodeField(
        label=gettext_lazy("Unified credit code"),
        required=False,
        max_length=18,
        help_text=gettext_lazy("18 characters"),
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Source"), choices=CustomerSource.choices, initial=CustomerSource.DIRECT
    )
    grade = forms.ChoiceField(
        label=gettext_lazy("Grade"), choices=CustomerGrade.choices, initial=CustomerGrade.ORDINARY
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    widths = {
        "contact": "third", "phone": "third", "phone2": "third", "industry": "half", "credit_code": "half",
        "source": "half", "grade": "half",
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["industry"].choices = _with_present(  # type: ignore[attr-defined]  # a ChoiceField
            words(DictionaryKind.INDUSTRY), self["industry"].value()
        )

    def clean_credit_code(self) -> str:
        """18 characters of the standard's alphabet, letters as capitals."""
        code = str(self.cleaned_data["credit_code"]).upper().replace(" ", "")
        if code and not CREDIT_CODE.fullmatch(code):
            raise forms.ValidationError(_("A credit code has 18 digits and capitals, without I, O, S, V and Z."))
        return code

    def facts(self) -> dict[str, Any]:
        """The values of CustomerFacts."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @staticmethod
    def initial_of(customer: Customer) -> dict[str, Any]:
        """The form's values of a customer."""
        names = [*CustomerForm.base_fields]
        return {name: getattr(customer, name) for name in names}


class MachineForm(Form):
    """A machine at a customer's; number and dates may come later (domain.md 3)."""

    manufacturer_id = forms.ChoiceField(label=gettext_lazy("Manufacturer"))
    model = CodeField(label=gettext_lazy("Model"), max_length=60)
    product_type = forms.ChoiceField(label=gettext_lazy("Product type"))
    serial_number = CodeField(label=gettext_lazy("Serial number"), max_length=40, required=False)
    ex_factory_on = DayField(label=gettext_lazy("Ex-factory date"), required=False, earliest=EARLIEST, latest=today)
    batch = CodeField(label=gettext_lazy("Ex-factory batch"), max_length=30, required=False)
    shipped_on = DayField(label=gettext_lazy("Shipping date"), required=False, earliest=EARLIEST, latest=today)
    purchased_on = DayField(
        label=gettext_lazy("Purchase date (invoice)"), required=False, earliest=EARLIEST, latest=today
    )
    accepted_on = DayField(
        label=gettext_lazy("Installation / acceptance date"), required=False, earliest=EARLIEST, latest=today
    )
    host_brand = forms.CharField(label=gettext_lazy("Host machine's brand"), max_length=40, required=False)
    host_model = CodeField(label=gettext_lazy("Host machine's model"), max_length=40, required=False)
    host_number = CodeField(label=gettext_lazy("Host machine's number"), max_length=40, required=False)
    location = forms.CharField(label=gettext_lazy("Place of installation"), max_length=60, required=False)
    conditions = forms.MultipleChoiceField(
        label=gettext_lazy("Operating conditions"), required=False, widget=forms.CheckboxSelectMultiple
    )
    conditions_note = forms.CharField(
        label=gettext_lazy("Operating conditions, more"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Voltage and frequency, medium, load, starts per hour …"),
    )
    running_hours = FigureField(
        label=gettext_lazy("Running hours"),
        required=False,
        places=1,
        lowest=Decimal(0),
        highest=Decimal("9999999.9"),
        unit=gettext_lazy("h"),
    )
    sold_by = forms.CharField(label=gettext_lazy("Sold by"), max_length=60, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    widths = {
        "manufacturer_id": "half", "model": "half", "product_type": "half", "serial_number": "half", "ex_factory_on": "half",
        "batch": "half", "shipped_on": "third", "purchased_on": "third", "accepted_on": "third", "host_brand": "third",
        "host_model": "third", "host_number": "third", "location": "half", "running_hours": "half", "sold_by": "half",
    }  # fmt: skip

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        makers = catalogue.makers(viewer)
        self.maker_ids = {maker.public_id: maker.id for maker in makers}
        if len(makers) == 1:
            self.fields["manufacturer_id"].initial = makers[0].public_id
        chosen = [(maker.public_id, maker.label) for maker in makers]
        fields: Any = self.fields
        fields["manufacturer_id"].choices = chosen if len(makers) == 1 else [("", "–"), *chosen]
        fields["manufacturer_id"].widget.attrs |= {
            "hx-get": reverse("equipment:models"), "hx-target": "#model-codes", "hx-include": "[name=model]",
            "hx-trigger": "change", "hx-swap": "innerHTML",
        }  # fmt: skip
        fields["serial_number"].widget.attrs["placeholder"] = _("may stay empty for now")
        fields["model"].widget.attrs |= {
            "placeholder": "YE3-160M-4",
            "list": "model-codes", "hx-get": reverse("equipment:models"), "hx-target": "#model-codes",
            "hx-include": "[name=manufacturer_id]", "hx-trigger": "keyup changed delay:300ms", "hx-swap": "innerHTML",
        }  # fmt: skip
        fields["product_type"].choices = _with_present(words(DictionaryKind.PRODUCT_TYPE), self["product_type"].value())
        present = self["conditions"].value() or []
        known = machines.conditions()
        fields["conditions"].choices = [(word, word) for word in (*known, *(w for w in present if w not in known))]

    def facts(self) -> dict[str, Any]:
        """The values of MachineFacts."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        data["manufacturer_id"] = self.maker_ids[data["manufacturer_id"]]
        data["conditions"] = tuple(data["conditions"])
        return data

    @staticmethod
    def initial_of(machine: Machine) -> dict[str, Any]:
        """The form's values of a machine."""
        names = [name for name in MachineForm.base_fields if name != "manufacturer_id"]
        return {name: getattr(machine, name) for name in names} | {"manufacturer_id": machine.manufacturer.public_id}


class LineForm(Form):
    """A product line."""

    code = CodeField(label=gettext_lazy("Code"), max_length=20)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    product_type = forms.ChoiceField(
        label=gettext_lazy("Product type"), help_text=gettext_lazy("As it stands in the monthly table (form 7-28).")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    widths = {"code": "third", "name": "two-thirds"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["product_type"].choices = _with_present(words(DictionaryKind.PRODUCT_TYPE), self["product_type"].value())

    def facts(self) -> dict[str, Any]:
        """The values of LineFacts."""
        return {name: self.cleaned_data[name] for name in ("code", "name", "product_type")}

    @staticmethod
    def initial_of(line: ProductLine) -> dict[str, Any]:
        """The form's values of a line."""
        return {name: getattr(line, name) for name in LineForm.base_fields}


class ModelsForm(Form):
    """Models to add to a line, one in each row."""

    codes = forms.CharField(
        label=gettext_lazy("New models"),
        widget=forms.Textarea({"rows": 4, "spellcheck": "false"}),
        max_length=20_000,
        help_text=gettext_lazy("One model in each row; a column copied from a spreadsheet works."),
    )

    def clean_codes(self) -> list[str]:
        """The models, cleaned one by one."""
        code = CodeField()
        return [code.to_python(row) for row in re.split(r"[\n\t,，、;；]", self.cleaned_data["codes"]) if row.strip()]


class PartForm(Form):
    """A part."""

    code = CodeField(label=gettext_lazy("Part number"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=8, initial="件")
    price = FigureField(
        label=gettext_lazy("List price"),
        required=False,
        lowest=Decimal(0),
        highest=Decimal("999999999"),
        unit=gettext_lazy("yuan"),
        help_text=gettext_lazy("With tax; empty = not published."),
    )
    key_part = forms.BooleanField(
        label=gettext_lazy("Key part: a dealer who bought it gives its number and a photo"), required=False
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    widths = {"code": "third", "name": "two-thirds", "unit": "third", "price": "third"}

    def facts(self) -> dict[str, Any]:
        """The values of PartFacts."""
        return {name: self.cleaned_data[name] for name in ("code", "name", "unit", "price", "key_part")}

    @staticmethod
    def initial_of(part: Part) -> dict[str, Any]:
        """The form's values of a part."""
        return {name: getattr(part, name) for name in PartForm.base_fields}


class CustomerFilters(Form):
    """What narrows the list of customers."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Name, contact, telephone")}),
    )
    city = forms.ChoiceField(label=gettext_lazy("City"), required=False)
    grade = forms.ChoiceField(label=gettext_lazy("Grade"), required=False, choices=[("", ALL), *CustomerGrade.choices])
    source = forms.ChoiceField(
        label=gettext_lazy("Source"), required=False, choices=[("", ALL), *CustomerSource.choices]
    )
    inactive = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[("", gettext_lazy("in use")), ("yes", gettext_lazy("deactivated"))],
    )

    def __init__(self, data: Mapping[str, Any], *, viewer: Viewer) -> None:
        super().__init__(data)
        fields: Any = self.fields
        fields["city"].choices = choices_of(customers.cities(viewer), first=ALL)

    def facts(self) -> customers.CustomerFilter:
        """The filters as the query takes them; nonsense in the address narrows nothing."""
        data = _usable(self)
        return customers.CustomerFilter(
            text=data.get("q", ""),
            city=data.get("city", ""),
            grade=data.get("grade", ""),
            source=data.get("source", ""),
            inactive=bool(data.get("inactive")),
        )


class MachineFilters(Form):
    """What narrows the list of machines."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Serial number, model, customer")}),
    )
    maker = forms.ChoiceField(label=gettext_lazy("Manufacturer"), required=False)
    product_type = forms.ChoiceField(label=gettext_lazy("Product type"), required=False)
    city = forms.ChoiceField(label=gettext_lazy("City"), required=False)

    def __init__(self, data: Mapping[str, Any], *, viewer: Viewer) -> None:
        super().__init__(data)
        fields: Any = self.fields
        fields["maker"].choices = [("", ALL), *((maker.public_id, maker.label) for maker in catalogue.makers(viewer))]
        fields["product_type"].choices = choices_of(machines.product_types(viewer), first=ALL)
        fields["city"].choices = choices_of(customers.cities(viewer), first=ALL)


class MoreMachineFilters(Form):
    """The less usual ones, behind 更多条件."""

    batch = CodeField(label=gettext_lazy("Batch"), required=False, max_length=30)
    numbered = forms.ChoiceField(
        label=gettext_lazy("Serial number"),
        required=False,
        choices=[("", ALL), ("yes", gettext_lazy("known")), ("no", gettext_lazy("missing"))],
    )
    scrapped = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[("", gettext_lazy("in use")), ("yes", gettext_lazy("scrapped"))],
    )


def machine_filter(filters: MachineFilters, more: MoreMachineFilters) -> machines.MachineFilter:
    """Both forms as the query takes them; nonsense in the address narrows nothing."""
    data = _usable(filters) | _usable(more)
    return machines.MachineFilter(
        text=data.get("q", ""),
        maker=data.get("maker", ""),
        product_type=data.get("product_type", ""),
        city=data.get("city", ""),
        batch=data.get("batch", ""),
        numbered=data.get("numbered", ""),
        scrapped=bool(data.get("scrapped")),
    )


class CatalogueFilters(Form):
    """What narrows the lists of lines and parts; one manufacturer at a time."""

    maker = forms.ChoiceField(label=gettext_lazy("Manufacturer"), required=False)
    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Code, name")}),
    )
    withdrawn = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[("", gettext_lazy("in use")), ("yes", gettext_lazy("withdrawn"))],
    )

    def __init__(self, data: Mapping[str, Any], *, makers: list[Organisation]) -> None:
        super().__init__(data)
        fields: Any = self.fields
        if len(makers) > 1:
            fields["maker"].choices = [(maker.public_id, maker.label) for maker in makers]
        else:
            del self.fields["maker"]

    def wanted(self) -> dict[str, Any]:
        """Text and whether withdrawn rows are wanted, as the queries take them."""
        data = _usable(self)
        return {"text": data.get("q", ""), "withdrawn": bool(data.get("withdrawn"))}


def _usable(form: forms.Form) -> dict[str, Any]:
    form.is_valid()
    return form.cleaned_data


def _with_present(known: list[str], present: Any) -> list[tuple[str, str | Promise]]:
    """Choices of a reference list; a word that was taken out of it since stays where it is used."""
    return choices_of([*known, *([present] if present and present not in known else [])])
