"""Every route, table and field of the product has its place in the isolation suite; a new one that nobody placed fails here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from core.row_security import IDENTITY_TABLES, tenant_models
from core.tenancy import Kind
from tests.isolation.domain import RULES
from tests.isolation.recipes import EXEMPT, RECIPES
from tests.isolation.world import ROLES

#: Django's own tables: no organisation's rows, and no tier may read them
WITHOUT_TENANT = {*IDENTITY_TABLES, "django_content_type", "django_migrations", "auth_permission", "auth_group", "auth_group_permissions"}  # fmt: skip


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """The names of all addresses, with their namespaces."""
    for item in (resolver or get_resolver()).url_patterns:
        if isinstance(item, URLResolver):
            yield from routes(item, f"{before}{item.namespace}:" if item.namespace else before)
        else:
            assert isinstance(item, URLPattern)
            assert item.name, f"{item.pattern} has no name"
            yield before + item.name


def test_every_route_has_cells_or_a_reason():
    known = {recipe.route for recipe in RECIPES} | set(EXEMPT)
    assert sorted(set(routes()) - known) == [], "write a recipe (docs/isolation.md)"
    assert sorted({recipe.route for recipe in RECIPES} - set(routes())) == [], "a recipe of a route that is gone"
    assert all(EXEMPT.values())


def test_no_recipe_stands_twice():
    names = [recipe.name for recipe in RECIPES]
    assert len(names) == len(set(names)) or sorted(name for name in names if names.count(name) > 1) == []


def test_every_role_is_somebodys():
    every = {f"{tier}.{name}" for tier, names in ROLES.items() for name in names} | {"stranger"}
    used = set().union(*(recipe.roles(method) for recipe in RECIPES for method in recipe.methods))
    assert sorted(every - used) == []


def test_every_table_declares_its_kind_and_has_a_rule_in_the_oracle():
    own = {model for model in apps.get_models(include_auto_created=True) if model._meta.db_table not in WITHOUT_TENANT}
    silent = sorted(model._meta.label for model in own if not hasattr(model, "tenancy"))
    assert silent == [], "declare `tenancy` (docs/isolation.md)"
    assert sorted({model._meta.label_lower for model in tenant_models()} - set(RULES)) == []
    assert sorted(set(RULES) - {model._meta.label_lower for model in tenant_models()}) == []


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.db_table)
def test_no_unique_constraint_tells_of_another_tenants_row(model):
    """It begins with the tenant, or what it holds is random (a public id) or belongs to nobody (common, identity)."""
    if model.tenancy in (Kind.COMMON, Kind.IDENTITY, Kind.ORGANISATION):
        return
    tenants = {"dealer", "dealer_id", "manufacturer", "organisation", "organisation_id", "partnership"}
    for constraint in model._meta.constraints:
        fields = getattr(constraint, "fields", ())
        if fields:
            assert fields[0] in tenants, f"{constraint.name}: {fields}"
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key:
            assert field.has_default() and not field.editable, f"{model._meta.label}.{field.name}"
