"""`manage.py reset_link 13800138000`: a link to set a new password, for an account that several organisations use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from partners.operations.accounts import RESET_HOURS, reset_link_of_operator


class Command(BaseCommand):
    help = f"Prints a link to set a new password, valid {RESET_HOURS} hours and once. Administrators do the same on the person's page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("phone", help="the number the account signs in with")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                token = reset_link_of_operator(phone=options["phone"], now=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{settings.SITE_URL}{reverse('partners:link', args=[token])}")
