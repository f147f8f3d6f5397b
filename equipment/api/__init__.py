"""Customers and machines by API: the dealer's own files, checked by the forms of the pages (domain.md 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import rights
from core.api.bodies import body_of, checked, data_of, laid_over
from core.api.paging import page, page_of
from core.api.problem import FieldError, Invalid
from core.api.schema import IF_MATCH, KEY, PAGING, filters_of
from core.api.versions import expected, tag
from core.errors import NotFound
from core.tenancy import Viewer
from equipment.enums import CustomerGrade, CustomerSource
from equipment.forms import (
    CustomerFilters,
    CustomerForm,
    MachineFilters,
    MachineForm,
    MoreMachineFilters,
    machine_filter,
)
from equipment.models import Customer, Machine
from equipment.operations.customers import CustomerFacts, add_customer, change_customer
from equipment.operations.machines import MachineFacts, add_machine, change_machine
from equipment.queries import customers, machines
from partners.api.base import View

CustomerBody = body_of("CustomerBody", CustomerForm)
MachineBody = body_of(
    "MachineBody", MachineForm, manufacturer_id=serializers.CharField(help_text="Id of the manufacturer.")
)
NewMachineBody = type(
    "NewMachineBody", (MachineBody,), {"customer": serializers.CharField(help_text="Id of the customer.")}
)


class CustomerRow(serializers.Serializer[Any]):
    """A customer in a list."""

    id = serializers.CharField()
    name = serializers.CharField()
    contact = serializers.CharField()
    phone = serializers.CharField()
    province = serializers.CharField()
    city = serializers.CharField()
    district = serializers.CharField()
    industry = serializers.CharField()
    grade = serializers.ChoiceField(choices=CustomerGrade.choices)
    source = serializers.ChoiceField(choices=CustomerSource.choices)  # type: ignore[assignment]  # the file's own word
    url = serializers.CharField()


class MachineRow(serializers.Serializer[Any]):
    """A machine in a list."""

    id = serializers.CharField()
    model = serializers.CharField()
    serial_number = serializers.CharField()
    product_type = serializers.CharField()
    manufacturer = serializers.CharField()
    customer = serializers.CharField()
    customer_id = serializers.CharField()
    city = serializers.CharField()
    ex_factory_on = serializers.DateField(allow_null=True)
    batch = serializers.CharField()
    location = serializers.CharField()
    url = serializers.CharField()


class CustomerShape(CustomerRow):
    """A customer with all that is written about him."""

    version = serializers.IntegerField()
    phone2 = serializers.CharField()
    address = serializers.CharField()
    credit_code = serializers.CharField()
    note = serializers.CharField()
    active = serializers.BooleanField()
    updated_at = serializers.DateTimeField()
    machines = serializers.ListField(child=serializers.CharField(), help_text="Ids of his machines, scrapped ones too.")


class MachineShape(MachineRow):
    """A machine with all that is written about it."""

    version = serializers.IntegerField()
    manufacturer_id = serializers.CharField()
    shipped_on = serializers.DateField(allow_null=True)
    purchased_on = serializers.DateField(allow_null=True)
    accepted_on = serializers.DateField(allow_null=True)
    host_brand = serializers.CharField()
    host_model = serializers.CharField()
    host_number = serializers.CharField()
    conditions = serializers.ListField(child=serializers.CharField())
    conditions_note = serializers.CharField()
    running_hours = serializers.DecimalField(max_digits=9, decimal_places=1, allow_null=True)
    sold_by = serializers.CharField()
    note = serializers.CharField()
    active = serializers.BooleanField()
    updated_at = serializers.DateTimeField()


class Customers(View):
    """The list, and a new one."""

    @extend_schema(
        operation_id="customers",
        tags=["customers"],
        parameters=[*filters_of(CustomerFilters), *PAGING],
        responses=page_of(CustomerRow),
    )
    def get(self, request: Request) -> Response:
        """The dealer's customers, last changed first."""
        viewer = self.viewer
        rights.require(viewer, "customer.list")
        filters = checked(CustomerFilters(request.query_params, viewer=viewer))
        rows = customers.listing(viewer, filters.facts())
        return page(request, rows, orders=customers.ORDERS, default="-recent", shape=_customer_row)

    @extend_schema(
        operation_id="customer_add",
        tags=["customers"],
        parameters=[KEY],
        request=CustomerBody,
        responses={201: CustomerShape},
    )
    def post(self, request: Request) -> Response:
        """Enter a customer."""
        viewer = self.viewer
        rights.require(viewer, "customer.add")
        form = checked(CustomerForm(data_of(request.data, CustomerForm.base_fields)))
        made = add_customer(viewer=viewer, facts=CustomerFacts(**form.facts()), now=timezone.now())
        return _customer(viewer, made.public_id, status=201)


