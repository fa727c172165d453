"""The portal as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from core.middleware.plain_requests import plain_requests_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaltim_portal.settings")
application = plain_requests_only(get_wsgi_application())
