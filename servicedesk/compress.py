"""Pages go compressed over the line: a phone in a basement waits for bytes, not for the server (docs/performance.md)."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """gzip for pages only, with random padding against guessing by length (BREACH); files are compressed once, when they are collected."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress what is HTML; the API's tags of versions stay as they are."""
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
