"""`manage.py first_admin --name 张三 --phone 13800138000`: the platform and its first administrator, by an invitation link."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from partners.operations.organisations import found_platform


class Command(BaseCommand):
    help = "Makes the platform's organisation and prints the invitation of its first administrator; refuses when there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="the administrator's name")
        parser.add_argument("--phone", required=True, help="his mobile number; he signs in with it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            issued = found_platform(name=options["name"], phone=options["phone"], now=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{settings.SITE_URL}{reverse('partners:link', args=[issued.token])}")
        self.stderr.write(
            f"valid until {timezone.localtime(issued.expires_at):%Y-%m-%d %H:%M}, once; it is not shown again"
        )
