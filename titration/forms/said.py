"""What a field says, in words: of what was typed and of what is on file alike, so that the two can be compared."""

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django import forms
from django.utils import timezone

from titration.domain.days import show_full_day
from titration.domain.units import format_mg, show_mg
from titration.forms.fields import DoseField


def said(field: forms.Field, value: Any) -> str:
    """A cleaned value as it is read; "" for one that says nothing."""
    if value is None or value == "" or value == [] or value == ():
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(said(field, each) for each in value)
    if isinstance(field, DoseField):
        return show_mg(value)
    return _choices(field).get(str(value)) or _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        at = timezone.localtime(value)
        return f"{show_full_day(at.date())}, {at:%H:%M}"
    if isinstance(value, date):
        return show_full_day(value)
    return format_mg(int(value * 1000)) if isinstance(value, Fraction) else str(value)


def _choices(field: forms.Field) -> dict[str, str]:
    """The words of each choice, those in groups too."""
    words: dict[str, str] = {}
    for code, label in getattr(field, "choices", ()):
        pairs: Iterable[tuple[Any, Any]] = label if isinstance(label, list | tuple) else [(code, label)]
        words |= {str(each): str(text) for each, text in pairs if each != ""}
    return words
