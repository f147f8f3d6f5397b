from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.tables import Column

COLUMNS = [
    Column("file", _("File")),
    Column("title", _("What")),
    Column("counts", _("Rows")),
    Column("who", _("Imported by")),
    Column("at", _("When")),
    Column("state", _("State")),
]
