"""Published schedules and the series of 8.5, as case files, through the reader and `--each-day`."""

import json

import pytest

from tests.domain.published import SCHEDULES, SERIES, Published
from titration.domain.case_file import answer, read_case
from titration.domain.findings import Severity
from titration.domain.guidance import load_guidance

GUIDANCE = load_guidance()
ALL = SCHEDULES | SERIES


def highest(published: Published) -> str | None:
    """The highest level of the rules named, over all days; as the command answers."""
    told = answer(read_case(json.dumps(published.case_file()), GUIDANCE), GUIDANCE, each_day=True)
    levels = [f["severity"] for day in told["days"] for f in day["findings"] if f["code"] in published.codes]
    return max(levels, key=Severity.from_label, default=None)


@pytest.mark.parametrize("name", ALL)
def test_reaches_the_level_expected_and_none_higher(name: str) -> None:
    assert highest(ALL[name]) == ALL[name].expected
