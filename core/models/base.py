import secrets

from django.db import models

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0/o, 1/l/i: these ids are read out on the telephone


def public_id() -> str:
    """A random id for addresses: 16 characters, about 79 bits; the serial key never leaves the house."""
    return "".join(secrets.choice(ALPHABET) for _ in range(16))


class Stamped(models.Model):
    """Columns that every business row carries."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
