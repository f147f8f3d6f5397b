"""Rows and columns of the roster's pages: frozen dataclasses of finished texts (performance.md 2)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.tables import Column

SHEET_COLUMNS = [
    Column("day", _("Day")),
    Column("weekday", _("Weekday")),
    Column("kind", _("Shift")),
    Column("starts", _("From")),
    Column("ends", _("Until")),
    Column("main", _("Main duty")),
    Column("phone", _("Telephone")),
    Column("deputy", _("Deputy")),
    Column("leader", _("Leader on duty")),
    Column("note", _("Hand-over note")),
]
