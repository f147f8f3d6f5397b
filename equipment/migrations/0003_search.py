"""Customers and machines in the search table. Reads both tables once."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "search.sql").read_text()
UNDO = """
DROP FUNCTION equipment_machine_words() CASCADE;
DROP FUNCTION equipment_customer_words() CASCADE;
DROP FUNCTION equipment_machine_keep(equipment_machine);
DROP FUNCTION equipment_customer_keep(equipment_customer);
"""


class Migration(migrations.Migration):
    dependencies = [("equipment", "0002_who_changed_last"), ("core", "0002_search")]
    operations = [migrations.RunSQL(SQL, UNDO)]
