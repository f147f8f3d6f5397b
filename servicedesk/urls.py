"""Addresses of the product. /healthz and /readyz are answered before them (servicedesk/health.py)."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
