"""Tags and filters for pages: icons, chips, times, money, telephone numbers, signature strokes.

Only format lives here; what a page shows is decided in views and queries (style.md, rule 8).
"""

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core import chips

register = template.Library()

DASH = "–"
MINUS = "−"
SHEETS = ("tokens", "base", "layout", "components", "tickets", "print")


def sheet_names() -> list[str]:
    """The style sheets of every page among the static files."""
    return [f"css/{name}.css" for name in SHEETS] if settings.DEBUG else ["generated/site.css"]


@register.simple_tag
def stylesheets() -> SafeString:
    """Links to the style sheets: the one made at set-up (ops/styles.py), with DEBUG those it is made of."""
    return format_html_join("", '<link rel="stylesheet" href="{}">', ((static(sheet),) for sheet in sheet_names()))


@register.simple_tag
def portal_script() -> SafeString:
    """The script of every page: the file made at set-up (ops/scripts.py), with DEBUG the module itself."""
    script = "js/app.js" if settings.DEBUG else "generated/portal.js"
    return format_html('<script type="module" src="{}"></script>', static(script))


@register.simple_tag
@lru_cache(maxsize=1)
def mark() -> SafeString:
    """The portal's icon as an address that holds the picture itself: a file would cost a request and its headers."""
    drawing = (settings.BASE_DIR / "static" / "img" / "mark.svg").read_text(encoding="utf-8").strip().replace('"', "'")
    return SafeString("data:image/svg+xml," + quote(drawing, safe=" =:/'(),"))


class _Kept:
    """Drawings by everything they depend on, in this process; all are forgotten when there are too many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._drawn: dict[Hashable, str] = {}

    def get(self, key: Hashable, draw: Callable[[], str]) -> str:
        """The drawing of this key, made by `draw` the first time."""
        drawn = self._drawn.get(key)
        if drawn is None:
            if len(self._drawn) >= self._most:
                self._drawn.clear()
            drawn = self._drawn[key] = draw()
        return drawn


_frames, _rows, _widgets = _Kept(2048), _Kept(10_000), _Kept(512)
CSRF_HERE, ADDRESS_HERE = "csrfTokenComesHere", "addressComesHere"


@register.simple_tag(takes_context=True)
def kept(context: template.Context, name: str) -> SafeString:
    """Include a part of the frame that is the same at every page: drawn once per process for each `portal.key`.

    What differs at each request is put in afterwards: the CSRF token, and `address`, the page itself, for its forms to lead back.
    A part may depend on nothing else than `portal`, `request.COOKIES.nav` and the language.
    """
    request = context["request"]
    address = escape(request.get_full_path())
    key = getattr(context.get("portal"), "key", None)
    token = str(context.get("csrf_token", ""))
    if key is None:
        with context.push(address=address):
            return mark_safe(_draw(context, name))  # noqa: S308  # a template of ours
    with context.push(csrf_token=CSRF_HERE, address=ADDRESS_HERE):
        drawn = _frames.get((name, key), lambda: _draw(context, name))
    return mark_safe(drawn.replace(CSRF_HERE, token).replace(ADDRESS_HERE, address))  # noqa: S308  # token and address are escaped


@register.simple_tag(takes_context=True)
def kept_rows(context: template.Context, name: str, rows: Sequence[Hashable]) -> SafeString:
    """The rows of a list, each drawn once per process: a row is a frozen dataclass of finished texts, and its drawing depends on nothing else."""
    language = get_language() or ""

    def draw(row: Hashable) -> str:
        with context.push(rows=[row]):
            return _draw(context, name)

    return mark_safe("".join(_rows.get((name, language, row), partial(draw, row)) for row in rows))  # noqa: S308  # drawn by templates


@register.simple_tag
def kept_widget(field: BoundField) -> SafeString:
    """A filter's field without its label, drawn once per process for each value and set of choices."""
    choices = tuple((str(value), str(label)) for value, label in getattr(field.field, "choices", ()))
    attrs = tuple(sorted((name, str(value)) for name, value in field.field.widget.attrs.items()))
    key = (get_language(), field.html_name, repr(field.value()), choices, attrs, bool(field.errors))
    return mark_safe(_widgets.get(key, lambda: str(field)))  # noqa: S308  # drawn by Django's widget


