"""Channels, deliveries and how people want to be told. New tables; nothing is locked."""

import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

import core.models.base


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_notice_urgent"),
        ("partners", "0005_saved_view"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=core.models.base.public_id, editable=False, max_length=16, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mail", "e-mail"),
                            ("sms", "SMS"),
                            ("wecom", "WeCom robot"),
                            ("dingtalk", "DingTalk robot"),
                            ("feishu", "Feishu robot"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=40)),
                ("key", models.CharField(blank=True, max_length=200)),
                ("key_end", models.CharField(blank=True, max_length=4)),
                ("secret", models.CharField(blank=True, max_length=200)),
                (
                    "groups",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                (
                    "quiet_from",
                    models.TimeField(blank=True, default=datetime.time(22, 0), null=True),
                ),
                (
                    "quiet_to",
                    models.TimeField(blank=True, default=datetime.time(7, 0), null=True),
                ),
                ("active", models.BooleanField(default=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("rests_until", models.DateTimeField(blank=True, null=True)),
                ("ready_at", models.DateTimeField(blank=True, null=True)),
                ("last_success_at", models.DateTimeField(blank=True, null=True)),
                ("last_failure_at", models.DateTimeField(blank=True, null=True)),
                ("last_problem", models.CharField(blank=True, max_length=16)),
                ("last_detail", models.CharField(blank=True, max_length=160)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
            ],
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=core.models.base.public_id, editable=False, max_length=16, unique=True),
                ),
                ("person_id", models.BigIntegerField(blank=True, null=True)),
                ("target", models.CharField(blank=True, max_length=254)),
                ("kind", models.CharField(max_length=40)),
                ("params", models.JSONField(default=dict)),
                ("url", models.CharField(blank=True, max_length=200)),
                ("urgent", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("failed", "will be tried again"),
                            ("sent", "sent"),
                            ("given_up", "given up"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("problem", models.CharField(blank=True, max_length=16)),
                ("detail", models.CharField(blank=True, max_length=160)),
                ("message_id", models.CharField(blank=True, max_length=16)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.channel",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.organisation",
                    ),
                ),
            ],
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Preferences",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("choices", models.JSONField(blank=True, default=dict)),
                (
                    "quiet_from",
                    models.TimeField(blank=True, default=datetime.time(22, 0), null=True),
                ),
                (
                    "quiet_to",
                    models.TimeField(blank=True, default=datetime.time(7, 0), null=True),
                ),
                (
                    "pace",
                    models.CharField(
                        choices=[("at_once", "at once"), ("gathered", "gathered, at 08:00 and 17:00")],
                        default="at_once",
                        max_length=8,
                    ),
                ),
                ("mail", models.CharField(blank=True, max_length=254)),
                ("mail_confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("mail_nonce", models.CharField(blank=True, max_length=16)),
                ("mail_asked_at", models.DateTimeField(blank=True, null=True)),
                ("mail_tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.organisation",
                    ),
                ),
            ],
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ("mail", "sms"))),
                fields=("organisation", "kind"),
                name="channel_personal_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ("wecom", "dingtalk", "feishu")), ("removed_at", None)),
                fields=("organisation", "name"),
                name="channel_name_unique",
                violation_error_message="There is a robot with this name already.",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["organisation", "-id"], name="delivery_list"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["organisation", "state", "-id"], name="delivery_state"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["channel", "-id"], name="delivery_channel"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("kind", "channel_test")), fields=["channel", "-id"], name="delivery_test"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ("waiting", "failed"))),
                fields=["channel", "next_at"],
                name="delivery_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="preferences",
            constraint=models.UniqueConstraint(fields=("organisation", "person_id"), name="preferences_once"),
        ),
    ]
