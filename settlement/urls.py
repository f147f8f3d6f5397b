"""Addresses of settlement. Public ids only; a foreign id answers like a missing one."""

from django.urls import path

from settlement import views

app_name = "settlement"

urlpatterns = [
    path("rate-cards/", views.card_list, name="cards"),
    path("rate-cards/new/", views.new_card, name="card_new"),
    path("rate-cards/<slug:public_id>/", views.card_page, name="card"),
    path("rate-cards/<slug:public_id>/edit/", views.edit_card, name="card_edit"),
    path("rate-cards/<slug:public_id>/force/", views.put_in_force, name="card_force"),
    path("rate-cards/<slug:public_id>/discard/", views.discard, name="card_discard"),
]
