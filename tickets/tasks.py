"""Jobs of tickets: the kept files of a slip, and what closes by itself at night."""

from __future__ import annotations

import hashlib
import io
import logging
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from core import jobs, public_holidays
from core.calendars import SHANGHAI, local, local_date
from core.errors import NotFound, Refused
from core.models import public_id as random_name
from core.tenancy import Tier
from partners.operations import daily
from tickets import notices
from tickets.documents import policy_trial, slip_batch, slip_forms, slip_pdf
from tickets.documents.slip_facts import paper_of
from tickets.enums import Copy, Paper, SlipState
from tickets.models import Slip
from tickets.operations import batch_print, finish_ticket, refer_ticket, slip_files, try_policy
from tickets.operations.accept_referral import ACCEPTED
from tickets.operations.exchange_promise import EXCHANGE, RECKON, exchange_some, reckon_some
from tickets.operations.refer_ticket import ARRIVE, TRANSFERRED
from tickets.operations.remind import remind_due
from tickets.queries import clocks, escalations, goods_returns, referrals, slips, trials, warranty

log = logging.getLogger(__name__)

CLOSE_DUE = "tickets.close_due"
REMIND = "tickets.remind"
CALENDAR = "tickets.calendar"
TRIAL_CHUNK = 500
TELL_EVERY = 0.5  # seconds between two reports of a batch
NIGHT = time(2, 30)  # after midnight's rush, long before the desk opens
REMIND_EVERY = timedelta(minutes=15)


@jobs.handler("tickets.slip_pdf", _("Print files of a slip"))
def make_slip_files(run: jobs.Run) -> None:
    """Make and keep the three files of a frozen slip; payload: slip = its public id.

    May run twice: a second run finds what is missing, makes no second row, and takes away files that a killed run left.
    A slip that was voided meanwhile gets no files.
    """
    key, folder = str(run.payload["slip"]), f"slips/{run.job.public_id}"
    with run.step():
        slip = slip_files.begin(viewer=run.viewer, public_id=key, folder=folder)
        paper = None if slip is None else paper_of(run.viewer, slip)
    run.progress(1, 3)
    if paper is None:
        run.progress(3, 3)
        return
    made = slip_pdf.slip_files(paper)
    kept = {copy: _keep(folder, made.of(copy)) for copy in Copy}
    run.progress(2, 3)
    with run.step():
        slip_files.keep(viewer=run.viewer, public_id=key, files=kept, now=timezone.now())
    run.progress(3, 3)


def _keep(folder: str, content: bytes) -> slip_files.KeptFile:
    import pikepdf  # web processes never count pages

    with pikepdf.open(io.BytesIO(content)) as pdf:
        pages = len(pdf.pages)
    name = default_storage.save(f"{folder}/{random_name()}{random_name()}.pdf", ContentFile(content))
    return slip_files.KeptFile(name, hashlib.sha256(content).hexdigest(), pages, len(content))


@jobs.handler(batch_print.KIND, _("Printing several slips"))
def print_batch(run: jobs.Run) -> None:
    """One PDF of several slips; payload: slips = [[public id, 补打 number or 0]], paper.

    Slips that cannot be printed are named in the progress text, the others are in the file. A second run makes the same
    file again and counts nothing. Whoever stops the job keeps what is finished.
    Errors: Refused("batch_empty") when there is nothing to keep.
    """
    wanted, paper = run.payload["slips"], Paper(run.payload["paper"])
    keys = [str(key) for key, _number in wanted]
    with run.step():
        found, kept = slips.for_batch(run.viewer, keys)
    failed: list[str] = []
    told = monotonic()
    with slip_batch.Batch() as batch:
        try:
            for place, (key, reprint_no) in enumerate(wanted, 1):
                slip = found.get(str(key))
                try:
                    if slip is None:
                        raise NotFound
                    _add_to_batch(run, batch, slip, kept.get(slip.id, {}), paper, reprint_no or None)
                except DatabaseError:
                    raise
                except Exception:
                    log.exception("a slip of a batch was not printed")
                    failed.append(slip.number if slip else str(key))
                if monotonic() - told > TELL_EVERY or place == len(wanted):
                    told = monotonic()
                    run.progress(place, len(wanted), _how_far(place, len(wanted), failed))
        except jobs.Cancelled:
            _keep_batch(run, batch, paper)
            raise
        if not _keep_batch(run, batch, paper):
            raise Refused("batch_empty", numbers="、".join(failed))


