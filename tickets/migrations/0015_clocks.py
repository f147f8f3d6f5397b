"""Promises, clocks with their pauses and warnings, and on tickets what burns first. Old tickets get no clocks.

New tables; on tickets four columns without rewriting, and three partial indexes (2 s for 100,000 tickets, writes wait meanwhile).
"""

from pathlib import Path

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

import core.models.base

SQL = (Path(__file__).resolve().parent.parent / "sql" / "clocks_due.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [
        ("equipment", "0005_register_of_shipped_machines"),
        ("partners", "0005_saved_view"),
        ("tickets", "0014_search_machines"),
    ]

    operations = [
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=core.models.base.public_id, editable=False, max_length=16, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("shared_with_maker", models.BooleanField(default=False)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "kind",
                    models.CharField(
                        choices=[("response", "response"), ("arrival", "arrival"), ("solve", "solution")], max_length=8
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("met", "met in time"),
                            ("late", "met late"),
                            ("overdue", "overdue"),
                            ("paused", "paused"),
                            ("running", "running"),
                        ],
                        default="running",
                        max_length=8,
                    ),
                ),
                (
                    "bucket",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "promise"),
                            ("answered", "answered at the report"),
                            ("appointment", "appointment"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("allow_minutes", models.PositiveIntegerField()),
                ("windows", models.JSONField(blank=True, null=True)),
                ("appointment_at", models.DateTimeField(blank=True, null=True)),
                ("appointment_made_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("ring_at", models.DateTimeField(blank=True, null=True)),
                ("rung", models.PositiveSmallIntegerField(default=0)),
                ("met_at", models.DateTimeField(blank=True, null=True)),
                ("used_minutes", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not ended"),
                            ("not_needed", "solved by phone"),
                            ("ticket_ended", "cancelled or merged"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("late_reason", models.CharField(blank=True, max_length=200)),
            ],
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ClockPause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shared_with_maker", models.BooleanField(default=False)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("customer_later", "customer wants it later"),
                            ("customer_stop", "waiting until the customer stops the machine"),
                            ("admission", "admission to the plant, fire permit"),
                            ("unreachable", "customer cannot be reached (three calls)"),
                            ("force", "road closed, typhoon, other force majeure"),
                            ("part", "waiting for part"),
                            ("customer", "waiting for customer"),
                        ],
                        max_length=16,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("solve_only", models.BooleanField(default=False)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("by", models.CharField(blank=True, max_length=60)),
                ("reversed_at", models.DateTimeField(blank=True, null=True)),
                ("reversed_by", models.CharField(blank=True, max_length=60)),
                ("reversed_reason", models.CharField(blank=True, max_length=200)),
            ],
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ClockRing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shared_with_maker", models.BooleanField(default=False)),
                ("threshold", models.PositiveSmallIntegerField()),
                ("due_at", models.DateTimeField()),
                ("rung_at", models.DateTimeField()),
            ],
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DistrictTier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("city", models.CharField(max_length=30)),
                ("district", models.CharField(max_length=30)),
                (
                    "tier",
                    models.CharField(
                        choices=[("capital", "provincial capital"), ("other", "other city")], max_length=8
                    ),
                ),
            ],
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shared_with_maker", models.BooleanField(default=False)),
                ("valid_from", models.DateTimeField()),
                ("response_minutes", models.PositiveIntegerField(default=60)),
                ("arrival_capital_minutes", models.PositiveIntegerField(default=240)),
                ("arrival_other_minutes", models.PositiveIntegerField(default=720)),
                ("solve_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("response_windows", models.JSONField(blank=True, null=True)),
                ("arrival_windows", models.JSONField(blank=True, null=True)),
                ("solve_windows", models.JSONField(blank=True, null=True)),
                ("municipalities", models.BooleanField(default=True)),
                ("whole_prefecture", models.BooleanField(default=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(blank=True, max_length=60)),
            ],
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="ticket",
            name="burns",
            field=models.CharField(
                blank=True,
                choices=[("response", "response"), ("arrival", "arrival"), ("solve", "solution")],
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="burns_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="city_tier",
            field=models.CharField(
                blank=True, choices=[("capital", "provincial capital"), ("other", "other city")], max_length=8
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="held",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(
                    ("burns_at__isnull", False),
                    (
                        "state__in",
                        (
                            "new",
                            "contacted",
                            "appointed",
                            "dispatched",
                            "accepted",
                            "en_route",
                            "arrived",
                            "in_work",
                            "wait_part",
                            "wait_cust",
                            "wait_sign",
                        ),
                    ),
                ),
                fields=["dealer", "burns_at", "-id"],
                name="ticket_dealer_burns",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(
                    ("burns_at__isnull", False),
                    ("shared_with_maker", True),
                    (
                        "state__in",
                        (
                            "new",
                            "contacted",
                            "appointed",
                            "dispatched",
                            "accepted",
                            "en_route",
                            "arrived",
                            "in_work",
                            "wait_part",
                            "wait_cust",
                            "wait_sign",
                        ),
                    ),
                ),
                fields=["office", "burns_at", "-id"],
                name="ticket_office_burns",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(
                    ("burns_at__isnull", False),
                    ("shared_with_maker", True),
                    (
                        "state__in",
                        (
                            "new",
                            "contacted",
                            "appointed",
                            "dispatched",
                            "accepted",
                            "en_route",
                            "arrived",
                            "in_work",
                            "wait_part",
                            "wait_cust",
                            "wait_sign",
                        ),
                    ),
                ),
                fields=["manufacturer", "burns_at", "-id"],
                name="ticket_maker_burns",
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="dealer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.organisation",
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="manufacturer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.organisation",
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="office",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.organisation",
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="ticket",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket"),
        ),
        migrations.AddField(
            model_name="clockpause",
            name="dealer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.organisation",
            ),
        ),
        migrations.AddField(
            model_name="clockpause",
            name="manufacturer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.organisation",
            ),
        ),
        migrations.AddField(
            model_name="clockpause",
            name="office",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.organisation",
            ),
        ),
        migrations.AddField(
            model_name="clockpause",
            name="ticket",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket"),
        ),
        migrations.AddField(
            model_name="clockring",
            name="clock",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.clock"),
        ),
        migrations.AddField(
            model_name="clockring",
            name="dealer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.organisation",
            ),
        ),
        migrations.AddField(
            model_name="clockring",
            name="manufacturer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.organisation",
            ),
        ),
        migrations.AddField(
            model_name="clockring",
            name="office",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.organisation",
            ),
        ),
        migrations.AddField(
            model_name="districttier",
            name="dealer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="dealer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.organisation",
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="manufacturer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.organisation",
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="office",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.organisation",
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="promise",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.promise",
            ),
        ),
        migrations.AddIndex(
            model_name="clockpause",
            index=models.Index(fields=["ticket"], name="clock_pause_ticket"),
        ),
        migrations.AddConstraint(
            model_name="clockpause",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at", None), ("ended_at__gte", models.F("started_at")), _connector="OR"),
                name="clock_pause_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="clockring",
            constraint=models.UniqueConstraint(fields=("dealer", "clock", "threshold"), name="clock_ring_once"),
        ),
        migrations.AddConstraint(
            model_name="districttier",
            constraint=models.UniqueConstraint(fields=("dealer", "city", "district"), name="district_tier_unique"),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.UniqueConstraint(
                fields=("dealer", "manufacturer", "valid_from"), name="promise_version_unique"
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(fields=["ticket"], name="clock_ticket"),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("ring_at__isnull", False)), fields=["ring_at", "dealer"], name="clock_ring"
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("ring_at__isnull", False)), fields=["dealer", "ring_at"], name="clock_dealer_ring"
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(fields=("dealer", "ticket", "round", "kind"), name="clock_once_a_round"),
        ),
        migrations.RunSQL(SQL, "DROP FUNCTION tickets_clocks_due(timestamptz, integer)"),
    ]
