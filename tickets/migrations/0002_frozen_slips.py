"""Triggers that refuse changes of a frozen slip. Locks the four tables for a moment."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "frozen.sql").read_text()

UNDO = """
DROP TRIGGER slip_frozen ON tickets_slip;
DROP TRIGGER line_frozen ON tickets_faultline;
DROP TRIGGER line_frozen ON tickets_faultlinemachine;
DROP TRIGGER line_frozen ON tickets_partline;
DROP FUNCTION tickets_slip_frozen();
DROP FUNCTION tickets_line_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]
