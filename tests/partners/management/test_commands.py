"""first_admin and reset_link: what the operator of the platform does at the command line."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from partners.models import Account, Organisation
from tests import factories
from tests.factories import PASSWORD

NEW = "Quite-New-Word-9"


def link_of(capsys):
    return "/link/" + capsys.readouterr().out.strip().rsplit("/link/")[-1]


def use(client, url, phone):
    return client.post(url, {"phone": phone, "password": NEW, "again": NEW})


@pytest.mark.django_db
def test_the_first_administrator_founds_the_platform_by_a_link(client, capsys):
    call_command("first_admin", name="王平", phone="138 0013 8000")
    (platform,) = factories.rows(Organisation)
    assert (platform.kind, platform.code) == ("platform", "PF")
    assert use(client, link_of(capsys), "13800138000").status_code == 302
    assert client.get("/organisations/").status_code == 200
    with pytest.raises(CommandError):
        call_command("first_admin", name="李四", phone="13800138001")


@pytest.mark.django_db
def test_an_unused_invitation_of_the_first_administrator_is_made_again(client, capsys):
    call_command("first_admin", name="王平", phone="13800138000")
    old = link_of(capsys)
    call_command("first_admin", name="王平", phone="13800138009")
    new = link_of(capsys)
    assert client.get(old).status_code == 410
    assert use(client, new, "13800138009").status_code == 302
    assert len(factories.rows(Organisation)) == 1


@pytest.mark.django_db
def test_a_wrong_number_founds_nothing(capsys):
    with pytest.raises(CommandError):
        call_command("first_admin", name="王平", phone="123")
    assert factories.rows(Organisation) == []


def test_the_operator_resets_an_account(people, client, capsys):
    phone = people.person("stranger").phone
    call_command("reset_link", phone)
    url = link_of(capsys)
    assert client.get(url).status_code == 200
    assert use(client, url, phone).status_code == 302
    assert not Account.objects.get(phone=phone).check_password(PASSWORD)
    with pytest.raises(CommandError):
        call_command("reset_link", "13800000000")
