"""Addresses of notices, of how one is told, and of the channels. Public ids only."""

from django.urls import path

from notices.views import channels, deliveries, inbox, preferences

app_name = "notices"

urlpatterns = [
    path("notices/", inbox.notice_list, name="list"),
    path("notices/count/", inbox.count, name="count"),
    path("notices/read/", inbox.read_all, name="read_all"),
    path("notices/<slug:public_id>/", inbox.open_notice, name="open"),
    # one's own choice
    path("me/notices/", preferences.show, name="preferences"),
    path("me/notices/mail/", preferences.mail, name="mail"),
    path("me/notices/mail/confirm/", preferences.confirm, name="mail_confirm"),
    # the administrator's
    path("channels/", channels.channel_list, name="channels"),
    path("channels/add/", channels.add, name="channel_add"),
    path("channels/<slug:public_id>/", channels.show, name="channel"),
    path("channels/<slug:public_id>/edit/", channels.edit, name="channel_edit"),
    path("channels/<slug:public_id>/test/", channels.test, name="channel_test"),
    path("channels/<slug:public_id>/pause/", channels.pause, name="channel_pause"),
    path("channels/<slug:public_id>/resume/", channels.resume, name="channel_resume"),
    path("channels/<slug:public_id>/remove/", channels.remove, name="channel_remove"),
    path("deliveries/", deliveries.delivery_list, name="deliveries"),
    path("deliveries/<slug:public_id>/retry/", deliveries.retry, name="delivery_retry"),
]
