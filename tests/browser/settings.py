"""Settings of the site that browser tests visit: the tests' own, in demo mode, with the error pages people see."""

from tests.settings import *  # noqa: F403

DEBUG = False
DEMO = True
ROOT_URLCONF = "tests.browser.urls"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
