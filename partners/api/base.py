"""The base of the API's views where organisations and people are known: the use of a token is written down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework.request import Request

from core import tenancy
from core.api.views import ApiView
from core.tenancy import Viewer
from partners.operations.api_tokens import note_use
from partners.queries.viewers import TokenUse

#: how fine "used last" is: a write at every request would cost more than it tells
FINE = timedelta(hours=1)


class View(ApiView):
    """A view of the API."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """The answer; after the transaction, committed or not, when the token was used."""
        use: TokenUse | None = getattr(request._request, "token_use", None)
        now = timezone.now()
        if use is not None and (use.used_at is None or now - use.used_at > FINE):
            viewer = self.viewer
            request._request.survivors.append(lambda: _note(viewer, use, now))  # type: ignore[attr-defined]
        return super().finalize_response(request, response, *args, **kwargs)


def _note(viewer: Viewer, use: TokenUse, now: Any) -> None:
    tenancy.enter(viewer)
    note_use(viewer=viewer, token_id=use.token_id, now=now)
    tenancy.leave()
