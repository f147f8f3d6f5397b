from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Organisations, people, sign-in")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import events, jobs, rights
        from core.errors import sentence
        from core.imports import kinds
        from partners import rules, tasks  # noqa: F401  # tasks: their handlers
        from partners.operations import import_people
        from partners.queries import viewers

        jobs.set_viewer_loader(viewers.for_job)
        rights.add(rules.RULES)
        kinds.register(import_people.KIND)
        events.declare("partnership_confirmed", "both sides have confirmed a partnership")
        events.declare("partnership_office_changed", "a partnership belongs to another office from now on")
        for code, text in SENTENCES.items():
            sentence(code, text)


SENTENCES = {
    # sign-in and links
    "sign_in_wrong": _("Telephone number, user name or password is wrong."),
    "sign_in_locked": _(
        "Too many wrong tries. Try again in %(minutes)s minutes, or ask your administrator for a new link."
    ),
    "no_membership": _("You are not active in any organisation. Ask your administrator."),
    "link_unknown": _("This link is not complete or not valid. Ask for a new one."),
    "link_used": _("This link was used already. Sign in with your password, or ask for a new link."),
    "link_expired": _("This link is not valid any more. Ask your administrator for a new one."),
    "link_phone_wrong": _("This is not the number the link was made for."),
    "link_other_tier": _(
        "This number already works for an organisation of another kind. Ask the platform's administrator."
    ),
    "reset_elsewhere": _(
        "This account opens other organisations, too. The operator of the platform makes the link for it."
    ),
    "account_password_wrong": _("This number is known already: enter the password you sign in with."),
    "account_unknown": _("Nobody signs in with this number."),
    "present_password_wrong": _("The present password is wrong."),
    "password_weak": _("%(why)s"),
    "passwords_differ": _("The two passwords differ."),
    "membership_unknown": _("You are not active in this organisation any more."),
    # people
    "name_missing": _("Enter the name."),
    "mobile_wrong": _("Enter a mobile number of 11 digits."),
    "phone_taken": _("Somebody signs in with this number already."),
    "roles_wrong": _("Choose at least one role."),
    "department_missing": _("Choose the department."),
    "person_has_account": _("This person has an account already; make a reset link instead."),
    "person_without_account": _("This person has not used the invitation yet; make a new one."),
    "person_inactive": _("This person is deactivated. Reactivate him first."),
    "last_admin": _("Somebody has to be administrator. Make another one first."),
    "hand_over_missing": _("This person has open work. Choose who takes it over."),
    "colleague_unknown": _("Choose an active colleague."),
    "deputy_days_wrong": _("The leave ends on the first day or later, and not in the past."),
    "deputy_overlap": _(
        "There is a deputy for some of these days already (%(first)s to %(last)s). End that leave first."
    ),
    "deputy_away": _("%(name)s is on leave himself on some of these days. Choose somebody else."),
    "preference_unknown": _("There is no such setting."),
    # tokens of programs
    "token_unknown": _("This token is not valid: it has expired, was revoked, or never was."),
    "token_scope": _("Choose what the token may do."),
    "token_days": _("Between 1 and %(most)s days."),
    "view_too_long": _("Choose a shorter name, at most 30 characters, and fewer filters."),
    "views_too_many": _("You have %(most)s saved views. Remove one that you do not use any more."),
    "tokens_too_many": _("You have %(most)s valid tokens. Revoke one that is not used any more."),
    # organisations
    "organisation_code": _("The code has 2 to 20 capital letters, digits and dashes, for example CS01."),
    "organisation_kind": _("Choose the kind of organisation."),
    "platform_founded": _("The platform has an administrator already; he invites the others."),
    "parent_missing": _("Choose the manufacturer of this office."),
    # partnerships
    "dealer_missing": _("Choose a dealer."),
    "manufacturer_missing": _("Choose a manufacturer."),
    "office_wrong": _("Choose an office of this manufacturer."),
    "terms_wrong": _("Choose one of the offered values."),
    "district_unknown": _("Not found: %(codes)s. Write provinces or cities."),
    # dictionaries
    "year_wrong": _("Years from 2000 to 2100 can be entered."),
    "day_of_other_year": _("%(day)s is not in %(year)s."),
    "days_missing": _("Enter the days off."),
    "day_twice": _("%(day)s is off already: take it out of one of the lists."),
    "worked_weekday": _("%(day)s is no weekend day: it is worked anyway, unless it is off."),
    "word_missing": _("Enter the word."),
}
