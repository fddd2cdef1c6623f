"""Acts that re-date a plan: shown first, confirmed as shown, refused, sent twice."""

from datetime import timedelta

import pytest

from tests.factories import NOW, TODAY, make_plan, regimen
from tests.views.plan_acts import SignIn, act, shown_digest
from titration.models import Membership, Patient, Plan
from titration.services.drafts import CriticalAnswer
from titration.services.plans import sign_plan

REASON = CriticalAnswer(reason="supervised")


def test_redated_steps_are_shown_first_and_then_confirmed(as_member: SignIn, alice: Membership, running: Plan) -> None:
    client, typed = as_member(alice), {"first_on": "2026-12-01", "pace": "2", "why": "spasms"}
    digest = shown_digest(client, running, "plan_slow_down", **typed)
    assert Plan.objects.filter(number=running.number).count() == 1
    act(client, running, "plan_slow_down", shown=digest, **typed)
    new = Plan.objects.get(number=running.number, version=2)
    days = list(new.steps.order_by("number").values_list("starts_on", flat=True))
    assert (days[0].isoformat(), (days[1] - days[0]).days) == ("2026-12-01", 14)
    assert new.state == "running"


def test_a_later_first_step_is_shown_from_the_dose_that_goes_on_until_then(
    as_member: SignIn, alice: Membership, running: Plan
) -> None:
    page = act(as_member(alice), running, "plan_slow_down", act="show", first_on="2026-12-20", pace="1", why="x")
    first = page.context["question"].rows[0]
    assert (first.daily_mcg, first.change, first.percent) == (50_000, "\u22125\u00a0mg", "\u22129.1\u00a0%")


@pytest.mark.parametrize("name", ["plan_slow_down", "plan_step_back", "plan_skip"])
def test_steps_that_were_not_shown_are_not_confirmed(
    as_member: SignIn, alice: Membership, running: Plan, name: str
) -> None:
    typed = {"first_on": "2026-12-01", "pace": "1", "on": "2026-11-14", "stable_days": "5", "shown": "0" * 64}
    typed |= {"step": "2", "then": "keep"}
    answer = act(as_member(alice), running, name, **typed)
    assert answer.status_code == 422
    assert "The steps have changed" in answer.content.decode()
    assert not Plan.objects.filter(version=2).exists()


def test_stepping_back_returns_to_the_dose_before_and_waits(
    as_member: SignIn, alice: Membership, running: Plan
) -> None:
    client, typed = as_member(alice), {"on": "2026-11-14", "stable_days": "3", "why": "spasms"}
    act(client, running, "plan_step_back", shown=shown_digest(client, running, "plan_step_back", **typed), **typed)
    new = Plan.objects.get(number=running.number, version=2)
    first, second = new.steps.order_by("number")[:2]
    assert (first.starts_on.isoformat(), first.regimen.daily_mcg) == ("2026-11-14", 60_000)
    assert (second.starts_on.isoformat(), second.regimen.daily_mcg) == ("2026-11-17", 55_000)


@pytest.mark.parametrize("days", ["2", "0", "-1", "x", "1_0", "٣"])
def test_fewer_than_three_stable_days_are_refused(
    as_member: SignIn, alice: Membership, running: Plan, days: str
) -> None:
    typed = {"on": "2026-11-14", "stable_days": days, "why": "spasms"}
    answer = act(as_member(alice), running, "plan_step_back", **typed)
    assert answer.status_code == 422
    assert "whole number from 3" in answer.content.decode()


def test_a_past_day_is_refused(as_member: SignIn, alice: Membership, running: Plan) -> None:
    answer = act(as_member(alice), running, "plan_slow_down", first_on="2026-11-01", pace="1")
    assert "in the past" in answer.content.decode()


def test_all_that_the_rules_say_is_shown_before_a_redating_is_confirmed(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    steps = [(TODAY + timedelta(days=1 + 7 * at), regimen(mg)) for at, mg in enumerate((50, 40, 30, 20, 10, 0))]
    plan = make_plan(alice, patient, steps)
    plan = sign_plan(actor=alice, plan=plan, state_version=plan.state_version, answer=REASON, now=NOW)
    shown = act(as_member(alice), plan, "plan_slow_down", act="show", first_on="2026-11-15", pace="1").content.decode()
    assert "What the rules say" in shown


def test_a_redating_sent_twice_leads_to_the_one_new_version(
    as_member: SignIn, alice: Membership, running: Plan
) -> None:
    client, typed = as_member(alice), {"first_on": "2026-12-01", "pace": "1", "why": "spasms"}
    typed["shown"] = shown_digest(client, running, "plan_slow_down", **typed)
    first, second = act(client, running, "plan_slow_down", **typed), act(client, running, "plan_slow_down", **typed)
    assert first["Location"] == second["Location"]
    assert Plan.objects.filter(number=running.number).count() == 2


def test_versions_differ_in_words(as_member: SignIn, alice: Membership, running: Plan) -> None:
    client, typed = as_member(alice), {"first_on": "2026-12-01", "pace": "1", "why": "spasms"}
    typed["shown"] = shown_digest(client, running, "plan_slow_down", **typed)
    shown = client.get(act(client, running, "plan_slow_down", **typed)["Location"]).content.decode()
    assert "days later" in shown
