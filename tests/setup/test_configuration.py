"""A wrong or half configuration stops the start with one line that says what to change."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from servicedesk import environment
from tests.setup.conftest import ROOT, manage, plain_environment

OWN = {
    "DATABASE_URL": "postgresql://servicedesk_app:x@db.example/servicedesk",
    "REDIS_URL": "redis://redis.example/0",
    "SECRET_KEY": "k" * 60,
    "SERVICEDESK_SITE_URL": "https://service.example.com",
}


def load_settings(**variables: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", "import servicedesk.settings"], cwd=ROOT, env=plain_environment(**variables), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr.strip()


def test_a_whole_configuration_is_accepted():
    assert load_settings(**OWN) == (0, "")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"REDIS_URL": ""}, "DATABASE_URL is set, but REDIS_URL is not"),
        ({"DATABASE_URL": ""}, "REDIS_URL is set, but DATABASE_URL is not"),
        ({"DATABASE_URL": "", "REDIS_URL": "", "DATABASE_OWNER_URL": "postgresql://o@h/d"}, "DATABASE_URL is not"),
        ({"DATABASE_URL": "mysql://a@b/c"}, "postgresql://user:password@host:5432/name"),
        ({"DATABASE_URL": "postgresql://a@b:port/c"}, "DATABASE_URL is not an address"),
        ({"DATABASE_OWNER_URL": OWN["DATABASE_URL"]}, "have the same user"),
        ({"DATABASE_OWNER_URL": "postgresql://o:x@db.example/other"}, "name different databases"),
        ({"REDIS_URL": "http://redis"}, "REDIS_URL is not an address"),
        ({"SECRET_KEY": ""}, "SECRET_KEY (or SECRET_KEY_FILE) is not set"),
        ({"SECRET_KEY": "", "SECRET_KEY_FILE": "/nowhere/key"}, "SECRET_KEY_FILE=/nowhere/key cannot be read"),
        ({"SECRET_KEY_FILE": "/etc/hostname"}, "SECRET_KEY and SECRET_KEY_FILE are both set"),
        ({"SERVICEDESK_SITE_URL": ""}, "SERVICEDESK_SITE_URL is the address people type"),
        ({"SERVICEDESK_SITE_URL": "http://service.example.com"}, "use https"),
        ({"SERVICEDESK_SITE_URL": "https://service.example.com/portal"}, "without a path"),
        ({"SERVICEDESK_PROXIES": "one"}, "SERVICEDESK_PROXIES"),
        ({"SERVICEDESK_PROXIES": "-1"}, "a number from 0 on"),
        ({"DEBUG": "perhaps"}, "DEBUG"),
        ({"SERVICEDESK_LOG_LEVEL": "LOUD"}, "must be one of DEBUG, INFO, WARNING, ERROR"),
        (
            {"SERVICEDESK_FILES_S3_BUCKET": "photos"},
            "SERVICEDESK_FILES_S3_BUCKET is set, but SERVICEDESK_FILES_S3_KEY is not",
        ),
        (
            {
                "SERVICEDESK_FILES_S3_BUCKET": "b",
                "SERVICEDESK_FILES_S3_KEY": "k",
                "SERVICEDESK_FILES_S3_SECRET": "s",
                "SERVICEDESK_FILES_BY_PROXY": "true",
            },
            "the proxy sends files of a folder only",
        ),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN is too short"),
        ({"EMAIL_URL": "mail.example.com"}, "EMAIL_URL is not an address"),
        ({"SMS_GATEWAY_TOKEN": "t"}, "SMS_GATEWAY_URL is not"),
        ({"SMS_GATEWAY_URL": "sms.example.com"}, "SMS_GATEWAY_URL is not an address"),
        ({"SMS_GATEWAY_URL": "https://sms.example.com", "SMS_GATEWAY_OK": "0"}, "write field=value"),
        ({"SMS_GATEWAY_URL": "https://sms.example.com", "SMS_GATEWAY_BODY": "phone={phone}"}, "SMS_GATEWAY_BODY is no"),
        ({"SERVICEDESK_SITEURL": "https://x.example"}, "SERVICEDESK_SITEURL is not a setting"),
    ],
)
def test_each_mistake_has_its_line(change, words):
    code, line = load_settings(**{name: value for name, value in (OWN | change).items() if value})
    assert code == 1
    assert line.startswith("configuration: ")
    assert "\n" not in line
    assert words in line


def test_a_secret_may_stand_in_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text("from-the-file" * 5 + "\n")
    others = {name: value for name, value in OWN.items() if name != "SECRET_KEY"}
    code = "import servicedesk.settings as s; print(s.SECRET_KEY)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=plain_environment(**others, SECRET_KEY_FILE=str(file)), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "from-the-file" * 5


def test_a_gateway_has_the_usual_headers_and_body_unless_others_are_given():
    assert environment.sms_gateway("") is None
    plain = environment.sms_gateway("https://sms.example.com/send", token="t", ok="code=0=0")
    assert plain is not None
    assert plain.headers == {"Authorization": "Bearer {token}"}
    assert plain.body == {"phone": "{phone}", "text": "{text}", "id": "{id}"}
    assert plain.ok == ("code", "0=0")
    assert "Bearer" not in str(environment.sms_gateway("https://sms.example.com/send"))
    assert "'t'" not in repr(plain)


def test_migrate_needs_the_owner():
    done = manage("migrate", **OWN)
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "CommandError: DATABASE_OWNER_URL is not set: migrations run as the owner of the schema, see ops/roles.sql"
    )


@pytest.mark.parametrize("module", ["servicedesk.wsgi", "servicedesk.asgi"])
def test_the_web_starts_no_servers_of_its_own(module):
    done = subprocess.run(
        [sys.executable, "-c", f"import {module}"],
        cwd=ROOT,
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.strip().startswith("configuration: DATABASE_URL is not set")


def test_the_example_names_every_setting_once():
    text = (ROOT / ".env.example").read_text()
    named = [
        name
        for name in re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, flags=re.MULTILINE)
        if not name.startswith("COMPOSE_")
    ]
    assert sorted(named) == sorted(environment.NAMES)


def test_a_unix_socket_of_redis_is_written_for_celery_as_it_wants():
    assert environment.broker_address("unix:///run/redis.sock?db=3") == "redis+socket:///run/redis.sock?virtual_host=3"
    assert environment.broker_address("redis://h:6379/1") == "redis://h:6379/1"
