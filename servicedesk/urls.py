"""Addresses of the product. /healthz and /readyz are answered before them (servicedesk/health.py)."""

from django.urls import URLPattern, URLResolver, include, path

from servicedesk import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("", include("equipment.urls")),
    path("", include("tickets.urls")),
]
