"""What the measured pages need in one place: sessions, rows that exist there, values for every filter of the list. Prints JSON.

Runs as a process of its own in the place's environment: `python -m benchmarks.samples`.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from importlib import import_module
from typing import Any

from benchmarks.places import Place
from servicedesk import embedded

Samples = dict[str, Any]


def of(place: Place) -> Samples:
    """The samples of a place."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.samples"], env={**os.environ, **place.environment}, cwd=embedded.ROOT,
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found: Samples = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Collect and print."""
    import django

    django.setup()
    from servicedesk.demo.load import HQ_PHONE, OFFICE_PHONE, dealers

    biggest, second = dealers()[:2]
    found: Samples = {}
    phones = {
        "dealer": biggest.dispatcher_phone, "technician": biggest.technician_phone, "office": OFFICE_PHONE, "hq": HQ_PHONE,
        "second": second.dispatcher_phone,
    }  # fmt: skip
    for name, phone in phones.items():
        found[name] = person(phone)
    for name in ("dealer", "office", "hq"):
        found[name] |= filters(phones[name])
    found["dealer"] |= ticket(phones["dealer"])
    found["technician"] |= draft(phones["technician"])
    print(json.dumps(found, ensure_ascii=False))


def viewer_of(phone: str) -> Any:
    """The viewer of the account with this phone."""
    from partners.models import Account
    from partners.queries import viewers

    account = Account.objects.get(phone=phone)
    found = viewers.of_account(account.pk, None)
    assert found is not None, phone
    return found[0]


def person(phone: str) -> Samples:
    """A session, and who it is."""
    from django.conf import settings

    from partners.middleware import SESSION_PERSON
    from partners.models import Account

    account, viewer = Account.objects.get(phone=phone), viewer_of(phone)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["_auth_user_id"], store["_auth_user_backend"] = str(account.pk), settings.AUTHENTICATION_BACKENDS[0]
    store["_auth_user_hash"], store[SESSION_PERSON] = account.get_session_auth_hash(), viewer.person_id
    store.create()
    return {"cookie": settings.SESSION_COOKIE_NAME, "session": store.session_key, "org": viewer.org, "phone": phone}


def filters(phone: str) -> Samples:
    """For every filter that the list's form declares a value that leaves the newest overdue ticket with a technician in the list."""
    from django.http import QueryDict
    from django.utils import translation

    from core import tenancy
    from tickets.enums import OPEN
    from tickets.forms.lists import TicketFilters
    from tickets.models import Ticket, TicketMachine
    from tickets.queries import lists

    viewer = viewer_of(phone)
    with tenancy.acting(viewer), translation.override("zh-hans"):
        late = lists.listing(viewer, TicketFilters(QueryDict("state=all&due=overdue"), viewer=viewer).facts())
        rows = Ticket.objects.visible_to(viewer).filter(state__in=OPEN, id__in=late.values("id")).exclude(lead_name="")
        sample = rows.order_by("-reported_at", "-id").first()
        assert sample is not None, f"{phone} sees no overdue ticket with a technician"
        known = {"q": sample.customer_name[:6], "customer": "", "machine": ""}
        if viewer.tier is tenancy.Tier.DEALER:
            covered = TicketMachine.objects.visible_to(viewer).filter(ticket=sample).values("machine__public_id")
            known["customer"], known["machine"] = sample.customer.public_id, covered[:1].get()["machine__public_id"]

        def holds(name: str, value: str) -> bool:
            params = QueryDict(mutable=True)
            params.update({name: value})
            if name != "state":
                params["state"] = "all"
            form = TicketFilters(params, viewer=viewer)
            return bool(form.is_valid() and lists.listing(viewer, form.facts()).filter(id=sample.id).exists())

        chosen = {}
        for name, field in TicketFilters(None, viewer=viewer).fields.items():
            value = known.get(name)
            if value == "":
                continue  # the dealer's own files, which the maker's side does not have
            choices = [
                str(key) for key, _words in getattr(field, "choices", ()) if not isinstance(_words, (list, tuple))
            ]
            day = sample.reported_at.date()
            guesses = [value] if value else [sample.state, *choices] if name == "state" else choices
            guesses += [
                str(getattr(sample, name, "") or ""),
                f"{day - datetime.timedelta(1)}",
                f"{day + datetime.timedelta(1)}",
            ]
            chosen[name] = next((guess for guess in guesses if guess not in ("", "all") and holds(name, guess)), "")
            assert chosen[name], f"no value for the filter {name!r}: teach benchmarks/samples.py one"
        return {"filters": chosen, "number": sample.number[:6]}


def ticket(phone: str) -> Samples:
    """A finished ticket with everything on it, and a customer who reports."""
    from core import tenancy
    from tickets.models import Ticket, TicketMachine

    viewer = viewer_of(phone)
    with tenancy.acting(viewer):
        rows = Ticket.objects.visible_to(viewer).filter(state="closed").select_related("customer")
        found = rows.order_by("-reported_at", "-id").first()
        assert found is not None
        machine = TicketMachine.objects.visible_to(viewer).filter(ticket=found).select_related("machine").first()
        assert machine is not None
        assert machine.machine is not None
        return {
            "ticket": found.public_id, "ticket_number": found.number, "customer": found.customer.public_id,
            "customer_name": found.customer_name, "customer_phone": found.customer.phone, "machine": machine.machine.public_id,
        }  # fmt: skip


def draft(phone: str) -> Samples:
    """A draft slip of the technician's own open job."""
    from core import tenancy
    from tickets.enums import OPEN
    from tickets.models import Slip

    viewer = viewer_of(phone)
    with tenancy.acting(viewer):
        rows = Slip.objects.visible_to(viewer).filter(state="draft", ticket__state__in=OPEN)
        found = rows.filter(ticket__lead_person_id=viewer.person_id).order_by("-ticket__reported_at", "-id").first()
        assert found is not None
        return {"slip": found.public_id, "slip_customer": found.customer_name}


if __name__ == "__main__":
    main()
