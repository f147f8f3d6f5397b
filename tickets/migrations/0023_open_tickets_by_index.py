from django.db import migrations, models
from django.db.models import Q

OPEN = [
    "new", "contacted", "appointed", "dispatched", "accepted", "en_route", "arrived", "in_work", "wait_part", "wait_cust", "wait_sign",
]  # fmt: skip


def changes() -> list[migrations.operations.base.Operation]:
    """The three indexes of open tickets by urgency, with what the boards count read along."""
    found: list[migrations.operations.base.Operation] = []
    for name, side, include, shared in (
        ("ticket_dealer_urgent", "dealer", ["state", "manufacturer", "crew_ids"], False),
        ("ticket_office_urgent", "office", ["state", "dealer"], True),
        ("ticket_maker_urgent", "manufacturer", ["state", "dealer"], True),
    ):
        condition = Q(shared_with_maker=True) & Q(state__in=OPEN) if shared else Q(state__in=OPEN)
        index = models.Index(
            fields=[side, "urgency", "-reported_at", "-id"],
            name=name,
            condition=condition,
            include=include,
        )
        found += [migrations.RemoveIndex("ticket", name), migrations.AddIndex("ticket", index)]
    return found


class Migration(migrations.Migration):
    """Indexes only; no row is touched."""

    dependencies = [("tickets", "0022_answers_protect")]

    operations = changes()
