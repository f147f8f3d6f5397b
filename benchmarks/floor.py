"""The floor pages: one indexed query, rows in a plain template without layout, signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.template import engines
from django.urls import path

from tickets.models import Ticket

PLAIN = """<!doctype html><title>floor</title><table>{% for t in rows %}<tr><td>{{ t.number }}</td><td>{{ t.reported_at|date:"m-d H:i" }}</td>
<td>{{ t.customer_name }}</td><td>{{ t.model_summary }}</td><td>{{ t.fault }}</td><td>{{ t.state }}</td></tr>{% endfor %}</table>"""

_template = None


def listing(request: HttpRequest, dealer_id: int) -> HttpResponse:
    """50 rows × 6 columns, one query."""
    global _template
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    _template = _template or engines["django"].from_string(PLAIN)
    rows = Ticket._plain.filter(dealer_id=dealer_id).order_by("-reported_at", "-id")[:50]
    return HttpResponse(_template.render({"rows": rows}))


urlpatterns = [path("floor/<int:dealer_id>/", listing)]
