"""The day on which the dispensed tablets would not cover a plan, in one sentence, at each edge."""

from dataclasses import replace

import pytest

from tests.domain.test_supply import box, day, holding
from tests.factories import regimen
from titration.domain.judging import Steps
from titration.domain.planned_supply import runs_out_words
from titration.domain.record import DispensingEntry, EntryStatus

TODAY = day(0)
TO_ZERO = [(day(1), regimen(40)), (day(2), regimen(20)), (day(3), regimen(0))]
GOES_ON = TO_ZERO[:2]
LASTS = "What was dispensed lasts for the whole plan, or is not known to end."
SHORT = "The first day without enough of what was dispensed"


@pytest.mark.parametrize(
    ("boxes", "steps", "words"),
    [
        pytest.param([], TO_ZERO, "", id="nothing on file"),
        pytest.param([replace(box(5), status=EntryStatus.ENTERED_IN_ERROR)], TO_ZERO, "", id="a box in error"),
        pytest.param([box(5)], TO_ZERO, f"{SHORT} was 13 Nov 2026.", id="short today"),
        pytest.param([box(6)], TO_ZERO, f"{SHORT} is 14 Nov 2026, before the last step on 16 Nov.", id="from tomorrow"),
        pytest.param([box(11)], TO_ZERO, f"{SHORT} is 15 Nov 2026, before the last step on 16 Nov.", id="by one"),
        pytest.param([box(12)], TO_ZERO, LASTS, id="just enough to zero"),
        pytest.param([box(12)], GOES_ON, f"{SHORT} is 16 Nov 2026.", id="a plan that goes on needs more"),
        pytest.param([box(90, product="unknown")], TO_ZERO, LASTS, id="a product that nobody knows"),
    ],
)
def test_says_whether_what_was_dispensed_covers_the_plan(
    boxes: list[DispensingEntry], steps: Steps, words: str
) -> None:
    assert runs_out_words(holding(*boxes), steps, TODAY).replace("\u00a0", " ") == words
