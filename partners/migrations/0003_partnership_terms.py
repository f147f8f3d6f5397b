"""A change of terms voids the confirmations. Locks the partnerships for a moment."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "partnership.sql").read_text()

UNDO = """
DROP TRIGGER partnership_terms ON partners_partnership;
DROP FUNCTION partners_partnership_terms();
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0002_viewer_function")]
    operations = [migrations.RunSQL(SQL, UNDO)]
