"""All settings, in one file; what differs between places comes from the environment (`.env.example` names every variable)."""

from collections.abc import MutableMapping
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from servicedesk import embedded, environment
from servicedesk.log_words import fault, hide_secrets, without_address

BASE_DIR = Path(__file__).resolve().parent.parent

# ── where we are ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

try:
    env = environment.load()
    servers = embedded.server_set()

    DEBUG = env.flag("DEBUG")
    TESTING = env.flag("SERVICEDESK_TESTS")
    # Switches of the isolation suite, true in its own processes only (reliability.md 1).
    ISOLATION_LAYER_1_OFF = ISOLATION_LAYER_2_OFF = False
    OWN_SERVERS = env.together("DATABASE_URL", "REDIS_URL") or env.text("DATABASE_OWNER_URL") != ""
    if OWN_SERVERS and not env.text("DATABASE_URL"):
        raise environment.Unusable(
            "DATABASE_OWNER_URL is set, but DATABASE_URL is not: the owner only migrates, pages need the application's user"
        )
    # Servers that manage.py started (it exports their addresses), or that it would start: never a place with real data.
    EMBEDDED = env.flag("SERVICEDESK_EMBEDDED") or not OWN_SERVERS
    DEMO = env.flag("SERVICEDESK_DEMO") or EMBEDDED
    addresses = {name: env.text(name) for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")}
    if not OWN_SERVERS:
        addresses = servers.addresses()

    SECRET_KEY = env.text("SECRET_KEY")
    if not SECRET_KEY and EMBEDDED:
        SECRET_KEY = embedded.secret_key(servers)
    if not SECRET_KEY:
        raise environment.Unusable("SECRET_KEY (or SECRET_KEY_FILE) is not set: 50 random characters are needed")

    SITE_URL = env.text("SERVICEDESK_SITE_URL", "http://127.0.0.1:8000" if DEMO or DEBUG or TESTING else "").rstrip("/")
    site = urlsplit(SITE_URL)
    if site.scheme not in {"http", "https"} or not site.hostname or site.path:
        raise environment.Unusable(
            "SERVICEDESK_SITE_URL is the address people type, without a path, e.g. https://service.example.com"
        )
    PLAIN_HTTP = env.flag("SERVICEDESK_PLAIN_HTTP", site.scheme == "http" and (DEMO or DEBUG or TESTING))
    if site.scheme == "http" and not PLAIN_HTTP:
        raise environment.Unusable(
            "SERVICEDESK_SITE_URL begins with http: use https, or say SERVICEDESK_PLAIN_HTTP=true for a closed network"
        )

    # ── PostgreSQL, Redis, files ─────────────────────────────────────────────────────────────────────────────────────────────────

    default = environment.database("DATABASE_URL", addresses["DATABASE_URL"])
    default |= {
        "ATOMIC_REQUESTS": False,  # core.middleware.TenantTransaction opens the transaction and sets the tier's role
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,  # a restarted PostgreSQL costs no request
        "DISABLE_SERVER_SIDE_CURSORS": True,  # PgBouncer in transaction mode
    }
    default["OPTIONS"] = {"connect_timeout": "3", **default["OPTIONS"]}
    DATABASES = {"default": default}
    APPLICATION_DB_USER = default["USER"]  # whom row security grants to
    if addresses["DATABASE_OWNER_URL"]:
        owner = environment.database("DATABASE_OWNER_URL", addresses["DATABASE_OWNER_URL"])
        if owner["NAME"] != default["NAME"]:
            raise environment.Unusable(
                "DATABASE_URL and DATABASE_OWNER_URL name different databases: it is one database with two users"
            )
        if owner["USER"] == default["USER"]:
            raise environment.Unusable(
                "DATABASE_URL and DATABASE_OWNER_URL have the same user: policies do not bind the owner, see ops/roles.sql"
            )
        DATABASES["owner"] = {
            **default,
            **owner,
            "OPTIONS": {"connect_timeout": "3", **owner["OPTIONS"]},
            "CONN_MAX_AGE": 0,
        }

    REDIS_URL = environment.redis_address(addresses["REDIS_URL"])
    CACHES = {
        "default": {
            "BACKEND": "servicedesk.cache.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "test" if TESTING else "servicedesk",
            # a page does not wait for a cache that is slow; a test on a busy machine does, for a lost count is a failure there
            "OPTIONS": {"socket_connect_timeout": 5 if TESTING else 0.3, "socket_timeout": 5 if TESTING else 0.5},
        }
    }

    FILES_FOLDER = Path(
        env.text("SERVICEDESK_FILES_FOLDER") or (servers.folder / "files" if EMBEDDED else BASE_DIR / "var" / "files")
    )
    STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(FILES_FOLDER), "base_url": None},
        },
        "staticfiles": {
            # Hashed names answer 404 on a live test server (ui.md 7), and DEBUG serves from the source folders.
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
            if TESTING or DEBUG
            else "servicedesk.staticfiles.Static"
        },
    }
    if env.together("SERVICEDESK_FILES_S3_BUCKET", "SERVICEDESK_FILES_S3_KEY", "SERVICEDESK_FILES_S3_SECRET"):
        STORAGES["default"] = {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": env.text("SERVICEDESK_FILES_S3_BUCKET"),
                "access_key": env.text("SERVICEDESK_FILES_S3_KEY"),
                "secret_key": env.text("SERVICEDESK_FILES_S3_SECRET"),
                "endpoint_url": env.text("SERVICEDESK_FILES_S3_ENDPOINT") or None,
                "region_name": env.text("SERVICEDESK_FILES_S3_REGION") or None,
                "default_acl": "private",
                "querystring_auth": True,
                "file_overwrite": False,
            },
        }

    # The reverse proxy sends stored files after Django has asked for the rights (core/stored.py, ops/nginx.conf).
    FILES_BY_PROXY = env.flag("SERVICEDESK_FILES_BY_PROXY")
    if FILES_BY_PROXY and env.text("SERVICEDESK_FILES_S3_BUCKET"):
        raise environment.Unusable(
            "SERVICEDESK_FILES_BY_PROXY is set together with SERVICEDESK_FILES_S3_BUCKET: the proxy sends files of a folder only"
        )
    BACKUP_FOLDER = Path(
        env.text("SERVICEDESK_BACKUP_FOLDER")
        or (servers.folder / "backups" if EMBEDDED else BASE_DIR / "var" / "backups")
    )

    # ── the web's safety ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or [
        site.hostname,
        *(["localhost", "127.0.0.1", "[::1]"] if DEMO or DEBUG or TESTING else []),
    ]
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
    SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not PLAIN_HTTP
    SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else env.number("SERVICEDESK_HSTS_SECONDS", 365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not PLAIN_HTTP
    PROXIES = env.number(
        "SERVICEDESK_PROXIES", 0
    )  # how many reverse proxies of ours stand in front and set X-Forwarded-*
    if PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    # ── mail, errors, figures, logs ──────────────────────────────────────────────────────────────────────────────────────────────

    if env.text("EMAIL_URL"):
        globals().update(environment.mail_server(env.text("EMAIL_URL")))
    else:
        EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # nothing leaves a place without a mail server
    NOTICES_MAIL = bool(env.text("EMAIL_URL"))
    EMAIL_TIMEOUT = 5
    DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", f"noreply@{site.hostname}")
    SMS_GATEWAY = environment.sms_gateway(
        env.text("SMS_GATEWAY_URL"),
        token=env.text("SMS_GATEWAY_TOKEN"),
        headers=env.text("SMS_GATEWAY_HEADERS"),
        body=env.text("SMS_GATEWAY_BODY"),
        ok=env.text("SMS_GATEWAY_OK"),
    )
    # What stands before the key in the address of a group's robot; somewhere else in private editions, and in tests.
    NOTICES_ROBOT_URLS = {
        "wecom": env.text("NOTICES_WECOM_URL", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="),
        "dingtalk": env.text("NOTICES_DINGTALK_URL", "https://oapi.dingtalk.com/robot/send?access_token="),
        "feishu": env.text("NOTICES_FEISHU_URL", "https://open.feishu.cn/open-apis/bot/v2/hook/"),
    }
    NOTICES_ALLOW_HOSTS = frozenset(host.lower() for host in env.words("NOTICES_ALLOW_HOSTS"))
    LOG_FORMAT = env.choice("SERVICEDESK_LOG_FORMAT", ("json", "text"), "text" if DEBUG or DEMO else "json")
    LOG_LEVEL = env.choice(
        "SERVICEDESK_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "WARNING" if TESTING else "INFO"
    )
    SENTRY_DSN = env.text("SENTRY_DSN")
    METRICS_TOKEN = env.text("METRICS_TOKEN")
    if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
        raise environment.Unusable("METRICS_TOKEN is too short: 16 random characters or more are needed")
except (environment.Unusable, embedded.EmbeddedError) as error:
    environment.refuse(error)

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # a PDF is previewed in a frame of our own pages
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # wants DENY, see the line above
CSRF_FAILURE_VIEW = "servicedesk.error_pages.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "frame-src": [SELF, "blob:"],
        "frame-ancestors": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
    }
}

