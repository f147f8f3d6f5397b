from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = _("Duty and resources")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import rights, tick
        from core.errors import sentence
        from notices.queries import kinds
        from partners.operations import handing_over
        from resources import notices, rules, tasks
        from resources.operations import leaving

        rights.add(rules.RULES)
        kinds.register(notices.KINDS)
        tick.on_tick(tasks.plan_morning)
        handing_over.register(
            handing_over.OpenWork(_("duty shifts to come"), leaving.shifts_to_come, leaving.hand_over)
        )
        for code, text in _SENTENCES.items():
            sentence(code, text)


_SENTENCES = {
    "duty_taken": _("%(who)s is on duty already: %(hours)s. Choose other hours, or change that shift."),
    "duty_same_person": _("The same person cannot be main and deputy at once."),
    "duty_person_twice": _("%(who)s stands twice in the order of turns. Choose everybody once."),
    "duty_person_unknown": _("Choose an active colleague."),
    "duty_person_left": _("One of the people is not active any more. Choose somebody else."),
    "duty_hours_missing": _("A shift with hours of its own needs both its times."),
    "duty_begun": _("This shift has begun; it cannot be swapped any more."),
    "duty_not_his": _("%(who)s is not on duty in that shift."),
    "duty_swap_open": _("Somebody was asked about this shift already; wait for the answer."),
    "duty_days_wrong": _("The last day comes before the first one."),
    "duty_days_many": _("Plan at most %(n)s days at once."),
    "duty_weeks_many": _("Copy into 1 to %(n)s weeks at once."),
    "duty_week_empty": _("Nobody is on duty in that week; there is nothing to copy."),
    "duty_week_same": _("Choose another week to copy into."),
    "duty_kinds_overlap": _("Two of these kinds have hours in common. Choose those that follow each other."),
    "duty_preview_old": _("The roster has changed meanwhile. Look at the new preview and save again."),
    "duty_nothing_free": _("All these hours are planned already; nothing was changed."),
    "duty_not_undone": _("This cannot be undone any more."),
    "duty_changed_since": _("These shifts were changed since. Change them by hand."),
    "duty_hours_gone": _("These hours have gone to somebody else since. Change them by hand."),
    "duty_reason_missing": _("Write the reason."),
}
