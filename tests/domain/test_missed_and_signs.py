"""W6 and W7: dates, ends and what is missing. Levels: test_boundaries."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.courses import FIRST, GUIDANCE, Run, case_of, found, level, missing
from titration.domain.case import MissedDoses, Sign
from titration.domain.wording import say

STEADY: tuple[Run, ...] = ((60, 40),)
HALVED: tuple[Run, ...] = ((60, 30), (54, 10))


def missed(*days: tuple[int, int]) -> tuple[MissedDoses, ...]:
    return tuple(MissedDoses(on=FIRST + timedelta(day), missed=count, due=3) for day, count in days)


def test_missed_doses_are_dated_by_their_first_day() -> None:
    finding = found(case_of(*STEADY, missed=missed((38, 2), (39, 3))), "W6")
    assert finding is not None
    assert finding.since == FIRST + timedelta(38)


def signs(*reports: tuple[int, str]) -> tuple[Sign, ...]:
    return tuple(Sign(on=FIRST + timedelta(day), code=code) for day, code in reports)


def test_a_sign_that_ended_counts_no_longer() -> None:
    (sign,) = signs((31, "confusion"))
    case = replace(case_of(*HALVED), signs=(replace(sign, until=FIRST + timedelta(35)),))
    assert level(case, "W7") is None


def test_signs_without_a_usual_dose_are_not_decided() -> None:
    case = replace(case_of((60, 2)), signs=signs((1, "confusion")))
    assert missing(case, "W7") == "maintenance"


def test_signs_without_a_reduction_on_file_ask_what_was_taken() -> None:
    case = replace(case_of(*STEADY), signs=signs((36, "hallucinations")))
    assert missing(case, "W7") == "reduction"


def test_one_mild_sign_after_a_drop_is_decided() -> None:
    case = replace(case_of(*HALVED), signs=signs((31, "tremor")))
    assert (level(case, "W7"), missing(case, "W7")) == (None, None)


def test_a_sign_that_ends_today_still_counts() -> None:
    (sign,) = signs((31, "confusion"))
    case = case_of(*HALVED)
    assert level(replace(case, signs=(replace(sign, until=case.as_of),)), "W7") is not None


def test_a_day_without_a_known_dose_before_a_sign_is_no_drop() -> None:
    case = replace(case_of((60, 30), (None, 1), (60, 3)), signs=signs((32, "confusion")))
    assert (level(case, "W7"), missing(case, "W7")) == (None, "reduction")


@pytest.mark.parametrize(
    ("codes", "title"),
    [
        pytest.param(("hallucinations",), "Severe withdrawal sign: hallucinations", id="one severe"),
        pytest.param(
            ("insomnia", "hallucinations", "confusion"),
            "Severe withdrawal sign: hallucinations; also confusion, sleeplessness",
            id="beside a mild and a moderate one",
        ),
        pytest.param(("insomnia", "tremor"), "Withdrawal signs: sleeplessness, tremor", id="none severe"),
    ],
)
def test_only_a_severe_sign_is_called_severe(codes: tuple[str, ...], title: str) -> None:
    finding = found(replace(case_of(*HALVED), signs=signs(*((31, code) for code in codes))), "W7")
    assert finding is not None
    assert say(finding, GUIDANCE).title == title
