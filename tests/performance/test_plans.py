"""No hot query reads more than 20 × the rows it shows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.people import sign_in
from tests.performance.conftest import RARE_CITY, RARE_LEAD, Filled
from tests.performance.plans import watching
from tickets.models import Slip, Ticket, TicketMachine


@pytest.mark.django_db(databases=["default", "owner"])
def test_explore(filled: Filled, client: Client) -> None:
    from core import tenancy
    from urllib.parse import urlencode
    out = open("/tmp/ex/explore.txt", "w")
    for who, person in filled.persons.items():
        v = filled.viewers[who]
        with tenancy.acting(v):
            n = Ticket.objects.visible_to(v).count()
            rows = Ticket.objects.visible_to(v)
            rare = rows.filter(lead_name=RARE_LEAD).count(), rows.filter(city=RARE_CITY).count()
            one = rows.filter(state="in_work").exclude(lead_name__in=["", RARE_LEAD]).order_by("-reported_at").first() or rows.order_by("-reported_at").first()
            done = rows.filter(state="closed").order_by("-reported_at").first()
            machine = TicketMachine.objects.visible_to(v).filter(ticket=one).values_list("machine__public_id" if who not in ("office", "hq") else "id", flat=True).first()
            slip = Slip.objects.visible_to(v).filter(ticket=done).first()
            cust = one.customer.public_id if who not in ("office", "hq") else ""
        fac = factories.rows(type(one.dealer) if who in ("office","hq") else type(one.dealer), id=one.manufacturer_id if who not in ("office", "hq") else one.dealer_id)[0] if False else None
        from partners.models import Organisation
        partner = factories.rows(Organisation, id=one.manufacturer_id if who not in ("office", "hq") else one.dealer_id)[0].public_id
        print("=====", who, n, rare, file=out)
        sign_in(client, person)
        f = {"city": one.city.removesuffix("市"), "lead": one.lead_name, "state": "in_work", "urgency": one.urgency, "partner": partner,
             "since": f"{one.reported_at:%Y-%m-%d}", "until": f"{one.reported_at:%Y-%m-%d}", "period": "month", "q": "湖畔", "customer": cust, "machine": machine}
        pages = {"plain": {}, "all": {"state": "all"}, **{k: {"state": "all", k: x} for k, x in f.items() if x}, "rare city": {"city": RARE_CITY, "state": "all"},
                 "rare lead": {"lead": RARE_LEAD, "state": "all"}, "cancelled": {"state": "cancelled"}, "finished": {"state": "finished"}, "hp": {"q": "hp", "state": "all"}, "digits": {"q": (one.phone or "1234")[-4:], "state": "all"},
                 "shili": {"q": "示例", "state": "all"}, "none": {"q": "甪鱻鑫淼龘", "state": "all"}, "together": {k: x for k, x in f.items() if x and k not in ("period",)}, "together_all": {**{k: x for k, x in f.items() if x and k not in ("period",)}, "state": "all"}}
        urls = [(k, "/tickets/?" + urlencode(x)) for k, x in pages.items()]
        sf = {"state": "signed", "month": f"{done.finished_at:%Y-%m}", "technician": slip.technician, "partner": partner, "city": f["city"], "since": f["since"], "until": f["until"], "period": "month", "q": "湖畔"}
        urls += [("slips", "/slips/")] + [("slips " + k, "/slips/?" + urlencode({k: x})) for k, x in sf.items()]
        urls += [("slips void", "/slips/?state=void"), ("slips rare tech", "/slips/?technician=" + RARE_LEAD), ("slips rare city", "/slips/?city=" + RARE_CITY), ("slips together", "/slips/?" + urlencode(sf))]
        urls += [("board", "/"), ("day", "/tickets/day/"), ("search", "/search/?q=湖畔"), ("search box", "/search/?q=hp&as=options"), ("ticket", f"/tickets/{done.public_id}/"), ("slip", f"/slips/{slip.public_id}/"),
                 ("customers", "/customers/"), ("customers q", "/customers/?q=湖畔"), ("customers city", "/customers/?city=" + one.city), ("machines", "/machines/"), ("machines city", "/machines/?city=" + one.city), ("api", "/api/v1/tickets?state=all&limit=100"), ("api slips", "/api/v1/slips"), ("notices", "/notices/count/"), ("exports", "/exports/tickets/?state=all")]
        for name, url in urls:
            with watching() as seen:
                response = client.get(url)
            print(f"-- {name} {response.status_code} {url}", file=out)
            more = re.search(rb'after=([\w-]+)', response.content) if response.get("Content-Encoding") != "gzip" else None
            if more and name in ("plain", "all", "city", "slips"):
                with watching() as second:
                    client.get(url + "&after=" + more[1].decode())
                seen = seen + second
            for st in seen:
                bad = st.read > 200
                if bad:
                    print(f"   {'!!' if st.complaint(n) else '  '} read {st.read:.0f} shown {st.shown:.0f} counted {st.counted:.0f} {st.sql[:60]!r} … {st.sql[-160:]!r}", file=out)
                    for line in st.scans:
                        print("        ", line[:230], file=out)
