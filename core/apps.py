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
        events.declare("calendar_changed", "a year of public holidays was entered or changed: viewer, now")
        events.declare("job_ended", "a job is done or has failed for good")
        sentence("not_found", _("There is no such record."))
        sentence("not_allowed", _("This is not part of your role. Ask your administrator."))
        sentence(
            "wrong_state", _("This step is not possible any more: somebody has changed the record. Look at it again.")
        )
        sentence("stale", _("%(who)s changed this record at %(when)s. Look at the difference before you save."))
        sentence("frozen", _("A signed record is not changed any more. Void it and write a new one."))
        for code, text in API_SENTENCES.items():
            sentence(code, text)
        sentence("job_not_failed", _("Only a failed or cancelled task can be retried."))
        sentence("job_lost", _("The task stopped several times without finishing. Tell the administrator."))
        sentence("job_viewer_gone", _("The person or organisation this task was for is not active any more."))


API_SENTENCES = {
    "signed_out": _("Send a token: Authorization: Bearer …"),
    "invalid": _("Some entries cannot be taken; each is named in “errors”."),
    "malformed": _("This request cannot be read. Send JSON in UTF-8."),
    "method_unknown": _("This address does not answer this method."),
    "answer_unknown": _("This address answers JSON only."),
    "body_unknown": _("This address does not read this kind of body."),
    "unavailable": _("The database is away for a moment. Send it again."),
    "fault": _("Something went wrong on our side. Nothing was saved."),
    "csrf_missing": _("A browser's session writes with the CSRF token of a page only; programs send a token."),
    "token_read_only": _("This token may only read."),
    "version_missing": _("Send If-Match with the ETag of the record that you have read."),
    "idempotency_key_wrong": _("An Idempotency-Key has 8 to 80 visible ASCII characters."),
    "idempotency_key_reused": _("This Idempotency-Key came with another request before. Use a new one."),
}


def _after_migrate(using: str, **_options: Any) -> None:
    """Policies, grants and dictionaries after every migrate: as owner, idempotent."""
    from core import row_security
    from core.dictionaries import fill

    row_security.sync(using)
    fill(using)
