"""A session ends 12 hours after sign-in, however busy it was, and after 20 idle minutes.

Idle is whoever opens no page and sends no form: what htmx fetches by itself counts for nothing, so a page left open in
the corner of a ward signs itself out. An ended session is still known for a while by its row, so that what was being
typed can be kept for the same person (see accounts/kept.py); nobody can act in it any more.
"""

import re
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from titration.accounts.address import client_address
from titration.connections import brief_wait
from titration.trouble import trouble_of

BEGAN, SEEN, BROWSER, ADDRESS, PUBLIC_ID = "began_at", "seen_at", "browser", "address", "public_id"
# How long the row of an ended session still says whose it was.
GRACE = timedelta(minutes=30)
FRESH = timedelta(minutes=10)
# A session row is written at most this often for being used.
SEEN_STEP = timedelta(minutes=1)
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class SessionStore(DatabaseStore):
    """Django's store; its row also says whose session it is, since when and from where."""

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        from titration.models.sessions import Session

        return Session

    def create(self) -> None:
        """A new row has a new id: the row that it follows may still stand, and Django would try for ever."""
        kept = vars(self).get("_session_cache") or {}
        if PUBLIC_ID in kept:
            kept[PUBLIC_ID] = str(uuid4())
        super().create()

    def save(self, must_create: bool = False) -> None:
        """A new session waits like an entry; one that is only used keeps no page waiting. Trouble of the database
        is told as such: Django would say that the session was deleted meanwhile.
        """
        try:
            with nullcontext() if must_create else brief_wait():
                super().save(must_create)
        except UpdateError as interrupted:
            trouble = interrupted.__context__
            if trouble_of(trouble) is not None and trouble is not None:
                raise trouble from trouble.__cause__
            raise

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.began_at, row.seen_at = _instant(data.get(BEGAN)), _instant(data.get(SEEN))
        row.browser, row.address = data.get(BROWSER, ""), data.get(ADDRESS)
        row.public_id = data.get(PUBLIC_ID) or row.public_id
        return row


@receiver(user_logged_in)
def begin_session(*, request: HttpRequest, **_: Any) -> None:
    """The clock starts, and the row outlives the session by the time for which it can be known."""
    now = timezone.now()
    request.session.update({BEGAN: now.timestamp(), SEEN: now.timestamp()})
    request.session.update({BROWSER: browser_words(request), ADDRESS: client_address(request), PUBLIC_ID: str(uuid4())})
    keep_row(request, now)


def keep_row(request: HttpRequest, now: datetime) -> None:
    request.session.set_expiry(now + settings.SESSION_LIFETIME + GRACE)


class SessionTimeoutMiddleware:
    """Ends what is over before anything is done in its name; stands after the authentication and htmx."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            self._look_at_clock(request, timezone.now())
        return self.get_response(request)

    def _look_at_clock(self, request: HttpRequest, now: datetime) -> None:
        began, seen = (_instant(request.session.get(name)) for name in (BEGAN, SEEN))
        if began is None or seen is None or is_over(began, seen, now):
            request.session_ended_for = request.user.pk  # type: ignore[attr-defined]
            logout(request)
        elif is_activity(request) and now - seen >= SEEN_STEP:
            request.session[SEEN] = now.timestamp()


def is_over(began: datetime, seen: datetime, now: datetime) -> bool:
    return now - began >= settings.SESSION_LIFETIME or now - seen >= settings.SESSION_IDLE


def is_activity(request: HttpRequest) -> bool:
    """A page opened or a form sent. What htmx gets may be its own doing, so it keeps nobody signed in."""
    return request.method == "POST" or not getattr(request, "htmx", False)


def is_fresh(request: HttpRequest) -> bool:
    """Signed in so lately that the password need not be asked again."""
    began = _instant(request.session.get(BEGAN))
    return began is not None and timezone.now() - began < FRESH


def browser_words(request: HttpRequest) -> str:
    """ "Firefox on Windows": enough to know one's own device again."""
    agent = request.headers.get("user-agent", "")
    browser = next((name for mark, name in BROWSERS if re.search(mark, agent)), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if system else browser


def _instant(stamp: float | None) -> datetime | None:
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)
