"""The six stories: what the rules say of each today and along its way, as a record and as a case file."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from tests.stories import (
    ASHDOWN,
    CASES,
    DUARTE,
    HARBOUR_PATIENT,
    MARLOWE,
    NOVAK,
    OTHERS,
    PRYCE,
    STORIES,
    TANAKA,
    TODAY,
    case_path,
    case_text,
    drafted_steps,
    record_of,
)
from titration.demo.acts import Story
from titration.domain.assess import assess
from titration.domain.case import case_from
from titration.domain.findings import Assessment, Severity
from titration.domain.guidance import load_guidance
from titration.domain.history import prescribed_history, taken_history

EXPECTED = json.loads((CASES / "expected.json").read_text())
EVERYBODY = (*STORIES, *OTHERS, HARBOUR_PATIENT)
LEAP_DAY = date(2028, 2, 29)


def judged(story: Story, day: date = TODAY, *, today: date = TODAY) -> Assessment:
    record = record_of(story, today)
    plan = drafted_steps(record) if day == today else None
    return assess(case_from(record, day, plan=plan), load_guidance())


def flagged(assessment: Assessment) -> dict[str, str]:
    return {f.code: f.severity.label for f in assessment.findings if f.severity > Severity.INFO}


def along_the_way(story: Story) -> set[tuple[str, str]]:
    days = [TODAY + timedelta(day) for day in range(story.person.registered, 0)]
    return {finding for day in days for finding in flagged(judged(story, day)).items()}


def by_slug(stories: tuple[Story, ...]) -> list[object]:
    return [pytest.param(story, id=story.slug) for story in stories]


@pytest.mark.parametrize("story", by_slug(STORIES))
def test_today_says_what_the_story_is_about(story: Story) -> None:
    assert flagged(judged(story)) == EXPECTED[story.slug]


@pytest.mark.parametrize("story", by_slug(STORIES))
@pytest.mark.parametrize("today", [date(2027, 3, 28), date(2026, 1, 1), LEAP_DAY], ids=str)
def test_says_the_same_whatever_today_is(story: Story, today: date) -> None:
    assert flagged(judged(story, today, today=today)) == EXPECTED[story.slug]


@pytest.mark.parametrize(
    ("story", "said"),
    [
        pytest.param(MARLOWE, set(), id="the labelled titration is never flagged"),
        pytest.param(TANAKA, {("S1", "caution")}, id="stepping back for sedation is flagged for the sedation alone"),
        pytest.param(DUARTE, {("T2", "caution"), ("T2", "high")}, id="only the height of the dose is flagged"),
        pytest.param(NOVAK, set(), id="three weeks down are never flagged"),
        pytest.param(
            ASHDOWN,
            {
                *(("S1", "caution"), ("S2", "caution"), ("S2", "high"), ("W2", "caution")),
                *(("W8", "high"), ("W1", "critical"), ("W4", "critical")),
            },
            id="sedation with another depressant, step back, missed doses and few tablets before the stop",
        ),
        pytest.param(PRYCE, set(), id="a draft is no fact until it is signed"),
    ],
)  # fmt: skip
def test_the_course_was_flagged_where_it_should(story: Story, said: set[tuple[str, str]]) -> None:
    assert along_the_way(story) == said


@pytest.mark.parametrize("story", by_slug(STORIES))
def test_every_rule_could_decide(story: Story) -> None:
    assert judged(story).undecided == ()


def test_the_six_have_one_identifier_each() -> None:
    identifiers = [story.person.identifier for story in EVERYBODY]
    assert len(set(identifiers)) == len(EVERYBODY)
    assert all(story.person.identifier.startswith("SP-04") for story in STORIES)


@pytest.mark.parametrize("story", by_slug(EVERYBODY))
def test_nothing_is_recorded_in_the_future(story: Story) -> None:
    assert all(story.person.registered <= act.day <= 0 for act in story.acts)


def test_marlowe_reaches_80_mg_with_good_effect() -> None:
    record = record_of(MARLOWE, TODAY)
    assert taken_history(record).on(TODAY.toordinal()) == 80_000
    spasticity = [int(entry.value) for entry in record.scores if entry.scale == "spasticity"]
    assert spasticity == sorted(spasticity, reverse=True)
    assert spasticity[-1] < spasticity[0] / 2


def test_novak_takes_the_step_of_the_day() -> None:
    record = record_of(NOVAK, TODAY)
    due = [step.regimen.daily_mcg for step in record.plans[0].steps if step.starts_on <= TODAY]
    assert taken_history(record).on(TODAY.toordinal()) == due[-1] == 25_000


def test_ashdown_has_60_mg_prescribed_and_none_taken() -> None:
    record = record_of(ASHDOWN, TODAY)
    assert prescribed_history(record).on(TODAY.toordinal()) == 60_000
    assert taken_history(record).span(TODAY.toordinal() - 2, TODAY.toordinal()) == [60_000, 0, 0]


def test_ashdown_follows_version_2_of_her_taper_and_not_the_discarded_draft() -> None:
    record = record_of(ASHDOWN, TODAY)
    first, second = record.plans
    assert (first.version, second.version, first.number) == (1, 2, second.number)
    ahead = [step for step in prescribed_history(record).days if step > TODAY.toordinal()]
    assert ahead == [step.starts_on.toordinal() for step in second.steps]


@pytest.mark.parametrize("story", by_slug(STORIES))
def test_the_case_file_is_the_story(story: Story) -> None:
    assert case_path(story).read_text(encoding="utf-8") == case_text(story), "run python -m tests.stories"


@pytest.mark.parametrize("story", by_slug(STORIES))
def test_assess_says_of_the_case_file_what_it_says_of_the_record(story: Story) -> None:
    printed = StringIO()
    call_command("assess", str(case_path(story)), stdout=printed)
    (day,) = json.loads(printed.getvalue())["days"]
    said = {finding["code"]: finding["severity"] for finding in day["findings"] if finding["severity"] != "info"}
    assert said == EXPECTED[story.slug]
