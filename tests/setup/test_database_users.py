"""Tests run as the application's user on a database that the owner made."""

import pytest
from django.db import connection, connections


@pytest.mark.django_db
def test_the_default_connection_is_the_applications_user():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("servicedesk_app", False, False)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_owner_sees_the_same_database():
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        assert cursor.fetchone() == ("servicedesk_owner", connection.settings_dict["NAME"])
