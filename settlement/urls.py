"""Addresses of settlement. Public ids only; a foreign id answers like a missing one."""

from django.urls import path

from settlement.views import cards, claims, routes

app_name = "settlement"

urlpatterns = [
    path("rate-cards/", cards.card_list, name="cards"),
    path("rate-cards/new/", cards.new_card, name="card_new"),
    path("rate-cards/<slug:public_id>/", cards.card_page, name="card"),
    path("rate-cards/<slug:public_id>/edit/", cards.edit_card, name="card_edit"),
    path("rate-cards/<slug:public_id>/force/", cards.put_in_force, name="card_force"),
    path("rate-cards/<slug:public_id>/discard/", cards.discard, name="card_discard"),
    path("claims/", claims.claim_list, name="claims"),
    path("claims/slips/", claims.unclaimed, name="unclaimed"),
    path("claims/slips/<slug:public_id>/begin/", claims.begin, name="claim_begin"),
    path("claims/<slug:public_id>/", claims.claim_page, name="claim"),
    path("claims/<slug:public_id>/edit/", claims.edit, name="claim_edit"),
    path("claims/<slug:public_id>/<slug:verb>/", claims.act, name="claim_act"),
    path("route-book/", routes.route_list, name="routes"),
    path("route-book/new/", routes.enter, name="route_new"),
    path("route-book/<slug:public_id>/remove/", routes.remove, name="route_remove"),
]
