"""What the OpenAPI document says on every page: headers, filters, and problems as the answer to everything that is refused."""

from __future__ import annotations

from typing import Any

from django import forms
from drf_spectacular.utils import OpenApiParameter

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the record as it was read; * takes it as it is. 428 without, 412 when somebody changed it.",
)
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="8 to 80 characters. Sent again within 24 hours the request is answered as the first time, and done once.",
)
PAGING = [
    OpenApiParameter("limit", int, description="Rows on a page, 1 to 100; 50 when it is not said."),
    OpenApiParameter("after", str, description="From `next` of the page before."),
    OpenApiParameter("before", str, description="From `previous`."),
    OpenApiParameter("sort", str, description="An order that the list offers; a minus in front turns it round."),
]

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. `code` is for programs, `title` and `detail` for people, in the language of Accept-Language.",
    "required": ["type", "title", "status", "detail", "code", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "instance": {"type": "string", "description": "Number of the request, also in the server's log."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
            },
        },
        "who": {"type": "string", "description": "Who changed the record meanwhile."},
        "when": {"type": "string", "description": "When."},
    },
}


def filters_of(*kinds: type[forms.BaseForm]) -> list[OpenApiParameter]:
    """The fields of filter forms as parameters of the address."""
    found = []
    for kind in kinds:
        base: dict[str, forms.Field] = kind.base_fields  # type: ignore[attr-defined]  # made by the forms' metaclass
        for name, field in base.items():
            choices = [value for value, _label in getattr(field, "choices", ()) if value]
            found.append(OpenApiParameter(name, str, enum=choices or None, description=str(field.label or "")))
    return found


def add_problems(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Every operation may answer a problem; a hook of drf-spectacular."""
    result["components"].setdefault("schemas", {})["Problem"] = _PROBLEM
    answer = {
        "description": "Refused, or a fault",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for methods in result["paths"].values():
        for operation in methods.values():
            operation["responses"]["default"] = answer
    return result