def _add_to_batch(
    run: jobs.Run, batch: slip_batch.Batch, slip: Slip, kept: dict[str, str], paper: Paper, reprint_no: int | None
) -> None:
    """One slip: its kept files on A4, else drawn anew. Errors: NotFound while a kept file is missing; OSError, Broken."""
    if paper is not Paper.A4:
        with run.step():
            facts = paper_of(run.viewer, slip)
        batch.add(slip_forms.slip_form(facts, paper, reprint_no=reprint_no))
        return
    if len(kept) < len(Copy):
        raise NotFound
    content = []
    for copy in Copy:
        with default_storage.open(kept[copy], "rb") as file:
            content.append(file.read())
    void = slip.void_reason if slip.state == SlipState.VOID else None
    batch.add_kept(content, reprint_no=reprint_no, void_reason=void)


def _keep_batch(run: jobs.Run, batch: slip_batch.Batch, paper: Paper) -> bool:
    """Store what the batch has so far as the job's result; False when it has nothing. A file of an earlier run goes."""
    if not batch.count:
        return False
    folder = f"batches/{run.job.public_id}"
    if default_storage.exists(folder):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")
    name = f"{folder}/{local(run.job.created_at):%Y%m%d-%H%M}-{batch.count}-{paper.value}.pdf"
    run.result(file=default_storage.save(name, ContentFile(batch.content())))
    return True


def _how_far(done: int, of: int, failed: list[str]) -> str:
    """How far it is, and which slips could not be printed, as many as the progress text holds."""
    if not failed:
        return ""
    shown = "、".join(failed[:4])
    more = f" +{len(failed) - 4}" if len(failed) > 4 else ""
    return gettext("%(done)s of %(of)s, not printed: %(numbers)s") % {
        "done": done - len(failed),
        "of": of,
        "numbers": shown + more,
    }


@jobs.handler(try_policy.KIND, _("Warranty trial"))
def try_draft(run: jobs.Run) -> None:
    """Try a draft of a policy on last year's tickets; payload: trial = its public id. The result: counts, and the changed ones as Excel.

    A trial that another one has replaced, or whose draft is in force by now, ends without a result.
    """
    now = timezone.now()
    begin = try_policy.since(now)
    with run.step():
        trial = trials.one(run.viewer, str(run.payload["trial"]))
        offers = None if trial is None else try_policy.offers_of(run.viewer, trial)
        draft = None if trial is None else trials.draft_of(run.viewer, trial)
        total = trials.count(run.viewer, draft.manufacturer_id, begin) if draft is not None else 0
    if trial is None or offers is None or draft is None:
        return
    counts: Counter[tuple[str, str]] = Counter()
    changed: list[tuple[int, str, str]] = []
    last = skipped = done = 0
    while True:
        with run.step():
            rows = trials.chunk(run.viewer, draft.manufacturer_id, begin, last, TRIAL_CHUNK)
        if not rows:
            break
        for ticket in rows:
            if not ticket.judgement:
                skipped += 1
                continue
            then = trials.outcome_with(ticket, offers)
            counts[ticket.warranty, then] += 1
            if then != ticket.warranty:
                changed.append((ticket.id, ticket.warranty, then))
        last, done = rows[-1].id, done + len(rows)
        run.progress(done, max(total, done))
    with run.step():
        try_policy.keep_trial(
            viewer=run.viewer, trial=trial, counts=counts, changed=changed, skipped=skipped, now=timezone.now()
        )
        listed = trials.changed(run.viewer, trial, limit=try_policy.MOST_CHANGED)
    with override(run.viewer.language or settings.LANGUAGE_CODE):
        run.result(file=policy_trial.workbook(listed, folder=f"trials/{run.job.public_id}"))
    run.progress(done, done)


