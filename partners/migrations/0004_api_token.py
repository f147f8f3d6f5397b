"""Tokens of programs, and the function that tells whose a token is. A new table: locks nothing that is in use."""

from pathlib import Path

import django.db.models.manager
from django.db import migrations, models

import core.models.base

SQL = (Path(__file__).resolve().parent.parent / "sql" / "api_token.sql").read_text()


def grant(apps: object, schema_editor: object) -> None:
    from django.conf import settings
    from django.db import connections

    with connections[schema_editor.connection.alias].cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("REVOKE ALL ON FUNCTION partners_api_token(text, timestamptz) FROM PUBLIC")
        cursor.execute(
            f"GRANT EXECUTE ON FUNCTION partners_api_token(text, timestamptz) TO {settings.APPLICATION_DB_USER}"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0003_partnership_terms"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
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
                ("name", models.CharField(max_length=60)),
                ("scope", models.CharField(choices=[("read", "read only"), ("write", "read and write")], max_length=5)),
                ("start", models.CharField(max_length=12)),
                ("token_hash", models.CharField(editable=False, max_length=64)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation_id", "person_id", "-id"], name="api_token_person"),
                    models.Index(fields=["token_hash"], name="api_token_hash"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunSQL(SQL, "DROP FUNCTION partners_api_token(text, timestamptz)"),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
