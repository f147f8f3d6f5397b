"""The floor's server: plain Django, without the product's start-up checks."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.floor_settings")
application = get_wsgi_application()
