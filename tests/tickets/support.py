"""An escalation and a referral driven through their lives by the real operations, as `driver.Job` does it with a ticket."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core import jobs
from core.calendars import local_date
from core.tenancy import Viewer
from tests import factories
from tests.people import People, act
from tests.tickets.driver import STEP, T0, Job
from tickets.models import Escalation, Referral, Ticket
from tickets.operations import escalate, refer_ticket, support
from tickets.operations.escalate import Facts
from tickets.operations.refer_ticket import Case
from tickets.operations.support import Reply

#: what the form wants of a motor
MOTOR = {"operating_condition": "粉尘,连续24h", "current_u": "28", "current_v": "29", "current_w": "35"}
PHENOMENON = "前端异响,轴承座78℃,三相电流不平衡"


class Support:
    """A request for support on a job's ticket, with a photo; `clock` goes on with the job's."""

    def __init__(self, people: People, job: Job | None = None, *, by: Viewer | None = None, **facts: Any) -> None:
        self.people = people
        self.job = job or Job(people)
        self.by = by or self.job.desk
        photo = self.job.photo(by=self.by)
        values = {"phenomenon": PHENOMENON, "readings": MOTOR, "photos": [photo.public_id], **facts}
        made = act(
            escalate.save_draft,
            viewer=self.by,
            ticket_public_id=self.job.key,
            facts=Facts(**values),
            now=self.job.tick(),
        )
        self.key: str = made.public_id

    @property
    def row(self) -> Escalation:
        """As it stands now."""
        found: Escalation = factories.rows(Escalation, public_id=self.key)[0]
        return found

    def do(self, operation: Any, who: Viewer, now: datetime | None = None, **arguments: Any) -> Any:
        """An operation on it, as `who`, with the version that is."""
        arguments.setdefault("expected_version", self.row.version)
        return act(operation, viewer=who, public_id=self.key, now=self.job.tick(now), **arguments)

    def submit(self, now: datetime | None = None, **more: Any) -> Any:
        return self.do(escalate.submit, self.by, now, **more)

    def accept(self, who: Viewer, now: datetime | None = None) -> Any:
        return self.do(support.accept, who, now)

    def answer(self, who: Viewer, now: datetime | None = None, **changes: Any) -> Any:
        reply = {
            "text": "先测轴电压,换绝缘轴承", "next_step": "发绝缘轴承", "next_person": "沈工", "next_on": local_date(self.job.clock) + timedelta(days=3), **changes,
        }  # fmt: skip
        return self.do(support.answer, who, now, reply=Reply(**reply))

    def solved(self) -> Support:
        """To its end by the office."""
        self.submit()
        self.accept(self.people.office)
        self.answer(self.people.office)
        self.do(escalate.confirm, self.by, note="已换,运行正常")
        return self


def case(**changes: Any) -> Case:
    """What the hotline writes down."""
    values: dict[str, Any] = {
        "customer_name": "永州新世纪破碎(示例)", "phone": "13874650001", "fault": "破碎机电机轴承响,停机", "product_type": "三相异步电动机",
        "model": "YE3-200L-4", "contact": "老唐", "province": "湖南省", "city": "永州市", "district": "冷水滩区", "address": "石场路 8 号",
        "host_machine": "破碎机 PE400", "serial_number": "2601H0777", "reported_at": T0 - timedelta(minutes=40), **changes,
    }  # fmt: skip
    return Case(**values)


def refer(people: People, who: Viewer, dealer: Any, now: datetime = T0, **changes: Any) -> Referral:
    """A referral that is on its way; `jobs.drain()` lets it arrive."""
    made: Referral = act(refer_ticket.refer_ticket, viewer=who, case=case(**changes), dealer=dealer.public_id, now=now)
    return made


def ticket_of(referral: Referral) -> Ticket:
    """The ticket that it became."""
    jobs.drain()
    found: Ticket = factories.rows(Ticket, referral_id=referral.pk)[0]
    return found


__all__ = ["MOTOR", "PHENOMENON", "STEP", "Support", "case", "refer", "ticket_of"]
