"""The trigger that refuses changes of a frozen slip. Locks tickets_slip for a moment."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "frozen.sql").read_text()

UNDO = """
DROP TRIGGER slip_frozen ON tickets_slip;
DROP FUNCTION tickets_slip_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]
