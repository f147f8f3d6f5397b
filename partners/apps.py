from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Organisations, people, sign-in")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import jobs, rights
        from partners import rules
        from partners.queries import viewers

        jobs.set_viewer_loader(viewers.for_job)
        rights.add(rules.RULES)
