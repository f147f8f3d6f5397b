"""Slips are found by the number of their paper form. No row has one yet where this runs for the first time."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "search_slips.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("tickets", "0009_public_links")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
