"""Telephone numbers of China as they are shown to those who may not call them (domain.md 2.3, number rules 8.1)."""

import re

_NUMBER = re.compile(
    r"(?:\+?86[ -]?)?(?P<mobile>1\d{2})[ -]?\d{4}[ -]?(?P<mobile_end>\d{4})(?!\d)"
    r"|(?P<area>010|02\d|0[3-9]\d{2})[ -]?\d{3,4}(?P<area_end>\d{4})(?!\d)(?P<extension>-\d{1,6}(?!\d))?"
    r"|(?P<service>[48]00)-?\d{3}-?(?P<service_end>\d{4})(?!\d)"
    r"|(?P<other>\d+)"
)


def mask_phone(text: str) -> str:
    """The text with the middle of every telephone number hidden: 138****5678, 0731-****1234, 400-***-5678.

    What keeps its head and its last four digits is a number by the rules of domain.md 8.1; of anything else with digits, a
    local number or a mistyped one, only the last four of at least eight digits are left. An extension is hidden.
    """
    return _NUMBER.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    if head := found["mobile"]:
        return f"{head}****{found['mobile_end']}"
    if head := found["area"]:
        return f"{head}-****{found['area_end']}" + ("-***" if found["extension"] else "")
    if head := found["service"]:
        return f"{head}-***-{found['service_end']}"
    digits = found["other"]
    end = digits[-4:] if len(digits) >= 8 else ""
    return "*" * (len(digits) - len(end)) + end
