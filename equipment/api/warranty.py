"""Policies of warranty by API: read by everybody who works with the manufacturer, written where the pages let it be written (domain.md 4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import rights
from core.api.bodies import body_of, data_of, errors_of
from core.api.problem import FieldError, Invalid
from core.api.schema import IF_MATCH, KEY
from core.api.versions import expected, tag
from core.errors import Refused
from core.tenancy import Viewer
from equipment.enums import EXCLUDABLE, EvidenceKind, PolicyRank, VersionState, WarrantyBasis
from equipment.forms.policies import RULES, PolicyForms, RuleForm, ScopeForm, TermForm
from equipment.models import WarrantyPolicy, WarrantyVersion
from equipment.operations.warranty import add_policy, put_in_force, write_draft
from equipment.queries import catalogue, warranty
from partners.api.base import View


class RuleShape(serializers.Serializer[Any]):
    """A start rule: so many months from the day of this basis."""

    basis = serializers.ChoiceField(choices=WarrantyBasis.choices)
    months = serializers.IntegerField(min_value=1, max_value=600)
    evidence = serializers.ListField(child=serializers.ChoiceField(choices=EvidenceKind.choices), required=False)


PERIODS = serializers.DictField(
    child=serializers.IntegerField(), required=False, help_text="Months by part group (故障部位)."
)
TermBody = body_of(
    "WarrantyTermBody",
    TermForm,
    leave_out=("part_periods",),
    start_rules=RuleShape(many=True),
    part_periods=PERIODS,
)
PolicyBody = type(
    "WarrantyPolicyBody",
    (
        body_of(
            "WarrantyScopeBody",
            ScopeForm,
            line=serializers.CharField(required=False, help_text="Id of the product line."),
            product_type=serializers.CharField(required=False, allow_blank=True),
            province=serializers.CharField(required=False, allow_blank=True),
        ),
        TermBody,
    ),
    {"manufacturer_id": serializers.CharField(required=False, help_text="Of a dealer's unlisted manufacturer.")},
)


class VersionShape(serializers.Serializer[Any]):
    """A version of a policy: its terms."""

    id = serializers.CharField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=VersionState.choices)
    version = serializers.IntegerField(help_text="Of the draft: for If-Match.")
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    start_rules = RuleShape(many=True)
    cap_basis = serializers.ChoiceField(choices=WarrantyBasis.choices, allow_blank=True)
    cap_months = serializers.IntegerField(allow_null=True)
    hours_limit = serializers.DecimalField(max_digits=8, decimal_places=1, allow_null=True)
    grace_months = serializers.IntegerField()
    inclusive_end = serializers.BooleanField()
    repair_extension = serializers.BooleanField()
    part_periods = serializers.DictField(child=serializers.IntegerField())
    goodwill_days = serializers.IntegerField()
    replaced_part_rule = serializers.CharField()
    replaced_part_months = serializers.IntegerField(allow_null=True)
    exchange_rule = serializers.CharField()
    compare_date = serializers.CharField()
    exclusions = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField()
    in_force_at = serializers.DateTimeField(allow_null=True)
    in_force_by = serializers.CharField()


class PolicyShape(serializers.Serializer[Any]):
    """A policy: for which machines, and its versions, the latest first."""

    id = serializers.CharField()
    name = serializers.CharField()
    rank = serializers.ChoiceField(
        choices=PolicyRank.choices, help_text="1 by model, 2 by product line, 3 the manufacturer's."
    )
    line = serializers.CharField(allow_null=True)
    product_type = serializers.CharField()
    model = serializers.CharField()
    match = serializers.CharField()
    made_from = serializers.DateField(allow_null=True)
    made_until = serializers.DateField(allow_null=True)
    province = serializers.CharField()
    priority = serializers.IntegerField()
    version = serializers.IntegerField()
    versions = VersionShape(many=True)
    url = serializers.CharField()


MAKER = OpenApiParameter("maker", str, description="Id of the manufacturer; without it the first one.")


class Policies(View):
    """The policies of a manufacturer, and a new one."""

    @extend_schema(
        operation_id="warranty_policies", tags=["warranty"], parameters=[MAKER], responses=PolicyShape(many=True)
    )
    def get(self, request: Request) -> Response:
        """All policies of one manufacturer, by name; there are few."""
        viewer = self.viewer
        rights.require(viewer, "policy.read")
        maker = catalogue.maker(viewer, request.query_params.get("maker", ""))
        return Response([_policy(policy) for policy in warranty.policies(viewer, maker.id)])

    @extend_schema(
        operation_id="warranty_policy_add",
        tags=["warranty"],
        parameters=[KEY],
        request=PolicyBody,
        responses={201: PolicyShape},
    )
    def post(self, request: Request) -> Response:
        """Write a policy with its first version, a draft."""
        viewer = self.viewer
        given = _object(request.data)
        maker = catalogue.maker(viewer, str(given.pop("manufacturer_id", "")))
        rights.require(viewer, "policy.write", maker.id)
        terms = {name: given.pop(name) for name in (*TermForm.base_fields, "start_rules") if name in given}
        scope = ScopeForm(data_of(given, ScopeForm.base_fields), viewer=viewer, manufacturer_id=maker.id)
        forms = _forms(terms, scope)
        made = _do(
            add_policy,
            viewer=viewer,
            manufacturer_id=maker.id,
            scope=scope.facts(),
            terms=forms.facts(),
            now=timezone.now(),
        )
        return _answer(viewer, made.public_id, status=201)


class OnePolicy(View):
    """One policy."""

    @extend_schema(operation_id="warranty_policy", tags=["warranty"], responses=PolicyShape)
    def get(self, request: Request, public_id: str) -> Response:
        """A policy with its versions. Its version is the `ETag`."""
        rights.require(self.viewer, "policy.read")
        return _answer(self.viewer, public_id)


class Draft(View):
    """The draft of a policy."""

    @extend_schema(
        operation_id="warranty_draft",
        tags=["warranty"],
        parameters=[IF_MATCH, KEY],
        request=TermBody,
        responses=PolicyShape,
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Write the draft, or begin one. `If-Match`: the draft's version, `*` when there is none yet."""
        viewer = self.viewer
        policy = warranty.one(viewer, public_id)
        version = expected(request)
        rights.require(viewer, "policy.write", policy)
        forms = _forms(_object(request.data))
        _do(
            write_draft,
            viewer=viewer,
            public_id=public_id,
            terms=forms.facts(),
            expected_version=version,
            now=timezone.now(),
        )
        return _answer(viewer, public_id)


