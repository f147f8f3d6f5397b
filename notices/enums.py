from django.db import models
from django.utils.translation import gettext_lazy as _

from core.outward import Fault


class ChannelKind(models.TextChoices):
    """The ways out of the portal. Mail and SMS go to one person, a robot writes into a group's chat."""

    MAIL = "mail", _("e-mail")
    SMS = "sms", _("SMS")
    WECOM = "wecom", _("WeCom robot")
    DINGTALK = "dingtalk", _("DingTalk robot")
    FEISHU = "feishu", _("Feishu robot")


PERSONAL = (ChannelKind.MAIL, ChannelKind.SMS)
ROBOTS = (ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU)
#: robots that can be told to believe signed messages only
SIGNING = (ChannelKind.DINGTALK, ChannelKind.FEISHU)


class DeliveryState(models.TextChoices):
    """Life of a delivery: WAITING → SENT, or FAILED as often as it takes, or GIVEN_UP until somebody presses the button."""

    WAITING = "waiting", _("waiting")
    FAILED = "failed", _("will be tried again")
    SENT = "sent", _("sent")
    GIVEN_UP = "given_up", _("given up")


TO_LEAVE = (DeliveryState.WAITING, DeliveryState.FAILED)


#: kinds of messages that no room registers: the administrator's test of a channel, the code that proves an e-mail address
TEST, MAIL_CODE = "channel_test", "mail_code"


class Pace(models.TextChoices):
    """When what is not urgent leaves for a person: at once, or gathered at 08:00 and 17:00."""

    AT_ONCE = "at_once", _("at once")
    GATHERED = "gathered", _("gathered, at 08:00 and 17:00")


class Problem(models.TextChoices):
    """Why a message did not leave, as a sentence for people. The first group are the faults of `core.outward`."""

    WRITTEN = Fault.WRITTEN.value, _("This is no address.")
    SCHEME = Fault.SCHEME.value, _("The address has to begin with https.")
    HOST = Fault.HOST.value, _("The address has to name a host, without user name and not as a number.")
    PORT = Fault.PORT.value, _("Only port 443 is used.")
    INSIDE = Fault.INSIDE.value, _("This address leads into a network that is not public; nothing is sent there.")
    UNKNOWN = Fault.UNKNOWN.value, _("The host was not found.")
    UNREACHED = Fault.UNREACHED.value, _("Nobody answered, or the line broke.")
    TIMEOUT = Fault.TIMEOUT.value, _("There was no answer in time.")
    TLS = Fault.TLS.value, _("The certificate is not valid for this host.")
    NONSENSE = Fault.NONSENSE.value, _("What came back was no answer that is understood.")

    REDIRECT = "redirect", _("The address leads on to another one; that is not followed.")
    STATUS = "status", _("The other side answered with a fault.")
    BUSY = "busy", _("Too many messages in a short time.")
    GONE = "gone", _("The robot does not exist any more, or its address is not complete.")
    SIGNATURE = "signature", _("The signature was not accepted: check the signing secret.")
    KEYWORD = "keyword", _("The robot asks for a keyword, a signature or another address of the sender.")
    REFUSED = "refused", _("The other side did not take the message.")
    SIGN_IN = "sign_in", _("The server did not accept user name and password.")
    NO_SUCH_BOX = "no_such_box", _("The receiver's address is not taken.")
    NOT_CONFIGURED = "not_configured", _("This installation does not send this way any more.")
    NOBODY = "nobody", _("The receiver has left, or has no confirmed address any more.")
    OLD = "old", _("It waited too long; nobody needs it any more.")
    TRIED_OFTEN = "tried_often", _("It was tried often and never came to an end.")
