from partners.models.account import AccessLink, Account, SignInFailures
from partners.models.api_token import ApiToken
from partners.models.contact import Contact, Deputy
from partners.models.organisation import Organisation, Partnership
from partners.models.owned import DealerPrivate, MakerPublished, Shared
from partners.models.person import Person
from partners.models.saved_view import SavedView

__all__ = [
    "AccessLink",
    "Account",
    "ApiToken",
    "Contact",
    "DealerPrivate",
    "Deputy",
    "MakerPublished",
    "Organisation",
    "Partnership",
    "Person",
    "SavedView",
    "Shared",
    "SignInFailures",
]
