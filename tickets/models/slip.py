from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped, public_id
from core.tenancy import Outside, Tier
from equipment.enums import PartSource, Responsibility
from equipment.models import Part
from partners.models import DealerPrivate, Shared
from tickets.enums import Copy, Rating, SignatureKind, SlipState, Treatment, WarrantyOutcome, WarrantyTick
from tickets.models.ticket import EMPTY_LIST, SHARING_ONLY, Photo, Ticket, TicketMachine, maker_side


class Slip(Shared, Stamped):
    """The service slip, form 7-27 (售后服务单): one valid slip per round of a ticket.

    A draft has no number; it is given at "complete", gap-free per dealer and month of 完工时间, and stays, also when
    void. SIGNED, REFUSED and VOID rows are frozen (database trigger). locked: a claim stands on it (later).
    paper_number: 纸质单号 of a pre-printed form, entered when it is printed, also when frozen. from_paper: 补录, it was written by
    hand and entered afterwards from the photo of its paper.
    saved_by: who saved the draft last, saved_from: under which sign-in (hashed), saved_since:
    the first version of that sign-in's unbroken run. hours: 服务工时 as typed. Fees: yuan. km: one way, all trips of the round. strokes: pen points, JSON, the truth of a
    signature. frozen_at: when the customer answered. signed_op: key of an answer that waited in the phone's queue.
    in_warranty: the technician's tick; warranty, judgement: what was computed, as on the ticket, frozen with the slip; warranty_reason:
    why the tick contradicts it, never printed. shown_technician: who signed, else the ticket's lead; city_key: the ticket's city. Both for the list and its filters, kept by
    triggers (tickets/sql/slip_filters.sql), also when frozen.
    """

    outside = Outside("id", "slip")

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    number = models.CharField(max_length=30, blank=True)
    paper_number = models.CharField(_("number on the paper form"), max_length=20, blank=True, default="", db_default="")
    state = models.CharField(max_length=10, choices=SlipState, default=SlipState.DRAFT)
    is_remote = models.BooleanField(default=False)
    from_paper = models.BooleanField(default=False, db_default=False)

    customer_name = models.CharField(_("customer name"), max_length=60)
    address = models.CharField(_("address"), max_length=180)
    contact = models.CharField(_("contact"), max_length=20, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    in_warranty = models.CharField(_("in warranty"), max_length=4, choices=WarrantyTick, default=WarrantyTick.OPEN)
    warranty = models.CharField(
        max_length=10, choices=WarrantyOutcome, blank=True, default="", db_default="", editable=False
    )
    judgement = models.JSONField(default=list, db_default=EMPTY_LIST, blank=True, editable=False)
    warranty_reason = models.CharField(
        _("why the tick differs from the computed result"), max_length=200, blank=True, default="", db_default=""
    )
    conditions = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("operating conditions")
    )
    conditions_note = models.CharField(_("operating conditions, more"), max_length=200, blank=True)

    arrived_at = models.DateTimeField(_("arrived on site"), null=True, blank=True)
    left_at = models.DateTimeField(_("left the site"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("people on site"), null=True, blank=True)
    hours = models.DecimalField(_("service hours"), max_digits=5, decimal_places=1, null=True, blank=True)
    times_reason = models.CharField(_("why the times were changed"), max_length=200, blank=True)
    other_service = models.CharField(_("other service"), max_length=300, blank=True)

    parts_fee = models.DecimalField(_("parts fee"), max_digits=14, decimal_places=2, default=0)
    labour_fee = models.DecimalField(_("labour fee"), max_digits=14, decimal_places=2, default=0)

    km = models.DecimalField(_("distance one way"), max_digits=7, decimal_places=1, null=True, blank=True)
    nights = models.PositiveSmallIntegerField(_("nights"), default=0)

    rating = models.CharField(_("customer's rating"), max_length=1, choices=Rating, blank=True)
    opinion = models.CharField(_("customer's opinion"), max_length=200, blank=True)
    signature_kind = models.CharField(max_length=8, choices=SignatureKind, blank=True)
    signer = models.CharField(_("signed by"), max_length=20, blank=True)
    strokes = models.JSONField(null=True, blank=True)
    refusal_reason = models.CharField(_("reason for not signing"), max_length=200, blank=True)
    technician_id = models.BigIntegerField(null=True, blank=True)
    technician = models.CharField(max_length=60, blank=True)
    shown_technician = models.CharField(max_length=60, blank=True, editable=False, default="", db_default="")
    city_key = models.CharField(max_length=30, blank=True, editable=False, default="", db_default="")
    technician_phone = models.CharField(max_length=20, blank=True)
    technician_strokes = models.JSONField(null=True, blank=True)

    saved_by = models.CharField(max_length=60, blank=True)
    saved_from = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    saved_since = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    signed_op = models.CharField(max_length=40, blank=True, default="", db_default="")
    content_hash = models.CharField(max_length=64, blank=True)
    proof_code = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    void_reason = models.CharField(max_length=200, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.CharField(max_length=60, blank=True)
    locked = models.BooleanField(default=False)
    printed = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "number"], condition=~Q(number=""), name="slip_number_unique"),
            models.UniqueConstraint(
                fields=["dealer", "paper_number"], condition=~Q(paper_number=""), name="slip_paper_number_unique"
            ),
            models.UniqueConstraint(
                fields=["dealer", "ticket", "round"], condition=~Q(state="void"), name="one_valid_slip_per_round"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(arrived_at=None) | Q(left_at__gt=models.F("arrived_at")),
                name="slip_leaves_after_arriving",
                violation_error_message=_("The departure must be later than the arrival."),
            ),
            models.CheckConstraint(condition=Q(parts_fee__gte=0, labour_fee__gte=0), name="slip_fees_not_negative"),
            models.CheckConstraint(condition=Q(state="draft") | ~Q(number=""), name="slip_beyond_draft_has_number"),
        ]
        indexes = [
            models.Index(fields=["ticket"], name="slip_ticket"),
            models.Index(fields=["dealer", "-finished_at", "-id"], name="slip_dealer"),
            models.Index(fields=["dealer", "state", "-finished_at", "-id"], name="slip_dealer_state"),
            models.Index(fields=["dealer", "city_key", "-finished_at", "-id"], name="slip_dealer_city"),
            models.Index(fields=["dealer", "shown_technician", "-finished_at", "-id"], name="slip_dealer_technician"),
            models.Index(fields=["dealer", "manufacturer", "-finished_at", "-id"], name="slip_dealer_maker"),
            models.Index(fields=["dealer", "warranty", "-finished_at", "-id"], name="slip_dealer_warranty"),
            *maker_side("slip", "-finished_at", "warranty"),
            *maker_side("slip", "-finished_at"),
            models.Index(
                fields=["office", "dealer", "-finished_at", "-id"],
                name="slip_office_dealer",
                condition=Q(shared_with_maker=True),
            ),
            *maker_side("slip", "-finished_at", "state"),
            *maker_side("slip", "-finished_at", "city_key"),
            *maker_side("slip", "-finished_at", "shown_technician", name="technician"),
        ]

    def __str__(self) -> str:
        return self.number or "–"