@jobs.handler(CLOSE_DUE, _("Closing followed-up tickets"))
def close_due(run: jobs.Run) -> None:
    """Close what is due at the job's dealer, some at a time; payload: nothing. A second run finds nothing left."""
    run.in_steps(lambda: finish_ticket.close_due(viewer=run.viewer, now=timezone.now()))


@jobs.handler(REMIND, _("Reminders of tickets"))
def remind(run: jobs.Run) -> None:
    """Remind of what is due at the job's dealer, some at a time; payload: nothing. A second run finds nothing left."""
    run.in_steps(lambda: remind_due(viewer=run.viewer, now=timezone.now()))


AT_ONCE = 100  # tickets in one transaction of the two jobs below


@jobs.handler(EXCHANGE, _("New promise for running work"))
def exchange_promise_of_running(run: jobs.Run) -> None:
    """Put the promise in force under a dealer's running work, some at a time; payload: manufacturer. A second run changes nothing."""
    last = done = changed = 0
    while True:
        with run.step():
            last, looked, some = exchange_some(
                viewer=run.viewer,
                manufacturer_id=run.payload["manufacturer"],
                after=last,
                limit=AT_ONCE,
                now=timezone.now(),
            )
        if not looked:
            return
        done, changed = done + looked, changed + some
        run.progress(done, max(done, run.job.of), gettext("%(n)s tickets changed") % {"n": changed})


@jobs.handler(RECKON, _("New list of holidays for running work"))
def reckon_running(run: jobs.Run) -> None:
    """Reckon a dealer's clocks with office hours anew, some at a time; payload: nothing."""
    last = done = 0
    while True:
        with run.step():
            last, looked = reckon_some(viewer=run.viewer, after=last, limit=AT_ONCE, now=timezone.now())
        if not looked:
            return
        done += looked
        run.progress(done, done)


@jobs.handler(notices.TELL_BREACH, _("A referred customer waits too long"))
def breach_told(run: jobs.Run) -> None:
    """Tell the people of the office, or of headquarters; payload: clock (key)."""
    with run.step():
        found = clocks.with_ticket(run.viewer, run.payload["clock"])
        if found is not None:
            notices.tell_breach(run.viewer, found, timezone.now())


@jobs.handler(ARRIVE, _("A referral arrives"))
def referral_arrives(run: jobs.Run) -> None:
    """Make ticket, customer and machine of a referral, under the dealer's role; payload: referral (key). Twice is once."""
    with run.step():
        refer_ticket.receive_referral(viewer=run.viewer, referral_id=run.payload["referral"], now=timezone.now())


@jobs.handler(ACCEPTED, _("A referral was accepted"))
def referral_accepted(run: jobs.Run) -> None:
    """End the earlier referrals of the case, under the manufacturer's role; payload: referral (key). Twice is once."""
    with run.step():
        refer_ticket.end_earlier(viewer=run.viewer, referral_id=run.payload["referral"], now=timezone.now())


@jobs.handler(TRANSFERRED, _("A referral went to another dealer"))
def referral_transferred(run: jobs.Run) -> None:
    """End the ticket of the dealer who had the case before, under his role; payload: referral (key). Twice is once."""
    with run.step():
        refer_ticket.end_as_transferred(viewer=run.viewer, referral_id=run.payload["referral"], now=timezone.now())


