"""Who one is, and one's tasks."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import rights
from core.api.paging import page, page_of
from core.errors import NotFound
from core.models import Job
from partners.api.base import View
from partners.queries import jobs


class MeShape(serializers.Serializer[Any]):
    """Who asks, for which organisation, with which rights."""

    name = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    department = serializers.CharField(allow_blank=True)
    tier = serializers.ChoiceField(choices=["dealer", "office", "hq", "platform"])
    organisation = serializers.CharField()
    organisation_code = serializers.CharField()
    scope = serializers.ChoiceField(choices=["read", "write"], help_text="Of the token; a session may write.")


class JobShape(serializers.Serializer[Any]):
    """A task of the worker. Ask again after `poll_seconds` while it is running."""

    id = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=["waiting", "running", "done", "failed", "cancelled"])
    text = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField(help_text="0: nobody knows how much it is.")
    running = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    poll_seconds = serializers.IntegerField()
    result_url = serializers.CharField(allow_null=True, help_text="Page or file of the result, for who ordered it.")


class Me(View):
    """Who asks."""

    @extend_schema(operation_id="me", tags=["me"], responses=MeShape)
    def get(self, request: Request) -> Response:
        """Who the token belongs to, and what it may do."""
        viewer = self.viewer
        return Response(
            {
                "name": viewer.name,
                "roles": sorted(viewer.roles),
                "department": viewer.department,
                "tier": viewer.tier.value,
                "organisation": viewer.org_name,
                "organisation_code": viewer.org_code,
                "scope": getattr(request._request, "token_scope", "write"),
            }
        )


class Jobs(View):
    """One's tasks."""

    @extend_schema(operation_id="jobs", tags=["jobs"], responses=page_of(JobShape))
    def get(self, request: Request) -> Response:
        """The tasks that the viewer has ordered, the newest first."""
        return page(request, jobs.mine(self.viewer), orders=jobs.ORDERS, default="new", shape=job_shape)


class OneJob(View):
    """One task."""

    @extend_schema(operation_id="job", tags=["jobs"], responses=JobShape)
    def get(self, request: Request, public_id: str) -> Response:
        """How far a task is."""
        viewer = self.viewer
        job = jobs.one(viewer, public_id)
        if job.person_id != viewer.person_id:
            if job.organisation_id != viewer.org:
                raise NotFound
            rights.require(viewer, "job.failed")
        return Response(job_shape(job))


def job_shape(job: Job) -> dict[str, Any]:
    """A task as it is answered."""
    row = jobs.row(job, timezone.now())
    return {
        "id": row.public_id,
        "title": row.title,
        "state": job.state,
        "text": row.words,
        "done": row.done,
        "total": row.total,
        "running": row.running,
        "created_at": row.created_at,
        "finished_at": job.finished_at,
        "poll_seconds": row.poll_seconds,
        "result_url": reverse("partners:task_result", args=[row.public_id]) if row.has_result else None,
    }
