"""Dates in the language of a paper: months always in words, so that no country reads 3 December for 12 March.

The order of day and month, the points and commas are messages like any other. Blanks inside a date never break.
"""

from datetime import date, datetime
from functools import cache

from titration.domain.units import NO_BREAK_SPACE
from titration.exports.language import Language, gettext_noop

_WEEKDAYS = (
    gettext_noop("Monday"),
    gettext_noop("Tuesday"),
    gettext_noop("Wednesday"),
    gettext_noop("Thursday"),
    gettext_noop("Friday"),
    gettext_noop("Saturday"),
    gettext_noop("Sunday"),
)
_SHORT_WEEKDAYS = (
    gettext_noop("Mon"),
    gettext_noop("Tue"),
    gettext_noop("Wed"),
    gettext_noop("Thu"),
    gettext_noop("Fri"),
    gettext_noop("Sat"),
    gettext_noop("Sun"),
)
_MONTHS = (
    gettext_noop("January"),
    gettext_noop("February"),
    gettext_noop("March"),
    gettext_noop("April"),
    gettext_noop("May"),
    gettext_noop("June"),
    gettext_noop("July"),
    gettext_noop("August"),
    gettext_noop("September"),
    gettext_noop("October"),
    gettext_noop("November"),
    gettext_noop("December"),
)
_SHORT_MONTHS = (
    gettext_noop("Jan"),
    gettext_noop("Feb"),
    gettext_noop("Mar"),
    gettext_noop("Apr"),
    gettext_noop("May"),
    gettext_noop("Jun"),
    gettext_noop("Jul"),
    gettext_noop("Aug"),
    gettext_noop("Sep"),
    gettext_noop("Oct"),
    gettext_noop("Nov"),
    gettext_noop("Dec"),
)


@cache
def weekdays(language: Language) -> tuple[str, ...]:
    """Mon to Sun."""
    return tuple(language.gettext(name) for name in _SHORT_WEEKDAYS)


def short_date(language: Language, day: date) -> str:
    """16 Nov"""
    return _put(language.pgettext("date", "{day} {short_month}", **_parts(language, day)))


def short_date_year(language: Language, day: date) -> str:
    """16 Nov 2026"""
    return _put(language.pgettext("date", "{day} {short_month} {year}", **_parts(language, day)))


def weekday_date(language: Language, day: date) -> str:
    """Mon 16 Nov"""
    return _put(language.pgettext("date", "{short_weekday} {day} {short_month}", **_parts(language, day)))


def weekday_date_year(language: Language, day: date) -> str:
    """Mon 16 Nov 2026"""
    return _put(language.pgettext("date", "{short_weekday} {day} {short_month} {year}", **_parts(language, day)))


def day_month(language: Language, day: date) -> str:
    """16 November"""
    return _put(language.pgettext("date", "{day} {month}", **_parts(language, day)))


def long_date(language: Language, day: date) -> str:
    """16 November 2026"""
    return _put(language.pgettext("date", "{day} {month} {year}", **_parts(language, day)))


def full_date(language: Language, day: date) -> str:
    """Monday 16 November 2026"""
    return _put(language.pgettext("date", "{weekday} {day} {month} {year}", **_parts(language, day)))


def show_instant(language: Language, at: datetime) -> str:
    """9 Nov 2026, 14:05 - of an instant already in the clinic's zone."""
    return f"{short_date_year(language, at.date())}, {at:%H:%M}"


def _parts(language: Language, day: date) -> dict[str, object]:
    return {
        "day": day.day,
        "year": day.year,
        "weekday": language.gettext(_WEEKDAYS[day.weekday()]),
        "short_weekday": language.gettext(_SHORT_WEEKDAYS[day.weekday()]),
        "month": language.gettext(_MONTHS[day.month - 1]),
        "short_month": language.gettext(_SHORT_MONTHS[day.month - 1]),
    }


def _put(words: str) -> str:
    return words.replace(" ", NO_BREAK_SPACE)
