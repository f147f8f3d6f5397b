"""The function by which the tick learns for whom to plan daily work, for every room. Locks nothing."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "active_dealers.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("partners", "0007_job_for_partner")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION partners_active_dealers()")]
