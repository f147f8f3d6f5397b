"""The administrator's page of channels: robots of groups, the installation's mail and SMS, and whether they work."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import rights
from core.errors import Refused
from core.forms import apply_refusal
from core.templatetags.ui import moment
from notices.enums import PERSONAL, TO_LEAVE, DeliveryState
from notices.forms import RobotForm
from notices.models import Channel, Delivery
from notices.operations import channels as change
from notices.queries import channels, deliveries
from partners.access import Request


@require_GET
def channel_list(request: Request) -> HttpResponse:
    """All channels with their state; what the installation does not have is said."""
    viewer, now = request.viewer, timezone.now()
    change.open_personal(viewer=viewer)
    missing = [kind.label for kind in PERSONAL if kind not in channels.configured()]
    context = {
        "page_title": _("Notice channels"),
        "rows": [channels.row(channel, now) for channel in channels.all_of(viewer)],
        "missing": missing,
    }
    return render(request, "notices/channels.html", context)


@sensitive_post_parameters("address", "secret")
@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponse:
    """A new robot."""
    viewer = request.viewer
    rights.require(viewer, "channel.change")
    form = RobotForm(request.POST if request.method == "POST" else None, initial={"kind": "wecom", "quiet": True})
    if form.is_valid():
        try:
            channel = change.add_robot(viewer=viewer, facts=change.RobotFacts(**form.facts()), now=timezone.now())
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Added. Send a test message to see whether it arrives."))
            return redirect("notices:channel", channel.public_id)
    return _form_page(request, form, _("New robot"), reverse("notices:channels"))


@sensitive_post_parameters("address", "secret")
@require_http_methods(["GET", "POST"])
def edit(request: Request, public_id: str) -> HttpResponse:
    """Another name, address or secret, other groups or hours for a robot."""
    viewer = request.viewer
    rights.require(viewer, "channel.change")
    channel = _robot(request, public_id)
    form = RobotForm(
        request.POST if request.method == "POST" else None, channel=channel, initial=RobotForm.facts_of(channel)
    )
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        facts = change.RobotFacts(**form.facts(channel.kind))
        try:
            change.change_robot(
                viewer=viewer, public_id=public_id, expected_version=version, facts=facts, now=timezone.now()
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("notices:channel", public_id)
    return _form_page(request, form, channel.name, reverse("notices:channel", args=[public_id]))


@require_GET
def show(request: Request, public_id: str) -> HttpResponse:
    """One channel: how it stands, what waits, a test with its result."""
    viewer, now = request.viewer, timezone.now()
    rights.require(viewer, "channel.list")
    channel = channels.one(viewer, public_id)
    row = channels.row(channel, now)
    context: dict[str, Any] = {
        "page_title": row.name,
        "crumbs": [(reverse("notices:channels"), _("Notice channels"))],
        "channel": channel,
        "row": row,
        "pairs": [
            (_("Chat") if channel.is_robot else _("Kind"), row.kind),
            *([(_("Webhook address"), row.key), (_("What it tells"), row.groups)] if channel.is_robot else []),
            *([(_("Quiet hours"), _quiet(channel))] if channel.is_robot else []),
            (_("Worked last"), moment(row.last_success_at)),
            (_("Failed last"), _failed(channel)),
            (_("To be sent"), str(deliveries.to_leave(viewer, channel))),
        ],
        "deliveries_url": f"{reverse('notices:deliveries')}?channel={public_id}",
        **_test(deliveries.last_test(viewer, channel)),
    }
    return render(request, "notices/channel.html", context)


@require_http_methods(["GET", "POST"])
def test(request: Request, public_id: str) -> HttpResponse:
    """POST: send a test message. GET: how the last one went, for the page that waits for it."""
    viewer = request.viewer
    if request.method == "POST":
        try:
            change.send_test(viewer=viewer, public_id=public_id, now=timezone.now())
        except Refused as refusal:
            if refusal.status != 422:
                raise
            messages.error(request, str(refusal))
        return redirect("notices:channel", public_id)
    rights.require(viewer, "channel.list")
    channel = channels.one(viewer, public_id)
    if not request.htmx:
        return redirect("notices:channel", public_id)
    return render(request, "notices/_test.html", {"channel": channel, **_test(deliveries.last_test(viewer, channel))})


@require_POST
def pause(request: Request, public_id: str) -> HttpResponse:
    """Stop it."""
    change.pause_channel(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("Paused. Nothing leaves by this channel now."))
    return redirect("notices:channel", public_id)


@require_POST
def resume(request: Request, public_id: str) -> HttpResponse:
    """Let it work again."""
    change.resume_channel(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("It works again."))
    return redirect("notices:channel", public_id)


@require_http_methods(["GET", "POST"])
def remove(request: Request, public_id: str) -> HttpResponse:
    """The question, and the removal: the address is wiped and cannot come back."""
    viewer = request.viewer
    rights.require(viewer, "channel.change")
    channel = _robot(request, public_id)
    if request.method == "POST":
        change.remove_robot(viewer=viewer, public_id=public_id, now=timezone.now())
        messages.success(request, _("The robot “%(name)s” is removed.") % {"name": channel.name})
        return redirect("notices:channels")
    back = reverse("notices:channel", args=[public_id])
    context = {
        "page_title": _("Remove the robot “%(name)s”?") % {"name": channel.name},
        "crumbs": [(reverse("notices:channels"), _("Notice channels")), (back, channel.name)],
        "back_url": back,
        "waiting": deliveries.to_leave(viewer, channel),
    }
    return render(request, "notices/remove.html", context)


def _robot(request: Request, public_id: str) -> Channel:
    channel = channels.one(request.viewer, public_id)
    if not channel.is_robot:
        raise Refused("channel_of_installation", status=409)
    return channel


def _failed(channel: Channel) -> str:
    """When it failed last, and why."""
    if channel.last_failure_at is None:
        return ""
    why = channels.failure_words(channel.last_problem, channel.last_detail)
    return format_html("{} · {}", moment(channel.last_failure_at), why)


def _quiet(channel: Channel) -> str:
    quiet = channel.quiet
    return f"{quiet.begin:%H:%M}–{quiet.end:%H:%M}" if quiet else _("none")


def _test(test: Delivery | None) -> dict[str, Any]:
    """The last test for `_test.html`: nothing, on its way, arrived, or why not."""
    if test is None:
        return {"test": None}
    waited = (timezone.now() - test.created_at).total_seconds()
    return {
        "test": test,
        "running": test.state in TO_LEAVE,
        "arrived": test.state == DeliveryState.SENT,
        "why": channels.failure_words(test.problem, test.detail),
        "poll_seconds": 1 if waited < 15 else 5,
    }


def _form_page(request: Request, form: RobotForm, title: str, back: str) -> HttpResponse:
    context = {
        "page_title": title,
        "crumbs": [(reverse("notices:channels"), _("Notice channels"))],
        "form": form,
        "button": _("Save"),
        "back_url": back,
    }
    return render(request, "partners/form.html", context, status=422 if form.errors else 200)
