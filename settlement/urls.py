"""Addresses of settlement. Public ids only; a foreign id answers like a missing one."""

from django.urls import path

from settlement.views import cards, routes

app_name = "settlement"

urlpatterns = [
    path("rate-cards/", cards.card_list, name="cards"),
    path("rate-cards/new/", cards.new_card, name="card_new"),
    path("rate-cards/<slug:public_id>/", cards.card_page, name="card"),
    path("rate-cards/<slug:public_id>/edit/", cards.edit_card, name="card_edit"),
    path("rate-cards/<slug:public_id>/force/", cards.put_in_force, name="card_force"),
    path("rate-cards/<slug:public_id>/discard/", cards.discard, name="card_discard"),
    path("route-book/", routes.route_list, name="routes"),
    path("route-book/new/", routes.enter, name="route_new"),
    path("route-book/<slug:public_id>/remove/", routes.remove, name="route_remove"),
]
