"""Signatures that were given without signal: the key of the one that counts, and those that took no effect (domain.md 8.5).

Adds a column with a constant default and a table; no long lock."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0004_api_token"),
        ("tickets", "0010_search_paper_numbers"),
    ]

    operations = [
        migrations.AddField(
            model_name="slip",
            name="signed_op",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.CreateModel(
            name="LapsedSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("op", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=300)),
                (
                    "rating",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("5", "very satisfied"),
                            ("4", "satisfied"),
                            ("3", "fair"),
                            ("2", "not satisfied"),
                            ("1", "very dissatisfied"),
                        ],
                        max_length=1,
                    ),
                ),
                ("opinion", models.CharField(blank=True, max_length=200)),
                ("signer", models.CharField(blank=True, max_length=20)),
                ("strokes", models.JSONField(blank=True, null=True)),
                ("technician_strokes", models.JSONField(blank=True, null=True)),
                ("sent_by", models.CharField(max_length=60)),
                ("signed_at", models.DateTimeField()),
                ("arrived_at", models.DateTimeField()),
                (
                    "dealer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
                (
                    "slip",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.slip"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["slip", "-arrived_at"], name="lapsed_signature_slip")],
                "constraints": [models.UniqueConstraint(fields=("dealer", "op"), name="lapsed_signature_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
    ]
