from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("Messages to people")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import events
        from notices.operations.send import tell_job_ended
        from notices.queries import kinds

        events.on("job_ended", tell_job_ended)
        kinds.register(
            {
                "job_done": _("%(title)s is ready."),
                "job_failed": _("%(title)s stopped with a fault. You can try it again."),
            }
        )
