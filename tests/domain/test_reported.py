"""Which days the plan alone speaks of, beside reports that overlap, end or were recorded too early."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.domain.test_confirming import AS_PRESCRIBED, SIGNED, on, other_total, report, told
from titration.domain.record import EntryStatus, IntakeEntry, PatientRecord
from titration.domain.reported import reported


def unconfirmed(record: PatientRecord) -> list[int]:
    """Of the day before the first step and the nine from it on."""
    found = reported(record)
    return [day for day in range(-1, 9) if found.is_unconfirmed(on(day).toordinal())]


@pytest.mark.parametrize(
    ("reports", "days"),
    [
        pytest.param([], [0, 1, 2, 3, 4, 5, 6, 7, 8], id="nobody said anything"),
        pytest.param([other_total(1, 3)], [0, 4, 5, 6, 7, 8], id="a report tells its first and its last day"),
        pytest.param([other_total(0, 3), other_total(2, 5)], [6, 7, 8], id="two that overlap"),
        pytest.param([other_total(0, 5), other_total(1, 2)], [6, 7, 8], id="one within the other"),
        pytest.param([other_total(0, 2), other_total(3, 5)], [6, 7, 8], id="one after the other"),
        pytest.param([other_total(2)], [0, 1], id="an open report goes on"),
        pytest.param([report(AS_PRESCRIBED, 2, told=4)], [0, 1, 5, 6, 7, 8], id="as prescribed up to its recording"),
        pytest.param([report(AS_PRESCRIBED, 3, told=3)], [0, 1, 2, 4, 5, 6, 7, 8], id="as prescribed on that day"),
        pytest.param([report(AS_PRESCRIBED, 3, told=2)], [0, 1, 2, 3, 4, 5, 6, 7, 8],
                     id="as prescribed tells nothing of days after it was recorded"),
        pytest.param([replace(other_total(1), status=EntryStatus.ENTERED_IN_ERROR)], [0, 1, 2, 3, 4, 5, 6, 7, 8],
                     id="a report in error tells nothing"),
    ],
)  # fmt: skip
def test_a_day_is_unconfirmed_where_only_the_plan_speaks_of_it(
    reports: Sequence[IntakeEntry], days: Sequence[int]
) -> None:
    assert unconfirmed(told(*reports)) == days


def test_a_confirmed_step_is_said_until_the_next_one() -> None:
    first, *later = SIGNED.steps
    confirmed = replace(SIGNED, steps=(replace(first, state="started"), *later))
    assert unconfirmed(told(plans=[confirmed])) == [7, 8]
