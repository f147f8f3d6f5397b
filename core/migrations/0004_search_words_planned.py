"""The words of a text are cut by a function that keeps its plan, also where 0002 has made the one before it; the words are the same.

Locks one function for a moment.
"""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "search_words.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("core", "0003_idempotency_key")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
