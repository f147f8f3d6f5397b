"""One page of a list: cut by key as on the pages (core.paging), with links to the next and the previous one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.problem import FieldError, Invalid
from core.paging import COUNT_CAP, PAGE_SIZE, Orders, cut_page

LARGEST = 100


def page(
    request: Request,
    rows: QuerySet[Any, Any],
    *,
    orders: Orders,
    default: str,
    shape: Callable[[Any], dict[str, Any]],
) -> Response:
    """The page that the address asks for (`limit`, `sort`, `after`, `before`). shape: one row as it is answered.

    Errors: Invalid for a `limit` that is no number from 1 to 100 or an order that is not offered.
    """
    params = request.query_params
    sort = params.get("sort", "")
    if sort and sort.removeprefix("-") not in orders:
        raise Invalid(
            [FieldError("sort", "choice_unknown", _("Choose one of these: %(names)s.") % {"names": ", ".join(orders)})]
        )
    found = cut_page(params, rows, orders=orders, default=default, size=_limit(params.get("limit", "")))
    body = {
        "items": [shape(row) for row in found.rows],
        "count": min(found.count, COUNT_CAP),
        "more_than_count": found.count > COUNT_CAP,
        "next": _link(request, "after", found.after),
        "previous": _link(request, "before", found.before),
    }
    response = Response(body)
    if body["next"]:
        response["Link"] = f'<{body["next"]}>; rel="next"'
    return response


def _limit(text: str) -> int:
    if not text:
        return PAGE_SIZE
    if text.isdecimal() and len(text) < 4 and 1 <= int(text) <= LARGEST:
        return int(text)
    raise Invalid([FieldError("limit", "number_wrong", _("A number from 1 to %(most)s.") % {"most": LARGEST})])


def _link(request: Request, name: str, key: str) -> str | None:
    if not key:
        return None
    params = request.query_params.copy()
    for old in ("after", "before"):
        params.pop(old, None)
    params[name] = key
    return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")


def page_of(item: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """The shape of a page of such items, for the schema."""
    fields = {
        "items": item(many=True),
        "count": serializers.IntegerField(help_text="How many rows fit in all, at most 999."),
        "more_than_count": serializers.BooleanField(help_text="There are more than `count`."),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
    }
    made: serializers.Serializer[Any] = type(f"{item.__name__}Page", (serializers.Serializer,), fields)()
    return made
