"""Addresses of customers, machines and the catalogue. Public ids only; a foreign id answers like a missing one."""

from django.urls import path, register_converter

from equipment.views import catalogue, customers, lookup, machines, merging, warranty

app_name = "equipment"


class CatalogueKind:
    """line, model or part."""

    regex = "line|model|part"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CatalogueKind, "catalogue_kind")

urlpatterns = [
    path("customers/", customers.customer_list, name="customers"),
    path("customers/new/", customers.new_customer, name="customer_new"),
    path("customers/<slug:public_id>/", customers.customer_page, name="customer"),
    path("customers/<slug:public_id>/edit/", customers.edit_customer, name="customer_edit"),
    path("customers/<slug:public_id>/deactivate/", customers.deactivate, name="customer_deactivate"),
    path("customers/<slug:public_id>/activate/", customers.activate, name="customer_activate"),
    path("customers/<slug:public_id>/merge/", merging.merge_customer, name="customer_merge"),
    path("machines/<slug:public_id>/merge/", merging.merge_machine, name="machine_merge"),
    path("merges/<slug:public_id>/undo/", merging.undo, name="merge_undo"),
    path("customers/<slug:public_id>/machines/new/", machines.new_machine, name="machine_new"),
    path("machines/", machines.machine_list, name="machines"),
    path("machines/<slug:public_id>/", machines.machine_page, name="machine"),
    path("machines/<slug:public_id>/edit/", machines.edit_machine, name="machine_edit"),
    path("machines/<slug:public_id>/scrap/", machines.scrap, name="machine_scrap"),
    path("machines/<slug:public_id>/restore/", machines.restore, name="machine_restore"),
    path("lines/", catalogue.line_list, name="lines"),
    path("lines/new/", catalogue.new_line, name="line_new"),
    path("lines/<slug:public_id>/", catalogue.line_page, name="line"),
    path("lines/<slug:public_id>/edit/", catalogue.edit_line, name="line_edit"),
    path("parts/", catalogue.part_list, name="parts"),
    path("parts/new/", catalogue.new_part, name="part_new"),
    path("parts/<slug:public_id>/", catalogue.part_page, name="part"),
    path("parts/<slug:public_id>/edit/", catalogue.edit_part, name="part_edit"),
    path("catalogue/<catalogue_kind:kind>/<slug:public_id>/withdraw/", catalogue.withdraw_row, name="withdraw"),
    path("catalogue/<catalogue_kind:kind>/<slug:public_id>/publish/", catalogue.publish_row, name="publish"),
    path("warranty/", warranty.policy_list, name="policies"),
    path("warranty/new/", warranty.new_policy, name="policy_new"),
    path("warranty/<slug:public_id>/", warranty.policy_page, name="policy"),
    path("warranty/<slug:public_id>/edit/", warranty.edit_policy, name="policy_edit"),
    path("warranty/<slug:public_id>/draft/", warranty.write_draft, name="policy_draft"),
    path("warranty/versions/<slug:public_id>/force/", warranty.put_in_force, name="policy_force"),
    path("warranty/versions/<slug:public_id>/discard/", warranty.discard, name="policy_discard"),
    path("warranty/versions/<slug:public_id>/end/", warranty.end, name="policy_end"),
    path("coverage/", catalogue.coverage_list, name="coverages"),
    path("coverage/<slug:public_id>/", catalogue.coverage_page, name="coverage"),
    path("lookup/phone/", lookup.lookup_phone, name="lookup_phone"),
    path("lookup/customers/", lookup.lookup_customer, name="lookup_customer"),
    path("lookup/models/", lookup.models, name="models"),
    path("lookup/parts/", lookup.parts, name="parts_lookup"),
    path("lookup/districts.json", lookup.districts_json, name="districts"),
]
