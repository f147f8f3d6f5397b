"""Addresses of tickets and slips. Public ids only; a foreign id answers like a missing one."""

from django.urls import path

from tickets.views import (
    actions,
    day,
    detail,
    field,
    files,
    intake,
    lists,
    photos,
    print_shop,
    public_links,
    slip_list,
    slip_pages,
    slips,
)

app_name = "tickets"

urlpatterns = [
    # the field: the technician's day and steps, photos, slips
    path("tickets/day/", day.today, name="day"),
    path("tickets/<slug:public_id>/steps/<str:verb>/", field.step, name="step"),
    path("tickets/<slug:public_id>/arrive/", field.arrive, name="arrive"),
    path("tickets/<slug:public_id>/leave/", field.leave, name="leave"),
    path("tickets/<slug:public_id>/remote/", field.remote, name="remote"),
    path("tickets/<slug:public_id>/photos/", photos.add, name="photo_add"),
    path("photos/<slug:public_id>.jpg", photos.show, name="photo"),
    path("photos/<slug:public_id>/small.jpg", photos.thumb, name="photo_thumb"),
    path("photos/<slug:public_id>/remove/", photos.remove, name="photo_remove"),
    path("tickets/<slug:public_id>/slip/", slips.open_slip, name="slip_open"),
    path("slips/", slip_list.slips_page, name="slips"),
    path("slips/batch/", print_shop.batch, name="slip_batch"),
    path("slips/<slug:public_id>/", slips.slip, name="slip"),
    path("slips/<slug:public_id>/save/", slips.save, name="slip_save"),
    path("slips/<slug:public_id>/complete/", slips.complete, name="slip_complete"),
    path("slips/<slug:public_id>/parts/", slips.parts, name="slip_parts"),
    path("slips/<slug:public_id>/preview/", slip_pages.preview, name="slip_preview"),
    path("slips/<slug:public_id>/correct/", slip_pages.correct, name="slip_correct"),
    path("slips/<slug:public_id>/sign/", slip_pages.sign, name="slip_sign"),
    path("slips/<slug:public_id>/signed/", slips.hand_in, name="slip_hand_in"),
    path("slips/<slug:public_id>/refuse/", slip_pages.refuse, name="slip_refuse"),
    path("slips/<slug:public_id>/void/", slip_pages.void, name="slip_void"),
    path("slips/<slug:public_id>/files/", files.progress, name="slip_files"),
    path("slips/<slug:public_id>/print/", files.print_again, name="slip_print"),
    path("slips/<slug:public_id>/paper/<slug:paper>.pdf", files.on_paper, name="slip_paper"),
    path("slips/<slug:public_id>/<slug:copy>.pdf", files.pdf, name="slip_pdf"),
    # printing
    path("print/settings/", print_shop.look, name="print_look"),
    path("print/settings/preview/", print_shop.preview, name="print_preview"),
    path("print/sample/<slug:paper>.pdf", print_shop.sample, name="print_sample"),
    path("print/printers/", print_shop.printer_save, name="printer_add"),
    path("print/printers/<slug:public_id>/", print_shop.printer_save, name="printer"),
    path("print/printers/<slug:public_id>/remove/", print_shop.printer_remove, name="printer_remove"),
    path("print/printers/<slug:public_id>/ruler-<slug:paper>.pdf", print_shop.printer_ruler, name="printer_ruler"),
    path("print/numbers/", print_shop.numbers, name="paper_numbers"),
    path("print/help/", print_shop.guide, name="print_help"),
    # the desk
    path("tickets/", lists.ticket_list, name="tickets"),
    path("tickets/new/", intake.new, name="new"),
    path("tickets/lookup/", intake.lookup, name="lookup"),
    path("tickets/<slug:public_id>/", detail.ticket, name="ticket"),
    path("tickets/<slug:public_id>/act/<str:verb>/", actions.act, name="act"),
    path("tickets/<slug:public_id>/note/", actions.note, name="note"),
    path("tickets/<slug:public_id>/link/", public_links.progress_link, name="progress_link"),
    path("slips/<slug:public_id>/link/", public_links.sign_link, name="sign_link"),
    path("stickers/", public_links.stickers, name="stickers"),
    path("tickets/<slug:public_id>/phone/", actions.unmask, name="unmask"),
]
