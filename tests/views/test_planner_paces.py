"""The planner's second pace, stays, order over the day and the clinic's templates: drawn, saved and drawn again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.services.test_plan_templates import LENGTH, UP, WARD, saved
from tests.views.plan_acts import act, shown_digest
from tests.views.test_planner import by_hand, draw, inputs, url
from titration.models import Membership, Patient, Plan
from titration.services.plan_templates import retire_template

SignIn = Callable[[Membership], Client]
TWO = {
    "way": "equal", "step": "10", "step_days": "7",
    "second": "equal", "change_at": "30", "second_step": "5", "second_step_days": "14",
}  # fmt: skip


def stay(at: str, days: str) -> dict[str, str]:
    return {"stays": "1", "stay0-at": at, "stay0-days": days}


def shown(answer: Any) -> str:
    return answer.content.decode().replace("\u00a0", " ")


def test_two_paces_are_drawn_and_judged_as_one_plan(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    page = shown(draw(as_member(alice), patient, **TWO))
    assert "9 steps in 14 weeks" in page
    assert "Pace 2 begins after 30 mg/day on 30 Nov 2026" in page


def test_a_second_pace_may_be_a_share(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    typed = {**TWO, "second": "share", "second_percent": "20", "second_step": ""}
    page = shown(draw(as_member(alice), patient, **typed))
    assert 'name="second_percent" value="20"' in page
    assert "benzodiazepines" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({**TWO, "change_at": ""}, "Fill this in, or leave the whole line empty."),
        ({**TWO, "second_step_days": "0"}, "whole number from 1"),
        ({**TWO, "second_step_days": ""}, "Fill this in"),
        ({**TWO, "change_at": "70"}, "Pace 1 ends at 70 mg/day, which is not below the 60 mg/day"),
        ({"order": "backwards"}, "Select a valid choice"),
    ],
)
def test_what_does_not_fit_says_why(
    as_member: SignIn, alice: Membership, patient: Patient, typed: dict[str, str], sentence: str
) -> None:
    page = shown(draw(as_member(alice), patient, **typed))
    assert "No plan yet" in page
    assert sentence in page


def test_a_way_over_fixed_days_has_no_second_pace(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    page = shown(draw(as_member(alice), patient, second="equal", change_at="30"))
    assert "12 steps in 20 days" in page
    assert 'name="second"' not in page


def test_choosing_a_second_pace_brings_its_fields(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    answer = draw(as_member(alice), patient, htmx=True, way="equal", step="10", second="share", drawn_second="")
    assert answer["HX-Retarget"] == "#planner"
    assert 'name="second_percent"' in shown(answer)
    page = shown(draw(as_member(alice), patient, htmx=True, way="equal", step="10", step_days="7", second="equal",
                      drawn_second=""))  # fmt: skip
    for name, value in {"change_at": "30", "second_step": "5", "second_step_days": "14"}.items():
        assert f'name="{name}" value="{value}"' in page
    assert "9 steps in 14 weeks" in page


def test_a_week_longer_by_hand_moves_every_later_row(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    typed = by_hand(("2026-11-16", "30"), ("2026-11-30", "10"), ("2026-12-07", "0"), act="stay_row-0")
    page = shown(as_member(alice).post(url(patient, "plan_draw"), typed))
    assert 'name="row0-on" value="2026-11-16"' in page
    assert 'name="row1-on" value="2026-12-07"' in page
    assert 'name="row2-on" value="2026-12-14"' in page


def test_the_daytime_is_lowered_first_and_the_evening_kept(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    page = shown(draw(as_member(alice), patient, way="equal", step="10", step_days="7", order="day_first"))
    assert "No morning dose from 7 Dec 2026 on" in page
    assert "Daytime first, keep the evening" in page


NOTED = ("Pace 2 begins after 30 mg/day on 30 Nov 2026", "No morning dose from", "Check that the longest gap is",
         "Stays at 20 mg/day 14 days longer")  # fmt: skip


def noted_draft(client: Client, patient: Patient) -> Plan:
    client.post(url(patient), inputs(**TWO, order="day_first", **stay("20", "14")))
    return Plan.objects.get()


def pages(client: Client, plan: Plan, *names: str) -> list[str]:
    ids = [plan.patient.public_id, plan.public_id]
    return [shown(client.get(reverse(name, args=ids))) for name in names or ("plan", "plan_sign")]


def test_the_notes_stand_on_the_saved_plan_and_where_it_is_signed(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client = as_member(alice)
    plan = noted_draft(client, patient)
    for page in pages(client, plan):
        assert [note for note in NOTED if note not in page] == []


def sign(client: Client, plan: Plan) -> None:
    asked = pages(client, plan, "plan_sign")[0]
    answered_for = asked.partition('name="answered_for" value="')[2].partition('"')[0]
    act(client, plan, "plan_sign", reason="supervised", answered_for=answered_for)
    plan.refresh_from_db()
    assert plan.state == "running"


def test_a_held_plan_shows_no_note_of_days_that_do_not_count(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client = as_member(alice)
    plan = noted_draft(client, patient)
    sign(client, plan)
    act(client, plan, "plan_hold", why="spasms", held_on="2026-11-23")
    plan.refresh_from_db()
    assert plan.state == "held"
    assert [note for note in NOTED if note in pages(client, plan, "plan")[0]] == []


def test_a_re_dated_version_shows_no_note_of_the_one_before(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    """It keeps the request of the first, whose days are no longer its own."""
    client = as_member(alice)
    plan = noted_draft(client, patient)
    sign(client, plan)
    assert NOTED[1] in pages(client, plan, "plan")[0]
    typed = {"first_on": "2026-12-01", "pace": "2", "why": "spasms"}
    act(client, plan, "plan_slow_down", shown=shown_digest(client, plan, "plan_slow_down", **typed), **typed)
    later = Plan.objects.get(version=2)
    assert later.request == plan.request
    for page in pages(client, later, "plan"):
        assert [note for note in NOTED if note in page] == []


def test_tablets_are_counted_for_each_four_weeks_and_run_out_is_named(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    page = shown(draw(as_member(alice), patient, way="weekly_5mg"))
    assert "To dispense every 28 days" in page
    assert "16 Nov to 13 Dec" in page
    assert "Runs out" not in page


def test_everything_asked_is_there_again_when_the_draft_is_drawn_again(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client = as_member(alice)
    client.post(url(patient), inputs(**TWO, order="day_first", **stay("30", "7")))
    plan = Plan.objects.get()
    page = shown(client.get(url(patient), {"from": str(plan.public_id)}))
    for name, value in {**TWO, **stay("30", "7")}.items():
        if name not in ("way", "second"):
            assert f'name="{name}" value="{value}"' in page, name
    assert '<option value="equal" selected>' in page
    assert '<option value="day_first" selected>' in page
    assert "No plan yet" not in page


def test_a_template_stands_among_the_ways_with_its_version(
    as_member: SignIn, alice: Membership, ada: Membership, patient: Patient
) -> None:
    template = saved(ada)
    client = as_member(alice)
    assert "Ward taper<small>this clinic, version 1</small>" in shown(client.get(url(patient)))
    page = shown(draw(client, patient, way=template.code, drawn_way="three_weeks", products=["tablet-5"]))
    assert 'name="change_at" value="30"' in page
    assert "10 mg every 7 days to 30 mg/day, then 5 mg every 14 days to 0 mg/day" in page
    assert '<option value="day_first" selected>' in page
    assert "9 steps" in page
    assert UP.name not in page


def test_a_length_of_ones_own_is_drawn_and_drawn_again(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    chosen = shown(draw(client, patient, htmx=True, way="over_days", drawn_way="three_weeks"))
    assert 'name="days" value="28"' in chosen
    assert 'name="second"' not in chosen
    client.post(url(patient), inputs(way="over_days", days="40"))
    plan = Plan.objects.get()
    assert (plan.request["way"], plan.request["days"]) == ("over_days", 40)
    assert (plan.steps.last().starts_on - plan.steps.first().starts_on).days == 39
    page = shown(client.get(url(patient), {"from": str(plan.public_id)}))
    assert 'name="drawn_way" value="over_days"' in page
    assert 'name="days" value="40"' in page


@pytest.mark.parametrize(
    ("days", "sentence"), [("", "Write over how many days the taper goes."), ("0", "whole number from 1 to 366")]
)
def test_a_taper_over_no_days_is_refused(
    as_member: SignIn, alice: Membership, patient: Patient, days: str, sentence: str
) -> None:
    page = shown(draw(as_member(alice), patient, way="over_days", days=days))
    assert "No plan yet" in page
    assert sentence in page


def test_a_template_over_a_number_of_days_fills_them_in(
    as_member: SignIn, alice: Membership, ada: Membership, patient: Patient
) -> None:
    template, client = saved(ada, replace(WARD, phases=(LENGTH,), product_codes=())), as_member(alice)
    page = shown(draw(client, patient, way=template.code, drawn_way="three_weeks"))
    assert 'name="days" value="21"' in page
    assert "over 21 days to 0 mg/day. Source: Ward protocol 2026" in page
    assert "12 steps in 20 days" in page
    typed = {"way": template.code, "order": "day_first"}
    client.post(url(patient), inputs(**typed, days="21"))
    client.post(url(patient), inputs(**typed, days="35", key=str(uuid4())))
    changed = [plan.request["template"]["changed"] for plan in Plan.objects.order_by("pk")]
    assert changed == [False, True]


def test_a_plan_names_the_template_and_version_it_came_from(
    as_member: SignIn, alice: Membership, ada: Membership, patient: Patient
) -> None:
    template, client = saved(ada), as_member(alice)
    client.post(url(patient), inputs(**{**TWO, "way": template.code}, order="day_first"))
    kept = Plan.objects.get().request["template"]
    assert kept == {"id": template.id, "version": 1, "name": "Ward taper", "changed": False}
    client.post(url(patient), inputs(**{**TWO, "way": template.code, "second_step": "10"}, key=str(uuid4())))
    changed = Plan.objects.latest("pk").request["template"]
    assert (changed["version"], changed["changed"]) == (1, True)


def test_an_old_plan_goes_on_naming_its_version(
    as_member: SignIn, alice: Membership, ada: Membership, patient: Patient
) -> None:
    template, client = saved(ada), as_member(alice)
    client.post(url(patient), inputs(**{**TWO, "way": template.code}, order="day_first"))
    saved(ada, replace(template, name="Ward taper, slower"))
    plan = Plan.objects.get()
    assert plan.request["template"]["name"] == "Ward taper"
    page = shown(client.get(url(patient), {"from": str(plan.public_id)}))
    assert 'name="drawn_way" value="equal"' in page
    assert 'name="change_at" value="30"' in page


def test_a_retired_template_is_offered_no_more(
    as_member: SignIn, alice: Membership, ada: Membership, patient: Patient
) -> None:
    from tests.factories import NOW

    template = saved(ada)
    retire_template(actor=ada, template_id=template.id, version=1, now=NOW)  # type: ignore[arg-type]
    assert "Ward taper" not in shown(as_member(alice).get(url(patient)))


def test_another_clinic_sees_no_template(
    as_member: SignIn, charlie: Membership, ada: Membership, other_patient: Patient
) -> None:
    saved(ada)
    assert "Ward taper" not in shown(as_member(charlie).get(url(other_patient)))


@pytest.mark.parametrize("step", ["20", "5"], ids=["3 steps", "12 steps"])
def test_a_longer_plan_costs_no_more_queries(
    as_member: SignIn,
    alice: Membership,
    patient: Patient,
    step: str,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    """Drawn in what the patient's file takes; saved with all its steps in one statement."""
    client, typed = as_member(alice), {"way": "equal", "step": step, "step_days": "14"}
    with django_assert_max_num_queries(20):
        draw(client, patient, **typed)
    with django_assert_max_num_queries(40):
        client.post(url(patient), inputs(**typed))
    assert Plan.objects.get().steps.count() == 60 // int(step)
