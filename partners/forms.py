"""Shape of what people type about accounts, people, organisations, partnerships and words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import districts, typed
from core.forms import DayField, Form
from core.models import DictionaryEntry
from core.tenancy import Tier
from partners.enums import ROLES_OF_TIER, Department, Level, OrganisationKind, Role, Scheme, Sharing, TokenScope
from partners.models import Organisation, Partnership, Person

# ── accounts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _password(label: Any, autocomplete: str, hint: Any = "") -> forms.CharField:
    widget = forms.PasswordInput({"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=128, strip=False, widget=widget, help_text=hint)


def _mobile(label: Any, hint: Any = "") -> forms.CharField:
    widget = forms.TextInput({"inputmode": "tel", "autocomplete": "tel"})
    return forms.CharField(label=label, max_length=20, widget=widget, help_text=hint)


class SignInForm(Form):
    """Phone number or user name, and password."""

    login = forms.CharField(
        label=_("Mobile number or user name"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = _password(_("Password"), "current-password")


class _TwiceForm(Form):
    """A new password, typed twice; `first` is its field."""

    first: ClassVar[str] = "password"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get(self.first) and data.get("again") and data[self.first] != data["again"]:
            self.add_error("again", _("The two passwords differ."))
        return data


class LinkForm(_TwiceForm):
    """The number the link was made for, and a password."""

    phone = _mobile(_("Mobile number"), _("The number that your administrator knows"))
    password = _password(
        _("Password"),
        "new-password",
        _("At least 8 characters, not only digits. If you sign in here already: your present password"),
    )
    again = _password(_("Password again"), "new-password")


class PasswordForm(_TwiceForm):
    """One's own new password."""

    first = "new"

    present = _password(_("Present password"), "current-password")
    new = _password(_("New password"), "new-password", _("At least 8 characters, not only digits"))
    again = _password(_("New password again"), "new-password")