@jobs.handler(notices.TELL_REFERRAL, _("News of a referral"))
def referral_told(run: jobs.Run) -> None:
    """Tell the people of the job's organisation; payload: referral (key), what (code)."""
    with run.step():
        referral = referrals.by_id(run.viewer, run.payload["referral"])
        if referral is not None:
            notices.tell_referral(run.viewer, referral, run.payload["what"], timezone.now())


@jobs.handler(notices.TELL_ESCALATION, _("News of a request for support"))
def escalation_told(run: jobs.Run) -> None:
    """Tell the people of the job's organisation; payload: escalation (key), what (code)."""
    with run.step():
        escalation = escalations.by_id(run.viewer, run.payload["escalation"])
        if escalation is not None:
            notices.tell_escalation(run.viewer, escalation, run.payload["what"], timezone.now())


@jobs.handler(notices.TELL_WARRANTY, _("News of a request about warranty"))
def warranty_told(run: jobs.Run) -> None:
    """Tell the people of the job's organisation; payload: request (key)."""
    with run.step():
        request = warranty.request_by_id(run.viewer, run.payload["request"])
        if request is not None:
            notices.tell_warranty(run.viewer, request, timezone.now())


@jobs.handler(notices.TELL_RETURN, _("News of goods that go back to the factory"))
def return_told(run: jobs.Run) -> None:
    """Tell the people of the job's organisation; payload: goods_return (key), what (code)."""
    with run.step():
        found = goods_returns.by_id(run.viewer, run.payload["goods_return"])
        if found is not None:
            notices.tell_return(run.viewer, found, run.payload["what"], timezone.now())


@jobs.handler(notices.WATCH_ESCALATION, _("Time of a request for support"))
def escalation_due(run: jobs.Run) -> None:
    """At the due instant: is it accepted, is it answered? Payload: escalation (key), due (the instant it was made for)."""
    with run.step():
        late = escalations.what_is_late(
            run.viewer, run.payload["escalation"], datetime.fromisoformat(run.payload["due"])
        )
        if late is not None:
            escalation, what = late
            notices.tell_escalation(run.viewer, escalation, what, timezone.now())


def plan_night(now: datetime) -> None:
    """Once a day one job per dealer, due at night (domain.md 6, closing)."""
    daily.plan_daily(CLOSE_DUE, NIGHT, now)


_looked: list[int] = []  # the last quarter of an hour for which this process has planned


def plan_reminders(now: datetime) -> None:
    """Every quarter of an hour each dealer's standing job looks for reminders that are due. Called by the tick."""
    quarter = int(now.timestamp() // REMIND_EVERY.total_seconds())
    if _looked == [quarter]:
        return
    begin = datetime.fromtimestamp(quarter * REMIND_EVERY.total_seconds(), UTC)
    lanes = [jobs.Standing(dealer, Tier.DEALER.value, "", {}) for dealer in daily.active_dealers()]
    jobs.wake(REMIND, lanes, now=now, not_since=begin)
    _looked[:] = [quarter]


def plan_calendar(now: datetime) -> None:
    """Once a week somebody looks whether the next year's holidays are there (domain.md 20). Called by the tick."""
    week = local_date(now) - timedelta(days=local_date(now).weekday())
    if _weeks == [week]:
        return
    lanes = [jobs.Standing(org, Tier.PLATFORM.value, "", {}) for org in _platforms()]
    jobs.wake(CALENDAR, lanes, now=now, not_since=datetime.combine(week, time(0), SHANGHAI))
    _weeks[:] = [week]


_weeks: list[date] = []  # the last week for which this process has planned


@jobs.handler(CALENDAR, _("Are the public holidays entered?"))
def look_at_calendar(run: jobs.Run) -> None:
    """Tell the platform's administrators when a year of holidays is missing; payload: nothing."""
    with run.step():
        now = timezone.now()
        year = public_holidays.missing_now(local_date(now))
        if year is not None:
            notices.tell_year_missing(run.viewer, year, now)


def _platforms() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tickets_platforms()")
        return [number for (number,) in cursor.fetchall()]
