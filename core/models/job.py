from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models.base import public_id
from core.tenancy import Kind, TenantModel


class JobState(models.TextChoices):
    """Life of a job. WAITING also between two tries."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", pgettext_lazy("task", "done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Job(TenantModel):
    """Work for the worker, written in the transaction that wants it; PostgreSQL is the truth, Celery the bell.

    organisation_id, tier: for whom and under which role each step runs. person_id: who asked (None = the product).
    run_at: not before. locked_until: end of the worker's lease. result_file: storage name, kept 7 days.
    standing: name of a job that is woken again and again (`core.jobs.wake`), "" for one that is done once.
    """

    tenancy = Kind.JOB

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    standing = models.CharField(max_length=80, blank=True, default="", db_default="")
    organisation_id = models.BigIntegerField()
    tier = models.CharField(max_length=10)
    person_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)
    locked_by = models.CharField(max_length=60, blank=True)
    last_error = models.TextField(blank=True)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    progress_text = models.CharField(max_length=120, blank=True)
    cancel_asked = models.BooleanField(default=False)
    result_file = models.CharField(max_length=200, blank=True)
    result_url = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "standing"], name="job_standing_once", condition=~models.Q(standing="")
            )
        ]
        indexes = [
            models.Index(
                fields=["run_at", "id"],
                name="job_due",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
            models.Index(fields=["organisation_id", "person_id", "-id"], name="job_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"
