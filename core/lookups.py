"""Ways to compare that keep their index under row level security."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Lookup
from django.db.models.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    _TextLookup = Lookup[str]
else:
    _TextLookup = Lookup

LAST = "\U0010ffff"


@CharField.register_lookup
class Begins(_TextLookup):
    """``phone_digits__begins="1990"``: a range on an index with text_pattern_ops.

    LIKE would do the same without policies; under them PostgreSQL does not trust it with foreign rows and reads every row of
    the dealer (reliability.md 1).
    """

    lookup_name = "begins"

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        return f"({left} ~>=~ %s AND {left} ~<~ %s)", (*params, self.rhs, *params, f"{self.rhs}{LAST}")
