"""Since last seen: from which day, what stood then and stands now, and what nobody has said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.stories import ASHDOWN, NOVAK, TODAY, record_of
from titration.domain.handover import MOST_LINES, NOT_ON_FILE, Handover, handover, last_seen
from titration.domain.record import PatientRecord, ReviewEntry


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
