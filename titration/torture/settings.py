"""Production's settings for a run whose people exist for minutes: they sign in without a second factor."""

from titration.bench.settings import *  # noqa: F403

SECOND_FACTOR_REQUIRED = False
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
