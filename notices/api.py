"""One's notices and how one is told, by API: the same operations as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import rights
from core.api.bodies import body_of, checked, data_of
from core.api.paging import page, page_of
from core.api.problem import FieldError, Invalid
from core.api.schema import KEY, PAGING
from core.errors import Refused
from core.tenancy import Viewer
from notices.enums import Pace
from notices.forms import CodeForm, MailForm, PreferencesForm
from notices.models import Notice
from notices.operations import preferences as change
from notices.operations.send import mark_all_read, mark_read
from notices.queries import channels, inbox, kinds, preferences
from partners.api.base import View

MOST_IDS = 200


class NoticeRow(serializers.Serializer[Any]):
    """A notice in the reader's words."""

    id = serializers.CharField()
    kind = serializers.CharField()
    group = serializers.CharField()
    words = serializers.CharField()
    url = serializers.CharField(help_text="The page that it leads to.")
    urgent = serializers.BooleanField()
    unread = serializers.BooleanField()
    at = serializers.DateTimeField()


class ReadBody(serializers.Serializer[Any]):
    """Which notices were read: these, or all."""

    ids = serializers.ListField(child=serializers.CharField(), required=False, max_length=MOST_IDS)
    all = serializers.BooleanField(required=False)


class UnreadShape(serializers.Serializer[Any]):
    """How many notices are unread now, counted up to 100."""

    unread = serializers.IntegerField()


class GroupShape(serializers.Serializer[Any]):
    """A group of kinds, and by which channels one is told of it."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the file's own word
    on = serializers.ListField(child=serializers.CharField())


class PreferencesShape(serializers.Serializer[Any]):
    """How one is told outside the portal."""

    channels = serializers.ListField(child=serializers.CharField(), help_text="Which this installation has: mail, sms.")
    groups = GroupShape(many=True)
    pace = serializers.ChoiceField(choices=Pace.choices)
    quiet_from = serializers.TimeField(allow_null=True, help_text="Null: never quiet.")
    quiet_to = serializers.TimeField(allow_null=True)
    mail = serializers.CharField()
    mail_confirmed = serializers.BooleanField()


class PreferencesBody(serializers.Serializer[Any]):
    """What is changed; what is not sent stays."""

    on = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Code of a group -> channels, for the groups that change.",
    )
    pace = serializers.ChoiceField(choices=Pace.choices, required=False)
    quiet_from = serializers.TimeField(required=False, allow_null=True, help_text="Null: never quiet.")
    quiet_to = serializers.TimeField(required=False, allow_null=True)


MailBody = body_of("MailBody", MailForm)
CodeBody = body_of("CodeBody", CodeForm)


class Notices(View):
    """One's notices."""

    @extend_schema(
        operation_id="notices",
        tags=["notices"],
        parameters=[OpenApiParameter("unread", bool, description="true: only those that are unread."), *PAGING],
        responses=page_of(NoticeRow),
    )
    def get(self, request: Request) -> Response:
        """The viewer's notices, the newest first. Reading them here marks nothing as read."""
        rows = inbox.listing(self.viewer, unread=request.query_params.get("unread") == "true")
        return page(request, rows, orders=inbox.ORDERS, default="new", shape=_notice)


class Read(View):
    """Noting what was read."""

    @extend_schema(
        operation_id="notices_read", tags=["notices"], parameters=[KEY], request=ReadBody, responses=UnreadShape
    )
    def post(self, request: Request) -> Response:
        """Note that notices were read: `ids`, or `all` of them. Others' ids and unknown ones change nothing."""
        viewer, now = self.viewer, timezone.now()
        given = request.data if isinstance(request.data, Mapping) else {}
        ids = given.get("ids", [])
        if given.get("all") is True:
            mark_all_read(viewer=viewer, now=now)
        elif not isinstance(ids, list) or not all(isinstance(key, str) for key in ids) or len(ids) > MOST_IDS:
            raise Invalid([FieldError("ids", "list_wanted", _("Send a list of texts."))])
        else:
            mark_read(viewer=viewer, public_ids=[key.replace("\0", "") for key in ids], now=now)
        return Response({"unread": inbox.unread_count(viewer)})


