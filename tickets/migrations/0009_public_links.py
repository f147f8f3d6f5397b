"""Links for people without account, the function that resolves them, the mark of a complaint.

Adds tables and a nullable column; locks tickets for the moment of adding it.
"""

from pathlib import Path

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

import core.models.base

SQL = (Path(__file__).resolve().parent.parent / "sql" / "resolve_link.sql").read_text()


def grant(apps: object, schema_editor: object) -> None:
    from django.conf import settings
    from django.db import connections

    with connections[schema_editor.connection.alias].cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            f"GRANT EXECUTE ON FUNCTION resolve_link(text, text, timestamptz) TO {settings.APPLICATION_DB_USER}"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("equipment", "0002_who_changed_last"),
        ("partners", "0003_partnership_terms"),
        ("tickets", "0008_print_shop"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkTries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=90, unique=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="ticket",
            name="complained_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="PublicLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("machine", "sticker of a machine"),
                            ("dealer", "report page of a dealer"),
                            ("proof", "proof of a slip"),
                            ("progress", "progress of a ticket"),
                            ("sign", "signature on the customer's phone"),
                        ],
                        max_length=8,
                    ),
                ),
                ("token_hash", models.CharField(max_length=64)),
                ("nonce", models.CharField(default=core.models.base.public_id, editable=False, max_length=16)),
                ("op", models.CharField(blank=True, max_length=40)),
                ("made_by", models.CharField(blank=True, max_length=60)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "dealer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
                (
                    "slip",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.slip",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["token_hash"], name="public_link_token"),
                    models.Index(fields=["slip"], name="public_link_slip"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("dealer", "token_hash"), name="public_link_token_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "progress")),
                        fields=("dealer", "ticket"),
                        name="one_progress_link_per_ticket",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("op", ""), _negated=True),
                        fields=("dealer", "op"),
                        name="public_link_op_unique",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunSQL(SQL, "DROP FUNCTION resolve_link(text, text, timestamptz)"),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
