"""Stored files: by Django itself, or named to the reverse proxy; guarded in the same way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import RequestFactory

from core import stored
from core.errors import NotFound

NAME = "tests/照片 1%.jpg"


@pytest.fixture
def kept() -> Iterator[str]:
    name = default_storage.save(NAME, ContentFile(b"bytes"))
    yield name
    default_storage.delete(name)


def answer(name, *, etag="", save=False, **headers):
    request = RequestFactory().get("/", headers=headers)
    return stored.answer(request, name, content_type="image/jpeg", as_name="照片.jpg", etag=etag, save=save)


def test_django_sends_the_bytes(kept):
    response = answer(kept)
    assert b"".join(response.streaming_content) == b"bytes"
    assert "X-Accel-Redirect" not in response


def test_the_proxy_is_told_the_name_and_gets_no_bytes(kept, settings):
    settings.FILES_BY_PROXY = True
    response = answer(kept)
    assert response.content == b""
    path = response["X-Accel-Redirect"]
    assert path.startswith("/protected-files/tests/%E7%85%A7")
    assert path.isascii() and " " not in path
    assert response["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("by_proxy", [False, True])
def test_both_ways_guard_the_file(kept, settings, by_proxy):
    settings.FILES_BY_PROXY = by_proxy
    response = answer(kept, etag="abc")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["ETag"] == '"abc"'
    assert response["Content-Disposition"].startswith("inline; ")
    assert answer(kept, save=True)["Content-Disposition"].startswith("attachment; ")
    assert b"".join(response) in (b"bytes", b"")  # closing it would close the test's connection, too
    again = answer(kept, etag="abc", **{"If-None-Match": '"abc"'})
    assert again.status_code == 304
    assert "X-Accel-Redirect" not in again


@pytest.mark.parametrize("by_proxy", [False, True])
@pytest.mark.parametrize("name", ["tests/gone.jpg", "", None])
def test_what_is_not_there_is_not_found(settings, by_proxy, name):
    settings.FILES_BY_PROXY = by_proxy
    with pytest.raises(NotFound):
        answer(name)
