from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Core tools")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import events, lookups  # noqa: F401  # lookups registers itself
        from core.errors import sentence

        post_migrate.connect(_after_migrate, sender=self)
        events.declare("job_ended", "a job is done or has failed for good")
        sentence("not_found", _("There is no such record."))
        sentence("not_allowed", _("This is not part of your role. Ask your administrator."))
        sentence(
            "wrong_state", _("This step is not possible any more: somebody has changed the record. Look at it again.")
        )
        sentence("stale", _("%(who)s changed this record at %(when)s. Look at the difference before you save."))
        sentence("frozen", _("A signed record is not changed any more. Void it and write a new one."))
        sentence("job_not_failed", _("Only a failed or cancelled task can be retried."))
        sentence("job_lost", _("The task stopped several times without finishing. Tell the administrator."))
        sentence("job_viewer_gone", _("The person or organisation this task was for is not active any more."))


def _after_migrate(using: str, **_options: Any) -> None:
    """Policies, grants and dictionaries after every migrate: as owner, idempotent."""
    from core import row_security
    from core.dictionaries import fill

    row_security.sync(using)
    fill(using)
