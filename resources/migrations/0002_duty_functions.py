"""What partners and people without account may know of the roster, as functions. Locks nothing."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "duty.sql").read_text()
UNDO = """
DROP FUNCTION resources_public_duty(timestamptz);
DROP FUNCTION resources_partner_duty(timestamptz);
DROP FUNCTION resources_duty_of(bigint, timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("resources", "0001_duty_roster")]
    operations = [migrations.RunSQL(SQL, UNDO)]
