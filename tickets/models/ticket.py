from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, JSONField, Q, Value
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Outside, Tier
from equipment.models import Customer, Machine
from partners.models import Shared
from tickets.enums import (
    OPEN,
    Channel,
    CityTier,
    ClockKind,
    EntryKind,
    FollowUpResult,
    PhotoSlot,
    PhotoSource,
    Source,
    TicketState,
    Transport,
    Urgency,
    WarrantyOutcome,
)

#: rows that are written once: only sharing may touch them afterwards
SHARING_ONLY: dict[Tier, tuple[str, ...]] = {
    Tier.DEALER: ("office_id", "shared_with_maker"),
    Tier.OFFICE: (),
    Tier.HQ: (),
}


def maker_side(
    table: str, order: str, column: str = "", *, name: str = "", condition: Q | None = None, include: Sequence[str] = ()
) -> tuple[models.Index, models.Index]:
    """Indexes for the lists of office and HQ: of what is shared with them, in the list's order, narrowed by a column.

    name: what it is narrowed to, in the index's name, when that is not the column. condition: a further one. include: read along, so
    that the table itself is not.
    """
    shared = Q(shared_with_maker=True) & condition if condition else Q(shared_with_maker=True)
    ending = "".join(f"_{word}" for word in (name or column.partition("_")[0],) if word)
    office, maker = (
        models.Index(
            fields=[side, *filter(None, [column]), order, "-id"],
            name=f"{table}_{short}{ending}",
            condition=shared,
            include=include,
        )
        for side, short in (("office", "office"), ("manufacturer", "maker"))
    )
    return office, maker


#: default of a column that holds a list as JSON, also for rows that an earlier version of the program writes
EMPTY_LIST = Value([], JSONField())


