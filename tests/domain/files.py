"""A patient's file for the tests of the domain: entries noted on one day, and the record that holds them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from titration.domain.record import Entry, PatientRecord

TODAY = date(2026, 11, 13)
NOTED = datetime(2026, 11, 13, 9, tzinfo=UTC)


def noted[E: Entry](of: type[E], /, **fields: Any) -> E:
    """An entry of a kind, noted this morning unless something else is said."""
    return of(**{"id": "", "recorded_at": NOTED, "recorded_by": "", **fields})


def file_of(**entries: Iterable[Any] | Fraction | None) -> PatientRecord:
    """One patient with these entries on file; treated for a year before."""
    return PatientRecord(
        **{
            "id": "1",
            "name": "",
            "birth_date": date(1968, 3, 12),
            "identifier": "",
            "sex": "",
            "indication": "",
            "label_set": "US",
            "time_zone": "Europe/London",
            "exposure_months": Fraction(12),
            **{name: tuple(value) if isinstance(value, Iterable) else value for name, value in entries.items()},
        }  # type: ignore[arg-type]
    )
