from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Tier
from partners.models import DealerPrivate
from tickets.enums import Paper, PaperColour

#: the names of domain.md 8.2, until a dealer chooses his own
COPY_NAMES = ("存根联", "客户联", "厂家联")
FARTHEST = 20  # mm that a printer's paper may stand off


class PrintSettings(DealerPrivate, Stamped):
    """How a dealer's slips look: logo, names and colours of the copies, a line at the foot, the paper chosen first (domain.md 8.2).

    Files that are kept already stay as they were. logo: a JPEG of our own making.
    """

    logo = models.FileField(_("logo"), max_length=200, blank=True)
    dealer_copy = models.CharField(_("name of the dealer's copy"), max_length=8, default=COPY_NAMES[0])
    customer_copy = models.CharField(_("name of the customer's copy"), max_length=8, default=COPY_NAMES[1])
    maker_copy = models.CharField(_("name of the manufacturer's copy"), max_length=8, default=COPY_NAMES[2])
    dealer_colour = models.CharField(max_length=6, choices=PaperColour, default=PaperColour.WHITE)
    customer_colour = models.CharField(max_length=6, choices=PaperColour, default=PaperColour.RED)
    maker_colour = models.CharField(max_length=6, choices=PaperColour, default=PaperColour.YELLOW)
    foot_line = models.CharField(_("line at the foot"), max_length=30, blank=True)
    default_paper = models.CharField(_("paper"), max_length=5, choices=Paper, default=Paper.A4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealer"], name="print_settings_once")]


class Printer(DealerPrivate, Stamped):
    """A dealer's printer and by how much it moves what it prints on pre-printed forms, in mm, in steps of 0.5 (domain.md 8.4)."""

    deletable_by = (Tier.DEALER,)

    name = models.CharField(_("printer"), max_length=40)
    offset_x = models.DecimalField(_("to the right"), max_digits=4, decimal_places=1, default=0)
    offset_y = models.DecimalField(_("down"), max_digits=4, decimal_places=1, default=0)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["dealer", "name"], name="printer_name_unique"),
            models.CheckConstraint(
                condition=Q(
                    offset_x__gte=-FARTHEST, offset_x__lte=FARTHEST, offset_y__gte=-FARTHEST, offset_y__lte=FARTHEST
                ),
                name="printer_offset_in_reach",
            ),
        ]

    def __str__(self) -> str:
        return self.name
