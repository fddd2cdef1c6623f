"""Whether this server's clock can be believed, told by the audit's own times: one that stands before the newest row is
wrong, or was wrong when that row was written.

What is entered then would be dated before what it follows, and rules would judge the wrong day: entries wait until the
clock has passed that row, or until whoever runs the server has said that it is right (`manage.py accept_clock`). Reads
go on; their rows name the instant that the clock has not passed, so that they do not hide it.
"""

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from django.conf import settings
from django.utils import timezone

# In the detail of a row written by a clock that stood before an earlier row: the instant it had not passed.
BEFORE = "clock_before"


class Clock(Enum):
    """By which clock a row may be written."""

    RIGHT = auto()
    ANY = auto()
    ACCEPTED = auto()


class ClockBehind(Exception):
    """An entry by a clock that stands before the newest row of the audit; nothing was saved."""


_heard: dict[str, datetime] = {}


def instant_to_pass(at: datetime, detail: dict[str, Any]) -> datetime:
    """By the newest row's time and detail. This process keeps it for its pages."""
    told = detail.get(BEFORE)
    _heard["newest"] = datetime.fromisoformat(told) if told else at
    return _heard["newest"]


def is_before(instant: datetime | None) -> bool:
    """Whether the clock stands before it, by more than servers may differ."""
    allowed: timedelta | None = settings.CLOCK_TOLERANCE
    return allowed is not None and instant is not None and instant - timezone.now() > allowed


def is_behind() -> bool:
    """As far as this process knows, without asking the database."""
    return is_before(_heard.get("newest"))