# ── applications ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",  # templates of the widgets: FORM_RENDERER looks for them among the applications
    "servicedesk.staticfiles.StaticFiles",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",  # its default configuration replaces the loaders below
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "csp",
    "core",
    "partners",
    "notices",
    "equipment",
    "resources",
    "tickets",
    "settlement",
    "feedback",
    "visits",
    "imports",
    "servicedesk",
]

MIDDLEWARE = [
    "servicedesk.metrics.Metrics",
    "servicedesk.health.Health",  # /healthz and /readyz: before any redirect, host check or database
    "whitenoise.middleware.WhiteNoiseMiddleware",  # files need no headers of a page: half a kilobyte less with each
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "servicedesk.compress.CompressPages",
    "servicedesk.request_log.RequestLog",
    "core.middleware.TenantTransaction",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "partners.middleware.ViewerMiddleware",
    "core.middleware.Refusals",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "servicedesk.urls"
WSGI_APPLICATION = "servicedesk.wsgi.application"
ASGI_APPLICATION = "servicedesk.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

loaders = ["servicedesk.templates.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    loaders if DEBUG else [("django.template.loaders.cached.Loader", loaders)],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "servicedesk.context.portal",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ── sign-in ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

AUTH_USER_MODEL = "partners.Account"
AUTHENTICATION_BACKENDS = ["partners.backends.PhoneOrNameBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS.insert(
        0, "django.contrib.auth.hashers.MD5PasswordHasher"
    )  # hundreds of sign-ins, 50 ms each otherwise
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "partners:sign_in"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "servicedesk.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# ── language and time ────────────────────────────────────────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# ── files of the pages ───────────────────────────────────────────────────────────────────────────────────────────────────────────

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG or TESTING  # the live test server has no handler of its own for static files
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False


def WHITENOISE_ADD_HEADERS_FUNCTION(headers: MutableMapping[str, str], path: str, url: str) -> None:  # noqa: N802  # the library's name
    """A file is what its type says, whoever asks for it."""
    headers["X-Content-Type-Options"] = "nosniff"


# ── API ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

REST_FRAMEWORK = {
    # who asks is known from the middleware, his rights from the rights table (core/api/views.py)
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.problem.handle",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Service portal",
    "DESCRIPTION": "The same records, rights and steps as the pages. How to begin: docs/api.md.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["core.api.schema.add_problems"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "APPEND_COMPONENTS": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "SECURITY": [{"token": []}],
}

# ── worker: PostgreSQL holds the jobs, Celery only rings (reliability.md 5 and 12) ───────────────────────────────────────────────

CELERY_BROKER_URL = environment.broker_address(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 10,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "test" if TESTING else "servicedesk"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {"tick": {"task": "core.tick", "schedule": 5.0, "options": {"expires": 5}}}

# ── logs: no names, no phone numbers, only ids ───────────────────────────────────────────────────────────────────────────────────

before = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    without_address,
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processors": [
                fault,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                hide_secrets,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            "foreign_pre_chain": before,
        },
        "text": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                hide_secrets,
                # plain: with the values of variables a traceback would show numbers and keys
                structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
            ],
            "foreign_pre_chain": before,
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": LOG_LEVEL},
        "django.server": {"handlers": [], "propagate": True, "level": "WARNING"},
        "django.request": {"level": "ERROR"},  # refusals have their line from servicedesk.request_log
        "weasyprint": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
        "fontTools": {"level": "ERROR"},
        "celery": {"level": "WARNING"},
    },
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

if SENTRY_DSN:
    import sentry_sdk

    # neither bodies nor values of variables: customers' numbers and the keys of robots would be among them
    sentry_sdk.init(
        dsn=SENTRY_DSN, send_default_pii=False, max_request_body_size="never", include_local_variables=False
    )
