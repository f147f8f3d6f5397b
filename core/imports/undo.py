"""Take back what an import wrote, where nobody has changed or used it since."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from core.imports.kinds import Kept, Written
from core.tenancy import Viewer

BATCH = 1_000


def take_back(
    viewer: Viewer,
    model: Any,
    written: Sequence[Written],
    now: datetime,
    *,
    name: Callable[[Any], str],
    restored: Callable[[Any], None] = lambda row: None,
) -> list[Kept]:
    """Delete what was made and give back the former values of what was changed; in the caller's transaction.

    Kept is what has another version than the import left, and what any other row refers to. name: how people call a row.
    restored: called before a changed row is saved. The model needs `version` and the viewer's right to delete.
    """
    kept: list[Kept] = []
    by_pk = {one.pk: one for one in written}
    keys = list(by_pk)
    for start in range(0, len(keys), BATCH):
        some = model.objects.visible_to(viewer).filter(pk__in=keys[start : start + BATCH]).order_by("pk")
        rows = {row.pk: row for row in some.select_for_update()}
        gone: list[int] = []
        for pk, row in rows.items():
            one = by_pk[pk]
            if row.version != one.version:
                kept.append(Kept(name(row), _("was changed since")))
            elif one.before is None:
                gone.append(pk)
            else:
                _restore(row, one.before, restored)
        used = referred(model, gone)
        kept += [Kept(name(rows[pk]), _("is in use")) for pk in gone if pk in used]
        kept += _delete(viewer, model, {pk: rows[pk] for pk in gone if pk not in used}, name)
    return kept


def referred(model: type[models.Model], keys: Sequence[int]) -> set[int]:
    """Which of these rows another row points at, in whatever room; as far as the viewer's role sees those."""
    used: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or relation.related_model is None:
            continue
        field = relation.field
        related: Any = field.model
        if field.many_to_many or not hasattr(field, "attname") or related._meta.abstract:
            continue
        rows = related._base_manager.filter(**{f"{field.attname}__in": keys}).order_by()
        used.update(rows.values_list(field.attname, flat=True).distinct())
    return used


def _restore(row: Any, before: dict[str, Any], restored: Callable[[Any], None]) -> None:
    for field_name, value in before.items():
        field = row._meta.get_field(field_name)
        setattr(row, field.attname, field.to_python(value))
    restored(row)
    row.version += 1
    row.save()


def _delete(viewer: Viewer, model: Any, rows: dict[int, Any], name: Callable[[Any], str]) -> list[Kept]:
    """Delete together; when a row that nobody here may see stands in the way, one by one."""
    if not rows or _deleted(viewer, model, list(rows)):
        return []
    return [Kept(name(row), _("is in use")) for pk, row in rows.items() if not _deleted(viewer, model, [pk])]


def _deleted(viewer: Viewer, model: Any, keys: list[int]) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            model.objects.visible_to(viewer).filter(pk__in=keys).delete()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # not at the commit, where nothing could be kept any more
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except (IntegrityError, ProtectedError):
        return False
    return True
