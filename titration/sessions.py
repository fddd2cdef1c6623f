"""A session ends a fixed time after sign-in, however busy it was.

Django's own age would start anew with every write to the session.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone


@receiver(user_logged_in)
def end_session_after_lifetime(*, request: HttpRequest, **_: Any) -> None:
    request.session.set_expiry(timezone.now() + settings.SESSION_LIFETIME)
