"""The function that writes a job for a partner's organisation. Locks nothing."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "job_for_partner.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("partners", "0006_deputy"), ("core", "0001_initial")]
    operations = [
        migrations.RunSQL(SQL, "DROP FUNCTION job_for_partner(text, text, jsonb, bigint, timestamptz, timestamptz)")
    ]
