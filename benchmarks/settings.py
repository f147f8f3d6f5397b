"""The product's settings for measuring: debug off, quiet, each answer tells its number of statements."""

from servicedesk.settings import *  # noqa: F403  # the product as it is
from servicedesk.settings import LOGGING, MIDDLEWARE

MIDDLEWARE = ["benchmarks.counting.CountStatements", *MIDDLEWARE]
LOGGING = {**LOGGING, "root": {"handlers": [], "level": "CRITICAL"}}
