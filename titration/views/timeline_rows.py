"""The lines of the time line as a page writes them: dates in words, a year's head, an entry's address.

Whatever is told line by line is worked out here once, so that the template is one plain loop.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from titration.domain.days import show_weekday
from titration.domain.timeline import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """One line. year: written above it where another than this year begins; day: "" where it is that of the line
    above.
    """

    item: Item
    year: str
    day: str
    clock: str
    correct_url: str


def timeline_rows(items: Iterable[Item], *, this_year: int, patient_id: UUID, corrects: bool) -> Iterator[TimelineRow]:
    """corrects: whether each line that can be corrected leads to the page that does it."""
    last_day, last_year = "", this_year
    for item in items:
        day, year = show_weekday(item.at.date()), item.at.year
        is_other_day = (day, year) != (last_day, last_year)
        yield TimelineRow(
            item=item,
            year=str(year) if year not in (this_year, last_year) else "",
            day=day if is_other_day else "",
            clock="" if item.kind == "review" else f"{item.at:%H:%M}",
            correct_url=_correct_url(item, patient_id) if corrects else "",
        )
        last_day, last_year = day, year


def _correct_url(item: Item, patient_id: UUID) -> str:
    return reverse("entry_in_error", args=[patient_id, item.correctable, item.id]) if item.correctable else ""
