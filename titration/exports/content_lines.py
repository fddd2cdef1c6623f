"""The lines of RFC 5545: properties escaped and folded, so that no text breaks out of its line or its event.

Only what our calendar writes: text, dates, UTC instants and whole numbers. Written here because it is forty lines and
the library took most of a calendar's time; two libraries read the result back in the tests.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime

MOST_OCTETS = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def text_line(name: str, text: str) -> str:
    """A property whose value is typed text."""
    return f"{name}:{text.translate(_ESCAPED)}"


def day_line(name: str, on: date) -> str:
    return f"{name};VALUE=DATE:{on:%Y%m%d}"


def instant_line(name: str, at: datetime) -> str:
    """An aware datetime, written in UTC."""
    return f"{name}:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def written(lines: Iterator[str]) -> bytes:
    """Every line folded and ended by CRLF."""
    return b"".join(_folded(line.encode()) for line in lines)


def _folded(line: bytes) -> bytes:
    """Pieces of at most 75 octets; a fold never cuts a letter, and each further piece begins with a space."""
    pieces, room = [], MOST_OCTETS
    while len(line) > room:
        cut = room
        while line[cut] & 0xC0 == 0x80:  # not before an octet that continues a letter
            cut -= 1
        pieces.append(line[:cut])
        line, room = line[cut:], MOST_OCTETS - 1
    return b"\r\n ".join([*pieces, line]) + b"\r\n"
