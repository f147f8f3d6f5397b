"""The floor: one indexed query, rows in a plain template without layout or through a plain serializer, signed in."""

from __future__ import annotations

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect
from django.template import engines
from django.urls import path
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer
from rest_framework.views import APIView

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


class TicketSerializer(ModelSerializer[Ticket]):
    """The columns of our list."""

    class Meta:
        model = Ticket
        fields = (
            "public_id", "number", "state", "urgency", "reported_at", "customer_name", "city", "model_summary", "fault", "lead_name",
            "appointment_at", "wait_reason", "is_rework",
        )  # fmt: skip


class Tickets(APIView):
    """100 rows × 13 columns, one query."""

    authentication_classes = [SessionAuthentication]
    permission_classes = [IsAuthenticated]

    def get(self, request: Request, dealer_id: int) -> Response:
        """As REST framework's tutorial would write it."""
        rows = Ticket._plain.filter(dealer_id=dealer_id).order_by("-reported_at", "-id")[:100]
        return Response(TicketSerializer(rows, many=True).data)


def create(request: HttpRequest) -> HttpResponse:
    """A form post with CSRF, two inserts into plain tables of the floor's own (benchmarks/places.py)."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    with transaction.atomic(), connection.cursor() as cursor:
        typed = [request.POST["phone"], request.POST["fault"], request.POST["urgency"]]
        cursor.execute("INSERT INTO floor_report (phone, fault, urgency) VALUES (%s, %s, %s) RETURNING id", typed)
        (key,) = cursor.fetchone()
        cursor.execute("INSERT INTO floor_note (report_id, text) VALUES (%s, %s)", [key, request.POST["fault"]])
    return redirect(f"/floor/{key}/")


urlpatterns = [
    path("floor/new/", create),
    path("floor/<int:dealer_id>/", listing),
    path("floor/api/<int:dealer_id>/", Tickets.as_view()),
]
