"""The planner: what inputs draw, what is judged, what is refused, and what is saved."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import TODAY, make_patient, make_plan, regimen, slow_taper
from titration.models import AuditEvent, Membership, Patient, Plan
from titration.permissions import SENTENCES, Action

SignIn = Callable[[Membership], Client]
SMALL = {"way": "equal", "step": "2.5", "step_days": "7"}
RISE = {"kind": "titration", "way": "equal_up"}
KEY = "11111111-1111-4111-8111-111111111111"


def inputs(**typed: Any) -> dict[str, Any]:
    usual = {
        "key": KEY,
        "kind": "taper",
        "first_step_on": "2026-11-16",
        "target": "0",
        "way": "three_weeks",
        "products": ["tablet-10-halves"],
        "rows": "0",
    }
    typed = {**usual, **typed}
    return {"drawn_way": typed["way"], **typed}


def by_hand(*totals: tuple[str, str], **typed: Any) -> dict[str, Any]:
    rows = {f"row{at}-on": on for at, (on, _) in enumerate(totals)}
    rows |= {f"row{at}-evening": mg for at, (_, mg) in enumerate(totals)}
    return inputs(way="by_hand", rows=str(len(totals)), **rows, **typed)


def url(patient: Patient, name: str = "plan_new") -> str:
    return reverse(name, args=[patient.public_id])


def draw(client: Client, patient: Patient, *, htmx: bool = False, **typed: Any) -> Any:
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(url(patient, "plan_draw"), inputs(**typed), headers=headers)


def test_opens_with_the_swiss_pace_after_long_exposure(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = as_member(alice).get(url(patient)).content.decode()
    assert 'value="three_weeks"' in shown
    assert "12 steps in 20 days" in shown


def test_opens_with_two_weeks_after_short_exposure(as_member: SignIn, alice: Membership) -> None:
    recent = make_patient(alice, exposure_months=0, since=TODAY)
    shown = as_member(alice).get(url(recent)).content.decode()
    assert 'name="drawn_way" value="two_weeks"' in shown


def test_draws_a_table_with_drops_and_findings_by_step(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = draw(as_member(alice), patient, way="equal", step="20", step_days="2").content.decode()
    assert "sev-critical" in shown
    assert "Taper ends in a stop" in shown
    assert "What would clear the steep steps" in shown


def test_changes_are_signed_and_days_of_another_year_have_it(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    shown = draw(as_member(alice), patient, way="equal", step="5", step_days="7").content.decode()
    assert "Change, mg" in shown
    assert "−5\u00a0mg" in shown
    assert "Jan\u00a02027</td>" in shown


def test_for_htmx_only_the_drawing_comes_back(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    answer = draw(as_member(alice), patient, htmx=True)
    assert answer.content.decode().lstrip().startswith('<div id="plan-drawn"')
    assert "HX-Retarget" not in answer.headers


def test_another_way_brings_its_own_size_and_pace(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    answer = draw(as_member(alice), patient, htmx=True, way="proportional_two_weeks", drawn_way="three_weeks")
    shown = answer.content.decode()
    assert answer["HX-Retarget"] == "#planner"
    assert 'name="percent" value="10"' in shown
    assert 'name="step_days" value="14"' in shown


def test_by_hand_starts_from_what_was_drawn(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = draw(as_member(alice), patient, way="by_hand", drawn_way="three_weeks").content.decode()
    assert 'name="row0-on" value="2026-11-16"' in shown
    assert 'name="rows" value="12"' in shown


def test_a_row_is_added_and_removed_without_a_script(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client, typed = as_member(alice), by_hand(("2026-11-16", "30"), ("2026-11-30", "0"))
    more = client.post(url(patient, "plan_draw"), {**typed, "act": "add_row"}).content.decode()
    assert 'name="row2-on" value="2026-12-07"' in more
    fewer = client.post(url(patient, "plan_draw"), {**typed, "act": "remove_row-0"}).content.decode()
    assert 'name="row0-on" value="2026-11-30"' in fewer
    assert 'name="rows" value="1"' in fewer


def test_the_slower_plan_takes_the_place_of_the_steep_one(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    steep = {"way": "equal", "step": "20", "step_days": "2"}
    shown = draw(as_member(alice), patient, act="remedy", **steep).content.decode()
    assert 'name="drawn_way" value="by_hand"' in shown
    assert "sev-critical" not in shown.split("<main", 1)[1]


def test_the_other_kind_brings_ways_of_its_own(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = draw(as_member(alice), patient, kind="titration").content.decode()
    assert "US label, every 3 days" in shown
    assert "Way up" in shown


def test_an_increase_that_is_too_fast_is_named_at_its_step(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    typed = {"kind": "titration", "way": "equal_up", "step": "20", "step_days": "2", "target": "140"}
    shown = draw(as_member(alice), patient, **typed).content.decode()
    assert "Fast increase" in shown
    assert "second opinion" in shown


@pytest.mark.parametrize(
    ("typed", "code"),
    [({**SMALL, "products": ["tablet-5"]}, "E1"), ({**RISE, "target": "200.1"}, "T3")],
    ids=["E1", "T3"],
)
def test_a_limit_that_refuses_a_plan_has_its_page(
    as_member: SignIn, alice: Membership, patient: Patient, typed: dict[str, Any], code: str
) -> None:
    patient.clinic.product_codes = ["tablet-10-halves", "tablet-5"]
    patient.clinic.save()
    shown = draw(as_member(alice), patient, **typed).content.decode()
    assert reverse("rule", args=[code]) in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param({**SMALL, "products": ["tablet-5"]}, "cannot be made", id="a step no product makes"),
        pytest.param({**RISE, "target": "200.1"}, "no more than 200", id="above the ceiling"),
        pytest.param({"first_step_on": "2026-11-12"}, "in the past", id="yesterday"),
        pytest.param({"first_step_on": "13/11/2026"}, "year-month-day", id="a date to be guessed"),
        pytest.param({"target": "1_0"}, "Write the dose in mg", id="a dose with an underscore"),
        pytest.param({"products": []}, "Choose at least one product", id="no product"),
        pytest.param({"way": "equal", "step": "5", "step_days": "0"}, "whole number from 1", id="no days"),
        pytest.param({"way": "proportional_weekly", "percent": "1e1"}, "above 0 and below 100", id="an exponent"),
        pytest.param({"target": "60"}, "already", id="the present dose"),
        pytest.param({"way": "equal", "step": "0.5", "step_days": "1"}, "steps; at most", id="too many steps"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_says_why(
    as_member: SignIn, alice: Membership, patient: Patient, typed: dict[str, Any], sentence: str
) -> None:
    patient.clinic.product_codes = ["tablet-10-halves", "tablet-5", "liquid-5-in-5"]
    patient.clinic.save()
    if typed.get("step") == "0.5":
        typed = {**typed, "products": ["liquid-5-in-5"]}
    answer = draw(as_member(alice), patient, **typed)
    assert answer.status_code == 200
    assert "No plan yet" in answer.content.decode()
    assert sentence in answer.content.decode()


def test_drawing_writes_nothing(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    before = AuditEvent.objects.count()
    draw(as_member(alice), patient)
    told = [row.action for row in AuditEvent.objects.order_by("pk")[before:]]
    assert (Plan.objects.count(), told) == (0, ["signed_in", "patient.read"])


def test_saves_a_draft_with_its_inputs(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    answer = as_member(alice).post(url(patient), inputs())
    plan = Plan.objects.get()
    assert answer["Location"] == reverse("plan", args=[patient.public_id, plan.public_id])
    assert (plan.state, plan.request["way"], plan.steps.count()) == ("draft", "three_weeks", 12)
    assert AuditEvent.objects.filter(action="plan.drafted", object_id=str(plan.public_id)).exists()


def test_a_double_click_saves_one_draft(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    first, second = client.post(url(patient), inputs()), client.post(url(patient), inputs())
    assert first["Location"] == second["Location"]
    assert Plan.objects.count() == 1


def test_a_refused_draft_keeps_what_was_typed(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    answer = as_member(alice).post(url(patient), inputs(target="abc"))
    assert answer.status_code == 422
    assert 'value="abc"' in answer.content.decode()
    assert not Plan.objects.exists()


def test_a_draft_drawn_again_becomes_its_next_version(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    first, client = make_plan(alice, patient, slow_taper()), as_member(alice)
    opened = client.get(url(patient), {"from": str(first.public_id)}).content.decode()
    assert 'name="row0-on" value="2026-11-14"' in opened
    assert f'name="replaces" value="{first.public_id}"' in opened
    client.post(url(patient), inputs(replaces=str(first.public_id)))
    assert list(Plan.objects.order_by("pk").values_list("version", "state")) == [(1, "stopped"), (2, "draft")]


@pytest.mark.parametrize("member", ["nina", "bob"])
def test_who_may_not_draft_draws_but_does_not_save(
    as_member: SignIn, patient: Patient, member: str, request: pytest.FixtureRequest
) -> None:
    client = as_member(request.getfixturevalue(member))
    assert SENTENCES[Action.DRAFT_PLAN] in client.get(url(patient)).content.decode()
    answer = client.post(url(patient), inputs())
    assert answer.status_code == 403
    assert SENTENCES[Action.DRAFT_PLAN] in answer.content.decode()
    assert not Plan.objects.exists()


def test_another_clinic_finds_no_planner(as_member: SignIn, charlie: Membership, patient: Patient) -> None:
    client = as_member(charlie)
    assert client.get(url(patient)).status_code == 404
    assert client.post(url(patient), inputs()).status_code == 404
    assert client.post(url(patient, "plan_draw"), inputs()).status_code == 404


def test_another_patients_plan_is_not_drawn_again(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    other = make_plan(alice, make_patient(alice), slow_taper())
    client = as_member(alice)
    assert client.get(url(patient), {"from": str(other.public_id)}).status_code == 404
    assert client.post(url(patient), inputs(replaces=str(other.public_id))).status_code == 404
    assert client.get(url(patient), {"from": "<script>"}).status_code == 404


def test_drawing_is_never_a_get(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    assert as_member(alice).get(url(patient, "plan_draw")).status_code == 405


def test_tablets_are_in_words_and_counted(as_member: SignIn, alice: Membership) -> None:
    taker = make_patient(alice, takes=regimen(10, 0, 10))
    shown = draw(as_member(alice), taker, way="weekly_5mg").content.decode()
    assert "half a tablet" in shown
    assert "21 tablets of 10\u00a0mg" in shown
