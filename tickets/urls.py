"""Addresses of tickets and slips. Public ids only; a foreign id answers like a missing one."""

from django.urls import path

from tickets.views import actions, detail, intake, lists

app_name = "tickets"

urlpatterns = [
    # the desk
    path("tickets/", lists.ticket_list, name="tickets"),
    path("tickets/new/", intake.new, name="new"),
    path("tickets/lookup/", intake.lookup, name="lookup"),
    path("tickets/<slug:public_id>/", detail.ticket, name="ticket"),
    path("tickets/<slug:public_id>/act/<str:verb>/", actions.act, name="act"),
    path("tickets/<slug:public_id>/note/", actions.note, name="note"),
    path("tickets/<slug:public_id>/call/", actions.call, name="call"),
    path("tickets/<slug:public_id>/phone/", actions.unmask, name="unmask"),
]
