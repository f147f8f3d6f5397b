"""The search box asks for all kinds at once. Adds a function, locks nothing."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "search_everything.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("core", "0004_search_words_planned")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION core_search_everything(tsquery, integer, integer)")]