class Force(View):
    """A draft comes into force."""

    @extend_schema(
        operation_id="warranty_force",
        tags=["warranty"],
        parameters=[IF_MATCH, KEY],
        request=None,
        responses=PolicyShape,
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Put a draft (id of the version) in force for reports from its first day on. It is never changed again."""
        viewer = self.viewer
        version = warranty.version(viewer, public_id)
        wanted = expected(request)
        put_in_force(viewer=viewer, public_id=public_id, expected_version=wanted, now=timezone.now())
        return _answer(viewer, version.policy.public_id)


def _object(given: Any) -> dict[str, Any]:
    if isinstance(given, QueryDict):
        return given.dict()
    return dict(given) if isinstance(given, Mapping) else {}


def _forms(given: Mapping[str, Any], scope: ScopeForm | None = None) -> PolicyForms:
    """The forms of the pages, filled and valid. Errors: Invalid with what is wrong at which entry ("start_rules.0.months")."""
    terms = {name: value for name, value in given.items() if name not in ("start_rules", "part_periods")}
    terms.setdefault("exclusions", [cause.value for cause in EXCLUDABLE])
    data = data_of(terms, TermForm.base_fields)
    periods = given.get("part_periods") or {}
    rules = given.get("start_rules") or []
    if not isinstance(periods, Mapping) or not isinstance(rules, list):
        raise Invalid([FieldError("start_rules", "list_wanted", str(Refused("start_rule_missing")))])
    data["part_periods"] = "\n".join(f"{group} {months}" for group, months in periods.items())
    for place, rule in enumerate(rules[:RULES]):
        line = data_of(rule, RuleForm.base_fields)
        for name in line:
            data.setlist(f"rules-{place}-{name}", line.getlist(name))
    forms = PolicyForms(data, scope=scope)
    if scope is not None:
        scope.is_valid()
    if not forms.is_valid():
        errors = [error for form in (scope, forms.terms) if form is not None for error in errors_of(form)]
        for place, rule_form in enumerate(forms.rules):
            errors += errors_of(rule_form, f"start_rules.{place}.")
        raise Invalid(errors)
    return forms


def _do(operation: Any, **arguments: Any) -> Any:
    """An operation whose refusals name the body's entries."""
    try:
        return operation(**arguments)
    except Refused as refusal:
        if refusal.field and refusal.field.startswith("rules-"):
            _rules, number, name = refusal.field.split("-")
            refusal.field = f"start_rules.{number}.{name}"
        raise


_SCOPE = ("name", "product_type", "model", "match", "made_from", "made_until", "province", "priority", "version")
_TERMS = (
    "number", "state", "version", "valid_from", "valid_until", "start_rules", "cap_basis", "cap_months", "grace_months", "inclusive_end",
    "repair_extension", "part_periods", "goodwill_days", "replaced_part_rule", "replaced_part_months", "exchange_rule", "compare_date",
    "exclusions", "note", "in_force_at", "in_force_by",
)  # fmt: skip


def _policy(policy: WarrantyPolicy) -> dict[str, Any]:
    key = policy.public_id
    return {
        "id": key,
        **{name: getattr(policy, name) for name in _SCOPE},
        "rank": int(policy.scope.rank),
        "line": policy.line.public_id if policy.line else None,
        "versions": [_version(version) for version in warranty.versions_of(policy)],
        "url": reverse("api:warranty_policy", args=[key]),
    }


def _version(version: WarrantyVersion) -> dict[str, Any]:
    hours = None if version.hours_limit is None else str(version.hours_limit)
    return {"id": version.public_id, **{name: getattr(version, name) for name in _TERMS}, "hours_limit": hours}


def _answer(viewer: Viewer, public_id: str, *, status: int = 200) -> Response:
    policy = warranty.one(viewer, public_id)
    response = Response(_policy(policy), status=status)
    response["ETag"] = tag(policy.version)
    if status == 201:
        response["Location"] = reverse("api:warranty_policy", args=[public_id])
    return response
