"""For which days a report of what was taken counts, and what is said of them."""

from dataclasses import replace
from datetime import date

import pytest

from tests.domain.test_history import THREE_TIMES_10, THREE_TIMES_20, change, day, record, report
from titration.domain.errors import DomainError
from titration.domain.history import taken_history
from titration.domain.intake_span import GOES_ON_BY_ITSELF, counted_words, last_day
from titration.domain.record import EntryStatus, IntakeKind

ON_ITS_DAY = {IntakeKind.MISSED, IntakeKind.BY_TIME, IntakeKind.DAILY_TOTAL}
ON_FILE = record(regimens=(change(-30, THREE_TIMES_20),))
OPEN_BOX = report(IntakeKind.RAN_OUT, 2, None)


def test_every_kind_lasts_its_day_or_goes_on() -> None:
    assert set(IntakeKind) == ON_ITS_DAY | GOES_ON_BY_ITSELF
    assert not ON_ITS_DAY & GOES_ON_BY_ITSELF


@pytest.mark.parametrize("kind", IntakeKind)
def test_without_a_word_it_lasts_as_its_kind_does(kind: IntakeKind) -> None:
    last = last_day(kind, starts_on=day(0), ends_on=None, goes_on=False)
    assert last == (day(0) if kind in ON_ITS_DAY else None)


@pytest.mark.parametrize("kind", IntakeKind)
def test_an_end_and_going_on_are_what_was_said(kind: IntakeKind) -> None:
    assert last_day(kind, starts_on=day(0), ends_on=day(3), goes_on=False) == day(3)
    assert last_day(kind, starts_on=day(0), ends_on=None, goes_on=True) is None


@pytest.mark.parametrize("kind", IntakeKind)
def test_an_end_that_goes_on_is_asked_about(kind: IntakeKind) -> None:
    with pytest.raises(DomainError, match="both together say two things") as refused:
        last_day(kind, starts_on=day(0), ends_on=day(3), goes_on=True)
    assert refused.value.about == "goes_on"


def mg_on(*offsets: int, intakes: tuple[object, ...]) -> list[int | None]:
    taken = taken_history(replace(ON_FILE, intakes=intakes))
    return [None if (mcg := taken.on(day(offset).toordinal())) is None else mcg // 1000 for offset in offsets]


def test_one_day_in_the_middle_of_an_open_report_and_the_open_one_goes_on() -> None:
    one_day = report(IntakeKind.BY_TIME, 4, 4, minutes=5, regimen=THREE_TIMES_10)
    assert mg_on(1, 2, 3, 4, 5, 6, intakes=(OPEN_BOX, one_day)) == [60, 0, 0, 30, 0, 0]


def test_of_two_reports_of_one_day_the_later_one_counts() -> None:
    earlier = report(IntakeKind.DAILY_TOTAL, 4, 4, daily_mcg=10_000)
    later = report(IntakeKind.DAILY_TOTAL, 4, 4, minutes=5, daily_mcg=40_000)
    assert mg_on(3, 4, 5, intakes=(later, earlier)) == [60, 40, 60]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        pytest.param(
            report(IntakeKind.DAILY_TOTAL, 4, 4, minutes=5, daily_mcg=40_000),
            ("It counts for 6 Mar alone: 40 mg/day.",
             "From 7 Mar what is prescribed counts as taken again: 60 mg/day."),
            id="one day",
        ),
        pytest.param(
            report(IntakeKind.MISSED, 4, 5, minutes=5, regimen=THREE_TIMES_10, missed=1, due=3),
            ("It counts from 6 Mar to 7 Mar, both included: 30 mg/day.",
             "From 8 Mar what is prescribed counts as taken again: 60 mg/day."),
            id="two days",
        ),
        pytest.param(
            report(IntakeKind.RAN_OUT, 4, None, minutes=5),
            ("It counts from 6 Mar on, until another report says otherwise: 0 mg/day.",),
            id="goes on",
        ),
        pytest.param(
            report(IntakeKind.UNKNOWN, 4, None, minutes=5),
            ("It counts from 6 Mar on, until another report says otherwise: not known.",),
            id="not known",
        ),
        pytest.param(
            report(IntakeKind.AS_PRESCRIBED, 4, None, minutes=5),
            ("From 6 Mar on, what is prescribed counts as taken again: 60 mg/day on that day.",),
            id="as prescribed again",
        ),
    ],
)  # fmt: skip
def test_says_until_when_it_counts(entry: object, said: tuple[str, ...]) -> None:
    assert plain(counted_words(ON_FILE, entry, day(6))) == said  # type: ignore[arg-type]


def test_says_that_an_open_report_goes_on_after_it() -> None:
    one_day = report(IntakeKind.DAILY_TOTAL, 4, 4, minutes=5, daily_mcg=40_000)
    words = plain(counted_words(replace(ON_FILE, intakes=(OPEN_BOX,)), one_day, day(6)))
    assert words[1] == "From 7 Mar what was reported since 4 Mar counts again: 0 mg/day."


def test_a_report_in_error_does_not_go_on() -> None:
    wrong = replace(OPEN_BOX, status=EntryStatus.ENTERED_IN_ERROR)
    one_day = report(IntakeKind.DAILY_TOTAL, 4, 4, minutes=5, daily_mcg=40_000)
    words = plain(counted_words(replace(ON_FILE, intakes=(wrong,)), one_day, day(6)))
    assert words[1] == "From 7 Mar what is prescribed counts as taken again: 60 mg/day."


def test_the_year_stands_where_it_is_another() -> None:
    one_day = report(IntakeKind.DAILY_TOTAL, -61, -61, minutes=5, daily_mcg=40_000)
    words = plain(counted_words(ON_FILE, one_day, date(2026, 3, 8)))
    assert words[0] == "It counts for 31 Dec 2025 alone: 40 mg/day."


def plain(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sentence.replace("\u00a0", " ") for sentence in words)
