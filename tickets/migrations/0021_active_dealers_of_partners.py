"""The tick asks `partners_active_dealers` now, which every room may use. Locks nothing."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "active_dealers.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("tickets", "0020_rates"), ("partners", "0008_active_dealers")]
    operations = [migrations.RunSQL("DROP FUNCTION tickets_active_dealers()", SQL)]
