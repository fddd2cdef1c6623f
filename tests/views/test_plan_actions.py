"""Acts on a plan: each done, each refused, each overtaken by somebody else, each sent twice."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils.html import escape

from tests.factories import NOW, TODAY, make_member, make_patient, regimen
from tests.views.plan_acts import SignIn, act, url
from titration.domain.record import IntakeKind
from titration.domain.regimen import Regimen
from titration.models import Membership, Plan
from titration.permissions import SENTENCES, Action
from titration.services.drafts import IntakeDraft
from titration.services.intake import record_intake


def test_holding_keeps_the_dose_and_says_why(as_member: SignIn, alice: Membership, running: Plan) -> None:
    act(as_member(alice), running, "plan_hold", why="in hospital", held_on="2026-11-14")
    running.refresh_from_db()
    assert running.state == "held"
    assert "in hospital" in as_member(alice).get(url(running)).content.decode()


@pytest.mark.parametrize("name", ["plan_hold", "plan_stop"])
def test_an_act_without_its_why_is_refused(as_member: SignIn, alice: Membership, running: Plan, name: str) -> None:
    answer = act(as_member(alice), running, name, held_on="2026-11-14")
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()


def test_stopping_ends_the_plan(as_member: SignIn, alice: Membership, running: Plan) -> None:
    act(as_member(alice), running, "plan_stop", why="no effect")
    running.refresh_from_db()
    assert running.state == "stopped"


def test_a_step_that_began_is_confirmed(as_member: SignIn, nina: Membership, running: Plan) -> None:
    step = running.steps.order_by("number").first()
    assert step is not None
    as_member(nina).post(url(running, "plan_step_confirm", step.public_id))
    step.refresh_from_db()
    assert step.state == "started"


ACTS = {
    "plan_sign": Action.SIGN_PLAN,
    "plan_hold": Action.SIGN_PLAN,
    "plan_resume": Action.SIGN_PLAN,
    "plan_slow_down": Action.SIGN_PLAN,
    "plan_skip": Action.SIGN_PLAN,
    "plan_step_back": Action.SIGN_PLAN,
    "plan_stop": Action.SIGN_PLAN,
}


@pytest.mark.parametrize("member", ["nina", "paul", "bob"])
@pytest.mark.parametrize("name", ACTS)
def test_only_a_clinician_acts_on_a_signed_plan(
    as_member: SignIn, running: Plan, name: str, member: str, request: pytest.FixtureRequest
) -> None:
    client = as_member(request.getfixturevalue(member))
    for answer in (client.get(url(running, name)), act(client, running, name, why="x")):
        assert answer.status_code == 403
        assert escape(SENTENCES[ACTS[name]]) in answer.content.decode()
    running.refresh_from_db()
    assert running.state == "running"


def test_a_refused_person_reads_why_on_the_plan(as_member: SignIn, paul: Membership, running: Plan) -> None:
    shown = as_member(paul).get(url(running)).content.decode()
    assert SENTENCES[Action.SIGN_PLAN] in shown
    assert url(running, "plan_hold") not in shown


@pytest.mark.parametrize("name", [*ACTS, "plan"])
def test_another_clinic_finds_no_plan(as_member: SignIn, charlie: Membership, running: Plan, name: str) -> None:
    client = as_member(charlie)
    assert client.get(url(running, name)).status_code == 404
    assert act(client, running, name).status_code in (404, 405)


def test_another_patients_plan_is_not_found(as_member: SignIn, alice: Membership, running: Plan) -> None:
    other = make_patient(alice)
    assert as_member(alice).get(reverse("plan", args=[other.public_id, running.public_id])).status_code == 404


def test_who_was_quicker_is_shown_beside_what_was_asked(
    as_member: SignIn, alice: Membership, clinic: Any, running: Plan
) -> None:
    stale_version, other = running.state_version, as_member(make_member(clinic, name="Olga Orr"))
    act(other, running, "plan_hold", why="fever", held_on="2026-11-14")
    answer = act(as_member(alice), running, "plan_stop", why="no effect", state_version=stale_version)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert all(words in shown for words in ("no effect", "fever", "Olga Orr", "Alice Ames", "running", "held"))
    running.refresh_from_db()
    assert running.state == "held"


@pytest.mark.parametrize(
    ("name", "typed"), [("plan_hold", {"why": "x", "held_on": "2026-11-14"}), ("plan_stop", {"why": "x"})]
)
def test_the_same_form_sent_twice_counts_once(
    as_member: SignIn, alice: Membership, running: Plan, name: str, typed: dict[str, str]
) -> None:
    client = as_member(alice)
    first, second = act(client, running, name, **typed), act(client, running, name, **typed)
    assert first["Location"] == second["Location"]
    assert running.events.count() == 3


def test_an_act_that_does_not_fit_the_state_says_so(as_member: SignIn, alice: Membership, draft: Plan) -> None:
    answer = as_member(alice).get(url(draft, "plan_hold"))
    assert answer.status_code == 422
    assert "This plan is draft, not signed" in answer.content.decode()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "1e1"])
def test_a_broken_version_is_refused(as_member: SignIn, alice: Membership, running: Plan, version: str) -> None:
    answer = act(as_member(alice), running, "plan_hold", why="x", state_version=version)
    assert answer.status_code in (409, 422)
    running.refresh_from_db()
    assert running.state == "running"


def test_a_hostile_reason_is_inert(as_member: SignIn, alice: Membership, running: Plan) -> None:
    client = as_member(alice)
    act(client, running, "plan_hold", held_on="2026-11-14", why='<script>alert(1)</script>"><svg onload=x>{{7*7}}')
    shown = client.get(url(running)).content.decode()
    assert "<script>alert" not in shown
    assert "<svg onload" not in shown
    assert "{{7*7}}" in shown


def test_plan_against_what_was_taken(as_member: SignIn, alice: Membership, running: Plan) -> None:
    shown = as_member(alice).get(url(running)).content.decode()
    assert "Plan against what was taken" in shown
    assert 'aria-current="step"' in shown
    assert "to come" in shown


def test_a_step_that_only_the_plan_tells_of_is_unconfirmed(as_member: SignIn, alice: Membership, running: Plan) -> None:
    shown = as_member(alice).get(url(running)).content.decode()
    assert "55\u00a0mg, as planned, unconfirmed" in shown
    assert "Taken as planned<span" in shown


@pytest.mark.parametrize(("taken", "words"), [(regimen(55), "<td>started"), (regimen(50), "<td>differs")])
def test_a_step_that_was_reported_is_not_asked_for(
    as_member: SignIn, alice: Membership, running: Plan, taken: Regimen, words: str
) -> None:
    report = IntakeDraft(kind=IntakeKind.BY_TIME, starts_on=TODAY, regimen=taken)
    record_intake(actor=alice, patient=running.patient, report=report, now=NOW)
    shown = as_member(alice).get(url(running)).content.decode()
    assert "unconfirmed" not in shown.split('<table class="steps">')[1].split("</table>")[0]
    assert "Taken as planned<span" not in shown
    assert words in shown
    assert ("To be settled first" in shown) is (words == "<td>differs")


@pytest.mark.parametrize(
    ("name", "typed", "other"),
    [
        pytest.param(
            "plan_hold", {"why": "fever", "held_on": "2026-11-14"}, {"held_on": "2026-11-20"}, id="another day"
        ),
        pytest.param("plan_hold", {"why": "fever", "held_on": "2026-11-14"}, {"why": "wish"}, id="another reason"),
        pytest.param("plan_stop", {"why": "no effect"}, {"why": "wish"}, id="stopped for another reason"),
    ],
)
def test_the_same_form_with_other_content_is_a_conflict(
    as_member: SignIn, alice: Membership, running: Plan, name: str, typed: dict[str, str], other: dict[str, str]
) -> None:
    client = as_member(alice)
    act(client, running, name, **typed)
    answer = act(client, running, name, **{**typed, **other})
    assert answer.status_code == 409
    assert all(words in answer.content.decode() for words in (typed["why"], next(iter(other.values()))))
    assert running.events.count() == 3


def test_an_act_that_comes_again_says_when_it_was_saved(as_member: SignIn, alice: Membership, running: Plan) -> None:
    client, typed = as_member(alice), {"why": "fever", "held_on": "2026-11-14"}
    client.get(act(client, running, "plan_hold", **typed)["Location"])
    shown = client.get(act(client, running, "plan_hold", **typed)["Location"]).content.decode()
    assert "This form was saved already" in shown
    assert "The plan is held." not in shown
