"""Wiring only: settings, addresses, background work, health."""

from safetyledger.celery import app as celery_app

__all__ = ["celery_app"]
