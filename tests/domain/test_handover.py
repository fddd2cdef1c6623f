"""Since last seen: from which day, what stood then and stands now, and what nobody has said."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from tests.domain.test_confirming import on, other_total, told
from tests.stories import ASHDOWN, NOVAK, TODAY, record_of
from titration.domain.handover import MOST_LINES, NOT_ON_FILE, Handover, handover, last_seen, latest_choice
from titration.domain.record import FlagEntry, PatientRecord, PlanState, ReviewEntry

NOW = datetime.combine(TODAY, time(9, 41), tzinfo=UTC)


def review(done: int | None, how: str = "clinic") -> ReviewEntry:
    done_on = None if done is None else TODAY - timedelta(days=done)
    return ReviewEntry(id=str(done), due_on=TODAY, how=how, purpose="Review", done_on=done_on)


def of(record: PatientRecord, days: int) -> Handover:
    return handover(record, since=TODAY - timedelta(days=days), seen_words="", today=TODAY)


@pytest.mark.parametrize(
    ("reviews", "days"),
    [
        pytest.param([review(30), review(10)], 10, id="the last one in the clinic"),
        pytest.param([review(30), review(10, "telephone")], 30, id="a telephone call is no seeing"),
        pytest.param([review(30), review(0)], 30, id="not the one of today"),
        pytest.param([review(30), review(None)], 30, id="not one that was not held"),
        pytest.param([review(1)], 1, id="yesterday's is"),
    ],
)
def test_last_seen_is_the_last_clinic_review_before_today(reviews: list[ReviewEntry], days: int) -> None:
    record = replace(record_of(ASHDOWN, TODAY), reviews=tuple(reviews))
    assert last_seen(record, TODAY)[0] == TODAY - timedelta(days=days)


def test_without_a_review_it_is_the_beginning_of_the_record() -> None:
    record = replace(record_of(ASHDOWN, TODAY), reviews=())
    since, words = last_seen(record, TODAY)
    assert since == min(entry.recorded_at.date() for entry in record.regimens)
    assert words.startswith("no clinic review on file")


def test_dose_then_and_now_are_prescribed_and_taken() -> None:
    rows = {label: (then, now) for label, then, now in of(record_of(ASHDOWN, TODAY), 30).rows}
    assert rows["Prescribed"][1].startswith("60\u00a0mg/day")
    assert rows["Taken"] == ("60\u00a0mg/day", "0\u00a0mg/day")


def test_what_was_not_on_file_then_says_so() -> None:
    rows = {label: then for label, then, _ in of(record_of(ASHDOWN, TODAY), 4000).rows}
    assert set(rows.values()) <= {NOT_ON_FILE, "not known"}


def test_a_plan_under_way_asks_for_what_is_missing_and_names_the_next_two_steps() -> None:
    found = of(record_of(NOVAK, TODAY), 60)
    assert len(found.coming) == 2
    assert all("not confirmed" in line or "To be settled" in line for line in found.missing)
    assert found.missing


def test_long_lists_are_counted_so_that_one_page_is_enough() -> None:
    found = of(record_of(ASHDOWN, TODAY), 4000)
    lists = {name: getattr(found, name) for name in ("changes", "effects", "opened", "closed", "missing")}
    assert max(map(len, lists.values())) <= MOST_LINES
    assert all(len(lists[name]) == MOST_LINES and count > 0 for name, count in found.more.items())


def test_an_effect_from_before_is_new_only_by_its_end() -> None:
    record = record_of(ASHDOWN, TODAY)
    entry = replace(record.symptoms[0], onset_on=date(2026, 1, 5), ended_on=TODAY - timedelta(days=1))
    found = of(replace(record, symptoms=(entry,)), 7)
    assert [line.split(": ")[-1].startswith("ended") for line in found.effects] == [True]
    assert of(replace(record, symptoms=(replace(entry, ended_on=None),)), 7).effects == ()


def flag(state: str, opened: int, severity: str = "high", **more: Any) -> FlagEntry:
    return FlagEntry(
        id=f"{state} {opened}", code="W2", severity=severity, state=state, episode_on=TODAY - timedelta(days=opened),
        opened_at=NOW - timedelta(days=opened), fingerprint="", title=f"{state} {opened}", why=(), consider=(),
        guidance_version="1", **more,
    )  # fmt: skip


ANSWERED = {"accepted_reason": "supervised", "accepted_at": NOW}


@pytest.mark.parametrize(
    ("entry", "about"),
    [
        pytest.param(flag("open", 30), "opened 14\u00a0Oct, open", id="open since long before"),
        pytest.param(flag("open", 7), "opened 6\u00a0Nov, open", id="opened on the day last seen"),
        pytest.param(
            flag("past_unanswered", 30, resolved_at=NOW), "opened 14\u00a0Oct, past, not answered", id="unanswered"
        ),
        pytest.param(flag("accepted", 3, **ANSWERED), "opened 10\u00a0Nov, accepted: supervised", id="accepted since"),
        pytest.param(flag("accepted", 30, **ANSWERED), "", id="accepted and opened before"),
        pytest.param(flag("resolved", 3, resolved_at=NOW), "", id="resolved"),
    ],
)
def test_a_flag_that_waits_is_handed_over_however_old_it_is(entry: FlagEntry, about: str) -> None:
    found = of(replace(record_of(ASHDOWN, TODAY), flags=(entry,)), 7)
    assert [line.about for line in found.opened] == ([about] if about else [])


def test_the_gravest_flag_stands_first() -> None:
    flags = (*(flag("open", day, "caution") for day in range(1, 8)), flag("open", 20, "critical"))
    found = of(replace(record_of(ASHDOWN, TODAY), flags=flags), 7)
    assert found.opened[0].severity.label == "critical"
    assert found.more["opened"] == 3


def test_a_plan_that_goes_on_until_the_next_one_is_asked_about_too() -> None:
    record = record_of(NOVAK, TODAY)
    plan = next(plan for plan in record.plans if plan.state is PlanState.RUNNING)
    before = replace(plan, state=PlanState.REPLACED, ended_on=TODAY + timedelta(days=20))
    step = replace(plan.steps[0], id="next", starts_on=TODAY + timedelta(days=20))
    after = replace(plan, id="next", number=plan.number + 1, version=1, steps=(step,))
    found = of(replace(record, plans=(before, after)), 60)
    assert found.missing == of(record, 60).missing != ()


def test_a_difference_to_settle_stands_before_the_steps_that_nobody_spoke_of() -> None:
    found = handover(told(other_total(2, 4)), since=on(-1), seen_words="", today=on(7))
    assert [line.replace("\u00a0", " ") for line in found.missing] == [
        "To be settled: 50 mg/day was taken on 20 Nov; 40 mg/day was planned.",
        "Step 2, 30 mg/day since 23 Nov: not confirmed",
    ]


def waiting(due: int, how: str = "clinic", purpose: str = "Review") -> ReviewEntry:
    return ReviewEntry(id=f"{how}{due}", due_on=TODAY + timedelta(days=due), how=how, purpose=purpose)


@pytest.mark.parametrize(
    ("reviews", "words"),
    [
        pytest.param([], "none planned", id="none"),
        pytest.param([review(10)], "none planned", id="one that was done is not to come"),
        pytest.param([waiting(7)], "20 Nov, in the clinic: Review", id="in a week"),
        pytest.param([waiting(0, "telephone", "Sleep")], "13 Nov, by telephone: Sleep", id="today is not late"),
        pytest.param([waiting(-1)], "12 Nov, overdue, in the clinic: Review", id="yesterday is"),
        pytest.param([waiting(9), waiting(3, "telephone")], "16 Nov, by telephone: Review", id="the first of two"),
        pytest.param([waiting(60)], "12 Jan 2027, in the clinic: Review", id="next year is named"),
    ],
)
def test_the_next_review_is_named_with_its_day_and_way(reviews: list[ReviewEntry], words: str) -> None:
    found = of(replace(record_of(ASHDOWN, TODAY), reviews=tuple(reviews)), 30)
    assert found.next_review.replace("\u00a0", " ") == words


def test_yesterday_is_the_last_day_to_choose_since_a_page_since_today_is_empty() -> None:
    assert latest_choice(TODAY) == TODAY - timedelta(days=1)
    found = of(record_of(ASHDOWN, TODAY), 0)
    assert (found.changes, found.effects, found.closed) == ((), (), ())
