"""Entry point of gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from safetyledger.settling import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safetyledger.settings")
application = get_wsgi_application()
# All addresses and what stands behind them, before the processes part: the first answer of a process is as quick as any.
addresses = get_resolver().url_patterns
settle()
