"""The checker of our own calendars refuses what it must: planted faults, one each."""

import pytest

from tests.exports.calendar_checker import read_calendar
from tests.exports.samples import ashdown
from titration.exports.calendar import write_calendar


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param(b"\r\n", b"\n", id="bare line feeds"),
        pytest.param(b"\r\n ", b"", id="a line over 75 octets"),
        pytest.param(b"END:VEVENT\r\n", b"", id="events that never end"),
        pytest.param(b"DTSTART;VALUE=DATE:", b"DTSTART:", id="a date without its type"),
        pytest.param(b"DTEND;VALUE=DATE:20261123", b"DTEND;VALUE=DATE:20261116", id="an end before a day has passed"),
        pytest.param(b"00a2@titration", b"00a1@titration", id="a UID that stands twice"),
        pytest.param(b"Plan 3\\,", b"Plan 3,", id="a comma that is not escaped"),
        pytest.param(b"STATUS:CONFIRMED", b"STATUS:MAYBE", id="an unknown status"),
        pytest.param(b"METHOD:PUBLISH\r\n", b"", id="no method"),
    ],
)
def test_refuses(right: bytes, wrong: bytes):
    written = write_calendar(ashdown())
    assert right in written
    with pytest.raises((AssertionError, ValueError)):
        read_calendar(written.replace(right, wrong))
