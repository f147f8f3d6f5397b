from partners.models.account import AccessLink, Account, SignInFailures
from partners.models.organisation import Organisation, Partnership
from partners.models.owned import DealerPrivate, MakerPublished, Shared
from partners.models.person import Person

__all__ = [
    "AccessLink",
    "Account",
    "DealerPrivate",
    "MakerPublished",
    "Organisation",
    "Partnership",
    "Person",
    "Shared",
    "SignInFailures",
]
