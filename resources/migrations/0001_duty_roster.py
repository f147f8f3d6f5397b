"""The duty roster: shifts, swaps, log, reminders, settings. New tables: locks nothing that is in use."""

import datetime

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
from django.db import migrations, models

import core.models.base

# One person on main duty at every minute. Ranges of one number stand for the dealer: no extension is needed for that.
NO_OVERLAP = """
ALTER TABLE resources_dutyshift ADD CONSTRAINT duty_shift_no_overlap
    EXCLUDE USING gist (int8range(dealer_id, dealer_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&)
    WHERE (removed_at IS NULL)
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("partners", "0008_active_dealers"),
    ]

    operations = [
        migrations.CreateModel(
            name="DutyShift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=core.models.base.public_id, editable=False, max_length=16, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("day", "day shift"),
                            ("night", "night shift"),
                            ("whole", "whole day"),
                            ("custom", "own hours"),
                        ],
                        max_length=6,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("phone", models.CharField(blank=True, max_length=30)),
                ("note", models.TextField(blank=True, max_length=500)),
                ("changed_by", models.CharField(blank=True, editable=False, max_length=60)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "dealer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.person",
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.person"
                    ),
                ),
            ],
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DutySwap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=core.models.base.public_id, editable=False, max_length=16, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "waits for an answer"),
                            ("agreed", "agreed"),
                            ("declined", "declined"),
                            ("approved", "decided by the desk"),
                            ("rejected", "rejected by the desk"),
                            ("withdrawn", "withdrawn"),
                            ("expired", "expired"),
                            ("overtaken", "the roster was changed"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answered_by", models.CharField(blank=True, max_length=60)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.person"
                    ),
                ),
                (
                    "asked_to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.person"
                    ),
                ),
                (
                    "dealer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="resources.dutyshift",
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="resources.dutyshift"
                    ),
                ),
            ],
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DutyChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=core.models.base.public_id, editable=False, max_length=16, unique=True),
                ),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("added", "added"),
                            ("changed", "changed"),
                            ("removed", "removed"),
                            ("copied", "a week copied"),
                            ("rotated", "planned by rotation"),
                            ("undone", "undone"),
                            ("swapped", "swapped by consent"),
                            ("approved", "swap decided by the desk"),
                            ("handed_over", "handed over"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=60)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("lines", models.JSONField(default=list)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "dealer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["dealer", "-at", "-id"], name="duty_change_recent")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DutyReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("gap", "Gap"), ("holiday", "Holiday")], max_length=8)),
                ("day", models.DateField()),
                ("told_at", models.DateTimeField()),
                (
                    "dealer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("dealer", "kind", "day"), name="duty_reminder_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DutySettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=core.models.base.public_id, editable=False, max_length=16, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("day_from", models.TimeField(default=datetime.time(8, 0))),
                ("day_to", models.TimeField(default=datetime.time(20, 0))),
                ("night_from", models.TimeField(default=datetime.time(20, 0))),
                ("night_to", models.TimeField(default=datetime.time(8, 0))),
                ("whole_from", models.TimeField(default=datetime.time(8, 0))),
                ("whole_to", models.TimeField(default=datetime.time(8, 0))),
                ("shows_public", models.BooleanField(default=False)),
                ("shows_makers", models.BooleanField(default=True)),
                ("changed_by", models.CharField(blank=True, editable=False, max_length=60)),
                (
                    "dealer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("dealer",), name="duty_settings_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="dutyshift",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["dealer", "ends_at"], name="duty_shift_ends"
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyshift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__gt", models.F("starts_at")),
                    (
                        "ends_at__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("starts_at"), "+", models.Value(datetime.timedelta(days=1))
                        ),
                    ),
                ),
                name="duty_shift_within_a_day",
                violation_error_message="A shift lasts at most 24 hours.",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyshift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deputy", None), models.Q(("deputy", models.F("person")), _negated=True), _connector="OR"
                ),
                name="duty_shift_two_people",
                violation_error_message="The same person cannot be main and deputy at once.",
            ),
        ),
        migrations.AddIndex(
            model_name="dutyswap",
            index=models.Index(fields=["dealer", "-asked_at", "-id"], name="duty_swap_recent"),
        ),
        migrations.AddConstraint(
            model_name="dutyswap",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("dealer", "shift"),
                name="duty_swap_one_open",
                violation_error_message="Somebody was asked about this shift already; wait for the answer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyswap",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_to", models.F("asked_by")), _negated=True), name="duty_swap_two_people"
            ),
        ),
        migrations.RunSQL(NO_OVERLAP, "ALTER TABLE resources_dutyshift DROP CONSTRAINT duty_shift_no_overlap"),
    ]
