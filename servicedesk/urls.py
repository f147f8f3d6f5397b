"""Addresses of the product. /healthz and /readyz are answered before them (servicedesk/health.py)."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from partners.views.account import set_language
from servicedesk import api_docs, exports, offline, search, views, views_keeping

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("sw.js", offline.worker, name="worker"),
    path("offline/", offline.offline, name="offline"),
    path("keeping/", views_keeping.show, name="keeping"),
    path("exports/<slug:name>/", exports.start, name="export"),
    path("search/", search.page, name="search"),
    path("language/", set_language, name="set_language"),
    path("api/", api_docs.page, name="api_docs"),
    path("api/openapi.yaml", api_docs.schema, name="api_schema"),
    path("api/v1/", include("servicedesk.api_urls")),
    path("", include("partners.urls")),
    path("", include("notices.urls")),
    path("", include("equipment.urls")),
    path("", include("resources.urls")),
    path("", include("tickets.urls")),
    path("", include("settlement.urls")),
    path("", include("imports.urls")),
    path("", include("tickets.views.public_urls")),
]
if settings.DEBUG or settings.DEMO:
    urlpatterns.append(path("styleguide/", include("servicedesk.styleguide")))

handler404 = "servicedesk.error_pages.page_not_found"
handler500 = "servicedesk.error_pages.server_error"
