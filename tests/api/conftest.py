"""Programs that call the API: `call(people.dispatcher)` is one with a token that may write."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.tenancy import Viewer
from partners.operations.api_tokens import make_token
from tests.people import act


class Program:
    """A program with a token; `get`, `post`, … send JSON and read JSON."""

    def __init__(self, who: Viewer, scope: str = "write") -> None:
        made = act(make_token, viewer=who, name="测试", scope=scope, days=30, now=timezone.now())
        self.token = made.token
        self.secret: str = made.secret
        self.client = Client()

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request; header names as keywords with _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("Authorization", f"Bearer {self.secret}")
        options: dict[str, Any] = {"headers": named}
        if body is not None:
            options |= {"data": json.dumps(body), "content_type": "application/json"}
        return self.client.generic(method, f"/api/v1/{path}", **options)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)


@pytest.fixture
def call(people: Any) -> Any:
    """`call(viewer, scope="write")`: a program that works for this person."""
    return Program
