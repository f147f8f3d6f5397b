"""What a manufacturer sets of each check: which figures belong to which code, and how rows of JSON become `Settings` (domain.md 9.3). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from settlement.calculations.check_facts import Settings
from settlement.calculations.check_record import kept, read
from settlement.enums import CheckCode, CheckOutcome

#: the settings of each code, by their names in `Settings`
PARAMS: Mapping[CheckCode, tuple[str, ...]] = {
    CheckCode.R02: ("unauthorised", "long_km", "authorise_above"),
    CheckCode.R04: ("submit_days", "warn_days"),
    CheckCode.B04: ("meter_hours_a_day",),
    CheckCode.B05: ("duplicate_days",),
    CheckCode.B06: ("repeat_days",),
    CheckCode.B09: ("without_policy",),
    CheckCode.B10: ("old_part_months",),
    CheckCode.M02: ("amount",),
    CheckCode.M03: ("km_over", "people"),
    CheckCode.M05: ("position_m",),
    CheckCode.A01: ("low_amount", "trusted"),
}

#: of a manufacturer that has set nothing. As long as nobody can name a pre-authorisation, a person looks instead of a claim going in circles.
DEFAULTS = replace(Settings(), unauthorised=CheckOutcome.MANUAL)


def settings_from(rows: Iterable[tuple[str, bool, Mapping[str, Any]]]) -> Settings:
    """Rows (code, on, parameters as `params_of` says them) on top of the defaults."""
    values, on = kept(DEFAULTS), set(DEFAULTS.on)
    for code, is_on, params in rows:
        values |= {name: params[name] for name in PARAMS.get(CheckCode(code), ()) if name in params}
        on = on | {code} if is_on else on - {code}
    return replace(read(Settings, values), on=frozenset(on))


def params_of(settings: Settings, code: str) -> dict[str, Any]:
    """The parameters of one code as JSON has them."""
    return {name: kept(getattr(settings, name)) for name in PARAMS.get(CheckCode(code), ())}


def with_params(settings: Settings, code: str, is_on: bool, params: Mapping[str, Any]) -> Settings:
    """The settings with another switch and other parameters of one code. params: values, as `Settings` has them."""
    known = {field.name for field in fields(Settings)} & set(PARAMS.get(CheckCode(code), ()))
    on = settings.on | {code} if is_on else settings.on - {code}
    return replace(settings, on=frozenset(on), **{name: params[name] for name in known if name in params})
