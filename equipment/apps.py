from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EquipmentConfig(AppConfig):
    name = "equipment"
    verbose_name = _("Customers, machines, parts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import chips, events, exports, rights
        from core.errors import sentence
        from core.imports import kinds
        from equipment import enums, rules
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
        chips.register(enums.FAMILIES)
        for code, text in _POLICIES.items():
            sentence(code, text)
        sentence("code_missing", _("Enter the code."))
        sentence("type_missing", _("Choose the product type."))
        sentence("line_taken", _("There is a product line with this code already."))
        sentence("part_taken", _("There is a part with this number already."))
        sentence("price_negative", _("A price is not below zero."))
        sentence("model_too_long", _("A model has at most 60 characters: %(model)s…"))
        sentence("model_in_other_line", _("%(model)s is a model of %(line)s already."))


#: why a policy of warranty cannot be written so (operations/warranty.py)
_POLICIES = {
    "policy_clash": _(
        "“%(name)s” is written for the same machines with the same priority: they could not be told apart. Narrow one of them, or"
        " give this one another priority."
    ),
    "policy_range_backwards": _("The range of ex-factory dates ends before it begins."),
    "version_range_backwards": _("The days of reports end before they begin."),
    "policy_stands": _(
        "This policy has been in force: for other machines write a policy of its own. The name can still be changed."
    ),
    "province_unknown": _("Choose a province from the list."),
    "start_rule_missing": _(
        "Write at least one start rule: from which day the period is counted, and how many months."
    ),
    "start_rule_twice": _("Another start rule counts from this day already."),
    "months_wrong": _("Months between 1 and %(most)s; for parts and grace 0 is possible, too."),
    "days_wrong": _("Days between 0 and 3660."),
    "hours_limit_wrong": _("This number of hours cannot be right."),
    "cap_incomplete": _("A cap needs both: the day it is counted from, and its months."),
    "replaced_months_missing": _("Write how many months a fitted part has."),
    "version_begins_early": _(
        "A version began on %(after)s already. A new one begins later: what was judged by the earlier one stays."
    ),
    "end_not_earlier": _("Choose a day from %(first)s on that lies before the present end."),
}
