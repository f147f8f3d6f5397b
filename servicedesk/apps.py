from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicedeskConfig(AppConfig):
    name = "servicedesk"
    verbose_name = _("Service desk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import jobs, rights
        from servicedesk import checks, rules  # noqa: F401  # checks registers itself
        from servicedesk.celery import ring

        jobs.set_bell(ring)
        rights.add(rules.RULES)
