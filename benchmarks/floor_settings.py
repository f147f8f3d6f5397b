"""The floor: bare Django views on the same database, server and session, without tenancy, layout or log (docs/performance.md)."""

from servicedesk.settings import *  # noqa: F403
from servicedesk.settings import DATABASES, LOGGING

DATABASES = {"default": {**DATABASES["owner"], "CONN_MAX_AGE": 60}, "owner": DATABASES["owner"]}
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
ROOT_URLCONF = "benchmarks.floor"
LOGGING = {**LOGGING, "root": {"handlers": [], "level": "CRITICAL"}}
