"""What holds for every plan that is drawn, whatever was asked; and how the rules see the planner's own presets."""

from contextlib import suppress
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.courses import FIRST as FIRST_DAY
from tests.domain.courses import LONG, case_of, found
from tests.domain.plans import FIRST, TENS, WITH_LIQUID, drawn, request
from titration.domain.errors import DomainError
from titration.domain.findings import Severity
from titration.domain.history import DoseHistory
from titration.domain.planning import PlanDraft, WayDown, WayUp
from titration.domain.planning.ways import course
from titration.domain.products import PRODUCTS, Product
from titration.domain.regimen import TimeOfDay

product_choices = st.sets(st.sampled_from(sorted(PRODUCTS)), min_size=1, max_size=3).map(
    lambda codes: tuple(PRODUCTS[code] for code in sorted(codes))
)
half_mg = st.integers(0, 100).map(lambda halves: halves / 2)
five_mg = st.integers(0, 10).map(lambda fives: fives * 5)
starts = st.tuples(*[st.one_of(five_mg, half_mg)] * 4)
ways_down = st.sampled_from([way for way in WayDown if way is not WayDown.BY_HAND])
ways_up = st.sampled_from([way for way in WayUp if way is not WayUp.BY_HAND])
steps_mg = st.one_of(st.none(), st.integers(1, 40).map(lambda halves: halves / 2))
percents = st.one_of(st.none(), st.integers(2, 60).map(Fraction))
step_days = st.one_of(st.none(), st.integers(1, 30))
targets = st.one_of(st.just(0), five_mg, st.integers(0, 40).map(lambda fives: fives * 5))


def attempt(
    way: WayDown | WayUp, start: object, target: float, chosen: tuple[Product, ...], **asked: object
) -> PlanDraft | None:
    with suppress(DomainError):
        return drawn(request(way, start, target, chosen=chosen, **asked))  # type: ignore[arg-type]
    return None


def check_every_step(draft: PlanDraft) -> None:
    assert draft.steps[-1].daily_mcg == draft.request.target_mcg
    assert draft.ends_on == draft.steps[-1].starts_on
    assert draft.steps[0].starts_on >= draft.request.first_step_on
    for step in draft.steps:
        made = {time: recipe.made_mcg for time, recipe in step.recipes.items()}
        given_doses = dict(zip(TimeOfDay, step.regimen.doses_mcg, strict=True))
        assert made == {time: mcg for time, mcg in given_doses.items() if mcg}
    for before, after in pairwise(draft.steps):
        assert after.starts_on > before.starts_on
        assert after.daily_mcg != before.daily_mcg


@settings(max_examples=300, deadline=None)
@given(ways_down, starts, targets, product_choices, steps_mg, percents, step_days)
def test_a_taper_never_rises_ends_at_its_target_and_is_makeable(
    way: WayDown,
    start: tuple[float, ...],
    target: float,
    chosen: tuple[Product, ...],
    step_mg: float | None,
    percent: Fraction | None,
    days: int | None,
) -> None:
    draft = attempt(way, start, target, chosen, step_mg=step_mg, percent=percent, step_days=days)
    if draft is None:
        return
    check_every_step(draft)
    totals = [draft.request.start.daily_mcg, *[step.daily_mcg for step in draft.steps]]
    assert all(after < before for before, after in pairwise(totals))
    check_never_ahead(draft)


def check_never_ahead(draft: PlanDraft) -> None:
    """On no day is the dose lower than what was asked for that day."""
    given_mcg = {step.starts_on: step.daily_mcg for step in draft.steps}
    dose_mcg = draft.request.start.daily_mcg
    for point in course(draft.request):
        dose_mcg = given_mcg.get(FIRST + timedelta(point.offset_days), dose_mcg)
        assert dose_mcg >= point.daily_mcg


@settings(max_examples=200, deadline=None)
@given(ways_up, starts, targets, product_choices, steps_mg, step_days)
def test_a_titration_never_falls_ends_at_its_target_and_is_makeable(
    way: WayUp,
    start: tuple[float, ...],
    target: float,
    chosen: tuple[Product, ...],
    step_mg: float | None,
    days: int | None,
) -> None:
    draft = attempt(way, start, target, chosen, step_mg=step_mg, step_days=days)
    if draft is None:
        return
    check_every_step(draft)
    totals = [draft.request.start.daily_mcg, *[step.daily_mcg for step in draft.steps]]
    assert all(after > before for before, after in pairwise(totals))
    assert max(totals) <= 200_000


@pytest.mark.parametrize("chosen", [TENS, WITH_LIQUID], ids=["tablets", "with a liquid"])
@pytest.mark.parametrize(
    ("way", "start", "highest"),
    [
        (WayDown.THREE_WEEKS, (10, 10, 10, 0), None),
        (WayDown.THREE_WEEKS, (20, 20, 20, 0), None),
        (WayDown.THREE_WEEKS, (20, 20, 20, 20), None),
        (WayDown.WEEKLY_5MG, (20, 20, 20, 0), None),
        (WayDown.PROPORTIONAL, (20, 20, 20, 0), None),
        (WayDown.TWO_WEEKS, (10, 10, 10, 0), Severity.CAUTION),
        (WayDown.TWO_WEEKS, (20, 20, 20, 0), Severity.CAUTION),
        (WayDown.TWO_WEEKS, (20, 20, 20, 20), Severity.CAUTION),
        (WayDown.TWO_WEEKS, (40, 40, 40, 0), Severity.CAUTION),
        (WayDown.TWO_WEEKS, (60, 60, 60, 0), Severity.CAUTION),
    ],
)
def test_the_presets_feel_as_a_clinician_would_judge_them(
    way: WayDown, start: tuple[int, int, int, int], highest: Severity | None, chosen: tuple[Product, ...]
) -> None:
    draft = drawn(request(way, start, 0, chosen=chosen))
    days_before = 40
    shift = FIRST_DAY + timedelta(days_before) - FIRST
    plan = DoseHistory.of(((step.starts_on + shift).toordinal(), step.daily_mcg) for step in draft.steps)
    finding = found(case_of((sum(start), days_before), months=LONG, plan=plan), "W5")
    level = Severity.INFO if finding is None else finding.severity
    assert level <= (highest or Severity.INFO)
