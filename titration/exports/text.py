"""Text at the edge of an export: dates in words, signed doses, and free text without what no paper or file can hold.

Names of days and months are written out here, so that the machine's locale never changes a sheet. Free text is kept
as typed but for control characters and kinds of line ends.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from titration.domain.regimen import TimeOfDay
from titration.domain.units import MCG_PER_MG, NO_BREAK_SPACE, show_mg

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
TIME_WORDS = {time: time.value.capitalize() for time in TimeOfDay}
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def plain_text(text: str) -> str:
    """What was typed, with every kind of line end as LF and without control characters."""
    return _CONTROL.sub("", _LINE_END.sub("\n", text))


def one_line(text: str) -> str:
    """The same on a single line, for names and headings."""
    return " ".join(plain_text(text).split("\n")).strip()


def mg_number(mcg: int) -> Decimal:
    """mg as an exact number, negative ones too: 2500 -> 2.5."""
    return Decimal(mcg) / MCG_PER_MG


def show_change(mcg: int) -> str:
    """A signed change: "−10 mg", "+2.5 mg"; "no change" for zero."""
    if mcg == 0:
        return "no change"
    return f"{'−' if mcg < 0 else '+'}{show_mg(abs(mcg))}"


def show_count(count: Fraction) -> str:
    """A number of tablets or millilitres: "112", "112.5"; never a fraction that a pharmacy system misreads."""
    return f"{count.numerator}" if count.denominator == 1 else f"{Decimal(count.numerator) / count.denominator:f}"


def short_date(day: date) -> str:
    """16 Nov"""
    return f"{day.day}{NO_BREAK_SPACE}{_MONTHS[day.month - 1][:3]}"


def short_date_year(day: date) -> str:
    """16 Nov 2026"""
    return f"{short_date(day)}{NO_BREAK_SPACE}{day.year}"


def weekday_date(day: date) -> str:
    """Mon 16 Nov"""
    return f"{WEEKDAYS[day.weekday()][:3]}{NO_BREAK_SPACE}{short_date(day)}"


def weekday_date_year(day: date) -> str:
    """Mon 16 Nov 2026"""
    return f"{weekday_date(day)}{NO_BREAK_SPACE}{day.year}"


def long_date(day: date) -> str:
    """16 November 2026"""
    return f"{day.day}{NO_BREAK_SPACE}{_MONTHS[day.month - 1]}{NO_BREAK_SPACE}{day.year}"


def full_date(day: date) -> str:
    """Monday 16 November 2026"""
    return f"{WEEKDAYS[day.weekday()]}{NO_BREAK_SPACE}{long_date(day)}"


def show_instant(at: datetime) -> str:
    """9 Nov 2026, 14:05 - of an instant already in the clinic's zone."""
    return f"{short_date_year(at.date())}, {at:%H:%M}"


def joined(parts: list[str]) -> str:
    """ "a", "a and b", "a, b and c" """
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
