"""Before the next step: somebody says on the worklist what was taken, in one act; a difference is settled first."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, change_dose, make_clinic, make_member, make_patient, regimen, slow_taper
from tests.services.acts import running_plan
from titration.domain.record import IntakeKind
from titration.models import Membership, Patient, Plan
from titration.services.drafts import IntakeDraft
from titration.services.intake import record_intake
from titration.services.plans import confirm_step, hold_plan
from titration.services.reassessment import reassess_due

SignIn = Callable[[Membership], Client]
BEFORE_UTC_14, MIDNIGHT_UTC_14 = datetime(2026, 11, 12, 9, 59, tzinfo=UTC), datetime(2026, 11, 12, 10, 0, tzinfo=UTC)
ASKED = "Was step 1, 55\u00a0mg/day since 10\u00a0Nov, taken as planned?"


@pytest.fixture
def tapering(alice: Membership, patient: Patient) -> Plan:
    """Step 1 began three days ago, step 2 begins in four."""
    return running_plan(alice, patient, slow_taper(TODAY - timedelta(days=3)), now=NOW - timedelta(days=4))


def page(client: Client) -> str:
    return client.get(reverse("worklist")).content.decode()


def confirm(client: Client, plan: Plan, number: int = 1, **more: Any) -> Any:
    step = plan.steps.get(number=number)
    address = reverse("plan_step_confirm", args=[plan.patient.public_id, plan.public_id, step.public_id])
    return client.post(address, {"from": "worklist", "show": "steps", "page": "1"}, **more)


def told(
    alice: Membership, patient: Patient, kind: IntakeKind, first: int, last: int | None = None, **more: Any
) -> None:
    ends_on = None if last is None else TODAY + timedelta(days=last)
    report = IntakeDraft(kind=kind, starts_on=TODAY + timedelta(days=first), ends_on=ends_on, **more)
    record_intake(actor=alice, patient=patient, report=report, now=NOW)


def test_the_next_step_asks_about_the_one_before(as_member: SignIn, alice: Membership, tapering: Plan) -> None:
    shown = page(as_member(alice))
    assert "Taper step 2: 55 → 50\u00a0mg/day" in shown
    assert ASKED in shown


def test_one_click_confirms_and_comes_back(as_member: SignIn, nina: Membership, tapering: Plan) -> None:
    client = as_member(nina)
    answer = confirm(client, tapering)
    assert answer["Location"] == f"{reverse('worklist')}?show=steps&page=1"
    assert tapering.steps.get(number=1).state == "started"
    shown = client.get(answer["Location"]).content.decode()
    assert "is confirmed as taken" in shown
    assert "taken as planned?" not in shown


def test_a_script_swaps_the_list_alone(as_member: SignIn, nina: Membership, tapering: Plan) -> None:
    shown = confirm(as_member(nina), tapering, headers={"HX-Request": "true"}).content.decode()
    assert shown.lstrip().startswith('<div id="worklist">')
    assert "is confirmed as taken" in shown
    assert "<html" not in shown


def test_a_script_swaps_the_counts_of_the_filters_along(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    steps = [(TODAY - timedelta(days=8), regimen(55)), (TODAY - timedelta(days=1), regimen(50))]
    plan = running_plan(alice, patient, steps, now=NOW - timedelta(days=9))
    list(reassess_due(NOW))
    client = as_member(alice)
    assert "Steps 1</a>" in page(client)
    shown = confirm(client, plan, 2, headers={"HX-Request": "true"}).content.decode()
    counts = shown[shown.index('<nav class="filters"') :]
    assert 'id="worklist-filters" hx-swap-oob="true"' in counts
    assert "Steps 0</a>" in counts
    assert page(client).count('id="worklist-filters"') == 1
    assert "hx-swap-oob" not in page(client)


def test_it_leads_nowhere_else(as_member: SignIn, nina: Membership, tapering: Plan) -> None:
    step = tapering.steps.get(number=1)
    address = reverse("plan_step_confirm", args=[tapering.patient.public_id, tapering.public_id, step.public_id])
    answer = as_member(nina).post(address, {"from": "worklist", "show": "https://evil.example", "page": "//evil"})
    assert answer["Location"] == f"{reverse('worklist')}?show=all&page=1"


def test_a_reader_reads_the_question_and_does_not_answer_it(as_member: SignIn, bob: Membership, tapering: Plan) -> None:
    client = as_member(bob)
    assert ASKED in page(client)
    assert confirm(client, tapering).status_code == 403
    assert tapering.steps.get(number=1).state == "planned"


def test_a_difference_is_settled_first(as_member: SignIn, alice: Membership, tapering: Plan) -> None:
    told(alice, tapering.patient, IntakeKind.DAILY_TOTAL, -2, -1, daily_mcg=60_000)
    client = as_member(alice)
    shown = page(client)
    assert "To be settled first." in shown
    assert "60\u00a0mg/day was taken on 12\u00a0Nov; 55\u00a0mg/day was planned." in shown
    assert "Taper step 2" in shown, "the next step stays asked for"
    answer = confirm(client, tapering)
    assert answer.status_code == 409
    assert "Settle this first" in answer.content.decode()
    told(alice, tapering.patient, IntakeKind.AS_PRESCRIBED, 0)
    assert "To be settled first." not in page(client)


def test_an_empty_box_in_mid_taper_stands_on_the_list_until_it_is_settled(
    as_member: SignIn, alice: Membership, tapering: Plan
) -> None:
    told(alice, tapering.patient, IntakeKind.RAN_OUT, -1)
    client = as_member(alice)
    assert "0\u00a0mg/day was taken on 13\u00a0Nov; 55\u00a0mg/day was planned." in page(client)
    assert confirm(client, tapering).status_code == 409
    assert tapering.steps.get(number=1).state == "planned"


def test_a_report_that_it_was_taken_as_planned_answers_the_question(
    as_member: SignIn, alice: Membership, tapering: Plan
) -> None:
    told(alice, tapering.patient, IntakeKind.AS_PRESCRIBED, -3)
    shown = page(as_member(alice))
    assert "Taper step 2" in shown
    assert "taken as planned?" not in shown


def test_who_was_quicker_is_named(as_member: SignIn, alice: Membership, nina: Membership, tapering: Plan) -> None:
    confirm(as_member(nina), tapering)
    answer = confirm(as_member(alice), tapering)
    assert answer.status_code == 409
    assert "Nina Nash confirmed this step on 13\u00a0Nov\u00a02026, 09:41." in answer.content.decode()


def test_what_nobody_confirmed_stays_unconfirmed_in_a_completed_plan(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    steps = [(TODAY - timedelta(days=8), regimen(55)), (TODAY - timedelta(days=1), regimen(50))]
    plan = running_plan(alice, patient, steps, now=NOW - timedelta(days=9))
    list(reassess_due(NOW))
    plan.refresh_from_db()
    assert (plan.state, [step.state for step in plan.steps.all()]) == ("completed", ["planned", "planned"])
    client = as_member(alice)
    assert "Was step 2, 50\u00a0mg/day since 12\u00a0Nov, taken as planned?" in page(client)
    shown = client.get(reverse("plan", args=[patient.public_id, plan.public_id])).content.decode()
    assert shown.count("not confirmed") == 2
    confirm(client, plan, 2)
    assert "taken as planned?" not in page(client)


def test_a_dose_change_since_has_answered_the_question(as_member: SignIn, alice: Membership, tapering: Plan) -> None:
    change_dose(alice, tapering.patient, regimen(20, 20, 10))
    assert "taken as planned?" not in page(as_member(alice))


def test_a_hold_from_a_later_day_leaves_the_steps_before_it_on_the_list(
    as_member: SignIn, alice: Membership, tapering: Plan
) -> None:
    held_on = TODAY + timedelta(days=5)
    hold_plan(
        actor=alice, plan=tapering, reason="travel", state_version=tapering.state_version, held_on=held_on, now=NOW
    )
    shown = page(as_member(alice))
    assert "Taper step 2: 55 → 50\u00a0mg/day" in shown
    assert ASKED in shown


@pytest.mark.parametrize(
    ("zone", "at", "begun"),
    [
        pytest.param("Pacific/Kiritimati", BEFORE_UTC_14, False, id="not before midnight"),
        pytest.param("Pacific/Kiritimati", MIDNIGHT_UTC_14, True, id="from midnight on"),
        pytest.param("Europe/London", datetime(2026, 11, 12, 23, 59, tzinfo=UTC), False, id="before midnight here"),
        pytest.param("Europe/London", datetime(2026, 11, 13, 0, 0, tzinfo=UTC), True, id="from midnight on here"),
    ],
)  # fmt: skip
def test_a_step_begins_at_midnight_of_the_clinic(db: None, zone: str, at: datetime, begun: bool) -> None:
    doctor = make_member(make_clinic(time_zone=zone))
    early = datetime(2026, 11, 11, 8, tzinfo=UTC)
    person = make_patient(doctor, now=early)
    plan = running_plan(doctor, person, slow_taper(TODAY), now=early)
    step = plan.steps.get(number=1)
    if begun:
        assert confirm_step(actor=doctor, step=step, now=at).state == "started"
    else:
        with pytest.raises(Exception, match="not begun"):
            confirm_step(actor=doctor, step=step, now=at)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(
            datetime(2026, 10, 24, 22, 59, tzinfo=UTC), datetime(2026, 10, 24, 23, 0, tzinfo=UTC), id="autumn"
        ),
        pytest.param(datetime(2027, 3, 27, 23, 59, tzinfo=UTC), datetime(2027, 3, 28, 0, 0, tzinfo=UTC), id="spring"),
    ],
)
def test_a_step_on_the_day_the_clock_changes_begins_at_its_midnight(db: None, first: datetime, last: datetime) -> None:
    doctor = make_member(make_clinic())
    early = first - timedelta(days=2)
    person = make_patient(doctor, now=early, since=early.date() - timedelta(days=60))
    day = first.date() + timedelta(days=1)
    plan = running_plan(doctor, person, slow_taper(day), now=early)
    step = plan.steps.get(number=1)
    with pytest.raises(Exception, match="not begun"):
        confirm_step(actor=doctor, step=step, now=first)
    assert confirm_step(actor=doctor, step=step, now=last).state == "started"


def next_plan(alice: Membership, patient: Patient) -> Plan:
    """Signed today for day 13, when the taper stands at 45 mg."""
    steps = [(TODAY + timedelta(days=13), regimen(20, 0, 0, 20)), (TODAY + timedelta(days=20), regimen(30))]
    return running_plan(alice, patient, steps, start=slow_taper()[2][1])


def test_a_replaced_plan_is_asked_about_until_the_next_one_begins(
    as_member: SignIn, alice: Membership, patient: Patient, tapering: Plan
) -> None:
    next_plan(alice, patient)
    shown = page(as_member(alice))
    assert "Taper step 2: 55 → 50\u00a0mg/day" in shown
    assert ASKED in shown


def test_the_page_of_a_stop_names_the_steps_of_the_plan_before_it(
    as_member: SignIn, alice: Membership, patient: Patient, tapering: Plan
) -> None:
    plan = next_plan(alice, patient)
    shown = as_member(alice).get(reverse("plan_stop", args=[patient.public_id, plan.public_id])).content.decode()
    first = "50\u00a0mg/day from 17\u00a0Nov"
    assert f"The steps that the plan before it still has ({first} and 1 more) do not begin either." in shown
