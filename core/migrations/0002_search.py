"""The search table, its functions and the pinyin initials of 20,000 characters. Locks nothing that exists."""

from pathlib import Path
from typing import Any

from django.db import migrations

FOLDER = Path(__file__).resolve().parent.parent / "sql"
SQL = "\n".join((FOLDER / name).read_text() for name in ("search_words.sql", "search.sql"))
UNDO = """
DROP FUNCTION core_search(text, tsquery, integer);
DROP FUNCTION core_search_forget();
DROP FUNCTION core_search_keep(text, bigint, timestamptz, bigint, bigint, bigint, boolean, text[]);
DROP FUNCTION core_search_private(text, boolean);
DROP FUNCTION core_search_words(text, boolean);
DROP TABLE core_search;
DROP TABLE core_pinyin;
"""


def fill_initials(apps: Any, schema_editor: Any) -> None:
    """Every character with the first letter of each of its readings: 长 has c and z."""
    from core.search import initials

    read = sorted((char, "".join(sorted(letters))) for char, letters in initials())
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_pinyin SELECT * FROM unnest(%s::text[], %s::text[])",
            [[char for char, _letters in read], [letters for _char, letters in read]],
        )
        cursor.execute("ANALYZE core_pinyin")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.RunSQL(SQL, UNDO),
        migrations.RunPython(fill_initials, migrations.RunPython.noop),
    ]