class ProfileForm(Form):
    """One's own name and number."""

    widths: ClassVar[dict[str, str]] = {"name": "half", "phone": "half"}

    name = forms.CharField(
        label=pgettext_lazy("person", "Name"), max_length=60, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = _mobile(_("Mobile number"), _("You also sign in with it"))


class LookForm(Form):
    """Language, colours, height of rows."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("zh-hans", "中文"), ("en", "English")],
        widget=forms.RadioSelect({"data-big": True}),
    )
    theme = forms.ChoiceField(
        label=_("Appearance"),
        choices=[("auto", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))],
        widget=forms.RadioSelect({"data-big": True}),
    )
    density = forms.ChoiceField(
        label=_("Rows of lists"),
        choices=[("standard", _("Standard")), ("compact", _("Compact"))],
        widget=forms.RadioSelect({"data-big": True}),
    )


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


class PersonForm(Form):
    """What an administrator writes about a person; only the roles of the organisation's tier are offered."""

    widths: ClassVar[dict[str, str]] = dict.fromkeys(("name", "phone", "department", "branch", "city"), "half")

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=60)
    phone = _mobile(_("Mobile number"), _("The invitation is made for this number"))
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One person may have several"),
    )
    department = forms.ChoiceField(label=_("Department"), required=False)
    branch = forms.CharField(label=_("Branch"), max_length=40, required=False)
    city = forms.CharField(label=_("City"), max_length=20, required=False, help_text=_("Where the person starts from"))

    def __init__(self, *args: Any, tier: Tier, foreign: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [Role.ADMIN] if foreign else ROLES_OF_TIER[tier]
        self.fields["roles"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        if len(roles) == 1:
            self.initial.setdefault("roles", [roles[0].value])
        self.fields["department"].choices = Department.choices  # type: ignore[attr-defined]
        unused = {Tier.HQ: ("branch", "city"), Tier.DEALER: ("department",)}.get(tier, ("department", "branch", "city"))
        for name in unused:
            del self.fields[name]

    @staticmethod
    def facts_of(person: Person) -> dict[str, Any]:
        """The person as the form's initial values."""
        return {name: getattr(person, name) for name in ("name", "phone", "roles", "department", "branch", "city")}


class DeactivateForm(Form):
    """Who takes over the open work."""

    hand_over_to = forms.ChoiceField(label=_("Open work goes to"), required=False)

    def __init__(self, *args: Any, colleagues: Iterable[Person], needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Please choose"))] + [(person.public_id, person.name) for person in colleagues]
        self.fields["hand_over_to"].choices = choices  # type: ignore[attr-defined]
        if not needed:
            del self.fields["hand_over_to"]


class DeputyForm(Form):
    """From when until when a person is away, and who acts for him."""

    widths: ClassVar[dict[str, str]] = {"first_day": "half", "last_day": "half"}

    deputy = forms.ChoiceField(label=_("Who acts for him"))
    first_day = DayField(label=_("First day of the leave"))
    last_day = DayField(label=_("Last day"))

    def __init__(self, *args: Any, colleagues: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Please choose"))] + [(person.public_id, person.name) for person in colleagues]
        self.fields["deputy"].choices = choices  # type: ignore[attr-defined]


class ContactForm(Form):
    """Whether partners may name a person, and for what."""

    shown = forms.BooleanField(label=_("Partners may name this person"), required=False)
    duty = forms.CharField(
        label=_("What he looks after"), max_length=40, required=False, help_text=_("Such as: motors, vibration")
    )


# ── organisations ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


class CardForm(Form):
    """What partners may know of an organisation."""

    widths: ClassVar[dict[str, str]] = {"short_name": "half", "service_phone": "half"}

    name = forms.CharField(label=_("Name"), max_length=80)
    short_name = forms.CharField(label=_("Short name"), max_length=20, required=False, help_text=_("Shown in lists"))
    service_phone = forms.CharField(
        label=_("Service telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"inputmode": "tel"}),
        help_text=_("Printed on service slips"),
    )
    address = forms.CharField(
        label=_("Address"), max_length=160, required=False, help_text=_("Printed on service slips")
    )

    @staticmethod
    def facts_of(organisation: Organisation) -> dict[str, Any]:
        """The organisation as the form's initial values."""
        return {name: getattr(organisation, name) for name in ("name", "short_name", "service_phone", "address")}


def _code_field(hint: Any) -> forms.CharField:
    widget = forms.TextInput({"autocapitalize": "characters", "spellcheck": "false", "data-width": "half"})
    return forms.CharField(label=_("Code"), max_length=20, widget=widget, help_text=hint)


class OrganisationForm(CardForm):
    """A new organisation with its first administrator."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (kind.value, kind.label)
            for kind in (OrganisationKind.DEALER, OrganisationKind.MAKER, OrganisationKind.OFFICE)
        ],
        widget=forms.RadioSelect({"data-big": True}),
    )
    parent = forms.ChoiceField(label=_("Manufacturer of the office"), required=False)
    code = _code_field(_("Part of all numbers, for example CS01; it cannot be changed"))
    admin_name = forms.CharField(label=_("First administrator"), max_length=60)
    admin_phone = _mobile(_("Administrator's mobile number"))

    field_order = (
        "kind",
        "parent",
        "code",
        "name",
        "short_name",
        "service_phone",
        "address",
        "admin_name",
        "admin_phone",
    )

    def __init__(self, *args: Any, makers: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "–")] + [(maker.public_id, maker.label) for maker in makers]
        self.fields["parent"].choices = choices  # type: ignore[attr-defined]


class UnlistedMakerForm(CardForm):
    """A manufacturer that is not on the platform."""

    code = _code_field(_("Short, for your own numbers, for example WZ"))

    field_order = ("code", "name", "short_name", "service_phone", "address")


# ── partnerships ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


class TermsForm(Form):
    """What both sides confirm."""

    sharing = forms.ChoiceField(
        label=_("What the manufacturer sees"), choices=Sharing.choices, widget=forms.RadioSelect({"data-big": True})
    )
    scheme = forms.ChoiceField(label=_("Settlement"), choices=Scheme.choices, required=False)

    @staticmethod
    def facts_of(partnership: Partnership) -> dict[str, Any]:
        """The partnership as the form's initial values."""
        return {"sharing": partnership.sharing, "scheme": partnership.scheme}


class AssignmentForm(Form):
    """Which office looks after the dealer, its level, its region."""

    widths: ClassVar[dict[str, str]] = {"office": "half", "level": "half"}

    office = forms.ChoiceField(label=_("Office in charge"), required=False)
    level = forms.ChoiceField(label=_("Authorisation level"), choices=Level.choices, required=False)
    districts = forms.CharField(
        label=_("Region"),
        required=False,
        max_length=600,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Provinces or cities, separated by blanks; empty is everywhere"),
    )

    def __init__(self, *args: Any, offices: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("none, headquarters itself"))] + [(office.public_id, office.label) for office in offices]
        self.fields["office"].choices = choices  # type: ignore[attr-defined]

    def clean_districts(self) -> tuple[str, ...]:
        """The codes of the places that were written."""
        words = self.cleaned_data["districts"].replace(",", " ").replace(",", " ").replace("、", " ").split()
        found = {word: districts.region(word) for word in words}
        unknown = [word for word, place in found.items() if place is None]
        if unknown:
            raise ValidationError(
                _("Not found: %(codes)s. Write provinces or cities."), params={"codes": "、".join(unknown)}
            )
        return tuple(dict.fromkeys(place.code for place in found.values() if place))

    @staticmethod
    def facts_of(partnership: Partnership) -> dict[str, Any]:
        """The partnership as the form's initial values."""
        return {
            "office": partnership.office.public_id if partnership.office else "",
            "level": partnership.level,
            "districts": " ".join(region_words(partnership.districts)),
        }


class ProposalForm(TermsForm, AssignmentForm):
    """A new partnership."""

    dealer = forms.ChoiceField(label=_("Dealer"))
    manufacturer = forms.ChoiceField(label=_("Manufacturer"))

    widths: ClassVar[dict[str, str]] = dict.fromkeys(("dealer", "manufacturer", "office", "level"), "half")
    field_order = ("dealer", "manufacturer", "sharing", "scheme", "office", "level", "districts")

    def __init__(
        self,
        *args: Any,
        dealers: Iterable[Organisation],
        makers: Iterable[Organisation],
        offices: Iterable[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, offices=offices, **kwargs)
        for name, rows in (("dealer", dealers), ("manufacturer", makers)):
            choices = [("", _("Please choose"))] + [(row.public_id, f"{row.code} {row.label}") for row in rows]
            self.fields[name].choices = choices  # type: ignore[attr-defined]


def region_words(codes: Iterable[str]) -> list[str]:
    """The names of a region's places."""
    return [place.name for code in codes if (place := districts.by_code(code))]


# ── dictionaries ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


class WordForm(Form):
    """A new word of a list."""

    label = forms.CharField(label=_("Word"), max_length=40)


class ChangeWordForm(WordForm):
    """A word's wording, place and use."""

    position = forms.IntegerField(
        label=_("Place in the list"), min_value=0, max_value=9999, widget=forms.NumberInput({"data-width": "third"})
    )
    active = forms.BooleanField(label=_("Offered when choosing"), required=False)

    @staticmethod
    def facts_of(entry: DictionaryEntry) -> dict[str, Any]:
        """The word as the form's initial values."""
        return {"label": entry.label, "position": entry.position, "active": entry.active}


# ── public holidays ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


class DaysField(forms.CharField):
    """Days as a notice of the State Council is copied: one day or span a line, words may stand behind. Value: list of dates in order.

    "2027-01-01", "2027-02-05–2027-02-11 春节", "1月1日至3日", "2月15日(周日)至23日": without a year that of the form.
    """

    def __init__(self, *, year: int, **options: Any) -> None:
        self.year = year
        super().__init__(widget=forms.Textarea({"rows": 9, "spellcheck": "false"}), max_length=4000, **options)

    def clean(self, value: Any) -> Any:
        """Errors: ValidationError that names the line."""
        found: set[date] = set()
        for line in super().clean(value).splitlines():
            if line.strip():
                try:
                    found.update(typed.days(line, self.year))
                except ValueError:
                    text = _(
                        "This line has no day that I can read: “%(line)s”. Write 2027-01-01 or 2027-02-05–2027-02-11."
                    )
                    raise ValidationError(text, code="invalid", params={"line": line.strip()[:60]}) from None
        return sorted(found)


class CalendarYearForm(Form):
    """The holidays of one year."""

    def __init__(self, *args: Any, year: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["off"] = DaysField(
            year=year,
            label=_("Days off"),
            help_text=_("A day or a span on each line; weekend days inside a holiday belong to it."),
        )
        self.fields["work"] = DaysField(year=year, label=_("Weekend days that are worked"), required=False)


# ── tokens ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


class TokenForm(Form):
    """A new token: what for, what it may, how long."""

    name = forms.CharField(
        label=_("What it is for"), max_length=60, widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("For example the program and the machine it runs on."),
    )  # fmt: skip
    scope = forms.ChoiceField(
        label=_("What it may do"),
        choices=TokenScope.choices,
        initial=TokenScope.READ,
        widget=forms.RadioSelect({"data-big": "1"}),
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        choices=[(7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("1 year"))],
        coerce=int,
        initial=90,
        widget=forms.Select({"data-width": "third"}),
    )
