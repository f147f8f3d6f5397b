"""The function that tells who is looking. Locks nothing."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "viewer.sql").read_text()


def grant(apps: object, schema_editor: object) -> None:
    from django.conf import settings
    from django.db import connections

    with connections[schema_editor.connection.alias].cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("REVOKE ALL ON FUNCTION partners_viewer(bigint, bigint, bigint) FROM PUBLIC")
        cursor.execute(
            f"GRANT EXECUTE ON FUNCTION partners_viewer(bigint, bigint, bigint) TO {settings.APPLICATION_DB_USER}"
        )


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]
    operations = [
        migrations.RunSQL(SQL, "DROP FUNCTION partners_viewer(bigint, bigint, bigint)"),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
