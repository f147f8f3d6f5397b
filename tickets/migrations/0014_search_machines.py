"""A machine that comes on to a ticket adds its own search words only. Locks one function for a moment."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "search_machines.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("tickets", "0013_filters")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
