"""The planner's bad cases: each must be right, and none may ever be made faster in silence.

| case | test |
|---|---|
| a target above the start in a taper | test_a_taper_to_above_its_start_is_refused |
| 0 days between two steps | test_no_days_between_steps_are_refused |
| a taper that needs 200 steps | test_a_taper_of_200_steps_is_refused_and_never_compressed |
| steps of 2.5 mg with whole 10 mg tablets | test_small_steps_without_small_tablets_name_what_is_needed |
| a start that the products do not make | test_a_start_that_cannot_be_made_is_said_and_left |
| 29 February, new year, the days the clock changes | test_days_of_the_calendar_are_whole_days |
| a clinic at UTC+14 | test_a_clinic_a_day_ahead_begins_on_its_own_day |
| half a tablet for 28 days | test_half_a_tablet_for_28_days_is_14_tablets |
| a step that no product makes, signed all the same | test_what_no_product_makes_is_never_signed |

What goes wrong with a plan under way and with what the patient takes home stands beside those pages; its days in
`tests/domain/test_planning_calendar.py` and `tests/services/test_plan_in_other_zones.py`, two clinicians at one plan in
`test_plan_conflicts.py` and `test_plan_signing.py`, less taken than prescribed in `test_taken_less.py`, a dose change
for the past in `test_backdated_dose.py`.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from tests.domain.plans import GUIDANCE, WITH_LIQUID, drawn, products, regimen, request, table
from tests.factories import NOW, TODAY, make_clinic, make_member, make_patient, make_plan
from tests.factories import regimen as doses
from tests.services.acts import ANSWER
from tests.views.test_planner import inputs, url
from titration.domain.errors import NotMakeable, PlanImpossible
from titration.domain.planning import WayDown, draw_plan
from titration.domain.planning.words import supply_lines
from titration.domain.products import PRODUCTS, quantities, quantities_by_period, supplied_until
from titration.domain.units import NO_BREAK_SPACE
from titration.models import Membership, Patient, Plan
from titration.services.plans import sign_plan

SignIn = Callable[[Membership], Client]
SIXTY = (20, 20, 20, 0)
HALF_TABLETS = products("tablet-10-halves")


def plain(text: str) -> str:
    return text.replace(NO_BREAK_SPACE, " ")


def drawn_page(client: Client, patient: Patient, **typed: Any) -> str:
    return plain(client.post(url(patient, "plan_draw"), inputs(**typed)).content.decode())


def test_a_taper_to_above_its_start_is_refused(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    """Lowering is never refused for it: a target below the present dose is drawn."""
    client = as_member(alice)
    refused = drawn_page(client, patient, target="60.1")
    assert "The target of 60.1 mg/day is above the present 60 mg/day." in refused
    assert "No plan yet" in refused
    assert "No plan yet" not in drawn_page(client, patient, target="55", way="equal", step="5", step_days="7")


@pytest.mark.parametrize("days", ["0", "-1", "0.5", "00x"])
def test_no_days_between_steps_are_refused(as_member: SignIn, alice: Membership, patient: Patient, days: str) -> None:
    page = drawn_page(as_member(alice), patient, way="equal", step="5", step_days=days)
    assert "Write a whole number from 1 to 366." in page
    with pytest.raises(PlanImpossible, match="1 or more"):
        drawn(request(WayDown.EQUAL, SIXTY, 0, step_mg=5, step_days=0))


def test_a_taper_of_200_steps_is_refused_and_never_compressed() -> None:
    asked = request(WayDown.EQUAL, (20, 0, 0, 0), 0, step_mg=0.1, step_days=1, chosen=WITH_LIQUID)
    with pytest.raises(PlanImpossible) as refusal:
        drawn(asked)
    assert "needs 200 steps; at most 104 are possible" in refusal.value.sentence
    longest = drawn(request(WayDown.EQUAL, (10, 0, 0, 0), 0, step_mg=0.1, step_days=1, chosen=WITH_LIQUID))
    assert (len(longest.steps), longest.ends_on - longest.steps[0].starts_on) == (100, timedelta(days=99))


def test_small_steps_without_small_tablets_name_what_is_needed() -> None:
    asked = request(WayDown.EQUAL, SIXTY, 0, step_mg=2.5, step_days=7, chosen=products("tablet-10"))
    with pytest.raises(NotMakeable) as refusal:
        drawn(asked)
    said = plain(refusal.value.sentence)
    assert "Steps of 2.5 mg are not possible" in said
    assert "oral solution 5 mg/5 mL" in said


def test_a_start_that_cannot_be_made_is_said_and_left() -> None:
    """The present dose is the patient's; the plan goes down from it, never up to what its products make."""
    draft = drawn(request(WayDown.EQUAL, (12, 12, 12, 0), 0, step_mg=10, step_days=7, chosen=products("tablet-10")))
    totals = [36, *[mg for _, mg in table(draft)]]
    assert all(after < before for before, after in pairwise(totals))
    assert any("keep the present products until the first step" in note for note in draft.notes)


