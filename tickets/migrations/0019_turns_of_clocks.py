"""A clock may warn anew after an appointment or an exchanged promise; which platforms there are, for the tick.

Columns with a default, no table is rewritten.
"""

from pathlib import Path

from django.db import migrations, models

SQL = (Path(__file__).resolve().parent.parent / "sql" / "platforms.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0007_job_for_partner"),
        ("tickets", "0018_warranty"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="clockring",
            name="clock_ring_once",
        ),
        migrations.AddField(
            model_name="clock",
            name="turn",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="clockring",
            name="turn",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AlterField(
            model_name="clock",
            name="ended",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "not ended"),
                    ("not_needed", "solved by phone"),
                    ("ticket_ended", "cancelled or merged"),
                    ("not_promised", "not promised any more"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="kind",
            field=models.CharField(
                choices=[("unsigned", "slip not signed"), ("part", "part late"), ("paused", "clocks paused")],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="clockpause",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["dealer", "started_at"], name="clock_pause_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="clockring",
            constraint=models.UniqueConstraint(fields=("dealer", "clock", "turn", "threshold"), name="clock_ring_once"),
        ),
        migrations.RunSQL(SQL, "DROP FUNCTION tickets_platforms()"),
    ]
