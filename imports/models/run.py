from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from core.models import Stamped
from core.tenancy import Kind, TenantModel, Tier
from imports.enums import RunState
from partners.models import Organisation

WRITERS = (Tier.DEALER, Tier.OFFICE, Tier.HQ)


class ImportRun(TenantModel, Stamped):
    """One file that somebody wants to import, from the upload to its undoing.

    file: storage name of the file as it came; mend_file: of the rows that could not be taken. chosen: place of a column -> field, as
    set by hand. sample: the first rows of the preview; notices: what was left out of the file; kept: what undo left.
    job: public id of the task that works on it. checked_*: what the preview foresaw; the counts without it: what was done.
    """

    tenancy = Kind.OWN
    insertable_by = WRITERS

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    person_id = models.BigIntegerField(null=True)
    person_name = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.COLUMNS)
    file = models.CharField(max_length=120, blank=True)
    file_name = models.CharField(max_length=120)
    mend_file = models.CharField(max_length=120, blank=True)
    options = models.JSONField(default=dict)
    chosen = models.JSONField(null=True, blank=True)
    take_suggestions = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    suggested = models.PositiveIntegerField(default=0)
    sample = models.JSONField(default=list)
    notices = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    job = models.CharField(max_length=16, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"], name="import_run_recent")]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class ImportedRow(TenantModel):
    """A row that an import wrote, so that it can be taken back. before: former values of a changed row, None of a new one.

    main: the row stands for a line of the file; False for what was made beside it. thing_id is a number, not a key: it holds nothing.
    """

    tenancy = Kind.OWN
    insertable_by = WRITERS

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    thing = models.CharField(max_length=20)
    thing_id = models.BigIntegerField()
    thing_version = models.PositiveIntegerField(default=1)
    before = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    main = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "run", "id"], name="imported_row_run")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "run", "thing", "thing_id"],
                condition=Q(before__isnull=True),
                name="imported_row_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.thing} {self.thing_id}"


class ColumnMemory(TenantModel):
    """What columns were taken for last time: squeezed head -> field, "" = nothing. One row for each kind of import."""

    tenancy = Kind.OWN
    insertable_by = WRITERS

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    heads = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="column_memory_unique")]

    def __str__(self) -> str:
        return self.kind
