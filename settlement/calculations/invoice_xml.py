"""Number, amount and day out of the XML of an electronic invoice (数电票), in the shape of tests/settlement/invoices/ (domain.md 11). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

NUMBER = "TaxSupervisionInfo/InvoiceNumber"
ISSUED = "TaxSupervisionInfo/IssueTime"
TOTAL = "EInvoiceData/BasicInformation/TotalTax-includedAmount"


class Broken(ValueError):
    """No such XML, or one that wants to load something else."""


@dataclass(frozen=True, slots=True)
class Read:
    """What the XML says. amount: with tax."""

    number: str
    amount: Decimal
    issued_on: date


def read(content: bytes) -> Read:
    """What the file says of itself. Errors: Broken, also for a document type, entities and anything outside the file."""
    try:
        root: Element = fromstring(content, forbid_dtd=True)
        if root.tag != "EInvoice":
            raise Broken
        amount = Decimal(_text(root, TOTAL))
        if not amount.is_finite():
            raise Broken
        return Read(_text(root, NUMBER), amount, date.fromisoformat(_text(root, ISSUED)[:10]))
    except (ParseError, DefusedXmlException, InvalidOperation, ValueError, LookupError) as problem:
        raise Broken from problem


def _text(root: Element, path: str) -> str:
    found = root.findtext(path)
    if not found or not found.strip():
        raise Broken
    return found.strip()
