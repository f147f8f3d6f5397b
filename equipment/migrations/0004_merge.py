"""Merges of customers and machines. A new table."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

import core.models.base


class Migration(migrations.Migration):
    dependencies = [
        ("equipment", "0003_search"),
        ("partners", "0003_partnership_terms"),
    ]

    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=core.models.base.public_id, editable=False, max_length=16, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("kind", models.CharField(choices=[("customer", "customer"), ("machine", "machine")], max_length=8)),
                ("kept_id", models.BigIntegerField()),
                ("gone_id", models.BigIntegerField()),
                ("moved", models.JSONField(default=dict)),
                ("facts", models.JSONField(default=dict)),
                ("merged_by", models.CharField(max_length=60)),
                ("merged_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "dealer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["dealer", "kind", "kept_id"], name="merge_kept"),
                    models.Index(fields=["dealer", "kind", "gone_id"], name="merge_gone"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
    ]
