"""What has left and what is to leave, for the administrator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import rights
from core.errors import Refused
from core.paging import cut_page
from core.tables import Column, next_url, render_list, table_of
from notices.forms import DeliveryFilters
from notices.operations.deliver import retry as retry_delivery
from notices.queries import channels, deliveries
from partners.access import Request


@require_GET
def delivery_list(request: Request) -> HttpResponse:
    """The organisation's deliveries, the newest first."""
    viewer = request.viewer
    rights.require(viewer, "delivery.list")
    filters = DeliveryFilters(request.GET, ways=channels.all_of(viewer))
    page = cut_page(request.GET, deliveries.listing(viewer, filters.facts()), orders=deliveries.ORDERS, default="new")
    rows = deliveries.rows_of(viewer, page.rows)
    table = table_of(
        request,
        page,
        caption=_("Messages sent outside"),
        columns=[
            Column("at", _("Written")),
            Column("channel", _("Channel")),
            Column("to", _("Receiver")),
            Column("about", _("About")),
            Column("state", _("State")),
            Column("tries", _("Tries"), numeric=True),
            Column("why", _("Fault")),
            Column("retry", ""),
        ],
        row=lambda delivery: rows[delivery.pk],
        filters=filters,
        empty=(_("Nothing has left by mail, SMS or a robot yet."), reverse("notices:channels"), _("Notice channels")),
        none_found=_("No message fits these filters."),
        clear_label=_("Clear the filters"),
    )
    context = {
        "table": table,
        "rows_template": "notices/_delivery_rows.html",
        "filters": filters,
        "page_title": _("Messages sent outside"),
        "crumbs": [(reverse("notices:channels"), _("Notice channels"))],
        "here": request.get_full_path(),
    }
    return render_list(request, "notices/deliveries.html", context)


@require_POST
def retry(request: Request, public_id: str) -> HttpResponse:
    """Try a message again now."""
    try:
        retry_delivery(viewer=request.viewer, public_id=public_id, now=timezone.now())
    except Refused as refusal:
        if refusal.code not in ("delivery_done", "channel_paused"):
            raise
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("It is tried again now."))
    return HttpResponseRedirect(next_url(request) or reverse("notices:deliveries"))
