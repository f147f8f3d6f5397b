"""Addresses of settlement. Public ids only; a foreign id answers like a missing one."""

from django.urls import path

from settlement.views import authorisations, cards, claims, debts, limits, old_parts, return_boxes, reviews, routes

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
    path("claims/limits/", limits.page, name="limits"),
    path("claims/review/", reviews.begin, name="reviews"),
    path("claims/review/several/", reviews.bulk, name="bulk"),
    path("claims/review/<slug:public_id>/", reviews.review, name="review"),
    path("claims/<slug:public_id>/", claims.claim_page, name="claim"),
    path("claims/<slug:public_id>/edit/", claims.edit, name="claim_edit"),
    path("claims/<slug:public_id>/<slug:verb>/", claims.act, name="claim_act"),
    path("authorisations/", authorisations.listing, name="authorisations"),
    path("authorisations/new/<slug:public_id>/", authorisations.new, name="authorisation_new"),
    path("authorisations/<slug:public_id>/", authorisations.page, name="authorisation"),
    path("authorisations/<slug:public_id>/<slug:verb>/", authorisations.act, name="authorisation_act"),
    path("debts/", debts.debt_list, name="debts"),
    path("debts/slips/", debts.uncharged, name="uncharged"),
    path("debts/slips/<slug:public_id>/", debts.new, name="debt_new"),
    path("debts/<slug:public_id>/", debts.page, name="debt"),
    path("debts/<slug:public_id>/<slug:verb>/", debts.act, name="debt_act"),
    path("route-book/", routes.route_list, name="routes"),
    path("route-book/new/", routes.enter, name="route_new"),
    path("route-book/<slug:public_id>/remove/", routes.remove, name="route_remove"),
    path("old-parts/", old_parts.old_part_list, name="old_parts"),
    path("old-parts/pack/", old_parts.pack, name="old_part_pack"),
    path("old-parts/labels/", old_parts.labels, name="old_part_labels"),
    path("old-parts/<slug:public_id>/", old_parts.old_part, name="old_part"),
    path("old-parts/<slug:public_id>/photo/", old_parts.old_part_photo, name="old_part_photo"),
    path("old-parts/<slug:public_id>/<slug:verb>/", old_parts.old_part_act, name="old_part_act"),
    path("return-boxes/", return_boxes.box_list, name="return_boxes"),
    path("return-boxes/<slug:public_id>/", return_boxes.box_page, name="return_box"),
    path("return-boxes/<slug:public_id>/ship/", return_boxes.ship, name="return_box_ship"),
    path("return-boxes/<slug:public_id>/receive/", return_boxes.receive, name="return_box_receive"),
    path("return-boxes/<slug:public_id>/sheet/", return_boxes.sheet, name="return_box_sheet"),
]