class Ticket(Shared, Stamped):
    """A fault report and the work on it (报修单). Carries its own copy of customer and site, so that the manufacturer's
    side never reads the dealer's customer table.

    reported_at: t0, when the customer first told (not when it was typed: recorded_at). round: 1, and one more for
    each 返修. finished_at: 完工时间 of the present round. lead_*: the technician who accepts and signs. crew_ids: he and
    his companions while they are sent; worked_ids: all who were on site (or solved it by phone) in any round.
    complained_at: when the customer complained by his link, until complaints have a room of their own.
    city_tier: of the site, for the promise of arrival. burns_at, burns: the next due time among its running clocks, and of which. held: a
    pause is open. late_unexplained: the arrival of the present round was late, and nobody has said why.
    supported_since: 厂家支持中, while an escalation is open. referral: what made it (the dealer's own row); referred_by: who
    sent it; transfer_asked_at: 申请改派 is open; customer_reported_at: when the customer told the manufacturer.
    warranty, judgement: 三包初判, then what the present slip says: the result that wants a look first, and all of it by machine and fault
    (calculations/judgement.py). cost, import_key: only for imported history. city_key: the city without 市, for the filter that takes both.
    """

    outside = Outside("id", "ticket")

    number = models.CharField(max_length=30)
    state = models.CharField(max_length=12, choices=TicketState, default=TicketState.NEW)
    source = models.CharField(_("source"), max_length=16, choices=Source, default=Source.PHONE)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    branch = models.CharField(max_length=40, blank=True)

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    customer_name = models.CharField(max_length=60)
    industry = models.CharField(max_length=40, blank=True)
    province = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=30, blank=True)
    city_key = models.GeneratedField(
        expression=Func(F("city"), Value("市$"), Value(""), function="regexp_replace"),
        output_field=models.CharField(max_length=30),
        db_persist=True,
    )
    district = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=100, blank=True)
    contact = models.CharField(max_length=20, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    reporter = models.CharField(_("reported by"), max_length=20, blank=True)
    reporter_phone = models.CharField(_("reporter's telephone"), max_length=30, blank=True)
    model_summary = models.CharField(max_length=120, blank=True)

    fault = models.CharField(_("reported fault"), max_length=200)
    reported_at = models.DateTimeField(_("reported at"))
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=60, blank=True)

    round = models.PositiveSmallIntegerField(default=1)
    is_rework = models.BooleanField(default=False)
    round_started_at = models.DateTimeField()
    contacted_at = models.DateTimeField(null=True, blank=True)
    contact_channel = models.CharField(max_length=10, choices=Channel, blank=True)
    appointment_at = models.DateTimeField(null=True, blank=True)
    appointment_with = models.CharField(max_length=20, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    lead_person_id = models.BigIntegerField(null=True, blank=True)
    lead_name = models.CharField(max_length=60, blank=True)
    crew_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    worked_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    wait_reason = models.CharField(max_length=200, blank=True)
    follow_up = models.CharField(max_length=12, choices=FollowUpResult, blank=True)
    follow_up_note = models.CharField(max_length=200, blank=True)
    complained_at = models.DateTimeField(null=True, blank=True)
    city_tier = models.CharField(max_length=8, choices=CityTier, blank=True)
    burns_at = models.DateTimeField(null=True, blank=True)
    burns = models.CharField(max_length=8, choices=ClockKind, blank=True)
    held = models.BooleanField(default=False)
    late_unexplained = models.BooleanField(default=False, db_default=False)
    warranty = models.CharField(
        max_length=10, choices=WarrantyOutcome, blank=True, default="", db_default="", editable=False
    )
    judgement = JSONField(default=list, db_default=EMPTY_LIST, blank=True, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(max_length=200, blank=True)
    supported_since = models.DateTimeField(null=True, blank=True)
    referral = models.ForeignKey(
        "tickets.Referral", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    referred_by = models.CharField(max_length=80, blank=True, default="", db_default="")
    transfer_asked_at = models.DateTimeField(null=True, blank=True)
    customer_reported_at = models.DateTimeField(null=True, blank=True)
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    import_key = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "number"], name="ticket_number_unique"),
            models.UniqueConstraint(
                fields=["dealer", "import_key"], condition=~Q(import_key=""), name="ticket_import_key_unique"
            ),
        ]
        indexes = [
            # lists: tenant first, order last (benchmarks/README.md)
            models.Index(fields=["dealer", "-reported_at", "-id"], name="ticket_dealer"),
            models.Index(fields=["dealer", "state", "-reported_at", "-id"], name="ticket_dealer_state"),
            models.Index(
                fields=["dealer", "-reported_at", "-id"], name="ticket_dealer_open", condition=Q(state__in=OPEN)
            ),
            models.Index(fields=["dealer", "customer", "-reported_at"], name="ticket_customer"),
            models.Index(fields=["dealer", "lead_person_id", "-reported_at"], name="ticket_lead"),
            # each filter alone, common or rare: what is read is what is shown (tests/performance/test_plans.py)
            models.Index(fields=["dealer", "city_key", "-reported_at", "-id"], name="ticket_dealer_city"),
            models.Index(fields=["dealer", "lead_name", "-reported_at", "-id"], name="ticket_dealer_lead"),
            models.Index(fields=["dealer", "manufacturer", "-reported_at", "-id"], name="ticket_dealer_maker"),
            *maker_side("ticket", "-reported_at"),
            models.Index(
                fields=["office", "dealer", "-reported_at", "-id"],
                name="ticket_office_dealer",
                condition=Q(shared_with_maker=True),
            ),
            *maker_side("ticket", "-reported_at", "state"),
            *maker_side("ticket", "-reported_at", "city_key"),
            *maker_side("ticket", "-reported_at", "lead_name"),
            models.Index(fields=["dealer", "urgency", "-reported_at", "-id"], name="ticket_dealer_urgency"),
            *maker_side("ticket", "-reported_at", "urgency"),
            models.Index(fields=["dealer", "warranty", "-reported_at", "-id"], name="ticket_dealer_warranty"),
            *maker_side("ticket", "-reported_at", "warranty"),
            *maker_side("ticket", "-reported_at", name="open", condition=Q(state__in=OPEN)),
            models.Index(
                fields=["dealer", "reported_at"],
                name="ticket_referred_new",
                condition=Q(state=TicketState.NEW, referral__isnull=False),
            ),
            models.Index(
                fields=["manufacturer", "referral"], name="ticket_referral", condition=Q(referral__isnull=False)
            ),
            # which technicians lead open tickets, for the filter's choices on every list
            models.Index(fields=["dealer", "lead_name"], name="ticket_dealer_leads", condition=Q(state__in=OPEN)),
            *(
                models.Index(
                    fields=[side, "lead_name"],
                    name=f"ticket_{short}_leads",
                    condition=Q(shared_with_maker=True, state__in=OPEN),
                )
                for side, short in (("office", "office"), ("manufacturer", "maker"))
            ),
            # what burns first: the next due time of an open ticket (domain.md 5.2)
            models.Index(
                fields=["dealer", "burns_at", "-id"],
                name="ticket_dealer_burns",
                condition=Q(state__in=OPEN, burns_at__isnull=False),
            ),
            *(
                models.Index(
                    fields=[side, "burns_at", "-id"],
                    name=f"ticket_{short}_burns",
                    condition=Q(shared_with_maker=True, state__in=OPEN, burns_at__isnull=False),
                )
                for side, short in (("office", "office"), ("manufacturer", "maker"))
            ),
            # the boards: what burns first, what was finished in half a year
            models.Index(
                fields=["dealer", "urgency", "-reported_at", "-id"],
                name="ticket_dealer_urgent",
                condition=Q(state__in=OPEN),
                include=["state", "manufacturer", "crew_ids"],
            ),
            *maker_side(
                "ticket",
                "-reported_at",
                "urgency",
                name="urgent",
                condition=Q(state__in=OPEN),
                include=["state", "dealer"],
            ),
            models.Index(
                fields=["dealer", "-finished_at", "-id"],
                name="ticket_dealer_finished",
                condition=Q(finished_at__isnull=False),
                include=["state"],
            ),
            *maker_side(
                "ticket", "-finished_at", name="finished", condition=Q(finished_at__isnull=False), include=["state"]
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def site(self) -> str:
        """The address of the job in one line."""
        return "".join([self.province, self.city if self.city != self.province else "", self.district, self.address])


class TicketMachine(Shared):
    """A machine on a ticket, with the copy of its data that the manufacturer may know. All of one maker.

    unknown_reason: why number or ex-factory date stay 不详 on the slip.
    """

    deletable_by = (Tier.DEALER,)

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    machine = models.ForeignKey(Machine, models.PROTECT, related_name="+")
    product_type = models.CharField(max_length=40)
    model = models.CharField(max_length=60)
    serial_number = models.CharField(max_length=40, blank=True)
    ex_factory_on = models.DateField(null=True, blank=True)
    batch = models.CharField(max_length=30, blank=True)
    location = models.CharField(max_length=60, blank=True)
    conditions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    unknown_reason = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealer", "ticket", "machine"], name="ticket_machine_unique")]
        indexes = [
            models.Index(fields=["dealer", "machine"], name="ticket_machine_history"),
            # earlier repairs of a machine by its exact number (sql/machine_repairs.sql)
            models.Index(
                fields=["manufacturer", "serial_number"], name="ticket_machine_serial", condition=~Q(serial_number="")
            ),
        ]


class Assignment(Shared):
    """A technician sent to a ticket: one lead and any number of companions per dispatch; kept when it ends."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, blank=True)
    is_lead = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "ticket"], condition=Q(active=True, is_lead=True), name="one_active_lead_per_ticket"
            ),
            models.UniqueConstraint(
                fields=["dealer", "ticket", "person_id"], condition=Q(active=True), name="assigned_once_per_ticket"
            ),
        ]
        indexes = [
            models.Index(fields=["ticket"], name="assignment_ticket"),
            models.Index(
                fields=["dealer", "person_id", "-assigned_at"], name="assignment_person", condition=Q(active=True)
            ),
        ]


class Trip(Shared):
    """One trip to the site (上门记录). km: one way. nights: spent away. manual_reason: why a time was typed by hand.

    A trip that never arrived (handed back on the way) is thrown away when the next one begins.
    """

    deletable_by = (Tier.DEALER,)

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    sequence = models.PositiveSmallIntegerField()
    set_out_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    people = ArrayField(models.CharField(max_length=60), default=list)
    km = models.DecimalField(max_digits=7, decimal_places=1, null=True, blank=True)
    nights = models.PositiveSmallIntegerField(default=0)
    transport = models.CharField(max_length=10, choices=Transport, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    accuracy_m = models.PositiveIntegerField(null=True, blank=True)
    manual_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["round", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["dealer", "ticket", "round", "sequence"], name="trip_sequence_unique"),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(arrived_at=None) | Q(left_at__gt=models.F("arrived_at")),
                name="trip_leaves_after_arriving",
                violation_error_message=_("The departure must be later than the arrival."),
            ),
        ]
        indexes = [models.Index(fields=["ticket"], name="trip_ticket")]


class Entry(Shared):
    """One line of a ticket's timeline: a step with from and to, a note, a logged call, a photo, a changed fact.

    Append-only. Carries the author's name and organisation as they were. internal: never shared with the maker.
    at: when it happened; recorded_at: when it was written down.
    """

    writable_columns = SHARING_ONLY

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6, choices=EntryKind)
    verb = models.CharField(max_length=20, blank=True)
    source_state = models.CharField(max_length=12, blank=True)
    target_state = models.CharField(max_length=12, blank=True)
    text = models.CharField(max_length=500, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    internal = models.BooleanField(default=False)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=60, blank=True)
    author_organisation = models.CharField(max_length=80, blank=True)
    author_tier = models.CharField(max_length=10, blank=True)

    class Meta:
        indexes = [models.Index(fields=["ticket", "-at", "-id"], name="entry_ticket")]


class Photo(Shared, Stamped):
    """A photo on a ticket, re-encoded and stamped; slot names what it must show. op: the phone's key, sent once.

    taken_at: the phone's clock, corrected by the server's; recorded_at: when it arrived. sha256: of what was sent;
    look: perceptual hash, 16 hex digits.
    """

    deletable_by = (Tier.DEALER,)

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    slot = models.CharField(max_length=10, choices=PhotoSlot)
    file = models.FileField(max_length=200)
    thumbnail = models.FileField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    look = models.CharField(max_length=16, blank=True)
    source = models.CharField(max_length=8, choices=PhotoSource)
    taken_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=60, blank=True)
    internal = models.BooleanField(default=False)
    op = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealer", "op"], name="photo_sent_once")]
        indexes = [models.Index(fields=["ticket", "id"], name="photo_ticket")]
