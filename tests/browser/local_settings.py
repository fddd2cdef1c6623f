"""The browser tests' settings with production's static files: collected, hashed and compressed, in a folder apart."""

import os
from pathlib import Path

from tests.browser.settings import *  # noqa: F403

_FOLDER = Path(os.environ["SITE_FOLDER"])
STATIC_ROOT = _FOLDER / "collected"
STATICFILES_DIRS = [*STATICFILES_DIRS, _FOLDER / "vendored"]  # noqa: F405
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "titration.static_files.HashedModules"}}  # noqa: F405
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False
