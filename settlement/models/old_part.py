from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Tier
from partners.models import Shared
from settlement.enums import OWED, BoxState, OldPartState, PartFinding, PartRequest, Transport
from tickets.enums import RequestState
from tickets.models import Slip
from tickets.models.ticket import maker_side


class ReturnBox(Shared, Stamped):
    """A box in which a dealer sends old parts to one manufacturer (domain.md 10); shared with him when it is on its way.

    waybill: 6 to 32 characters. sent, came: how many parts were in it when it left, and when it was counted.
    """

    insertable_by = (Tier.DEALER,)
    deletable_by = (Tier.DEALER,)  # when the last part is taken out of it

    number = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=BoxState, default=BoxState.PACKING)
    carrier = models.CharField(_("carrier"), max_length=40, blank=True)
    waybill = models.CharField(_("waybill"), max_length=32, blank=True)
    transport = models.CharField(_("transport"), max_length=12, choices=Transport, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=60, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    shipped_by = models.CharField(max_length=60, blank=True)
    sent = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.CharField(max_length=60, blank=True)
    came = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "number"], name="return_box_number_unique"),
            models.CheckConstraint(condition=Q(state=BoxState.PACKING) | ~Q(waybill=""), name="return_box_has_waybill"),
        ]
        indexes = [
            models.Index(fields=["dealer", "-begun_at", "-id"], name="return_box_dealer"),
            *maker_side("return_box", "-begun_at"),
        ]

    def __str__(self) -> str:
        return self.number


class OldPart(Shared, Stamped):
    """A part that was taken out and goes back to the manufacturer (旧件, domain.md 10): one for each part line with 旧件返还 on a signed slip.

    All words are copies of the slip as it was signed, so that the manufacturer's side reads nothing else. model, serial_number: of the
    machines of the first fault line. sequence: of the part line. quantity: pieces. due_on: last day on which it may be shipped.
    asked: what the dealer asks for and nobody has answered. photo: of the destruction. Shared as its slip is, and in any case
    from the moment on in which the dealer ships it or asks for something.
    """

    insertable_by = (Tier.DEALER,)

    slip = models.ForeignKey(Slip, models.PROTECT, related_name="+")
    sequence = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=OldPartState, default=OldPartState.DUE)
    slip_number = models.CharField(max_length=30)
    customer_name = models.CharField(max_length=60)
    model = models.CharField(max_length=60, blank=True)
    serial_number = models.CharField(max_length=100, blank=True)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    part_serial = models.CharField(max_length=40, blank=True)
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    unit = models.CharField(max_length=8)
    causal = models.BooleanField()
    fault = models.CharField(max_length=200, blank=True)
    diagnosis = models.CharField(max_length=300, blank=True)
    conditions = models.CharField(max_length=400, blank=True)
    replaced_on = models.DateField()
    due_on = models.DateField()
    asked = models.CharField(max_length=10, choices=PartRequest, blank=True)

    box = models.ForeignKey(ReturnBox, models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.CharField(max_length=60, blank=True)
    finding = models.CharField(_("finding"), max_length=12, choices=PartFinding, blank=True)
    finding_note = models.CharField(_("note"), max_length=300, blank=True)
    appraised_at = models.DateTimeField(null=True, blank=True)
    appraised_by = models.CharField(max_length=60, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=60, blank=True)
    closed_note = models.CharField(max_length=200, blank=True)
    photo = models.FileField(max_length=200, blank=True)
    changed_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "number"], name="old_part_number_unique"),
            models.UniqueConstraint(
                fields=["dealer", "slip", "sequence"],
                condition=~Q(state=OldPartState.VOID),
                name="old_part_once_per_line",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="old_part_quantity_positive"),
            models.CheckConstraint(
                condition=~Q(state__in=(OldPartState.BOXED, OldPartState.SHIPPED)) | Q(box__isnull=False),
                name="old_part_travels_in_a_box",
            ),
        ]
        indexes = [
            models.Index(fields=["dealer", "due_on", "id"], name="old_part_dealer"),
            models.Index(fields=["dealer", "due_on", "id"], name="old_part_owed", condition=Q(state__in=OWED)),
            *maker_side("old_part", "due_on"),
        ]

    def __str__(self) -> str:
        return self.number


class OldPartRequest(Shared, Stamped):
    """A dealer asks for more time, or not to send an old part at all, and headquarters answers (延返, 免返; domain.md 10)."""

    insertable_by = (Tier.DEALER,)

    part = models.ForeignKey(OldPart, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=PartRequest)
    state = models.CharField(max_length=8, choices=RequestState, default=RequestState.ASKED)
    reason = models.CharField(max_length=200)
    until = models.DateField(null=True, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "part"],
                condition=Q(state=RequestState.ASKED),
                name="one_open_request_per_old_part",
                violation_error_message=_("Something is asked for this part already."),
            ),
            models.CheckConstraint(
                condition=Q(kind=PartRequest.EXEMPTION, until=None)
                | Q(kind=PartRequest.EXTENSION, until__isnull=False),
                name="old_part_request_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
