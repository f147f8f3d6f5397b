"""Addresses of the product. /healthz and /readyz are answered before them (servicedesk/health.py)."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from partners.views.account import set_language
from servicedesk import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("language/", set_language, name="set_language"),
    path("", include("partners.urls")),
    path("", include("notices.urls")),
    path("", include("equipment.urls")),
    path("", include("tickets.urls")),
    path("", include("tickets.views.public_urls")),
]
if settings.DEBUG or settings.DEMO:
    urlpatterns.append(path("styleguide/", include("servicedesk.styleguide")))

handler404 = "servicedesk.error_pages.page_not_found"
handler500 = "servicedesk.error_pages.server_error"
