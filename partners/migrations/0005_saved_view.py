"""Saved views of lists. A new table: locks nothing that is in use."""

import django.db.models.manager
from django.db import migrations, models

import core.models.base


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0004_api_token"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=core.models.base.public_id, editable=False, max_length=16, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("organisation_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("list_name", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=30)),
                ("query", models.CharField(blank=True, max_length=1000)),
                ("shared", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "person_id", "list_name", "name"), name="saved_view_name_unique"
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
    ]