class NoticePreferences(View):
    """How one is told."""

    @extend_schema(operation_id="notice_preferences", tags=["notices"], responses=PreferencesShape)
    def get(self, request: Request) -> Response:
        """How the viewer is told outside the portal."""
        rights.require(self.viewer, "notice.choose")
        return _preferences(self.viewer)

    @extend_schema(
        operation_id="notice_preferences_change",
        tags=["notices"],
        parameters=[KEY],
        request=PreferencesBody,
        responses=PreferencesShape,
    )
    def patch(self, request: Request) -> Response:
        """Choose; what is not sent stays. They are one's own, so no version is asked for."""
        viewer = self.viewer
        rights.require(viewer, "notice.choose")
        form = checked(PreferencesForm(_laid_over(PreferencesForm.facts_of(preferences.mine(viewer)), request.data)))
        change.choose(viewer=viewer, choice=change.Choice(**form.choice()))
        return _preferences(viewer)


class Mail(View):
    """One's e-mail address."""

    @extend_schema(
        operation_id="notice_mail", tags=["notices"], parameters=[KEY], request=MailBody, responses=PreferencesShape
    )
    def post(self, request: Request) -> Response:
        """Another address: a code goes there, which `confirm` takes within half an hour. Until then no mail comes."""
        form = checked(MailForm(data_of(request.data, MailForm.base_fields)))
        change.ask_for_code(viewer=self.viewer, address=form.cleaned_data["address"], now=timezone.now())
        return _preferences(self.viewer)

    @extend_schema(operation_id="notice_mail_remove", tags=["notices"], parameters=[KEY], responses=PreferencesShape)
    def delete(self, request: Request) -> Response:
        """No address any more."""
        change.forget_mail(viewer=self.viewer)
        return _preferences(self.viewer)


class ConfirmMail(View):
    """The proof of an address."""

    @extend_schema(
        operation_id="notice_mail_confirm",
        tags=["notices"],
        parameters=[KEY],
        request=CodeBody,
        responses=PreferencesShape,
    )
    def post(self, request: Request) -> Response:
        """The code that came by mail."""
        viewer = self.viewer
        form = checked(CodeForm(data_of(request.data, CodeForm.base_fields)))
        try:
            change.confirm_mail(viewer=viewer, code=form.cleaned_data["code"], now=timezone.now())
        except Refused as refusal:
            if refusal.code == "code_wrong":
                survivors: list[Any] = request._request.survivors  # type: ignore[attr-defined]
                survivors.append(lambda: change.count_wrong_code(viewer))
            raise
        return _preferences(viewer)


def _notice(row: Notice) -> dict[str, Any]:
    message = inbox.message(row)
    return {
        "id": message.public_id,
        "kind": row.kind,
        "group": kinds.group_of(row.kind).code,
        "words": message.words,
        "url": message.url,
        "urgent": message.urgent,
        "unread": message.unread,
        "at": message.at,
    }


def _preferences(viewer: Viewer) -> Response:
    row = preferences.mine(viewer)
    groups = [
        {"code": group.code, "label": str(group.label), "on": preferences.chosen(row, group)}
        for group in kinds.groups()
    ]
    quiet = row.quiet
    return Response(
        {
            "channels": [kind.value for kind in channels.configured()],
            "groups": groups,
            "pace": row.pace,
            "quiet_from": quiet.begin if quiet else None,
            "quiet_to": quiet.end if quiet else None,
            "mail": row.mail,
            "mail_confirmed": bool(row.confirmed_mail),
        }
    )


def _laid_over(now: dict[str, Any], given: Any) -> QueryDict:
    """What is there, with what was sent laid over it, as the page's form takes it. Errors: Invalid."""
    if not isinstance(given, Mapping):
        raise Invalid([FieldError("", "object_wanted", _("Send one JSON object."))])
    errors = [
        FieldError(str(name), "field_unknown", _("There is no such field."))
        for name in given
        if name not in ("on", "pace", "quiet_from", "quiet_to")
    ]
    on = given.get("on", {})
    codes = {group.code for group in kinds.groups()}
    if not isinstance(on, Mapping) or not all(code in codes and isinstance(ways, list) for code, ways in on.items()):
        errors.append(FieldError("on", "choice_unknown", _("Choose one of these: %(names)s.") % {"names": ", ".join(sorted(codes))}))  # fmt: skip
    if errors:
        raise Invalid(errors)
    facts = now | {f"on_{code}": [str(way) for way in ways] for code, ways in on.items()}
    facts |= {name: given[name] for name in ("pace", "quiet_from", "quiet_to") if name in given}
    if "quiet_from" in given or "quiet_to" in given:
        facts["quiet"] = facts["quiet_from"] is not None and facts["quiet_to"] is not None
    data = QueryDict(mutable=True)
    for name, value in facts.items():
        if isinstance(value, list):
            data.setlist(name, value)
        elif value is not None and value is not False:
            data[name] = str(value)
    return data
