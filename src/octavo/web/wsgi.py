"""The site as a WSGI application."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

# A page makes some ten thousand objects and no cycles worth looking for; Python's 700 would search them over and over.
OBJECTS_BETWEEN_SEARCHES = 50_000

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "octavo.django_settings")

application = get_wsgi_application()

gc.collect()
gc.freeze()  # what is loaded by now stays, and is not searched again
gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)
