"""Wiring only: settings, URLs, Celery, the private servers. The one package that may import every other."""

from kaltim_portal.celery import app as celery_app

__all__ = ["celery_app"]
