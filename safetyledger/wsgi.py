"""Entry point of gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from safetyledger.settling import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safetyledger.settings")
application = get_wsgi_application()
settle()
