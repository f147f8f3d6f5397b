"""Addresses of imports. Public ids only; a foreign id answers like a missing one."""

from django.urls import path

from imports.views import runs

app_name = "imports"

urlpatterns = [
    path("imports/", runs.history, name="history"),
    path("imports/new/<slug:kind>/", runs.new, name="new"),
    path("imports/template/<slug:kind>/", runs.template, name="template"),
    path("imports/<slug:public_id>/", runs.page, name="run"),
    path("imports/<slug:public_id>/columns/", runs.columns, name="columns"),
    path("imports/<slug:public_id>/start/", runs.start, name="start"),
    path("imports/<slug:public_id>/mend/", runs.mend_file, name="mend"),
    path("imports/<slug:public_id>/undo/", runs.undo, name="undo"),
]
