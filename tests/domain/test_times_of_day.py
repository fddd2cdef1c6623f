"""The divided dose beside the grades of each time of day, and what moving a dose between them says."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.domain.test_history import record
from tests.factories import TODAY, regimen
from titration.domain.guidance import load_guidance
from titration.domain.record import EntryStatus, SedationEntry
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.times_of_day import WINDOW, divided_anew, sedation_by_time

DOSE = regimen(10, 20, 10, 20)
WINDOW_DAYS = load_guidance().count(WINDOW)


def grade(number: int, time: str, days_ago: int = 0, status: EntryStatus = EntryStatus.CURRENT) -> SedationEntry:
    at = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC) - timedelta(days=days_ago)
    return SedationEntry(
        id="", recorded_at=at, recorded_by="", at=at, grade=number, source="patient", time_of_day=time, status=status
    )


def test_each_column_has_its_dose_and_its_grades_the_newest_first() -> None:
    found = sedation_by_time(record(sedations=(grade(1, "midday", 3), grade(2, "midday", 1))), DOSE, TODAY)
    assert [column.dose_mcg for column in found.columns] == [10_000, 20_000, 10_000, 20_000]
    assert [[each.grade for each in column.grades] for column in found.columns] == [[], [2, 1], [], []]
    assert found.worst_times == (TimeOfDay.MIDDAY,)


def test_a_grade_without_a_time_of_day_belongs_to_no_dose() -> None:
    found = sedation_by_time(record(sedations=(grade(3, ""),)), DOSE, TODAY)
    assert [each.grade for each in found.untimed] == [3]
    assert found.worst_times == ()


@pytest.mark.parametrize(
    ("days_ago", "shown"),
    [
        pytest.param(0, 1, id="today"),
        pytest.param(WINDOW_DAYS - 1, 1, id="the first day of the window"),
        pytest.param(WINDOW_DAYS, 0, id="the day before it"),
        pytest.param(-1, 0, id="not one of tomorrow"),
    ],
)
def test_only_recent_grades_are_shown(days_ago: int, shown: int) -> None:
    found = sedation_by_time(record(sedations=(grade(1, "evening", days_ago),)), DOSE, TODAY)
    assert len(found.columns[2].grades) == shown


def test_what_was_entered_in_error_is_not_shown() -> None:
    wrong = grade(4, "morning", status=EntryStatus.ENTERED_IN_ERROR)
    assert not sedation_by_time(record(sedations=(wrong,)), DOSE, TODAY).has_grades


def test_an_unknown_dose_stays_unknown() -> None:
    assert [column.dose_mcg for column in sedation_by_time(record(), None, TODAY).columns] == [None] * 4


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        pytest.param(regimen(20, 20, 20), regimen(20, 10, 30), "Same 60 mg/day, 10 mg moved from midday to evening.",
                     id="one dose moved"),
        pytest.param(regimen(20, 20, 20), regimen(15, 15, 30),
                     "Same 60 mg/day, 5 mg less in the morning, 5 mg less at midday, 10 mg more in the evening.",
                     id="from two times to one"),
        pytest.param(regimen(20, 20, 20), regimen(20, 20, 10), "", id="another total is said elsewhere"),
        pytest.param(regimen(20, 20, 20), regimen(20, 20, 20), "", id="nothing moved"),
        pytest.param(regimen(7.5, 2.5), regimen(5, 5), "Same 10 mg/day, 2.5 mg moved from morning to midday.",
                     id="parts of a mg"),
    ],
)  # fmt: skip
def test_a_dose_moved_between_times_of_day_is_said_with_its_total(before: Regimen, after: Regimen, words: str) -> None:
    assert divided_anew(before, after).replace("\u00a0", " ") == words
