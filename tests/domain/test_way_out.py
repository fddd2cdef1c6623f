"""What clears a finding of withdrawal names no dose above what a plan has come to, the label and the ceiling."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.files import NOTED, TODAY, file_of, noted
from tests.domain.test_remedy import judged, proposal_of, regimen
from titration.domain.assess import assess
from titration.domain.case import case_from
from titration.domain.findings import Finding
from titration.domain.guidance import load_guidance
from titration.domain.history import prescribed_history
from titration.domain.planned_doses import planned_history
from titration.domain.record import (
    IntakeEntry,
    IntakeKind,
    PatientRecord,
    PlanEntry,
    PlanKind,
    PlannedStep,
    PlanState,
    RegimenEntry,
    TreatmentEntry,
    TreatmentState,
)
from titration.domain.remedy import find_dose_remedy
from titration.domain.wording import say

GUIDANCE = load_guidance()
WITHDRAWAL = ("W1", "W2", "W3")
type Step = tuple[int, float]


def day(ahead: int) -> date:
    return TODAY + timedelta(days=ahead)


def prescribed(*changes: Step) -> tuple[RegimenEntry, ...]:
    """(days from today, mg a day)."""
    return tuple(
        noted(RegimenEntry, id=str(ahead), recorded_at=NOTED + timedelta(min(ahead, 0)), starts_on=day(ahead),
              regimen=regimen(mg), reason="response")
        for ahead, mg in changes
    )  # fmt: skip


def plan(*steps: Step, state: PlanState = PlanState.RUNNING, held_ahead: int | None = None) -> PlanEntry:
    return PlanEntry(
        id="p", number=1, version=1, kind=PlanKind.TAPER, state=state, drafted_at=NOTED, drafted_by="A",
        signed_at=None if state is PlanState.DRAFT else NOTED - timedelta(days=100), signed_by="A",
        held_on=None if held_ahead is None else day(held_ahead),
        steps=tuple(
            PlannedStep(id=str(number), number=number, starts_on=day(ahead), regimen=regimen(mg), state="planned")
            for number, (ahead, mg) in enumerate(steps, start=1)
        ),
    )  # fmt: skip


def taken(mg: float | None, ago: int, *, lasts: int | None = None) -> IntakeEntry:
    """mg a day since so many days ago; mg None: ran out."""
    kind = IntakeKind.RAN_OUT if mg is None else IntakeKind.DAILY_TOTAL
    ends_on = None if lasts is None else day(lasts - ago - 1)
    daily_mcg = None if mg is None else round(mg * 1000)
    return noted(IntakeEntry, kind=kind, starts_on=day(-ago), ends_on=ends_on, daily_mcg=daily_mcg)


def found(record: PatientRecord, as_of: date = TODAY) -> list[Finding]:
    return [each for each in assess(case_from(record, as_of), GUIDANCE).findings if each.code in WITHDRAWAL]


def clears(record: PatientRecord) -> list[str]:
    """Of the highest finding."""
    return [line.replace("\u00a0", " ") for line in say(found(record)[0], GUIDANCE).clears]


DOWN_TO_25 = plan((-12, 50), (-9, 40), (-6, 30), (-2, 25), (5, 20), (12, 0))
ALONE = "The passing of time alone, on "


def test_on_a_taper_at_25_nobody_is_sent_back_to_54() -> None:
    record = file_of(regimens=prescribed((-90, 60)), plans=[DOWN_TO_25], intakes=[taken(None, 1)])
    (line,) = clears(record)
    assert line.startswith(ALONE)
    assert line.endswith(": no dose of the signed plan until then is enough to end it sooner.")
    assert "54" not in line


def test_the_date_is_that_on_which_it_ends() -> None:
    record = file_of(regimens=prescribed((-90, 60)), plans=[DOWN_TO_25], intakes=[taken(None, 1)])
    until = found(record)[0].until
    assert until is not None
    assert f"{ALONE}{until.day} {until:%b} {until.year}" in clears(record)[0]


def test_the_dose_of_the_plan_is_named_where_it_is_enough() -> None:
    record = file_of(regimens=prescribed((-90, 60)), plans=[plan((-1, 55), (6, 50))], intakes=[taken(10, 0)])
    assert clears(record)[0] == "The prescribed dose of the day taken, 55 mg/day, or"


def test_a_later_step_that_is_enough_is_named_with_its_day() -> None:
    rising = plan((-10, 30), (4, 60))
    record = file_of(regimens=prescribed((-90, 60)), plans=[rising], intakes=[taken(None, 1)])
    assert clears(record)[0] == "The prescribed dose from 17 Nov 2026 on taken, 60 mg/day, or"


@pytest.mark.parametrize(
    "changes",
    [
        {"plans": []},
        {"plans": [plan((-1, 25), state=PlanState.DRAFT)]},
        {"plans": [plan((5, 25), (12, 0))]},
        {"plans": [plan((-30, 50), (-25, 40), state=PlanState.STOPPED)], "regimens": prescribed((-90, 60), (-20, 60))},
    ],
    ids=["no plan", "a draft", "one still to come", "one that is over and was followed by another dose"],
)
def test_without_a_plan_that_prescribes_the_amount_is_named(changes: dict[str, Iterable[object]]) -> None:
    record = file_of(**{"regimens": prescribed((-90, 60)), "intakes": [taken(None, 1)], **changes})
    assert clears(record)[0] == "A day with 54 mg/day or more taken, or"


@pytest.mark.parametrize(
    "changes",
    [
        {"plans": [replace(DOWN_TO_25, state=PlanState.HELD, held_on=day(0))]},
        {
            "plans": [replace(DOWN_TO_25, state=PlanState.HELD, held_on=day(-1))],
            "regimens": prescribed((-90, 60), (-1, 20)),
        },
        {"plans": [replace(DOWN_TO_25, state=PlanState.STOPPED, ended_on=day(0))]},
        {"plans": [plan((-12, 50), (-9, 30), (-6, 15), (-2, 0), state=PlanState.COMPLETED)]},
    ],
    ids=["on hold", "held by a dose change below it", "stopped where it was", "completed at nothing"],
)
def test_a_plan_binds_also_when_it_no_longer_goes_on(changes: dict[str, Iterable[object]]) -> None:
    record = file_of(**{"regimens": prescribed((-90, 60)), "intakes": [taken(None, 1)], **changes})
    assert clears(record)[0].startswith(ALONE)


def test_a_plan_on_hold_beside_the_old_dose_names_what_is_prescribed() -> None:
    held = replace(DOWN_TO_25, state=PlanState.HELD, held_on=day(-1))
    record = file_of(regimens=prescribed((-90, 60), (-1, 60)), plans=[held], intakes=[taken(None, 1)])
    assert clears(record)[0] == "The prescribed dose of the day taken, 60 mg/day, or"


def change(kind: TreatmentState, ago: int) -> TreatmentEntry:
    last_mcg = 60_000 if kind is TreatmentState.ENDED else None
    return noted(
        TreatmentEntry, recorded_at=NOTED - timedelta(hours=ago), kind=kind, starts_on=day(-ago), last_mcg=last_mcg
    )


@pytest.mark.parametrize("plans", [[], [replace(DOWN_TO_25, state=PlanState.STOPPED, ended_on=day(-1))]])
def test_no_dose_is_named_once_the_treatment_has_ended(plans: list[PlanEntry]) -> None:
    record = file_of(regimens=prescribed((-90, 60)), plans=plans, treatment=[change(TreatmentState.ENDED, 1)])
    (line,) = clears(record)
    assert line.startswith(ALONE)
    assert line.endswith(": the treatment is over, and no dose is prescribed here.")
    for mg in (0, 5, 30):
        remedy = find_dose_remedy(proposal_of(record, regimen(mg)), GUIDANCE)
        assert remedy is None or remedy.regimen is None or remedy.regimen.daily_mcg <= mg * 1000


def test_a_treatment_that_goes_on_again_names_the_amount() -> None:
    changes = [change(TreatmentState.ENDED, 3), change(TreatmentState.UNDER_TREATMENT, 1)]
    record = file_of(regimens=prescribed((-90, 60), (-1, 60)), treatment=changes, intakes=[taken(0, 0)])
    assert {finding.values["way"] for finding in found(record)} == {"dose"}


def test_no_amount_above_the_label_is_named_unless_it_is_prescribed() -> None:
    stopped = file_of(regimens=prescribed((-90, 120), (-1, 0)))
    (line,) = clears(stopped)
    assert line.startswith(ALONE)
    assert line.endswith("would be above the labelled maximum.")
    ran_out = file_of(regimens=prescribed((-90, 120)), intakes=[taken(None, 1)])
    assert clears(ran_out)[0] == "A day with 108 mg/day or more taken, or"


def test_no_amount_above_the_ceiling_is_named() -> None:
    record = file_of(regimens=prescribed((-90, 200)), intakes=[taken(250, 40, lasts=39), taken(None, 1)])
    (line,) = clears(record)
    assert line.endswith("would be above the ceiling of 200 mg/day.")


STEPS = st.lists(st.tuples(st.integers(-40, 12), st.sampled_from(range(0, 201, 5))), min_size=1, max_size=6)
STATES = st.sampled_from([PlanState.RUNNING, PlanState.HELD, PlanState.STOPPED, PlanState.COMPLETED])


@st.composite
def records(draw: st.DrawFn) -> PatientRecord:
    steps = sorted(dict(draw(STEPS)).items())
    state = draw(STATES)
    held = draw(st.integers(-20, 2)) if state is PlanState.HELD else None
    intakes = [taken(draw(st.sampled_from([None, 0, 10, 60, 250])), draw(st.integers(0, 9)))]
    changes = [(-90, draw(st.sampled_from(range(5, 201, 5)))), *draw(st.sampled_from([(), ((-3, 20),), ((-2, 0),)]))]
    label_set = draw(st.sampled_from(["US", "UK"]))
    record = file_of(regimens=prescribed(*changes), plans=[plan(*steps, state=state, held_ahead=held)], intakes=intakes)
    return replace(record, label_set=label_set)


def allowed_mcg(record: PatientRecord, on: date) -> int:
    """The most that may be named on a day, worked out from what is on file."""
    now = on.toordinal()
    due = max((mcg or 0) for mcg in prescribed_history(record).span(now, now + 14))
    planned = planned_history(record).on(now)
    return max(due, GUIDANCE.labelled_maximum_mcg(record.label_set)) if planned is None else max(due, planned)


@settings(max_examples=300, deadline=None)
@given(record=records())
def test_no_finding_of_any_course_names_more(record: PatientRecord) -> None:
    for finding in found(record):
        way = finding.values["way"]
        named = {"dose": finding.values["enough_mcg"], "due": finding.values.get("due_mcg", 0)}.get(str(way), 0)
        assert isinstance(named, int | Fraction)
        assert named <= allowed_mcg(record, TODAY)
        assert named <= GUIDANCE.ceiling_mcg


@settings(max_examples=150, deadline=None)
@given(record=records(), proposed=st.sampled_from(range(0, 201, 5)))
def test_no_remedy_of_a_proposal_names_more(record: PatientRecord, proposed: int) -> None:
    remedy = find_dose_remedy(proposal_of(record, regimen(proposed)), GUIDANCE)
    if remedy is None or remedy.regimen is None or remedy.held_days:
        return
    yesterday = (TODAY - timedelta(days=1)).toordinal()
    before = prescribed_history(record).on(yesterday) or 0
    assert remedy.regimen.daily_mcg <= max(allowed_mcg(record, TODAY), before, proposed * 1000)
    planned = planned_history(record).on(TODAY.toordinal())
    if planned is not None and remedy.regimen.daily_mcg > proposed * 1000:
        assert remedy.regimen.daily_mcg <= max(planned, prescribed_history(record).on(TODAY.toordinal()) or 0)


def test_a_smaller_dose_on_a_taper_that_ran_out_is_not_answered_with_more_than_the_plan() -> None:
    record = file_of(regimens=prescribed((-90, 60)), plans=[DOWN_TO_25], intakes=[taken(None, 1)])
    remedy = find_dose_remedy(proposal_of(record, regimen(20)), GUIDANCE)
    assert remedy is None or remedy.regimen is None or remedy.regimen.daily_mcg <= 25_000


def test_what_stays_in_the_preview_names_the_plan_too() -> None:
    record = file_of(regimens=prescribed((-90, 60)), plans=[DOWN_TO_25], intakes=[taken(None, 1)])
    _, after = judged(record, regimen(20), TODAY)
    ways = {finding.values["way"] for finding in after.findings if finding.code in WITHDRAWAL}
    assert ways == {"time"}