class LapsedSignature(DealerPrivate):
    """未生效签字: an answer that a customer gave without a line and that could not be taken when it arrived (domain.md 8.5).

    It proves nothing and signs nothing; the slip says why, and has to be signed again. op: the key under which the phone
    sends it, the same key again is the same answer. reason: in Chinese, as it was told.
    """

    slip = models.ForeignKey(Slip, models.CASCADE, related_name="+")
    op = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    rating = models.CharField(max_length=1, choices=Rating, blank=True)
    opinion = models.CharField(max_length=200, blank=True)
    signer = models.CharField(max_length=20, blank=True)
    strokes = models.JSONField(null=True, blank=True)
    technician_strokes = models.JSONField(null=True, blank=True)
    sent_by = models.CharField(max_length=60)
    signed_at = models.DateTimeField()
    arrived_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealer", "op"], name="lapsed_signature_once")]
        indexes = [models.Index(fields=["slip", "-arrived_at"], name="lapsed_signature_slip")]

    def __str__(self) -> str:
        return f"{self.signer} {self.signed_at:%Y-%m-%d %H:%M}"


class FaultLine(Shared):
    """One fault on a slip: per model and diagnosis, with the machines it covers (数量 in 表7-28 is their number).

    standard_hours: 定额工时, for the settlement block.
    """

    deletable_by = (Tier.DEALER,)
    outside = Outside("slip_id", "slip")

    slip = models.ForeignKey(Slip, models.CASCADE, related_name="+")
    sequence = models.PositiveSmallIntegerField(default=1)
    reported = models.CharField(_("reported fault"), max_length=200, blank=True)
    symptom = models.CharField(_("symptom"), max_length=40, blank=True)
    fault_part = models.CharField(_("faulty part"), max_length=40, blank=True)
    diagnosis = models.CharField(_("diagnosed fault"), max_length=300, blank=True)
    cause = models.CharField(_("cause"), max_length=200, blank=True)
    responsibility = models.CharField(_("responsibility"), max_length=14, choices=Responsibility, blank=True)
    solution = models.CharField(_("solution"), max_length=500, blank=True)
    treatment = models.CharField(_("kind of treatment"), max_length=18, choices=Treatment, blank=True)
    standard_hours = models.DecimalField(_("standard hours"), max_digits=5, decimal_places=1, null=True, blank=True)

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["dealer", "slip", "sequence"], name="fault_line_sequence_unique")
        ]


