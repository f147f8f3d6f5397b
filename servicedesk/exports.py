"""The button 导出 Excel under every list: a small list comes at once, a long one as a task with its progress."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from core import exports, jobs
from core.calendars import local
from partners.access import Request


@require_POST
def start(request: Request, name: str) -> HttpResponse:
    """The list of that name with the filters in the address. Errors: 404, and those of the list's page."""
    source = exports.source(name)
    if source is None:
        raise Http404
    now = timezone.now()
    listing = source(request.viewer, request.GET)
    rows = exports.small(listing)
    if rows is None:
        job = jobs.enqueue(
            exports.EXPORT,
            viewer=request.viewer,
            now=now,
            title=listing.title,
            list=name,
            query=request.GET.urlencode(),
        )
        return redirect("partners:task_poll", job.public_id)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        exports.write(listing, path, iter([rows]))
        content = path.read_bytes()
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    file_name = f"{listing.title}-{local(now):%Y%m%d-%H%M}.xlsx"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file_name) or ""
    return response
