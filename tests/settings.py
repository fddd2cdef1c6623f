"""Settings of the test run: development's, with plain static files and a quick hasher.

The database is the one TITRATION_DATABASE_URL names, else SQLite.
"""

import os

os.environ.setdefault("TITRATION_DEBUG", "1")

from titration.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# Tests act on days of their own, in any order; those of the clock say how far it may be.
CLOCK_TOLERANCE = None