class FaultLineMachine(Shared):
    """A machine that a fault line covers, with its data as they were when the slip was completed."""

    deletable_by = (Tier.DEALER,)

    line = models.ForeignKey(FaultLine, models.CASCADE, related_name="+")
    ticket_machine = models.ForeignKey(TicketMachine, models.CASCADE, related_name="+")
    product_type = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=60, blank=True)
    serial_number = models.CharField(max_length=40, blank=True)
    ex_factory_on = models.DateField(null=True, blank=True)
    batch = models.CharField(max_length=30, blank=True)
    unknown_reason = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "line", "ticket_machine"], name="fault_line_machine_unique")
        ]


class PartLine(Shared):
    """A part fitted (配件明细). supply_number, supply_photo: proof for key parts that the dealer bought himself."""

    deletable_by = (Tier.DEALER,)
    outside = Outside("slip_id", "slip")

    slip = models.ForeignKey(Slip, models.CASCADE, related_name="+")
    sequence = models.PositiveSmallIntegerField(default=1)
    part = models.ForeignKey(Part, models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField(_("part number"), max_length=40)
    name = models.CharField(_("part name"), max_length=60)
    unit = models.CharField(_("unit"), max_length=8, default="件")
    quantity = models.DecimalField(_("quantity"), max_digits=8, decimal_places=2, default=1)
    source = models.CharField(_("source"), max_length=16, choices=PartSource)
    new_serial = models.CharField(_("new part's number"), max_length=40, blank=True)
    old_serial = models.CharField(_("old part's number"), max_length=40, blank=True)
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=2, null=True, blank=True)
    return_old = models.BooleanField(_("old part goes back"), default=False)
    causal = models.BooleanField(_("causal part"), default=True)
    supply_number = models.CharField(_("number on the part or its box"), max_length=40, blank=True)
    supply_photo = models.ForeignKey(Photo, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["dealer", "slip", "sequence"], name="part_line_sequence_unique"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="part_quantity_positive"),
        ]


class SlipFile(Shared):
    """One of the three kept PDF files of a frozen slip; each copy has its own right (docs/isolation.md).

    shared_with_maker is set for the manufacturer's copy only.
    """

    writable_columns = SHARING_ONLY
    outside = Outside("slip_id", "slip", only=("copy", Copy.CUSTOMER.value))

    slip = models.ForeignKey(Slip, models.PROTECT, related_name="+")
    copy = models.CharField(max_length=8, choices=Copy)
    file = models.FileField(max_length=200)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealer", "slip", "copy"], name="slip_copy_unique")]
