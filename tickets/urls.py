"""Addresses of tickets and slips. Public ids only; a foreign id answers like a missing one."""

from django.urls import path

app_name = "tickets"

urlpatterns: list = []