class OneCustomer(View):
    """One customer."""

    @extend_schema(operation_id="customer", tags=["customers"], responses=CustomerShape)
    def get(self, request: Request, public_id: str) -> Response:
        """A customer. Its version is the `ETag`."""
        return _customer(self.viewer, public_id)

    @extend_schema(
        operation_id="customer_change",
        tags=["customers"],
        parameters=[IF_MATCH, KEY],
        request=CustomerBody,
        responses=CustomerShape,
    )
    def patch(self, request: Request, public_id: str) -> Response:
        """Change a customer; what is not sent stays."""
        viewer = self.viewer
        customer = customers.one(viewer, public_id)
        version = expected(request)
        rights.require(viewer, "customer.change", customer)
        data = laid_over(CustomerForm.initial_of(customer), request.data, CustomerForm.base_fields)
        form = checked(CustomerForm(data, initial=CustomerForm.initial_of(customer)))
        change_customer(
            viewer=viewer,
            public_id=public_id,
            facts=CustomerFacts(**form.facts()),
            expected_version=customer.version if version is None else version,
            now=timezone.now(),
        )
        return _customer(viewer, public_id)


class Machines(View):
    """The list, and a new one."""

    @extend_schema(
        operation_id="machines",
        tags=["machines"],
        parameters=[*filters_of(MachineFilters, MoreMachineFilters), *PAGING],
        responses=page_of(MachineRow),
    )
    def get(self, request: Request) -> Response:
        """The machines of the dealer's customers, last changed first."""
        viewer = self.viewer
        rights.require(viewer, "machine.list")
        filters = checked(MachineFilters(request.query_params, viewer=viewer))
        more = checked(MoreMachineFilters(request.query_params))
        rows = machines.listing(viewer, machine_filter(filters, more))
        return page(request, rows, orders=machines.ORDERS, default="-recent", shape=_machine_row)

    @extend_schema(
        operation_id="machine_add",
        tags=["machines"],
        parameters=[KEY],
        request=NewMachineBody,
        responses={201: MachineShape},
    )
    def post(self, request: Request) -> Response:
        """Enter a machine at a customer (`customer`); number and dates may come later."""
        viewer = self.viewer
        rights.require(viewer, "machine.add")
        given = _object(request.data)
        try:
            customer = customers.one(viewer, str(given.pop("customer", "")))
        except NotFound as problem:
            raise Invalid([FieldError("customer", "not_found", str(problem))]) from None
        form = MachineForm(data_of(given, MachineForm.base_fields), viewer=viewer)
        facts = MachineFacts(**checked(form).facts())
        made = add_machine(viewer=viewer, customer=customer, facts=facts, now=timezone.now())
        return _machine(viewer, made.public_id, status=201)


