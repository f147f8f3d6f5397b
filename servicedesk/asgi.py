"""Entry for an ASGI server; the product itself is written for WSGI."""

import os

from django.core.asgi import get_asgi_application

from servicedesk.startup import verify_configuration, verify_database_user

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
verify_configuration()
application = get_asgi_application()
verify_database_user()
