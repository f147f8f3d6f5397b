"""Addresses of the duty roster. Public ids only; a foreign id answers like a missing one."""

from django.urls import path

from resources.views import planning, roster, swaps

app_name = "resources"

urlpatterns = [
    path("duty/", roster.month_page, name="roster"),
    path("duty/roster.pdf", roster.paper, name="paper"),
    path("duty/roster.xlsx", roster.workbook, name="workbook"),
    path("duty/mine/", roster.mine, name="mine"),
    path("duty/partners/", roster.partners, name="partners"),
    path("duty/changes/", roster.change_list, name="changes"),
    path("duty/changes/<slug:public_id>/undo/", roster.undo, name="undo"),
    path("duty/settings/", planning.settings, name="settings"),
    path("duty/rotation/", planning.rotation, name="rotation"),
    path("duty/copy/", planning.copy, name="copy"),
    path("duty/shifts/new/", planning.new_shift, name="shift_new"),
    path("duty/shifts/<slug:public_id>/", roster.shift_page, name="shift"),
    path("duty/shifts/<slug:public_id>/edit/", planning.edit_shift, name="shift_edit"),
    path("duty/shifts/<slug:public_id>/remove/", planning.remove, name="shift_remove"),
    path("duty/shifts/<slug:public_id>/swap/", swaps.ask, name="swap_ask"),
    path("duty/swaps/", swaps.swap_list, name="swaps"),
    path("duty/swaps/<slug:public_id>/", swaps.swap_page, name="swap"),
    path("duty/swaps/<slug:public_id>/agree/", swaps.agree, name="swap_agree"),
    path("duty/swaps/<slug:public_id>/decline/", swaps.decline, name="swap_decline"),
    path("duty/swaps/<slug:public_id>/withdraw/", swaps.withdraw, name="swap_withdraw"),
    path("duty/swaps/<slug:public_id>/approve/", swaps.approve, name="swap_approve"),
    path("duty/swaps/<slug:public_id>/reject/", swaps.reject, name="swap_reject"),
]
