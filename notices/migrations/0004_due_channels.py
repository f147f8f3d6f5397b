"""The function by which the tick learns which channels have something to send. Locks nothing."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "due_channels.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_channels")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION notices_due_channels(timestamptz)")]
