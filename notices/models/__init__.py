from notices.models.channel import Channel
from notices.models.delivery import Delivery
from notices.models.notice import Notice
from notices.models.preferences import Preferences

__all__ = ["Channel", "Delivery", "Notice", "Preferences"]
