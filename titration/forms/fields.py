"""Fields stricter than Django's: a dose is ASCII digits with at most one decimal, a date is written year first.

Django's own read "1_0" as 10 and 02/03/2026 as some day; these refuse with a sentence and keep what was typed.
Every form that writes carries a key, so that a second submit of it counts once.
"""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from titration.domain.days import MONTHS, WEEKDAYS, bare_weekday
from titration.domain.errors import NotADose
from titration.domain.text import Hidden, line_of, note_of
from titration.domain.units import format_mg, parse_mg
from titration.fields import NOTE_LENGTH
from titration.services.drafts import FormKey

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DAY_IN_WORDS = re.compile(r"(?:([A-Za-z]{3}),? )?([0-9]{1,2}) ([A-Za-z]{3}) ([0-9]{4})", re.ASCII)
_ISO_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::[0-9]{2})?", re.ASCII)
WRITE_DATE = "Write the date as year-month-day, for example 2026-11-13."
WRITE_TIME = "Write date and time as year-month-day hour:minute, for example 2026-11-13 08:30."
MISSING = {"required": "Fill this in."}
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


class Replaced(forms.CharField):
    """A number that is typed as a whole: a click or a tab into its box selects it, so that what is typed replaces it
    and is not appended (5 beside 0 would be 50). `js/amounts.js` looks for the mark.
    """

    inputmode = "decimal"

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        if widget.is_hidden:
            return attrs
        return {**attrs, "inputmode": self.inputmode, "autocomplete": "off", "data-amount": True}


class DoseField(Replaced):
    """mg as typed -> micrograms. Empty is None when not required."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=12, **{"strip": True, **options})

    def clean(self, value: Any) -> Any:
        text = str(value or "").strip(" ")
        if not text and not self.required:
            return None
        try:
            return parse_mg(text)
        except NotADose as refusal:
            raise ValidationError(refusal.sentence) from refusal

    def prepare_value(self, value: Any) -> Any:
        return format_mg(value) if isinstance(value, int) else value


class IsoDateField(forms.CharField):
    """YYYY-MM-DD -> date. Nothing else is guessed."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"placeholder": "year-month-day", "autocomplete": "off"}))
        super().__init__(max_length=40, **{"error_messages": MISSING, **options})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return read_date(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


class DayInWordsField(IsoDateField):
    """A date that is shown as it is read, "Mon 30 Nov 2026", and may be typed so or year first. A day of the week that
    is not that of the date is refused: one of the two is wrong.
    """

    def clean(self, value: Any) -> Any:
        match = _DAY_IN_WORDS.fullmatch(" ".join(str(value or "").split()))
        if match is None or match[3].title() not in MONTHS:
            return super().clean(value)
        day = read_date(f"{match[4]}-{MONTHS.index(match[3].title()) + 1:02}-{match[2]:0>2}")
        if match[1] and not bare_weekday(day).startswith(match[1].title()):
            raise ValidationError(f"That day is a {WEEKDAYS[day.weekday()]}. Check day, month and year.")
        return day

    def prepare_value(self, value: Any) -> Any:
        return bare_weekday(value) if isinstance(value, date) else value


def read_date(text: str) -> date:
    if not _ISO_DATE.fullmatch(text):
        raise ValidationError(WRITE_DATE)
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ValidationError("There is no such day in the calendar. Check day and month.") from error
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValidationError("Check the year: no patient is treated in that year.")
    return day


class LocalDateTimeField(forms.CharField):
    """Date and time of the clinic's wall clock -> aware datetime. An hour that the clock skipped is refused."""

    def __init__(self, **options: Any) -> None:
        attrs = {"placeholder": "year-month-day hour:minute", "autocomplete": "off"}
        options.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(max_length=40, **{"error_messages": MISSING, **options})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return read_local_time(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else value


def read_local_time(text: str) -> datetime:
    match = _ISO_TIME.fullmatch(text)
    if match is None:
        raise ValidationError(WRITE_TIME)
    day, hour, minute = read_date(match[1]), int(match[2]), int(match[3])
    if hour > 23 or minute > 59:
        raise ValidationError(WRITE_TIME)
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone.get_current_timezone())
    if _through_utc(local) != local.replace(tzinfo=None):
        raise ValidationError("The clock skipped this hour. Choose the hour before or after.")
    return local


def _through_utc(local: datetime) -> datetime:
    """The same instant back on the wall clock: another hour where the clock skipped the one that was typed."""
    return local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None)


class WholeNumberField(Replaced):
    """ASCII digits -> int. Empty is None when not required."""

    inputmode = "numeric"

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(max_length=6, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and self.least <= int(text) <= self.most):
            raise ValidationError(f"Write a whole number from {self.least} to {self.most}.")
        return int(text)


class WordsField(forms.CharField):
    """What a person writes, composed; a character that cannot be seen is refused. Several lines where there is room."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        try:
            return note_of(text) if isinstance(self.widget, forms.Textarea) else line_of(text)
        except Hidden as hidden:
            raise ValidationError(hidden.sentence) from hidden


class NoteField(WordsField):
    """Free text of several lines; it is stored and shown as typed."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 2})
        defaults = {"required": False, "max_length": NOTE_LENGTH, "widget": widget}
        super().__init__(**{**defaults, **options})


class Radios(forms.RadioSelect):
    """Of many buttons the first alone takes the focus."""

    def create_option(self, *args: Any, **options: Any) -> dict[str, Any]:
        return _one_focus(super().create_option(*args, **options))


class Ticks(forms.CheckboxSelectMultiple):
    """Of many ticks the first alone takes the focus."""

    def create_option(self, *args: Any, **options: Any) -> dict[str, Any]:
        return _one_focus(super().create_option(*args, **options))


def _one_focus(option: dict[str, Any]) -> dict[str, Any]:
    if option["index"] != "0":
        option["attrs"].pop("autofocus", None)
    return option


RELOAD = "Reload the page and fill it in again."


class KeyField(forms.CharField):
    """By which a form counts once -> FormKey. Its own key, and after a dot that of the form that it corrects."""

    def __init__(self) -> None:
        super().__init__(
            max_length=80, widget=forms.HiddenInput(attrs={"id": False}), error_messages={"required": RELOAD}
        )

    def clean(self, value: Any) -> FormKey:
        own, _, corrects = super().clean(value).partition(".")
        try:
            return FormKey(key=UUID(own), corrects=UUID(corrects) if corrects else None)
        except ValueError as error:
            raise ValidationError(RELOAD) from error


class KeyedForm(forms.Form):
    """A form that counts once: its key is made when it is shown and comes back with it."""

    use_required_attribute = False
    key = KeyField()

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"key": uuid4(), **(options.get("initial") or {})}
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)


FUTURE_DAY = "A report is about the past: choose a date that is not in the future."
FUTURE_MOMENT = "A report is about the past: choose a time that is not in the future."


class PastForm(KeyedForm):
    """A report about the past, on a clock it is given. span: the names of its first and last day."""

    past_moments: tuple[str, ...] = ()
    span: tuple[str, str] = ("", "")

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self._now = now

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        today = timezone.localtime(self._now).date()
        for name in self.past_moments:
            if cleaned.get(name) and cleaned[name] > self._now:
                self.add_error(name, FUTURE_MOMENT)
        for name in self.span:
            if cleaned.get(name) and cleaned[name] > today:
                self.add_error(name, FUTURE_DAY)
        first, last = (cleaned.get(name) for name in self.span)
        if first and last and last < first:
            self.add_error(self.span[1], "Check the dates: the end is before the beginning.")
        return cleaned
