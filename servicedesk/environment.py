"""What the environment may say, read once with types. Anything unknown, malformed or half stops the start with one clear line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

from environs import Env, EnvError

# Every name of ours; `NAME_FILE` may name a file with the value of each that is a secret (Docker and systemd secrets).
SECRETS = {
    "SECRET_KEY",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "SENTRY_DSN",
    "EMAIL_URL",
    "SMS_GATEWAY_TOKEN",
    "METRICS_TOKEN",
    "SERVICEDESK_FILES_S3_SECRET",
}
NAMES = SECRETS | {
    "DEBUG",
    "ALLOWED_HOSTS",
    "EMAIL_FROM",
    "SMS_GATEWAY_URL",
    "SMS_GATEWAY_HEADERS",
    "SMS_GATEWAY_BODY",
    "SMS_GATEWAY_OK",
    "NOTICES_WECOM_URL",
    "NOTICES_DINGTALK_URL",
    "NOTICES_FEISHU_URL",
    "NOTICES_ALLOW_HOSTS",
    "SERVICEDESK_SITE_URL",
    "SERVICEDESK_PROXIES",
    "SERVICEDESK_HSTS_SECONDS",
    "SERVICEDESK_PLAIN_HTTP",
    "SERVICEDESK_LOG_FORMAT",
    "SERVICEDESK_LOG_LEVEL",
    "SERVICEDESK_FILES_FOLDER",
    "SERVICEDESK_FILES_BY_PROXY",
    "SERVICEDESK_BACKUP_FOLDER",
    "SERVICEDESK_FILES_S3_BUCKET",
    "SERVICEDESK_FILES_S3_ENDPOINT",
    "SERVICEDESK_FILES_S3_REGION",
    "SERVICEDESK_FILES_S3_KEY",
    "SERVICEDESK_SERVERS",
    "SERVICEDESK_EMBEDDED",
    "SERVICEDESK_TESTS",
    "SERVICEDESK_DEMO",
}


class Unusable(Exception):
    """The configuration cannot be used; the text is one line that says what to change."""


def refuse(error: Exception) -> NoReturn:
    """End the process with one line instead of a traceback."""
    sys.exit(f"configuration: {error}")


def load(environment: Mapping[str, str] = os.environ) -> Reader:
    """A reader of this environment. Errors: Unusable for an unknown SERVICEDESK_ name or a secret given twice."""
    known = NAMES | {f"{name}_FILE" for name in SECRETS}
    unknown = sorted(name for name in environment if name.startswith("SERVICEDESK_") and name not in known)
    if unknown:
        raise Unusable(f"{unknown[0]} is not a setting of this product; .env.example lists them all")
    for name in SECRETS:
        file = environment.get(f"{name}_FILE")
        if not file:
            continue
        if environment.get(name):
            raise Unusable(f"{name} and {name}_FILE are both set: keep one of them")
        try:
            os.environ[name] = Path(file).read_text().strip()
        except OSError as error:
            raise Unusable(f"{name}_FILE={file} cannot be read: {error.strerror}") from None
        if not os.environ[name]:
            raise Unusable(f"{name}_FILE={file} is empty")
        os.environ.pop(f"{name}_FILE")  # read once: a child process gets the value
    return Reader()


class Reader:
    """Typed reads; an empty value counts as not set, as compose files write it."""

    def __init__(self) -> None:
        self._env = Env(expand_vars=False)

    def _is_set(self, name: str) -> bool:
        assert name in NAMES, f"{name} is missing in NAMES"
        return bool(os.environ.get(name))

    def _read(self, kind: str, name: str, default: Any) -> Any:  # Any: environs has a method per type
        if not self._is_set(name):
            return default
        try:
            return getattr(self._env, kind)(name)
        except EnvError as error:
            raise Unusable(f"{name}: {str(error).splitlines()[0]}") from None

    def text(self, name: str, default: str = "") -> str:
        return str(self._read("str", name, default))

    def flag(self, name: str, default: bool = False) -> bool:
        return bool(self._read("bool", name, default))

    def number(self, name: str, default: int) -> int:
        value = int(self._read("int", name, default))
        if value < 0:
            raise Unusable(f"{name}={value}: a number from 0 on is needed")
        return value

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self._read("list", name, []) if word.strip()]

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise Unusable(f"{name}={value}: must be one of {', '.join(choices)}")
        return value

    def together(self, *names: str) -> bool:
        """Whether all of these are set. Errors: Unusable when only some are."""
        missing = [name for name in names if not self._is_set(name)]
        if missing and len(missing) < len(names):
            present = next(name for name in names if self._is_set(name))
            raise Unusable(f"{present} is set, but {missing[0]} is not: set both or neither")
        return not missing


def database(name: str, url: str) -> dict[str, Any]:
    """Django's dictionary for `postgresql://user:password@host:port/name?option=value` (host may be a socket folder in `?host=`)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unusable(f"{name} is not an address: postgresql://user:password@host:5432/name is needed") from None
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    base = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgresql", "postgres"} or not base or not parts.username or not host:
        raise Unusable(f"{name} is not complete: postgresql://user:password@host:5432/name is needed")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": base,
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or options.pop("port", "")),
        "OPTIONS": options,
    }


