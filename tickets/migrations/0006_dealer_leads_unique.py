"""Unique constraints begin with the dealer, and lines are frozen after the policies have answered: neither tells of a foreign row.

Locks the tables of tickets while their indexes are made again.
"""

from pathlib import Path

from django.db import migrations, models

LINES = (Path(__file__).resolve().parent.parent / "sql" / "frozen_lines.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [
        ("equipment", "0002_who_changed_last"),
        ("partners", "0003_partnership_terms"),
        ("tickets", "0005_slip_saved_from"),
    ]

    operations = [
        migrations.RunSQL(LINES, "DROP FUNCTION tickets_line_frozen() CASCADE"),
        migrations.RemoveConstraint(
            model_name="assignment",
            name="one_active_lead_per_ticket",
        ),
        migrations.RemoveConstraint(
            model_name="assignment",
            name="assigned_once_per_ticket",
        ),
        migrations.RemoveConstraint(
            model_name="faultline",
            name="fault_line_sequence_unique",
        ),
        migrations.RemoveConstraint(
            model_name="faultlinemachine",
            name="fault_line_machine_unique",
        ),
        migrations.RemoveConstraint(
            model_name="partline",
            name="part_line_sequence_unique",
        ),
        migrations.RemoveConstraint(
            model_name="slip",
            name="one_valid_slip_per_round",
        ),
        migrations.RemoveConstraint(
            model_name="slipfile",
            name="slip_copy_unique",
        ),
        migrations.RemoveConstraint(
            model_name="ticketmachine",
            name="ticket_machine_unique",
        ),
        migrations.RemoveConstraint(
            model_name="trip",
            name="trip_sequence_unique",
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True), ("is_lead", True)),
                fields=("dealer", "ticket"),
                name="one_active_lead_per_ticket",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)),
                fields=("dealer", "ticket", "person_id"),
                name="assigned_once_per_ticket",
            ),
        ),
        migrations.AddConstraint(
            model_name="faultline",
            constraint=models.UniqueConstraint(
                fields=("dealer", "slip", "sequence"), name="fault_line_sequence_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="faultlinemachine",
            constraint=models.UniqueConstraint(
                fields=("dealer", "line", "ticket_machine"), name="fault_line_machine_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="partline",
            constraint=models.UniqueConstraint(fields=("dealer", "slip", "sequence"), name="part_line_sequence_unique"),
        ),
        migrations.AddConstraint(
            model_name="slip",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "void"), _negated=True),
                fields=("dealer", "ticket", "round"),
                name="one_valid_slip_per_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="slipfile",
            constraint=models.UniqueConstraint(fields=("dealer", "slip", "copy"), name="slip_copy_unique"),
        ),
        migrations.AddConstraint(
            model_name="ticketmachine",
            constraint=models.UniqueConstraint(fields=("dealer", "ticket", "machine"), name="ticket_machine_unique"),
        ),
        migrations.AddConstraint(
            model_name="trip",
            constraint=models.UniqueConstraint(
                fields=("dealer", "ticket", "round", "sequence"), name="trip_sequence_unique"
            ),
        ),
    ]
