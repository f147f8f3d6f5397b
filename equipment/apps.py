from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EquipmentConfig(AppConfig):
    name = "equipment"
    verbose_name = _("Customers, machines, parts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import rights
        from core.errors import sentence
        from equipment import rules

        rights.add(rules.RULES)
        sentence("model_missing", _("Enter the model; if nobody knows it, write 不详."))
        sentence("manufacturer_unknown", _("Choose a manufacturer that you work with."))
        sentence("manufacturer_fixed", _("This machine has tickets: its manufacturer cannot be changed any more."))
        sentence("serial_taken", _("You have a machine of this manufacturer with this serial number already."))
