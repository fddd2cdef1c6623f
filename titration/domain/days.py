"""Days and spans as they are read: "13 Nov 2026", "Fri 13 Nov", "5 to 6 Oct", "since 5 Oct".

Blanks inside a date never break.
"""

from datetime import date, datetime

from titration.domain.units import NO_BREAK_SPACE

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = tuple(name[:3] for name in WEEKDAYS)


def show_day(on: date) -> str:
    """13 Nov."""
    return bare_day(on).replace(" ", NO_BREAK_SPACE)


def show_full_day(on: date) -> str:
    """13 Nov 2026."""
    return f"{show_day(on)}{NO_BREAK_SPACE}{on.year}"


def bare_day(on: date) -> str:
    """13 Nov, with a plain blank: for pictures, where nothing wraps."""
    return f"{on.day} {MONTHS[on.month - 1]}"


def bare_full_day(on: date) -> str:
    """13 Nov 2026, likewise."""
    return f"{bare_day(on)} {on.year}"


def bare_month(on: date) -> str:
    """Nov."""
    return MONTHS[on.month - 1]


def bare_weekday(on: date) -> str:
    """Fri 13 Nov 2026, likewise."""
    return f"{_WEEKDAYS[on.weekday()]} {bare_full_day(on)}"


def show_weekday(on: date) -> str:
    """Fri 13 Nov."""
    return f"{_WEEKDAYS[on.weekday()]}{NO_BREAK_SPACE}{show_day(on)}"


def show_near_day(on: date, *, beside: date) -> str:
    """With its year only where that is another than the one it is read beside."""
    return show_day(on) if on.year == beside.year else show_full_day(on)


def show_span(first: date, last: date | None, *, beside: date) -> str:
    """From first to last, both included; an open end is "since"."""
    if last is None:
        return f"since {show_near_day(first, beside=beside)}"
    if last == first:
        return f"on {show_near_day(first, beside=beside)}"
    return f"{show_near_day(first, beside=last)} to {show_near_day(last, beside=beside)}"


def show_moment(at: datetime, *, beside: date) -> str:
    """11 Nov, 22:00."""
    return f"{show_near_day(at.date(), beside=beside)}, {at:%H:%M}"


def years_between(birth: date, on: date) -> int:
    """Whole years of age; someone born on 29 February is a year older on 1 March."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
