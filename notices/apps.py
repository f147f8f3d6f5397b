from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("Messages to people")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import events, rights, tick
        from core.errors import sentence
        from notices import rules
        from notices.enums import MAIL_CODE, TEST
        from notices.operations.send import tell_job_ended
        from notices.queries import kinds
        from notices.queries.kinds import SYSTEM, Spec
        from notices.tasks import deliver

        events.on("job_ended", tell_job_ended)
        rights.add(rules.RULES)
        tick.on_tick(deliver.wake_channels)
        kinds.register(
            {
                "job_done": Spec(_("%(title)s is ready."), SYSTEM),
                "job_failed": Spec(_("%(title)s stopped with a fault. You can try it again."), SYSTEM),
                "robot_fails": Spec(_("The robot “%(name)s” does not take messages."), SYSTEM, todo=LOOK),
                "mail_fails": Spec(_("Mails cannot be sent."), SYSTEM, todo=LOOK),
                "sms_fails": Spec(_("SMS cannot be sent."), SYSTEM, todo=LOOK),
                TEST: Spec(_("This is a test by %(who)s. Messages arrive here."), SYSTEM),
                MAIL_CODE: Spec(_("Your code is %(code)s. It proves that this address is yours."), SYSTEM),
            }
        )
        for code, text in SENTENCES.items():
            sentence(code, text)


LOOK = _("Check the channel")

SENTENCES = {
    "robot_name_missing": _("Give the robot a name."),
    "robot_address": _("The address of this robot begins with %(base)s and ends with its key."),
    "address_refused": _("%(why)s"),
    "channel_of_installation": _("Mail and SMS belong to the installation; they can only be paused."),
    "channel_paused": _("This channel is paused. Let it work again first."),
    "delivery_done": _("This message is on its way already."),
    "mail_not_configured": _("This installation sends no mail."),
    "mail_wrong": _("This is no e-mail address."),
    "mail_unconfirmed": _("First enter your own e-mail address under “How I am told”; the test goes there."),
    "codes_too_many": _("Five codes were sent within an hour. Please wait."),
    "code_old": _("This code is not valid any more. Ask for a new one."),
    "code_wrong": _("This is not the code of the mail."),
}
