"""Doses, days and severities as the pages write them: "2.5 mg", "Fri 13 Nov 2026", "Critical".

Instants are shown in the clinic's zone, which the page has made the current one. An empty value stays empty.
"""

from collections.abc import Iterable
from datetime import date, datetime
from html import escape

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from titration.domain.days import show_day, show_full_day, show_weekday
from titration.domain.findings import Severity
from titration.domain.units import format_mg, show_mg

register = template.Library()


@register.filter
def mg(mcg: int | None) -> str:
    """2500 -> "2.5 mg"."""
    return "" if mcg is None else show_mg(mcg)


@register.filter
def mg_number(mcg: int | None) -> str:
    """2500 -> "2.5"."""
    return "" if mcg is None else format_mg(mcg)


@register.filter
def day_short(value: date | datetime | None) -> str:
    """13 Nov."""
    on = local_day(value)
    return "" if on is None else show_day(on)


@register.filter
def day(value: date | datetime | None) -> str:
    """13 Nov 2026."""
    on = local_day(value)
    return "" if on is None else show_full_day(on)


@register.filter
def weekday(value: date | datetime | None) -> str:
    """Fri 13 Nov."""
    on = local_day(value)
    return "" if on is None else show_weekday(on)


@register.filter
def clock(value: datetime | None) -> str:
    """08:50, on the clinic's wall clock."""
    return "" if value is None else f"{timezone.localtime(value):%H:%M}"


@register.filter
def severity_mark(severity: Severity | str, size: str = "") -> SafeString:
    """The severity's word with its icon, in its colour; "small" inside tables. The word is never left out."""
    return _MARKS[severity.label if isinstance(severity, Severity) else severity, size]


def _mark(level: str, size: str) -> SafeString:
    classes = f"sev sev-{level} sev-{size}" if size else f"sev sev-{level}"
    icon = f'<svg class="icon i-{level}" aria-hidden="true"><use href="#i-{level}"/></svg>'
    return mark_safe(f'<span class="{classes}">{icon}{level.capitalize()}</span>')  # noqa: S308 - our own words alone


_MARKS = {(each.label, size): _mark(each.label, size) for each in Severity for size in ("", "small")}


@register.filter
def sentence(pieces: Iterable[tuple[str, bool]]) -> SafeString:
    """Texts in a row, the strong ones in <b>; each is escaped."""
    return mark_safe("".join(f"<b>{escape(text)}</b>" if strong else escape(text) for text, strong in pieces))  # noqa: S308 - every text is escaped


@register.filter
def table_body(rows: Iterable[tuple[str, ...]]) -> SafeString:
    """Rows of a table, the first cell being the row's head; each text is escaped. Written at once, because a long
    history has thousands of cells.
    """
    return mark_safe("".join(_table_row(cells) for cells in rows))  # noqa: S308 - every text is escaped


def _table_row(cells: tuple[str, ...]) -> str:
    head, *others = map(escape, cells)
    return f'<tr><th scope="row">{head}</th><td>{"</td><td>".join(others)}</td></tr>'


def local_day(value: date | datetime | None) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).date()
    return value or None