def _draw(context: template.Context, name: str) -> SafeString:
    assert context.template is not None  # a tag is always in one
    return context.template.engine.get_template(name).render(context)


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw an icon of the sprite; size is "", "s" or "l". Without a label it is silent for screen readers."""
    return _icon(name, size, str(label))


@lru_cache(maxsize=2048)  # a page of a list draws a hundred, of a dozen kinds
def _icon(name: str, size: str, label: str) -> SafeString:
    href = f"{static('generated/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon {}" width="20" height="20" role="img" aria-label="{}"><use href="{}"/></svg>',
            size,
            label,
            href,
        )
    return format_html(
        '<svg class="icon {}" width="20" height="20" aria-hidden="true"><use href="{}"/></svg>', size, href
    )


@register.simple_tag
def chip(code: str, label: str = "", title: str = "") -> SafeString:
    """A state chip: ``{% chip ticket.state ticket.get_state_display %}``; code is a state code or a family's name."""
    return _chip(str(code), str(label), str(title))


@lru_cache(maxsize=4096)
def _chip(code: str, label: str, title: str) -> SafeString:
    family = chips.family_of(code)
    return format_html(
        '<span class="chip {}"{}>{}<span>{}</span></span>',
        family,
        format_html(' title="{}"', title) if title else "",
        _icon(chips.ICONS[family], "", ""),
        label or code,
    )


@register.simple_tag
def clock(family: str, due: datetime, words: str, label: str = "") -> SafeString:
    """A running clock as a chip: ``{% clock "warning" row.due_at row.due row.promise %}``; static/js/clock.js re-words it.

    words: what it says now, "3:25 left"; the title is the exact time. label: what is promised, before the words. data-due carries the
    server's time, by which the page goes on counting.
    """
    local = timezone.localtime(due)
    return format_html(
        '<span class="chip {}" title="{}">{}<span>{}<time datetime="{}" data-due="{}">{}</time></span></span>',
        family,
        local.strftime("%Y-%m-%d %H:%M"),
        _icon(chips.ICONS["bad" if family == "bad" else "warning"], "", ""),
        f"{label} " if label else "",
        local.isoformat(timespec="seconds"),
        int(timezone.now().timestamp()),
        words,
    )


@register.filter
def moment(value: datetime | str | None) -> SafeString | str:
    """A point in time at the desk of the reader: 06-11 07:30, with the year when it is not this one."""
    if not value:
        return DASH
    if isinstance(value, str):
        return value  # a refusal tells its time in words already
    local = timezone.localtime(value)
    shape = "%m-%d %H:%M" if local.year == timezone.localtime().year else "%Y-%m-%d %H:%M"
    return format_html(
        '<time class="nowrap" datetime="{}" title="{}">{}</time>',
        value.isoformat(timespec="seconds"),
        local.strftime("%Y-%m-%d %H:%M"),
        local.strftime(shape),
    )


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """A date as 2026-06-11; points in time are first brought to local time."""
    if not value:
        return DASH
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return format_html('<time class="nowrap" datetime="{0}">{0}</time>', value.isoformat())


@register.filter
def money(value: Decimal | str | int | None) -> str:
    """An amount as 1,882.60; none is a dash, zero is 0.00, below zero has a true minus."""
    if value is None or value == "":
        return DASH
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return str(value)
    return f"{amount:,.2f}".replace("-", MINUS)


@register.filter
def masked(value: str | None) -> str:
    """A telephone number without its middle: 138****1234; the full one is a right of its own."""
    digits = value or ""
    if not digits:
        return DASH
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"


@register.filter
def or_dash(value: object) -> object:
    """A dash for what is not known; zero stays zero."""
    return DASH if value is None or value == "" else value


@register.filter
def attr(attrs: Mapping[str, Any], name: str) -> Any:
    """A widget's attribute whose name has a hyphen, which the template language cannot spell."""
    return attrs.get(name, "")


@register.filter
def split(value: str, mark: str) -> list[str]:
    """The parts of a text, empty ones left out."""
    return [part.strip() for part in str(value).split(mark) if part.strip()]


@register.filter
def error_count(form: BaseForm) -> int:
    """How many places of a form have to be changed."""
    return len(form.errors)


@register.filter
def stroke_paths(value: str | Sequence[Sequence[Sequence[float]]] | None) -> SafeString | str:
    """Signature strokes ``[[[x, y, t], …], …]`` (or their JSON) as SVG paths in a field of 600 × 220."""
    if not value:
        return ""
    strokes = json.loads(value) if isinstance(value, str) else value
    return format_html_join(
        "",
        '<path d="M{}" fill="none" stroke="#1A1F26" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"/>',
        ((" L".join(f"{float(point[0]):g} {float(point[1]):g}" for point in stroke),) for stroke in strokes if stroke),
    )