@pytest.mark.parametrize(
    ("first_on", "days"),
    [
        (date(2028, 2, 15), [date(2028, 2, 15), date(2028, 2, 22), date(2028, 2, 29), date(2028, 3, 7)]),
        (date(2026, 12, 18), [date(2026, 12, 18), date(2026, 12, 25), date(2027, 1, 1), date(2027, 1, 8)]),
        (date(2026, 10, 18), [date(2026, 10, 18), date(2026, 10, 25), date(2026, 11, 1), date(2026, 11, 8)]),
        (date(2027, 3, 21), [date(2027, 3, 21), date(2027, 3, 28), date(2027, 4, 4), date(2027, 4, 11)]),
    ],
    ids=["29 February", "new year", "the clock goes back", "the clock goes on"],
)
def test_days_of_the_calendar_are_whole_days(first_on: date, days: list[date]) -> None:
    asked = request(WayDown.EQUAL, SIXTY, 20, step_mg=10, step_days=7)
    fields = {name: getattr(asked, name) for name in asked.__slots__} | {"first_step_on": first_on}
    draft = draw_plan(type(asked)(**fields), GUIDANCE)
    assert [step.starts_on for step in draft.steps] == days
    assert sum(period.days for period in quantities_by_period(draft.steps, supplied_until(draft.steps))) == 28


def test_a_clinic_a_day_ahead_begins_on_its_own_day(
    as_member: SignIn, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At noon of 13 November UTC it is already the 14th on Kiritimati: the 13th is past there."""
    noon = datetime(2026, 11, 13, 12, 0, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    member = make_member(make_clinic("Kiritimati clinic", time_zone="Pacific/Kiritimati"))
    patient, client = make_patient(member, now=noon), as_member(member)
    assert "The first step is in the past. Choose 14 Nov 2026" in drawn_page(
        client, patient, first_step_on="2026-11-13"
    )
    assert "20 days" in drawn_page(client, patient, first_step_on="2026-11-14")
    client.post(url(patient), inputs(first_step_on="2026-11-14"))
    plan = Plan.objects.get()
    assert plan.steps.order_by("number").first().starts_on == date(2026, 11, 14)  # type: ignore[union-attr]
    sign_plan(actor=member, plan=plan, answer=ANSWER, state_version=plan.state_version, now=noon)


def test_half_a_tablet_for_28_days_is_14_tablets() -> None:
    """Not 28, and no dust: 14 exactly, in the plan, in its period of 28 days and in words."""
    first = date(2026, 11, 16)
    steps = ((first, regimen(0, 0, 5, 0)), (first + timedelta(days=28), regimen(0, 0, 0, 0)))
    draft = drawn(request(WayDown.BY_HAND, (0, 0, 10, 0), 0, chosen=HALF_TABLETS, by_hand=steps))
    tablet = PRODUCTS["tablet-10-halves"]
    assert quantities(draft.steps, draft.ends_on) == [(tablet, Fraction(14))]
    assert [period.amounts for period in quantities_by_period(draft.steps, draft.ends_on)] == [
        ((tablet, Fraction(14)),)
    ]
    assert plain(supply_lines(draft.steps)[0]) == "14 tablets of 10 mg"


def test_what_no_product_makes_is_never_signed(alice: Membership, patient: Patient) -> None:
    """Rule E1, on the road that no page guards."""
    tomorrow = TODAY + timedelta(days=1)
    plan = make_plan(alice, patient, [(tomorrow, doses(17.5, 17.5, 17.5)), (tomorrow + timedelta(days=7), doses(0))])
    with pytest.raises(NotMakeable, match="It needs"):
        sign_plan(actor=alice, plan=plan, answer=ANSWER, state_version=plan.state_version, now=NOW)
    assert Plan.objects.get().state == "draft"
