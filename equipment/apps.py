from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EquipmentConfig(AppConfig):
    name = "equipment"
    verbose_name = _("Customers, machines, parts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import events, exports, rights
        from core.errors import sentence
        from core.imports import kinds
        from equipment import rules
        from equipment.operations import import_customers, import_machines, import_parts, import_register

        rights.add(rules.RULES, rules.FIELDS)
        exports.register("customers", "equipment.views.customers.export")
        exports.register("machines", "equipment.views.machines.export")
        kinds.register(import_customers.KIND, import_machines.KIND, import_register.KIND, import_parts.KIND)
        events.declare("machine_changed", "facts of a machine were corrected: machine, viewer, now")
        sentence("merge_same", _("Choose another one: this is the same record."))
        sentence("merge_gone", _("One of the two is not in use any more. Take it back into use first."))
        sentence("merge_makers", _("These machines are of two manufacturers."))
        sentence("merge_undone", _("This merge was taken back already."))
        sentence("merge_too_old", _("A merge can be taken back for 7 days."))
        sentence("model_missing", _("Enter the model; if nobody knows it, write 不详."))
        sentence("manufacturer_unknown", _("Choose a manufacturer that you work with."))
        sentence("manufacturer_fixed", _("This machine has tickets: its manufacturer cannot be changed any more."))
        sentence("serial_taken", _("You have a machine of this manufacturer with this serial number already."))
        sentence("code_missing", _("Enter the code."))
        sentence("type_missing", _("Choose the product type."))
        sentence("line_taken", _("There is a product line with this code already."))
        sentence("part_taken", _("There is a part with this number already."))
        sentence("price_negative", _("A price is not below zero."))
        sentence("model_too_long", _("A model has at most 60 characters: %(model)s…"))
        sentence("model_in_other_line", _("%(model)s is a model of %(line)s already."))
