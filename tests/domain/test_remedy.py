"""The smallest other dose change that clears what a proposal raises."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.files import file_of
from titration.domain.assess import assess
from titration.domain.case import case_from, with_dose_change
from titration.domain.findings import Assessment, Finding, Severity
from titration.domain.guidance import load_guidance
from titration.domain.products import PRODUCTS, Product, makes_exactly
from titration.domain.record import IntakeEntry, IntakeKind, PatientRecord, RegimenEntry
from titration.domain.regimen import Regimen
from titration.domain.remedy import DoseProposal, DoseRemedy, find_dose_remedy

GUIDANCE = load_guidance()
TODAY = date(2026, 11, 13)
NOW = datetime(2026, 11, 13, 9, tzinfo=UTC)
FIVES = (PRODUCTS["tablet-10-halves"], PRODUCTS["tablet-5"])
TENS = (PRODUCTS["tablet-10"],)
type Step = tuple[int, int]


def regimen(total_mg: float) -> Regimen:
    third = int(total_mg * 1000) // 15_000 * 5_000
    return Regimen(morning_mcg=third, midday_mcg=third, evening_mcg=int(total_mg * 1000) - 2 * third)


def record_of(*steps: Step, months: int | None = 12, intakes: tuple[IntakeEntry, ...] = ()) -> PatientRecord:
    """steps: (days before today, mg a day)."""
    entries = tuple(
        RegimenEntry(
            id=str(ago),
            recorded_at=NOW - timedelta(ago),
            recorded_by="",
            starts_on=TODAY - timedelta(ago),
            regimen=regimen(mg),
            reason="response",
        )
        for ago, mg in steps
    )
    exposure_months = None if months is None else Fraction(months)
    return file_of(regimens=entries, intakes=intakes, exposure_months=exposure_months)


def judged(record: PatientRecord, doses: Regimen, starts_on: date) -> tuple[Assessment, Assessment]:
    """What the rules say on the day of the change, without and with it."""
    as_of = max(starts_on, TODAY)
    changed = with_dose_change(record, starts_on, doses, at=NOW)
    return assess(case_from(record, as_of), GUIDANCE), assess(case_from(changed, as_of), GUIDANCE)


def proposal_of(
    record: PatientRecord, doses: Regimen, *, on: date = TODAY, products: tuple[Product, ...] = FIVES
) -> DoseProposal:
    before, after = judged(record, doses, on)
    return DoseProposal(
        record=record,
        starts_on=on,
        regimen=doses,
        today=TODAY,
        now=NOW,
        before=before,
        after=after,
        products=products,
    )


def remedy_for(record: PatientRecord, mg: float, *, on: date = TODAY) -> DoseRemedy | None:
    return find_dose_remedy(proposal_of(record, regimen(mg), on=on), GUIDANCE)


@pytest.mark.parametrize(
    ("steps", "months", "proposed", "instead"),
    [
        (((90, 60),), 12, 45, 50),
        (((90, 60),), 12, 30, 50),
        (((90, 60),), 12, 0, 50),
        (((90, 30),), 12, 50, 45),
        (((90, 60),), 12, 95, 75),
        (((90, 20),), 12, 5, 15),
        ((), 0, 30, 15),
    ],
    ids=[
        *("a quarter less", "half", "a stop", "20 mg more", "35 mg more", "5 mg are information"),
        "the first dose",
    ],
)
def test_names_the_smallest_other_dose(steps: tuple[Step, ...], months: int, proposed: int, instead: int) -> None:
    remedy = remedy_for(record_of(*steps, months=months), proposed)
    assert remedy is not None
    assert remedy.regimen is not None
    assert (remedy.regimen.daily_mcg, remedy.held_days, remedy.starts_on) == (instead * 1000, 0, TODAY)


def test_holds_the_dose_where_no_other_dose_clears() -> None:
    remedy = remedy_for(record_of((90, 30), (1, 45)), 50)
    assert remedy is not None
    assert (remedy.regimen, remedy.held_days, remedy.starts_on) == (regimen(50), 2, TODAY + timedelta(2))


def test_a_dose_in_the_past_cannot_be_held() -> None:
    remedy = remedy_for(record_of((90, 30), (3, 45)), 50, on=TODAY - timedelta(2))
    assert remedy is None or remedy.held_days == 0


def test_says_when_nothing_clears() -> None:
    remedy = remedy_for(record_of((90, 100)), 105)
    assert remedy is not None
    assert remedy.regimen is None
    assert [finding.code for finding in remedy.clears] == ["T2"]
    assert not remedy.may_be_filled_in


@pytest.mark.parametrize(("proposed", "offered"), [(60, False), (55, False), (65, False)])
def test_has_nothing_to_say_to_a_quiet_change(proposed: int, offered: bool) -> None:
    assert (remedy_for(record_of((90, 60)), proposed) is not None) is offered


@pytest.mark.parametrize(("proposed", "may"), [(0, False), (30, True)])
def test_a_stop_is_for_words_only(proposed: int, may: bool) -> None:
    remedy = remedy_for(record_of((90, 60)), proposed)
    assert remedy is not None
    assert remedy.may_be_filled_in is may


def test_takes_only_what_the_products_make() -> None:
    proposal = proposal_of(record_of((90, 60)), Regimen(morning_mcg=40_000), products=TENS)
    remedy = find_dose_remedy(proposal, GUIDANCE)
    assert remedy is not None
    assert remedy.regimen is not None
    assert all(makes_exactly(mcg, TENS) for mcg in remedy.regimen.doses_mcg)


def test_no_tablet_between_leaves_nothing_to_fill_in() -> None:
    proposal = proposal_of(record_of((90, 60)), Regimen(morning_mcg=30_000), products=(PRODUCTS["tablet-25"],))
    remedy = find_dose_remedy(proposal, GUIDANCE)
    assert remedy is not None
    assert remedy.regimen is None or remedy.regimen.daily_mcg % 25_000 == 0


def ran_out(days_ago: int, ends_on: date | None = None) -> IntakeEntry:
    return IntakeEntry(
        id="i",
        recorded_at=NOW,
        recorded_by="",
        kind=IntakeKind.RAN_OUT,
        starts_on=TODAY - timedelta(days_ago),
        ends_on=ends_on,
    )


def test_a_stop_that_stays_open_asks_for_what_clears_it_once_taken() -> None:
    remedy = remedy_for(record_of((90, 60), intakes=(ran_out(1),)), 30)
    assert remedy is not None
    assert [finding.code for finding in remedy.clears] == ["W1"]
    assert remedy.regimen is not None
    assert (remedy.regimen.daily_mcg, remedy.once_taken, remedy.may_be_filled_in) == (55_000, True, False)


def test_a_drop_and_a_stop_that_stays_are_cleared_by_one_dose() -> None:
    missed_a_day = ran_out(2, ends_on=TODAY - timedelta(2))
    remedy = remedy_for(record_of((90, 60), intakes=(missed_a_day,)), 30)
    assert remedy is None or remedy.regimen is None or remedy.regimen.daily_mcg >= 50_000


STEPS = st.lists(st.tuples(st.integers(1, 60), st.sampled_from(range(5, 130, 5))), min_size=1, max_size=5)


@settings(max_examples=150, deadline=None)
@given(
    steps=STEPS,
    proposed=st.sampled_from(range(0, 201, 5)),
    months=st.sampled_from([None, 0, 1, 12]),
    gap=st.sampled_from([None, 1, 3]),
)
def test_a_remedy_clears_raises_nothing_and_stays_below_the_ceiling(
    steps: list[Step], proposed: int, months: int | None, gap: int | None
) -> None:
    record = record_of(*dict(steps).items(), months=months, intakes=(ran_out(gap),) if gap else ())
    remedy = remedy_for(record, proposed)
    if remedy is None or remedy.regimen is None:
        return
    assert remedy.regimen.daily_mcg <= GUIDANCE.ceiling_mcg
    if not remedy.once_taken:
        before, after = judged(record, remedy.regimen, remedy.starts_on)
        stood = {finding.code: finding.severity for finding in before.findings}
        assert [finding.code for finding in after.findings if _worries_more(finding, stood)] == []


def _worries_more(finding: Finding, stood: dict[str, Severity]) -> bool:
    return finding.severity >= Severity.CAUTION and finding.severity > stood.get(finding.code, 0)


def test_where_no_total_between_can_be_made_it_says_so() -> None:
    record = record_of((90, 60))
    proposal = proposal_of(record, Regimen(morning_mcg=20_000), products=(PRODUCTS["tablet-20"],))
    remedy = find_dose_remedy(proposal, GUIDANCE)
    assert remedy is not None
    assert remedy.regimen is None
