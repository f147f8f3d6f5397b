"""The function by which the tick learns for whom to plan nightly work. Locks nothing."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "active_dealers.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_slip_saved_by"), ("partners", "0001_initial")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION tickets_active_dealers()")]
