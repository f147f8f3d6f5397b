"""One's notices: list, count for the bell, opening one."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.paging import cut_page
from notices.documents.letters import copied
from notices.operations.send import mark_all_read, mark_read
from notices.queries import inbox
from partners.access import Request


@require_GET
def notice_list(request: Request) -> HttpResponse:
    """The viewer's notices, newest first; each can be copied into a group's chat."""
    page = cut_page(request.GET, inbox.listing(request.viewer), orders=inbox.ORDERS, default="new", size=30)
    notices = [(notice := inbox.message(row), copied(notice.words, notice.url)) for row in page.rows]
    context = {
        "page_title": _("Notices"),
        "notices": notices,
        "any_unread": any(notice.unread for notice, _text in notices),
        "older_url": f"?after={page.after}" if page.after else "",
        "newer_url": f"?before={page.before}" if page.before else "",
    }
    return render(request, "notices/list.html", context)


@require_GET
def count(request: Request) -> HttpResponse:
    """How many are unread, for the bell that asks now and then."""
    return JsonResponse({"unread": inbox.unread_count(request.viewer)})


@require_GET
def open_notice(request: Request, public_id: str) -> HttpResponse:
    """Note that a notice was read and go to the page it is about."""
    notice = inbox.one(request.viewer, public_id)
    mark_read(viewer=request.viewer, public_ids=[public_id], now=timezone.now())
    inside = notice.url.startswith("/") and url_has_allowed_host_and_scheme(notice.url, None)
    return redirect(notice.url if inside else "notices:list")


@require_POST
def read_all(request: Request) -> HttpResponse:
    """Note that everything was read."""
    mark_all_read(viewer=request.viewer, now=timezone.now())
    return redirect("notices:list")
