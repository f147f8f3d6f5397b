"""Addresses of accounts, people, organisations, partnerships, dictionaries, tasks. Public ids only."""

from django.urls import path

from partners.views import (
    access_records,
    account,
    api_tokens,
    calendar,
    deputies,
    dictionaries,
    jobs,
    organisations,
    partnerships,
    people,
    profile,
    saved_views,
)

app_name = "partners"

urlpatterns = [
    # the door
    path("sign-in/", account.sign_in, name="sign_in"),
    path("sign-out/", account.sign_out, name="sign_out"),
    path("link/<str:token>/", account.link, name="link"),
    path("memberships/<slug:public_id>/", account.switch, name="switch"),
    # one's own account
    path("me/", profile.me, name="me"),
    path("me/look/", profile.look, name="look"),
    path("me/password/", profile.password, name="password"),
    path("me/preferences/", account.preferences, name="preferences"),
    path("views/of/<slug:list_name>/", saved_views.show, name="views"),
    path("views/", saved_views.save, name="view_save"),
    path("views/<slug:public_id>/remove/", saved_views.remove, name="view_remove"),
    path("me/tokens/", api_tokens.tokens, name="tokens"),
    path("me/tokens/<slug:public_id>/revoke/", api_tokens.revoke, name="token_revoke"),
    path("me/deputy/", deputies.mine, name="my_deputy"),
    path("deputies/<slug:public_id>/end/", deputies.end, name="deputy_end"),
    # people
    path("people/", people.people_list, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<slug:public_id>/", people.person, name="person"),
    path("people/<slug:public_id>/deputy/", deputies.of_person, name="person_deputy"),
    path("people/<slug:public_id>/contact/", deputies.contact, name="person_contact"),
    path("people/<slug:public_id>/edit/", people.edit, name="person_edit"),
    path("people/<slug:public_id>/link/", people.make_link, name="person_link"),
    path("people/<slug:public_id>/deactivate/", people.deactivate, name="person_deactivate"),
    path("people/<slug:public_id>/reactivate/", people.reactivate, name="person_reactivate"),
    # organisations
    path("organisation/", organisations.own, name="own_organisation"),
    path("organisations/", organisations.organisation_list, name="organisations"),
    path("organisations/add/", organisations.add, name="organisation_add"),
    path("organisations/<slug:public_id>/", organisations.organisation, name="organisation"),
    path("organisations/<slug:public_id>/edit/", organisations.edit, name="organisation_edit"),
    path("organisations/<slug:public_id>/close/", organisations.close, name="organisation_close"),
    path("organisations/<slug:public_id>/reopen/", organisations.reopen, name="organisation_reopen"),
    path("unlisted-makers/", organisations.unlisted_makers, name="unlisted_makers"),
    path("unlisted-makers/add/", organisations.add_unlisted, name="unlisted_maker_add"),
    # partnerships
    path("partnerships/", partnerships.partnership_list, name="partnerships"),
    path("partnerships/propose/", partnerships.propose, name="propose"),
    path("partnerships/<slug:public_id>/", partnerships.partnership, name="partnership"),
    path("partnerships/<slug:public_id>/confirm/", partnerships.confirm, name="partnership_confirm"),
    path("partnerships/<slug:public_id>/terms/", partnerships.terms, name="partnership_terms"),
    path("partnerships/<slug:public_id>/assign/", partnerships.assign, name="partnership_assign"),
    path("partnerships/<slug:public_id>/end/", partnerships.end, name="partnership_end"),
    # public holidays
    path("calendar/", calendar.years, name="calendar"),
    path("calendar/<int:year>/", calendar.year, name="calendar_year"),
    # dictionaries
    path("dictionaries/", dictionaries.dictionary_list, name="dictionaries"),
    path("dictionaries/<slug:kind>/", dictionaries.dictionary, name="dictionary"),
    path("dictionaries/<slug:kind>/<int:entry_id>/", dictionaries.word, name="word"),
    # tasks
    path("tasks/", jobs.task_list, name="tasks"),
    path("tasks/failed/", jobs.failed, name="failed_jobs"),
    path("tasks/<slug:public_id>/", jobs.task, name="task_poll"),
    path("tasks/<slug:public_id>/cancel/", jobs.cancel, name="task_cancel"),
    path("tasks/<slug:public_id>/retry/", jobs.retry, name="task_retry"),
    path("tasks/<slug:public_id>/result/", jobs.result, name="task_result"),
    # who looked at what
    path("access/", access_records.record_list, name="access"),
]
