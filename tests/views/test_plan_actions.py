"""Acts on a plan: each done, each refused, each overtaken by somebody else, each sent twice."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from tests.factories import NOW, TODAY, change_dose, make_patient, make_plan, regimen
from titration.domain.record import IntakeKind
from titration.domain.regimen import Regimen
from titration.models import AuditEvent, Membership, Patient, Plan
from titration.permissions import SENTENCES, Action
from titration.services.drafts import CriticalAnswer, IntakeDraft
from titration.services.intake import record_intake
from titration.services.plans import sign_plan

SignIn = Callable[[Membership], Client]
STEEP = [(TODAY + timedelta(days=1), regimen(10, 0, 10)), (TODAY + timedelta(days=3), regimen(0))]
REASON = CriticalAnswer(reason="supervised")
KEY = {"key": "11111111-1111-4111-8111-111111111111"}


def taper(first: date = TODAY + timedelta(days=1)) -> list[tuple[date, Regimen]]:
    """60 to 0 by 5 mg a week, makeable from the first two products: nothing to answer."""
    return [(first + timedelta(days=7 * at), regimen(mg)) for at, mg in enumerate(range(55, -1, -5))]


@pytest.fixture
def draft(alice: Membership, patient: Patient) -> Plan:
    return make_plan(alice, patient, taper())


@pytest.fixture
def running(alice: Membership, draft: Plan) -> Plan:
    """Begins today, so that a step is under way."""
    plan = make_plan(alice, draft.patient, taper(TODAY))
    return sign_plan(actor=alice, plan=plan, state_version=plan.state_version, now=NOW)


def url(plan: Plan, name: str = "plan", *more: Any) -> str:
    return reverse(name, args=[plan.patient.public_id, plan.public_id, *more])


def act(client: Client, plan: Plan, name: str, **typed: Any) -> Any:
    seen = {"state_version": plan.state_version, "seen_state": plan.state, "act": "confirm"}
    return client.post(url(plan, name), {**KEY, **seen, **typed})


def shown_digest(client: Client, plan: Plan, name: str, **typed: Any) -> str:
    page = act(client, plan, name, **{"act": "show", **typed}).content.decode()
    return page.split('name="shown" value="')[1].split('"')[0]


def test_signing_starts_the_plan(as_member: SignIn, alice: Membership, draft: Plan) -> None:
    answer = act(as_member(alice), draft, "plan_sign")
    draft.refresh_from_db()
    assert answer["Location"] == url(draft)
    assert (draft.state, draft.signed_by) == ("running", alice.user)


def test_the_sign_page_shows_every_step_that_is_signed(as_member: SignIn, alice: Membership, draft: Plan) -> None:
    shown = as_member(alice).get(url(draft, "plan_sign")).content.decode()
    table = shown.split("The steps that are signed")[1].split("</table>")[0]
    assert table.count("<tr") == len(taper()) + 1


def test_the_sign_page_says_where_taken_and_prescribed_differ(
    as_member: SignIn, alice: Membership, draft: Plan
) -> None:
    client, sentence = as_member(alice), "Nothing is taken since"
    assert sentence not in client.get(url(draft, "plan_sign")).content.decode()
    report = IntakeDraft(kind=IntakeKind.RAN_OUT, starts_on=TODAY)
    record_intake(actor=alice, patient=draft.patient, report=report, now=NOW)
    assert sentence in client.get(url(draft, "plan_sign")).content.decode().replace("\u00a0", " ")


def test_a_steep_plan_is_signed_only_with_a_reason(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    plan, client = make_plan(alice, patient, STEEP), as_member(alice)
    refused = act(client, plan, "plan_sign")
    assert refused.status_code == 422
    assert "Choose a reason" in refused.content.decode()
    plan.refresh_from_db()
    assert plan.state == "draft"
    act(client, plan, "plan_sign", reason="supervised", comment="in hospital", answered_for="0" * 64)
    plan.refresh_from_db()
    assert plan.state == "draft"
    digest = refused.content.decode().split('name="answered_for" value="')[1].split('"')[0]
    act(client, plan, "plan_sign", reason="supervised", comment="in hospital", answered_for=digest)
    plan.refresh_from_db()
    assert (plan.state, plan.answer_reason, plan.answer_comment) == ("running", "supervised", "in hospital")


def test_the_sign_page_refuses_a_plan_from_another_dose(as_member: SignIn, alice: Membership, draft: Plan) -> None:
    change_dose(alice, draft.patient, regimen(10, 10, 10))
    for answer in (as_member(alice).get(url(draft, "plan_sign")), act(as_member(alice), draft, "plan_sign")):
        assert "Draw it again" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_the_sign_page_names_the_plan_that_it_replaces(as_member: SignIn, alice: Membership, running: Plan) -> None:
    later = make_plan(alice, running.patient, taper(TODAY - timedelta(days=1))[1:], start=regimen(55))
    client = as_member(alice)
    named = f"It replaces plan {running.number}, version 1 (taper, running): none of its steps counts from 19\u00a0Nov"
    assert named in client.get(url(later, "plan_sign")).content.decode()
    assert named in client.get(act(client, later, "plan_sign")["Location"]).content.decode()


def test_an_unknown_reason_is_refused(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, STEEP)
    assert act(as_member(alice), plan, "plan_sign", reason="because").status_code == 422


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
    from tests.factories import make_member

    stale_version, other = running.state_version, as_member(make_member(clinic, name="Olga Orr"))
    act(other, running, "plan_hold", why="fever", held_on="2026-11-14")
    answer = act(as_member(alice), running, "plan_stop", why="no effect", state_version=stale_version)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert all(words in shown for words in ("no effect", "fever", "Olga Orr", "Alice Ames", "running", "held"))
    running.refresh_from_db()
    assert running.state == "held"


def test_all_that_the_rules_say_is_shown_before_a_redating_is_confirmed(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    steps = [(TODAY + timedelta(days=1 + 7 * at), regimen(mg)) for at, mg in enumerate((50, 40, 30, 20, 10, 0))]
    plan = make_plan(alice, patient, steps)
    plan = sign_plan(actor=alice, plan=plan, state_version=plan.state_version, answer=REASON, now=NOW)
    shown = act(as_member(alice), plan, "plan_slow_down", act="show", first_on="2026-11-15", pace="1").content.decode()
    assert "What the rules say" in shown


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


def test_a_redating_sent_twice_leads_to_the_one_new_version(
    as_member: SignIn, alice: Membership, running: Plan
) -> None:
    client, typed = as_member(alice), {"first_on": "2026-12-01", "pace": "1", "why": "spasms"}
    typed["shown"] = shown_digest(client, running, "plan_slow_down", **typed)
    first, second = act(client, running, "plan_slow_down", **typed), act(client, running, "plan_slow_down", **typed)
    assert first["Location"] == second["Location"]
    assert Plan.objects.filter(number=running.number).count() == 2


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


def test_versions_differ_in_words(as_member: SignIn, alice: Membership, running: Plan) -> None:
    client, typed = as_member(alice), {"first_on": "2026-12-01", "pace": "1", "why": "spasms"}
    typed["shown"] = shown_digest(client, running, "plan_slow_down", **typed)
    shown = client.get(act(client, running, "plan_slow_down", **typed)["Location"]).content.decode()
    assert "days later" in shown


def test_a_refused_act_leaves_its_audit_row(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, taper())
    Plan.objects.filter(pk=plan.pk).update(state_version=0)
    answer = act(as_member(alice), plan, "plan_sign", key="not-a-uuid")
    assert answer.status_code == 422
    assert not AuditEvent.objects.filter(action="plan.signed").exists()


def test_a_plan_that_cannot_be_made_is_not_signed(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, [(TODAY, regimen(59.7))])
    answer = act(as_member(alice), plan, "plan_sign")
    assert answer.status_code == 422
    assert "cannot be made" in answer.content.decode()
    plan.refresh_from_db()
    assert plan.state == "draft"
