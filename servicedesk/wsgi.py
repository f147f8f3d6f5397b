"""Entry of the web processes: `gunicorn servicedesk.wsgi` or `granian --interface wsgi servicedesk.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from servicedesk.metrics_folder import prepare
from servicedesk.startup import verify_configuration, verify_database_user

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
verify_configuration()
prepare()
application = get_wsgi_application()
verify_database_user()
