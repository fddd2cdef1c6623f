"""A strict reader of our own iCalendar: raises where a phone might read something else than was meant.

Library parsers forgive too much to judge our output. This one knows only what we write: RFC 5545 lines, one VCALENDAR
and its VEVENTs.
"""

import re
from datetime import date, datetime, timedelta

_LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^:;]+)*):(.*)", re.DOTALL)
_UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[;,]")
_ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "STATUS", "SEQUENCE", "TRANSP"}
_STATUS = {"CONFIRMED", "TENTATIVE", "CANCELLED"}

type Event = dict[str, str]


def read_calendar(written: bytes) -> list[Event]:
    """The events, their text unescaped. Raises AssertionError on whatever a strict reader would not take."""
    lines = _unfolded(written)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    body = lines[1:-1]
    first = next((at for at, line in enumerate(body) if line == "BEGIN:VEVENT"), len(body))
    head = dict(line.split(":", 1) for line in body[:first])
    assert head == {"VERSION": "2.0", "PRODID": "-//titration//plan//EN", "CALSCALE": "GREGORIAN", "METHOD": "PUBLISH"}
    events = list(_events(body[first:]))
    assert len({event["UID"] for event in events}) == len(events), "a UID stands twice"
    return events


def _unfolded(written: bytes) -> list[str]:
    assert written.endswith(b"\r\n")
    physical = written[:-2].split(b"\r\n")
    for line in physical:
        assert len(line) <= 75, f"{len(line)} octets in a line"
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line), "a control character in a line"
        line.decode()  # a fold never cuts a letter
    return re.sub(r"\r\n[ \t]", "", written[:-2].decode()).split("\r\n")


def _events(lines: list[str]):
    while lines:
        assert lines[0] == "BEGIN:VEVENT", lines[0]
        end = lines.index("END:VEVENT")
        yield _event(lines[1:end])
        lines = lines[end + 1 :]


def _event(lines: list[str]) -> Event:
    event: Event = {}
    for line in lines:
        match = _LINE.fullmatch(line)
        assert match, f"not a content line: {line}"
        name, parameters, value = match.groups()
        assert name in _ONCE, name
        assert name not in event, f"{name} stands twice"
        assert (parameters == ";VALUE=DATE") == (name in ("DTSTART", "DTEND")), line
        event[name] = _text(value) if name in ("SUMMARY", "DESCRIPTION") else value
    assert set(event) == _ONCE, set(event) ^ _ONCE
    _check_values(event)
    return event


def _check_values(event: Event) -> None:
    assert days_of(event)[1] > days_of(event)[0]
    datetime.strptime(event["DTSTAMP"], "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 - UTC by its Z
    assert event["STATUS"] in _STATUS
    assert event["SEQUENCE"].isdecimal()


def _text(value: str) -> str:
    assert not _UNESCAPED.search(value), f"not escaped: {value}"
    return re.sub(r"\\([\\;,nN])", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)


def days_of(event: Event) -> tuple[date, date]:
    """First day and exclusive end."""
    return date.fromisoformat(event["DTSTART"]), date.fromisoformat(event["DTEND"])


def last_day_of(event: Event) -> date:
    return days_of(event)[1] - timedelta(days=1)
