"""What stands in the database is what the models declare: policies, grants, keys inside the dealer, nothing by default."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection

from core.row_security import TIERS, policies_of, tenant_keys, tenant_models
from core.tenancy import Kind, Tier

pytestmark = pytest.mark.django_db
VERBS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}


def rows(statement: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def declared(model: type) -> set[tuple[str, str]]:
    """(role, verb) as the declarations give them."""
    found = set()
    for policy in policies_of(model):
        for letter in policy.verbs:
            deletes = letter != "D" or policy.tier in getattr(model, "deletable_by", ())
            inserters = getattr(model, "insertable_by", None)
            inserts = letter != "I" or inserters is None or policy.tier in inserters
            if deletes and inserts:
                found.add((policy.tier.role, VERBS[letter]))
    return found


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.db_table)
def test_policies_and_grants_are_the_declared_ones(model):
    table = model._meta.db_table
    policies = {
        (role, verb)
        for role, verb in rows("SELECT unnest(roles)::text, cmd FROM pg_policies WHERE tablename = %s", table)
    }
    assert policies == (set() if model.tenancy is Kind.IDENTITY else declared(model))
    secured = rows("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table)
    assert secured == [(model.tenancy is not Kind.IDENTITY, False)]
    for tier in Tier:
        for verb in VERBS.values():
            ((granted,),) = rows("SELECT has_table_privilege(%s, %s, %s)", tier.role, table, verb)
            if granted:
                assert (tier.role, verb) in policies, f"{tier.role} has {verb} on {table} without a policy"
    for role in (*TIERS, settings.APPLICATION_DB_USER):
        for verb in ("TRUNCATE", "REFERENCES", "TRIGGER"):
            assert rows("SELECT has_table_privilege(%s, %s, %s)", role, table, verb) == [(False,)]
    expected = model.tenancy is Kind.IDENTITY
    assert rows("SELECT has_table_privilege(%s, %s, 'SELECT')", settings.APPLICATION_DB_USER, table) == [(expected,)]


def test_no_policy_holds_for_everybody():
    assert rows("SELECT tablename, policyname FROM pg_policies WHERE 'public' = ANY (roles)") == []


def test_the_applications_user_cannot_bypass_anything():
    user = settings.APPLICATION_DB_USER
    assert rows("SELECT rolsuper, rolbypassrls, rolcreaterole, rolinherit FROM pg_roles WHERE rolname = %s", user) == [
        (False, False, False, False)
    ]
    owned = rows("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = %s", user)
    assert owned == [(0,)]


def test_every_child_is_tied_to_a_parent_of_its_own_dealer():
    keys = {(table, name) for table, name in rows("SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f'")}  # fmt: skip
    deferrable = {name for (name,) in rows("SELECT conname FROM pg_constraint WHERE contype = 'f' AND condeferrable")}
    wanted = {
        (model._meta.db_table, name[:63]) for model in tenant_models() for name, _column, _parent in tenant_keys(model)
    }
    assert len(wanted) > 10
    assert {pair for pair in wanted if len(pair[1]) < 63} <= keys
    assert not {name for _table, name in wanted} & deferrable, (
        "the error of a foreign parent would differ from a missing one's"
    )


def test_functions_with_the_owners_rights_are_narrow():
    """search_path fixed, nobody's by default (reliability.md 12)."""
    found = rows(
        "SELECT proname, proconfig, has_function_privilege('public', oid, 'EXECUTE') FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    assert found
    for name, config, anybody in found:
        assert config and any(str(item).startswith("search_path=pg_catalog") for item in config), name
        trigger = rows("SELECT prorettype = 'trigger'::regtype FROM pg_proc WHERE proname = %s", name)
        assert not anybody or trigger == [(True,)], f"{name} is everybody's to call"


@pytest.mark.parametrize(
    "model",
    [model for model in tenant_models() if getattr(model, "deletable_by", ())],
    ids=lambda model: model._meta.db_table,
)
def test_who_may_delete_a_row_may_do_with_its_children_what_django_does_then(model):
    """Django looks for rows that point here, and deletes them or sets them null: without the grant even an empty look would fail."""
    hidden = [
        field for field in model._meta.get_fields(include_hidden=True) if field.auto_created and not field.concrete
    ]
    for relation in hidden:
        table, action = relation.related_model._meta.db_table, relation.on_delete.__name__
        verb = {"CASCADE": "DELETE", "SET_NULL": "UPDATE", "PROTECT": "SELECT", "RESTRICT": "SELECT"}.get(action)
        for tier in model.deletable_by if verb else ():
            ((granted,),) = rows("SELECT has_table_privilege(%s, %s, %s)", tier.role, table, verb)
            if verb == "UPDATE":
                ((granted,),) = rows(
                    "SELECT has_column_privilege(%s, %s, %s, %s)", tier.role, table, relation.field.column, verb
                )
            assert granted, f"{tier.role} may delete from {model._meta.db_table}, {action} needs {verb} on {table}"