def redis_address(url: str) -> str:
    """The address as given, when it is one of the kinds cache and broker understand."""
    parts = urlsplit(url)
    if parts.scheme == "unix" and parts.path or parts.scheme in {"redis", "rediss"} and parts.hostname:
        return url
    raise Unusable(
        "REDIS_URL is not an address: redis://host:6379/0, rediss://… or unix:///path/to/redis.sock?db=0 is needed"
    )


def broker_address(redis_url: str) -> str:
    """The same Redis as Celery's transport writes it: a socket is `redis+socket://` with the database as virtual host."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    return f"redis+socket://{parts.path}?virtual_host={dict(parse_qsl(parts.query)).get('db', '0')}"


def mail_server(url: str) -> dict[str, Any]:
    """Django's e-mail settings for `smtp://user:password@host:587` (STARTTLS), `smtps://…:465` (TLS) or `smtp+plain://host:25`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        port, parts = None, urlsplit("")
    ports = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
    if parts.scheme not in ports or not parts.hostname:
        raise Unusable(
            "EMAIL_URL is not an address: smtp://user:password@host:587, smtps://… or smtp+plain://host:25 is needed"
        )
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


@dataclass(frozen=True)
class SmsGateway:
    """An HTTP gateway for SMS. headers, body: JSON objects in whose texts {phone}, {text}, {id} and {token} are filled in.

    ok: (field, value) that a successful answer holds ("code", "0"), None when the status says it.
    """

    url: str
    headers: dict[str, str]
    body: dict[str, Any]
    ok: tuple[str, str] | None
    token: str = field(default="", repr=False)


def sms_gateway(url: str, *, token: str = "", headers: str = "", body: str = "", ok: str = "") -> SmsGateway | None:
    """The gateway that the SMS_GATEWAY_ variables describe; None without an address. Errors: Unusable."""
    if not url:
        if token or headers or body or ok:
            raise Unusable("a variable SMS_GATEWAY_… is set, but SMS_GATEWAY_URL is not: set it, or none of them")
        return None
    if urlsplit(url).scheme not in {"https", "http"}:
        raise Unusable("SMS_GATEWAY_URL is not an address: https://sms.example.com/send is needed")
    name, equals, value = ok.partition("=")
    if ok and not (name and equals):
        raise Unusable(f"SMS_GATEWAY_OK={ok}: write field=value, for example code=0")
    return SmsGateway(
        url=url,
        headers=_json_object(
            "SMS_GATEWAY_HEADERS", headers or ('{"Authorization": "Bearer {token}"}' if token else "{}")
        ),
        body=_json_object("SMS_GATEWAY_BODY", body or '{"phone": "{phone}", "text": "{text}", "id": "{id}"}'),
        ok=(name, value) if ok else None,
        token=token,
    )


def _json_object(name: str, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unusable(f'{name} is no JSON object: {{"name": "text with {{phone}}"}} is needed')
    return found
