"""The API in the product: every operation on one page, and the OpenAPI document. Drawn by the server: no script, no style of others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from partners.access import Request


@dataclass(frozen=True)
class Entry:
    """A parameter, or an entry of a body or an answer."""

    name: str
    kind: str
    required: bool
    text: str


@dataclass(frozen=True)
class Operation:
    """One thing that the API does."""

    anchor: str
    method: str
    path: str
    summary: str
    text: str
    parameters: list[Entry]
    body: list[Entry]
    answer: list[Entry]
    status: str


@require_GET
def page(request: Request) -> HttpResponse:
    """All operations, by what they are about."""
    context = {"page_title": _("API"), "groups": groups()}
    return render(request, "servicedesk/api_docs.html", context)


@require_GET
def schema(request: Request) -> HttpResponse:
    """The OpenAPI 3.1 document."""
    return HttpResponse(document_text(), content_type="application/vnd.oai.openapi; charset=utf-8")


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, in English whatever language the page has."""
    with translation.override("en"):
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


@cache
def document_text() -> str:
    """The same as YAML, as it stands in docs/openapi.yaml."""
    text: bytes = OpenApiYamlRenderer().render(document(), renderer_context={})  # type: ignore[no-untyped-call]
    return text.decode()


@cache
def groups() -> list[tuple[str, list[Operation]]]:
    """(what it is about, operations) in the document's order."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document()["paths"].items():
        for method, said in methods.items():
            found.setdefault(said["tags"][0], []).append(_operation(path, method, said))
    return list(found.items())


def _operation(path: str, method: str, said: dict[str, Any]) -> Operation:
    parameters = [
        Entry(p["name"], _kind(p["schema"]), p.get("required", False), p.get("description", ""))
        for p in said.get("parameters", [])
    ]
    content: list[dict[str, Any]] = list(said.get("requestBody", {}).get("content", {}).values())
    body = _entries(content[0]["schema"]) if content else []
    status, answer = next(iter(said["responses"].items()))
    answered = answer.get("content", {}).get("application/json", {}).get("schema", {})
    description = said.get("description", "")
    return Operation(
        anchor=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said.get("summary") or description.partition("\n")[0],
        text=description if said.get("summary") else "",
        parameters=parameters,
        body=body,
        answer=_entries(answered),
        status=status,
    )


def _entries(shape: dict[str, Any]) -> list[Entry]:
    shape = _resolved(shape)
    if shape.get("type") == "array":
        shape = _resolved(shape["items"])
    required = shape.get("required", [])
    return [
        Entry(name, _kind(field), name in required, field.get("description", ""))
        for name, field in shape.get("properties", {}).items()
    ]


def _resolved(shape: dict[str, Any]) -> dict[str, Any]:
    for other in (shape, *shape.get("allOf", [])):
        if "$ref" in other:
            found: dict[str, Any] = document()["components"]["schemas"][other["$ref"].rpartition("/")[2]]
            return found
    return shape


def _kind(shape: dict[str, Any]) -> str:
    """What a value is, in a few words: "string, date-time", "array of Photo", one of the choices."""
    if "$ref" in shape:
        found = _resolved(shape)
        return _kind(found) if "enum" in found else str(shape["$ref"].rpartition("/")[2])
    if "enum" in shape:
        return " | ".join(str(value) for value in shape["enum"] if value not in ("", None))
    for name in ("allOf", "oneOf", "anyOf"):
        if name in shape:
            return " | ".join(dict.fromkeys(_kind(part) for part in shape[name]))
    kind = shape.get("type", "")
    if kind == "array":
        return f"array of {_kind(shape['items'])}"
    words = kind if isinstance(kind, str) else "/".join(kind)
    return f"{words}, {shape['format']}" if "format" in shape else words
