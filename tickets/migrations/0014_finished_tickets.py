"""Finished tickets by month for the boards, of dealer, office and manufacturer. Locks writes on tickets for less than a second per 100,000 of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0011_signed_without_signal"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", False)),
                fields=["dealer", "finished_at"],
                include=("state",),
                name="ticket_dealer_finished",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", False), ("shared_with_maker", True)),
                fields=["office", "finished_at"],
                include=("state",),
                name="ticket_office_finished",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", False), ("shared_with_maker", True)),
                fields=["manufacturer", "finished_at"],
                include=("state",),
                name="ticket_maker_finished",
            ),
        ),
    ]
