from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = _("Outreach visits")
    default_auto_field = "django.db.models.BigAutoField"
