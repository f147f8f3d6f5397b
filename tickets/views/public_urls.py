"""Addresses without account, short because they stand on stickers and papers. No slash at the end."""

from django.urls import path

from tickets.views import public, public_slips

app_name = "public"

urlpatterns = [
    path("q/<slug:code>", public.machine, name="machine"),
    path("q/<slug:code>/report", public.report, name="report"),
    path("d/<slug:code>", public.dealer_report, name="dealer"),
    path("t/<slug:code>", public.progress, name="progress"),
    path("t/<slug:code>/complain", public.complain, name="complain"),
    path("s/<slug:code>", public_slips.sign, name="sign"),
    path("s/<slug:code>/digits", public_slips.sign_digits, name="sign_digits"),
    path("s/<slug:code>/copy.pdf", public_slips.sign_copy, name="sign_copy"),
    path("p/<slug:code>", public_slips.proof, name="proof"),
    path("p/<slug:code>/digits", public_slips.proof_digits, name="proof_digits"),
]