class OneMachine(View):
    """One machine."""

    @extend_schema(operation_id="machine", tags=["machines"], responses=MachineShape)
    def get(self, request: Request, public_id: str) -> Response:
        """A machine. Its version is the `ETag`."""
        return _machine(self.viewer, public_id)

    @extend_schema(
        operation_id="machine_change",
        tags=["machines"],
        parameters=[IF_MATCH, KEY],
        request=MachineBody,
        responses=MachineShape,
    )
    def patch(self, request: Request, public_id: str) -> Response:
        """Change a machine; what is not sent stays."""
        viewer = self.viewer
        machine = machines.one(viewer, public_id)
        version = expected(request)
        rights.require(viewer, "machine.change", machine)
        initial = MachineForm.initial_of(machine)
        data = laid_over(initial, request.data, MachineForm.base_fields)
        form = checked(MachineForm(data, viewer=viewer, initial=initial))
        change_machine(
            viewer=viewer,
            public_id=public_id,
            facts=MachineFacts(**form.facts()),
            expected_version=machine.version if version is None else version,
            now=timezone.now(),
        )
        return _machine(viewer, public_id)


def _object(given: Any) -> dict[str, Any]:
    if isinstance(given, QueryDict):
        return given.dict()
    return dict(given) if isinstance(given, Mapping) else {}


_CUSTOMER: tuple[str, ...] = ("name", "contact", "phone", "province", "city", "district", "industry", "grade", "source")


def _customer_row(row: Mapping[str, Any]) -> dict[str, Any]:
    key = row["public_id"]
    return {"id": key, **{name: row[name] for name in _CUSTOMER}, "url": reverse("api:customer", args=[key])}


def _customer(viewer: Viewer, public_id: str, *, status: int = 200) -> Response:
    customer = customers.one(viewer, public_id)
    rights.require(viewer, "customer.read", customer)
    found = _customer_row(_values(customer, ("public_id", *_CUSTOMER)))
    found |= _values(customer, ("version", "phone2", "address", "credit_code", "note", "active", "updated_at"))
    found["machines"] = [machine.public_id for machine in machines.of_customer(viewer, customer)]
    return _answer(found, customer, "api:customer", status)


def _machine_row(row: Mapping[str, Any]) -> dict[str, Any]:
    key = row["public_id"]
    return {
        "id": key,
        "model": row["model"],
        "serial_number": row["serial_number"],
        "product_type": row["product_type"],
        "manufacturer": row["manufacturer__short_name"] or row["manufacturer__name"],
        "customer": row["customer__name"],
        "customer_id": row["customer__public_id"],
        "city": row["customer__city"],
        "ex_factory_on": row["ex_factory_on"],
        "batch": row["batch"],
        "location": row["location"],
        "url": reverse("api:machine", args=[key]),
    }


_MACHINE: tuple[str, ...] = (
    "version", "shipped_on", "purchased_on", "accepted_on", "host_brand", "host_model", "host_number", "conditions",
    "conditions_note", "running_hours", "sold_by", "note", "active", "updated_at",
)  # fmt: skip


def _machine(viewer: Viewer, public_id: str, *, status: int = 200) -> Response:
    machine = machines.one(viewer, public_id)
    rights.require(viewer, "machine.read", machine)
    own = ("public_id", "model", "serial_number", "product_type", "ex_factory_on", "batch", "location")
    found = _machine_row(
        _values(machine, own)
        | {f"customer__{name}": getattr(machine.customer, name) for name in ("name", "public_id", "city")}
        | {f"manufacturer__{name}": getattr(machine.manufacturer, name) for name in ("name", "short_name")}
    )
    found |= {"manufacturer_id": machine.manufacturer.public_id} | _values(machine, _MACHINE)
    return _answer(found, machine, "api:machine", status)


def _values(thing: Customer | Machine, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _answer(found: dict[str, Any], thing: Customer | Machine, route: str, status: int) -> Response:
    response = Response(found, status=status)
    response["ETag"] = tag(thing.version)
    if status == 201:
        response["Location"] = reverse(route, args=[thing.public_id])
    return response
