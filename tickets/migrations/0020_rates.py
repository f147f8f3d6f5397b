"""What the rates are made of: city tier and whether a clock counts, three indexes that answer them alone; the reason of a late arrival.

Columns come with a default of the database, so the program of before goes on writing. All clocks are written once and the indexes close
their table meanwhile (20 s for a million tickets). Arrivals of before are not asked for a reason.
"""

from django.db import migrations, models

FILL = """
UPDATE tickets_clock c SET
    city_tier = t.city_tier,
    counts = c.ended = '' AND NOT (c.round = t.round AND t.state IN ('cancelled', 'merged')),
    bucket = CASE WHEN c.bucket = '' AND c.kind <> 'response' AND EXISTS (
        SELECT FROM tickets_clockpause p WHERE p.ticket_id = c.ticket_id AND p.round = c.round AND p.reversed_at IS NULL
        AND (c.kind = 'solve' OR NOT p.solve_only)
    ) THEN 'paused' ELSE c.bucket END
FROM tickets_ticket t WHERE t.id = c.ticket_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0007_job_for_partner"),
        ("tickets", "0019_turns_of_clocks"),
    ]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="city_tier",
            field=models.CharField(
                blank=True,
                choices=[("capital", "provincial capital"), ("other", "other city")],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="counts",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="clock",
            name="late_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="ticket",
            name="late_unexplained",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="clock",
            name="bucket",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "promise"),
                    ("answered", "answered at the report"),
                    ("appointment", "appointment"),
                    ("paused", "with pauses"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="late_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("previous_job", "the job before took longer"),
                    ("sent_late", "nobody was free, or sent too late"),
                    ("traffic", "traffic, the car"),
                    ("weather", "weather, road closed"),
                    ("part", "part or tool had to be fetched"),
                    ("address", "address wrong or hard to find"),
                    ("customer", "customer not ready"),
                    ("other", "another reason"),
                ],
                max_length=200,
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("counts", True)),
                fields=["dealer", "started_at"],
                include=(
                    "manufacturer",
                    "kind",
                    "state",
                    "bucket",
                    "city_tier",
                    "used_minutes",
                    "met_at",
                    "due_at",
                    "late_reason",
                ),
                name="clock_dealer_rates",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("counts", True), ("shared_with_maker", True)),
                fields=["office", "started_at"],
                include=(
                    "dealer",
                    "kind",
                    "state",
                    "bucket",
                    "city_tier",
                    "used_minutes",
                    "met_at",
                    "due_at",
                    "late_reason",
                ),
                name="clock_office_rates",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("counts", True), ("shared_with_maker", True)),
                fields=["manufacturer", "started_at"],
                include=(
                    "dealer",
                    "kind",
                    "state",
                    "bucket",
                    "city_tier",
                    "used_minutes",
                    "met_at",
                    "due_at",
                    "late_reason",
                ),
                name="clock_maker_rates",
            ),
        ),
    ]
