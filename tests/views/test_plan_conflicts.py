"""Two clinicians at one plan: whoever comes second sees both versions, and loses nothing of what was typed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories import NOW, TODAY, make_member, make_plan
from tests.services.acts import as_shown
from tests.views.plan_acts import SignIn, key_of, taper, url
from titration.models import Membership, Patient, Plan
from titration.services.plans import hold_plan, sign_plan, slow_plan_down, stop_plan

WHY = "Her sister asked for it"
TYPED: dict[str, dict[str, str]] = {
    "plan_hold": {"held_on": "2026-11-18", "why": WHY},
    "plan_slow_down": {"first_on": "2026-12-02", "pace": "2", "why": WHY},
    "plan_step_back": {"on": "2026-11-15", "stable_days": "9", "why": WHY},
    "plan_skip": {"step": "3", "then": "move_up", "why": WHY},
    "plan_stop": {"why": WHY},
}


@pytest.fixture
def olga(clinic: Any) -> Membership:
    return make_member(clinic, name="Olga Orr")


@pytest.fixture
def running(alice: Membership, patient: Patient) -> Plan:
    plan = make_plan(alice, patient, taper(TODAY))
    return sign_plan(actor=alice, plan=plan, state_version=plan.state_version, now=NOW)


def late(client: Client, plan: Plan, name: str, **typed: str) -> Any:
    """Sent from a form that was shown before somebody else acted."""
    seen = {"state_version": str(plan.state_version), "seen_state": plan.state, "act": "confirm"}
    return client.post(url(plan, name), {**key_of(client, plan, name), **seen, **typed})


def slowed_by(olga: Membership, plan: Plan) -> Plan:
    later = [(day + timedelta(days=14), doses) for day, doses in taper(TODAY)[1:]]
    return slow_plan_down(actor=olga, plan=plan, continuation=as_shown(plan, later, "Poor sleep"), now=NOW)


@pytest.mark.parametrize("name", TYPED)
def test_each_act_meets_a_newer_version(
    as_member: SignIn, alice: Membership, olga: Membership, running: Plan, name: str
) -> None:
    newer = slowed_by(olga, running)
    answer = late(as_member(alice), running, name, **TYPED[name])
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert all(words in shown for words in (WHY, "Poor sleep", "Olga Orr", "Alice Ames", "version 1"))
    assert all(value in shown for value in TYPED[name].values())
    assert "moved 14 days later" in shown
    assert url(newer, "plan") in shown
    assert Plan.objects.filter(number=running.number).count() == 2


@pytest.mark.parametrize("name", TYPED)
def test_what_was_typed_goes_on_to_the_plan_as_it_is_now(
    as_member: SignIn, alice: Membership, olga: Membership, running: Plan, name: str
) -> None:
    newer, client = slowed_by(olga, running), as_member(alice)
    shown = late(client, running, name, **TYPED[name]).content.decode()
    if name == "plan_step_back":
        assert url(newer, name) in shown
        return
    assert f'action="{url(newer, name)}"' in shown
    again = client.post(
        url(newer, name), {**key_of(client, newer, name), **TYPED[name], **seen_now(newer), "act": "show"}
    )
    assert WHY in again.content.decode()
    newer.refresh_from_db()
    assert newer.state == "running", "shown first, not saved"


def seen_now(plan: Plan) -> dict[str, str]:
    return {"state_version": str(plan.state_version), "seen_state": plan.state}


@pytest.mark.parametrize("name", TYPED)
def test_an_act_that_no_longer_fits_is_shown_and_not_offered(
    as_member: SignIn, alice: Membership, olga: Membership, running: Plan, name: str
) -> None:
    stop_plan(actor=olga, plan=running, reason="No effect", state_version=running.state_version, now=NOW)
    shown = late(as_member(alice), running, name, **TYPED[name]).content.decode()
    assert WHY in shown
    assert "No effect" in shown
    assert f'action="{url(running, name)}"' not in shown


def test_a_resume_meets_a_stop(as_member: SignIn, alice: Membership, olga: Membership, running: Plan) -> None:
    held = hold_plan(actor=alice, plan=running, reason="unwell", state_version=running.state_version, now=NOW)
    stop_plan(actor=olga, plan=held, reason="No effect", state_version=held.state_version, now=NOW)
    answer = late(as_member(alice), held, "plan_resume", first_on="2026-12-02", pace="2", why=WHY)
    assert answer.status_code == 409
    assert all(words in answer.content.decode() for words in (WHY, "No effect", "2026-12-02"))


def test_a_signature_meets_a_discard(as_member: SignIn, alice: Membership, olga: Membership, patient: Patient) -> None:
    draft = make_plan(alice, patient, taper())
    stop_plan(actor=olga, plan=draft, reason="Wrong target", state_version=0, now=NOW)
    answer = late(as_member(alice), draft, "plan_sign")
    assert answer.status_code == 409
    assert "Wrong target" in answer.content.decode()


def test_both_versions_stand_step_by_step(
    as_member: SignIn, alice: Membership, olga: Membership, running: Plan
) -> None:
    slowed_by(olga, running)
    shown = late(as_member(alice), running, "plan_hold", **TYPED["plan_hold"]).content.decode()
    table = shown.split("Both versions, step by step")[1].split("</table>")[0]
    assert "no step" in table
    assert "50\u00a0mg/day" in table


def test_steps_that_were_over_are_not_shown_as_gone(
    as_member: SignIn, alice: Membership, olga: Membership, patient: Patient
) -> None:
    begun = taper(TODAY - timedelta(days=14))
    before = NOW - timedelta(days=15)
    plan = make_plan(alice, patient, begun, now=before)
    plan = sign_plan(actor=alice, plan=plan, state_version=plan.state_version, now=before)
    later = [(day + timedelta(days=7), doses) for day, doses in begun[3:]]
    slow_plan_down(actor=olga, plan=plan, continuation=as_shown(plan, later, "Poor sleep"), now=NOW)
    shown = late(as_member(alice), plan, "plan_hold", **TYPED["plan_hold"]).content.decode()
    table = shown.split("Both versions, step by step")[1].split("</table>")[0]
    assert "30\u00a0Oct" not in table
    assert "20\u00a0Nov" in table


def test_a_choice_is_shown_in_its_words(as_member: SignIn, alice: Membership, olga: Membership, running: Plan) -> None:
    slowed_by(olga, running)
    typed = TYPED["plan_slow_down"] | {"pace": "3/2"}
    assert "Gaps half as long again" in late(as_member(alice), running, "plan_slow_down", **typed).content.decode()


def test_a_hostile_value_is_inert(as_member: SignIn, alice: Membership, olga: Membership, running: Plan) -> None:
    slowed_by(olga, running)
    shown = late(as_member(alice), running, "plan_hold", held_on='"><script>x</script>', why="<svg onload=x>")
    assert "<script>x" not in shown.content.decode()
    assert "<svg onload" not in shown.content.decode()
