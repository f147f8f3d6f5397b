from django.db import models
from django.utils.translation import gettext_lazy as _

from core.chips import Family


class RunState(models.TextChoices):
    """Life of an import."""

    COLUMNS = "columns", _("columns to choose")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    RUNNING = "importing", _("being imported")
    DONE = "imported", _("imported")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("taken back")


FAMILIES: dict[str, Family] = {
    RunState.COLUMNS: "warning",
    RunState.CHECKING: "active",
    RunState.CHECKED: "new",
    RunState.RUNNING: "active",
    RunState.DONE: "good",
    RunState.UNDOING: "active",
    RunState.UNDONE: "waiting",
}
